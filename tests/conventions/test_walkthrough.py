"""docs/walkthrough.md is a session that happens: the ten stages with four people, and a SEV3 in five commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conventions.walkthrough import DOCUMENT, Typed, answer, commands, make_repository, recorded, repository_files

TEXT = DOCUMENT.read_text("utf-8")


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal as wide as that of the document."""
    for name, value in {"TZ": "UTC", "NO_COLOR": "1", "COLUMNS": "120", "EDITOR": "false"}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.demand("S91", "S23")
def test_the_program_says_what_the_document_says() -> None:
    """Where it is meant to say something else: make walkthrough."""
    assert recorded(TEXT) == TEXT


@pytest.mark.demand("S91")
def test_the_night_has_all_that_a_response_must_bear(tmp_path: Path) -> None:
    root = tmp_path / "records"
    make_repository(root, repository_files(TEXT))
    for typed in commands(TEXT):
        answer(root, typed)

    def show(part: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(answer(root, Typed("05:30", "mara", f"sevlog show {part} --json")))
        return document

    worst, other, minor = show("labels-do"), show("tracking"), show("preview")
    entries = [row["entry"] for row in worst["timeline"]]
    kinds = {entry["kind"] for entry in entries}
    assert {row["by"] for row in entries} == {"sam", "mara", "priya", "jon"}
    assert {"escalated", "handover", "severity", "priority", "assessment", "collaborator", "assigned"} <= kinds
    assert {entry["audience"] for entry in entries if entry["kind"] == "update"} == {"public", "internal", "executive"}
    assert "refuted" in {entry.get("state") for entry in entries if entry["kind"] == "theory"}
    steps = [entry["to"] for entry in entries if entry["kind"] == "status"]
    assert steps == ["fixing", "monitoring", "fixing", "monitoring", "resolved"]
    assert (worst["severity"], other["severity"], other["major"]) == ("SEV1", "SEV2", True)
    assert (worst["status"], other["status"], minor["status"]) == ("resolved", "resolved", "closed")


@pytest.mark.demand("S7", "S54")
def test_a_sev3_takes_five_commands(tmp_path: Path) -> None:
    scene = TEXT.partition("## A SEV3 takes five commands")[2]
    assert len(commands(scene)) == 5
    root = tmp_path / "records"
    make_repository(root, repository_files(TEXT))
    for typed in commands(scene):
        said = answer(root, typed)
        assert "error:" not in said
        assert "warning:" not in said
