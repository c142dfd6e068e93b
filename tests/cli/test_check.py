"""The command `sevlog check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.checkable import FOLDER, HISTORY, NOTE, RAISED, commit, records
from fixtures.commands import run


def test_no_mistake_is_exit_code_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--repo", str(records(tmp_path))]) == 0
    assert capsys.readouterr().out == "1 record checked, no problems\n"


def test_errors_are_exit_code_1_and_warnings_are_not(tmp_path: Path) -> None:
    assert run(["check", "--repo", str(records(tmp_path, {HISTORY: RAISED.replace("SEV3", "SEV9")}))]) == 1
    known_too_early = NOTE + "  recorded_at: 2026-11-19T10:00:00Z\n"
    assert run(["check", "--repo", str(records(tmp_path, {HISTORY: RAISED + known_too_early}))]) == 0


def test_paths_are_relative_to_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records(tmp_path, {HISTORY: RAISED.replace("SEV3", "SEV9")})
    monkeypatch.chdir(tmp_path / FOLDER / "timeline")
    assert run(["check", "history.yaml"]) == 1
    assert capsys.readouterr().out.startswith(f"{HISTORY}:4:13: error[unknown_severity]: ")
    assert run(["check", f"{FOLDER}/incident.yaml"]) == 1  # from the top is understood as well
    assert run(["check", "nothing.yaml"]) == 4


def test_json_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--json", "--repo", str(records(tmp_path))]) == 0
    assert json.loads(capsys.readouterr().out) == {"schema": "1", "problems": [], "checked": 1, "reused": 0}


def test_github_gets_a_summary_of_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    root = tmp_path / "records"
    root.mkdir()
    commit(root)
    commit(root, {HISTORY: RAISED})
    assert run(["check", "--base", "HEAD^1", "--format", "github", "--repo", str(root)]) == 1
    assert capsys.readouterr().out.startswith(f"::error file={FOLDER}/timeline/history.yaml,title=deleted_entry::")
    assert "deleted\\_entry" in (tmp_path / "summary.md").read_text("utf-8")


def test_a_revision_that_is_not_there_is_exit_code_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path)
    assert run(["check", "--base", "nowhere", "--repo", str(tmp_path)]) == 4
    assert "unknown git revision `nowhere`" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["nowhere", "x" * 5000, "../../../../etc/passwd", "/etc/passwd", "-", "\x1b[2J"])
def test_a_path_that_names_no_record_is_exit_code_4(tmp_path: Path, path: str) -> None:
    assert run(["check", path, "--repo", str(records(tmp_path))]) == 4


def test_a_forge_is_told_of_a_deleted_file_at_a_file_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extra = f"{FOLDER}/timeline/extra.yaml"
    commit(tmp_path, {extra: "kind: note\nat: 2026-11-20T11:00:00Z\nby: bo\ntext: gone soon\n"})
    (tmp_path / extra).unlink()
    commit(tmp_path)

    assert run(["check", "--base", "HEAD^1", "--format", "github", "--repo", str(tmp_path)]) == 1

    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith(f"::error file={FOLDER}/incident.yaml,line=1,col=1,title=deleted_entry::{extra}: ")
