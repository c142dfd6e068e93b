"""The team that these tests act in."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.teams import Team


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Team:
    """An incident that ana raised, and that bo has too."""
    team = Team(tmp_path, monkeypatch, capsys)
    team.raises("ana")
    team.clone("bo")
    return team
