"""sevlog postmortem edit: what was changed is one act, and a text that cannot be recorded is never lost."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from fixtures.repositories import Repository, answer_questions
from sevlog.stores.markdown import frontmatter
from sevlog.stores.yaml import io as yaml_io


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that replaces the first argument of `change.txt` by the second one."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "old, new = (pathlib.Path(__file__).parent / 'change.txt').read_text().split('\\0')\n"
        "file = pathlib.Path(sys.argv[1])\n"
        "file.write_bytes(file.read_bytes().replace(old.encode(), new.encode(), 1))\n",
        "utf-8",
    )
    monkeypatch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
    return tmp_path / "change.txt"


def path_of(records: Repository) -> Path:
    return records.folder() / "postmortem.md"


@pytest.mark.demand("S82")
def test_an_edit_is_one_act_that_names_the_sections_and_makes_its_author_an_author(
    records: Repository, editor: Path
) -> None:
    incident = records.resolved()
    editor.write_text("## Fault\n\0## Fault\n\nThe pool ran dry.\n")

    done = records.tells("postmortem", "edit", "-i", incident, "--as", "bo")
    assert f"sevlog postmortem submit -i {incident}" in done["hints"][-1]

    assert "The pool ran dry." in path_of(records).read_text("utf-8")
    assert "authors:\n  - ana\n  - bo\n" in path_of(records).read_text("utf-8")
    assert sorted(Path(p).name for p in records.committed()) == [f"{done['entries'][0]}.yaml", "postmortem.md"]
    assert records.tells("timeline", incident)["timeline"][-1]["text"] == "Postmortem edited: Fault."
    assert sorted((records.root / ".git/sevlog/texts").glob("*")) == []


def test_changes_that_are_not_committed_yet_are_part_of_the_edit(records: Repository, editor: Path) -> None:
    incident = records.resolved()
    answer_questions(path_of(records))
    editor.write_text("## Fault\n\0## Fault\n\nOne more.\n")

    records.does("postmortem", "edit", "-i", incident, "--as", "bo")

    committed = records.git("show", f"HEAD:incidents/{incident[:4]}/{incident}/postmortem.md")
    assert "The pool ran dry." in committed
    assert "One more." in committed
    assert records.git("status", "--porcelain") == ""


def test_without_an_editor_the_command_names_the_file_and_takes_it_afterwards(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    incident = records.resolved()

    said = records.refuses(2, "postmortem", "edit", "-i", incident)
    assert "$VISUAL and $EDITOR are not set" in said
    hint = next(line for line in said.splitlines() if "--file" in line).partition("then: ")[2]
    answer_questions(path_of(records))
    path_of(records).write_bytes(path_of(records).read_bytes().replace(b"\n", b"\r\n"))

    records.does(*shlex.split(hint)[1:])

    assert b"\r" not in path_of(records).read_bytes()
    assert records.git("status", "--porcelain") == ""
    assert "nothing changed" in records.refuses(2, *shlex.split(hint)[1:])


BROKEN = {
    "## Fault\n\0<<<<<<< HEAD\n## Fault\n=======\n": "conflict marker `<<<<<<<`",
    "---\nstatus\0status": "the front matter is missing",
    "template: atlassian\0template: [": "postmortem.md:",
    "authors:\0authers:": "did you mean `authors`?",
    "status: draft\0status: published": "the edit changes `status` in the front matter, which commands set",
}


@pytest.mark.parametrize("change", BROKEN, ids=[why[:20] for why in BROKEN.values()])
def test_a_text_that_cannot_be_recorded_is_refused_and_kept(records: Repository, editor: Path, change: str) -> None:
    incident = records.resolved()
    before, head = path_of(records).read_bytes(), records.git("rev-parse", "HEAD")
    editor.write_text(change)

    done = records.sevlog("postmortem", "edit", "-i", incident)

    assert done.code in (3, 6), done
    assert BROKEN[change] in done.err
    kept = Path(done.err.rpartition("--file ")[2].split("\n")[0])
    assert change.partition("\0")[2] in kept.read_text("utf-8")
    assert (path_of(records).read_bytes(), records.git("rev-parse", "HEAD")) == (before, head)


def test_a_postmortem_that_cannot_be_read_can_be_repaired_by_an_edit(records: Repository, editor: Path) -> None:
    incident = records.resolved()
    path_of(records).write_text(path_of(records).read_text("utf-8").replace("status: draft", "status: drafty"), "utf-8")
    records.git("commit", "-qam", "break it")
    editor.write_text("status: drafty\0status: draft")

    records.does("postmortem", "edit", "-i", incident, "--as", "bo")

    matter = yaml_io.read(frontmatter.split(path_of(records).read_bytes())[0])
    assert isinstance(matter, dict)
    assert matter["status"] == "draft"


def test_a_postmortem_of_more_than_a_mebibyte_is_refused_with_its_size(records: Repository, tmp_path: Path) -> None:
    incident = records.resolved()
    large = tmp_path / "large.md"
    large.write_bytes(path_of(records).read_bytes() + b"x" * 1024 * 1024)

    said = records.refuses(2, "postmortem", "edit", "-i", incident, "--file", str(large))

    assert "larger than 1024 KiB" in said
