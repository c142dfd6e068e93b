"""Two people assess at the same time: what one of them adds is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.teams import Team


@pytest.mark.demand("S44")
@pytest.mark.demand("S45")
def test_factors_and_support_cases_that_two_people_add_at_once_are_all_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team = Team(tmp_path, monkeypatch, capsys)
    team.raises("ana")
    team.clone("bo")

    team.does("ana", "assess", "--factor", "security", "--support-cases", "ZD-1", "--support-cases", "5")
    said = team.does("bo", "assess", "--factor", "legal", "--support-cases", "ZD-2")

    assert "pushed" in said
    team.does("ana", "sync")
    for person in ("ana", "bo"):
        facts = team.tells(person, "show")["assessment"]
        assert (facts["factors"], facts["support_cases"]) == (["security", "legal"], 5)
        assert facts["support_case_refs"] == ["ZD-1", "ZD-2"]
