"""People who left: what they wrote stays valid, and nobody writes in their name afterwards."""

from __future__ import annotations

from pathlib import Path

from fixtures.checkable import HISTORY, NOTE, ONCALL, RAISED, checked, records, told


def test_entries_of_somebody_who_left_stay_valid_and_later_ones_are_findings(tmp_path: Path) -> None:
    left = ONCALL.replace("{key: bo}", "{key: bo, until: 2026-11-20}")
    assert left != ONCALL
    later = NOTE.replace("2026-11-20T10:05", "2026-11-21T10:05")

    assert told(checked(records(tmp_path / "a", {"oncall.yaml": left, HISTORY: RAISED + NOTE}))) == []
    (found,) = checked(records(tmp_path / "b", {"oncall.yaml": left, HISTORY: RAISED + later})).problems
    assert (found.code, found.pointer) == ("person_left", "/1/by")
    assert found.message == "bo left after 2026-11-20, but this entry is from a later day"
