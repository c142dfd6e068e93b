"""What the READMEs tell people to type works, line by line."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from fixtures.commands import run
from fixtures.filled import filled
from fixtures.repositories import answer_questions

ROOT = Path(__file__).resolve().parents[2]
MARK = "<!-- tested: run line by line in a new repository -->\n```sh\n"
REFUSED = "<!-- tested: without the mitigation -->\n```console\n"


def sessions(text: str) -> list[list[list[str]]]:
    """The commands of each block behind a mark, comments and continued lines resolved."""
    blocks = [part.partition("```")[0].replace("\\\n", " ") for part in text.split(MARK)[1:]]
    return [[words for line in block.splitlines() if (words := shlex.split(line, comments=True))] for block in blocks]


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new repository, which is the working folder."""
    run(["init", str(tmp_path / "acme"), "--component", "checkout=Checkout", "--component", "search=Search"])
    monkeypatch.chdir(tmp_path / "acme")
    return tmp_path / "acme"


@pytest.mark.parametrize(("source", "place", "count"), [("README.md", 0, 5), ("README.md", 1, 8), ("acme", 0, 8)])
def test_every_command_of_an_incident_works(
    acme: Path, source: str, place: int, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    document = ROOT / "README.md" if source == "README.md" else acme / "README.md"
    typed = sessions(document.read_text("utf-8"))[place]

    assert len(typed) == count
    for words in typed:
        assert words[0] == "sevlog"
        assert run(words[1:]) == 0, f"{shlex.join(words)}\n{capsys.readouterr().err}"
    capsys.readouterr()
    run(["list", "--status", "resolved"])
    assert "resolved" in capsys.readouterr().out


@pytest.mark.parametrize(("source", "place"), [("README.md", 1), ("acme", 0)])
def test_the_way_from_resolved_to_closed_works(
    acme: Path, source: str, place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people = "{schema: 1, people: [{key: ana, name: Ana}, {key: bo, name: Bo}, {key: person, name: P}]}\n"
    (acme / "oncall.yaml").write_text(people, "utf-8")
    text = (ROOT / source if source == "README.md" else acme / "README.md").read_text("utf-8")
    block = next(part for part in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "postmortem submit" in part)
    typed = [shlex.split(line.lower(), comments=True) for line in block.splitlines() if line.startswith("sevlog ")]
    for words in sessions(text)[place]:
        assert run([*words[1:], "--as", "ana"]) == 0
    (path,) = sorted(acme.glob("incidents/*/*/postmortem.md"))
    answer_questions(path)
    assert run(["postmortem", "submit", "--as", "ana"]) == 5  # not committed yet
    subprocess.run(["git", "commit", "--quiet", "-am", "Write the postmortem"], cwd=acme, check=True)

    assert [words[1:3] for words in typed] == [
        *(["postmortem", step] for step in ("edit", "submit", "approve")),
        ["close"],
    ]
    for words in typed[1:]:
        assert run([*words[1:], *(() if "--as" in words else ("--as", "ana"))]) == 0, capsys.readouterr().err


def test_the_refusal_that_the_readme_shows_is_what_the_program_says(
    acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    prompt, *shown = text.partition(REFUSED)[2].partition("```")[0].splitlines()
    major = next(typed for typed in sessions(text) if ["sevlog", "monitor"] in typed)
    for words in major[: next(place for place, words in enumerate(major) if words[1] == "act")]:
        assert run(words[1:]) == 0
    capsys.readouterr()

    assert prompt == "$ sevlog monitor"
    assert run(["monitor"]) == 3
    said = re.sub(r"\d{4}-\d\d-\d\d(?=-card)", "2026-11-23", capsys.readouterr().err)
    assert said.splitlines() == shown


def test_the_lines_for_the_demo_work_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    typed = [shlex.split(line, comments=True)[1:] for line in text.splitlines() if line.startswith("../../.venv")]
    assert run(["demo", str(tmp_path / "demo"), "--no-serve"]) == 0
    monkeypatch.chdir(tmp_path / "demo")

    assert [words[0] for words in typed] == ["board", "next", "update"]
    assert [run(words) for words in typed] == [0, 0, 0]


def test_the_init_line_of_the_readme_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", " ")
    line = next(line for line in text.splitlines() if line.startswith("sevlog init "))

    assert run(shlex.split(line)[1:]) == 0


def test_links_of_the_readme_lead_somewhere() -> None:
    documents = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
    links = [
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    ]
    for document, target in filled(links):
        assert (document.parent / target).exists(), f"{document.name}: {target}"
