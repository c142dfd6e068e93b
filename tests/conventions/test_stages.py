"""What tests begin at by a copy is what the commands would have made."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures import stages
from fixtures.clocks import START, Clock
from fixtures.repositories import Repository, Snapshot, make_template


def stage(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[Snapshot, str]:
    """A resolved incident in a new repository, and what the clock and git say then."""
    with monkeypatch.context() as patch:
        patch.setenv("SEVLOG_PERSON", "ana")
        Clock().set(START)
        records = Repository(make_template(folder), capsys, patch)
        records.resolved()
        records.git("fsck", "--strict")
        return records.snapshot(), f"{records.clock()} {records.status()} {records.trailers()}"


def test_a_copied_stage_equals_the_typed_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "_REACHED", {})
    typed = stage(tmp_path / "typed", capsys, monkeypatch)
    reached = len(stages._REACHED)

    copied = stage(tmp_path / "copied", capsys, monkeypatch)

    assert len(stages._REACHED) == reached == 4
    assert copied == typed
