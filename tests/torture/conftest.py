"""What the torture tests share: sizes, figures, and a team with a remote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from torture.figures import Figures, pytest_terminal_summary
from torture.stage import Stage, set_up
from torture.team import Team, make_team

__all__ = ["pytest_terminal_summary"]


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """Adds to the line of figures at the end of the run."""
    return Figures(request.node.user_properties)


@pytest.fixture(scope="session")
def team_template(tmp_path_factory: pytest.TempPathFactory) -> Team:
    return make_team(tmp_path_factory.mktemp("team"))


@pytest.fixture(scope="session")
def stage_template(team_template: Team, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("stage")
    shutil.copytree(team_template.hub, folder / "hub.git")
    return set_up(Team(folder))


@pytest.fixture
def stage(stage_template: Stage) -> Stage:
    """Where a command may be typed, to be copied first."""
    return stage_template


@pytest.fixture
def team(team_template: Team, tmp_path: Path) -> Team:
    """A remote without incidents, of its own."""
    shutil.copytree(team_template.hub, tmp_path / "hub.git")
    return Team(tmp_path)
