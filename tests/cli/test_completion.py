"""Shell completion: commands, incidents, entries and all names of the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.repositories import Repository
from sevlog.cli import main
from sevlog.cli.completion.shells import SHELLS, CompletionRow, answer, completions, read_line, script

BESIDE = str(Path(sys.executable).parent)


def rows(line: str) -> list[CompletionRow]:
    """The completions at the end of a line."""
    return completions(main.cli, read_line({"COMP_LINE": line}, "bash"))


def fits(line: str) -> list[str]:
    return [row.word for row in rows(line)]


def shell(command: list[str], script_text: str, folder: Path) -> str:
    """Run a shell's script in a folder, with this sevlog first on its path."""
    environment = {**os.environ, "PATH": f"{BESIDE}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    done = subprocess.run(
        [*command, script_text],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.stderr == ""
    return done.stdout


def test_commands_and_their_options_complete(records: Repository) -> None:
    assert {"redact", "release", "reopen", "resolve", "retract"} <= set(fits("sevlog re"))
    assert "sync" in fits("sevlog ")
    assert "--attestation" in fits("sevlog resolve --att")
    assert fits("sevlog completion fi") == ["fish"]


def test_the_words_of_the_repository_complete_where_they_fit(records: Repository) -> None:
    assert fits("sevlog impact che") == ["checkout="]
    assert fits("sevlog impact checkout=ma") == ["checkout=major_outage"]
    assert fits("sevlog raise X --severity ") == ["SEV1", "SEV2", "SEV3"]
    assert fits("sevlog note x --as ") == ["ana", "bo", "chi"]
    assert fits("sevlog escalate --to te") == ["team:payments"]
    assert "incident_manager" in fits("sevlog assign inc")


def test_a_retired_component_is_not_offered(records: Repository) -> None:
    assert "fax" not in fits("sevlog raise X --component ")


def test_an_incident_is_found_by_any_part_of_its_id_and_live_ones_come_first(records: Repository) -> None:
    old = records.resolved()
    live = records.raised("--as", "bo", title="Search is slow")
    records.does("board")  # the index learns what is live
    assert fits("sevlog show search") == [live]
    assert fits("sevlog show ")[0] == live
    assert old in fits("sevlog show 20")


def test_entries_of_the_incident_complete_with_what_they_say(records: Repository) -> None:
    records.raised()
    records.does("note", "The pool is full")
    (row,) = (row for row in rows("sevlog retract ") if "note" in row.word)
    assert row.about.endswith("note: The pool is full")


def test_a_file_s_words_cannot_steer_the_terminal(records: Repository) -> None:
    records.raised()
    records.does("note", "before")
    entry = min((records.folder() / "timeline").glob("*-note.yaml"))
    entry.write_text(entry.read_text("utf-8").replace("before", '"\\x1b[2Jgone\\x07\\u202e"'), "utf-8")
    (row,) = (row for row in rows("sevlog retract ") if "note" in row.word)
    assert row.about.isprintable()


@pytest.mark.parametrize("content", ["", "[", "schema: 1\ncomponents: 7\n", "\x00", "components: [[[["])
def test_a_broken_configuration_gives_what_it_can_and_no_noise(
    records: Repository, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (records.root / "sevlog.yaml").write_text(content, "utf-8")
    assert answer(main.cli, "zsh_complete", {"COMP_LINE": "sevlog impact che"}) == 0
    assert "sync" in fits("sevlog ")
    assert capsys.readouterr().err == ""


def test_outside_of_any_repository_commands_and_shipped_words_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "SEV1" in fits("sevlog raise X --severity ")
    assert fits("sevlog show ") == ["--as-of", "--help"] or fits("sevlog show ")[0].startswith("--")


@pytest.mark.parametrize("name", SHELLS)
def test_each_shell_has_a_script_that_asks_this_program(name: str, records: Repository) -> None:
    text = records.does("completion", name)
    assert text == script(name)
    assert f"{name}_complete" in text


@pytest.mark.parametrize("name", [name for name in ("bash", "zsh", "fish") if shutil.which(name)])
def test_the_shell_itself_takes_the_script(name: str, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(script(name), "utf-8")
    assert shell([name, "-n"], str(tmp_path / "script"), tmp_path) == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sevlog impact che", ["checkout="]),
        ("sevlog impact checkout=major", ["major_outage"]),
        ("sevlog comple", ["completion"]),
        ("sevlog note 'a b' --as b", ["bo"]),
    ],
)
def test_bash_puts_the_word_in(records: Repository, line: str, expected: list[str]) -> None:
    text = f"""
{script("bash")}
COMP_LINE={_quoted(line)} COMP_POINT={len(line)} COMP_TYPE=9 COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
_sevlog_completion sevlog
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    assert shell(["bash", "--norc", "-c"], text, records.root).split() == expected


@pytest.mark.skipif(not shutil.which("fish"), reason="there is no fish here")
def test_fish_puts_the_word_in(records: Repository) -> None:
    text = f"{script('fish')}\ncomplete -C 'sevlog impact che'"
    assert shell(["fish", "--no-config", "-c"], text, records.root).split() == ["checkout=", "Checkout"]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
