"""kill -9 where acts go by pull request: they are there whole or not at all, and the next command works."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from fixtures.filled import filled
from torture import killing
from torture.acts import require_whole_acts
from torture.figures import Figures
from torture.killing import Kill
from torture.sizes import in_parts
from torture.stage import AFTER, COMMANDS, LIVE, OTHERS, TOKEN, UNSENT, Stage, does, set_up
from torture.surviving import Lengths, chances, killed, nth, serve_apart
from torture.team import CONFIG, make_team, require_clean, require_sound, tokens


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    stage = set_up(make_team(tmp_path_factory.mktemp("requests"), CONFIG + "git: {flow: pull-request}\n"))
    serve_apart(stage)
    return stage


@pytest.fixture(scope="module")
def lengths(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Lengths:
    return Lengths(stage, tmp_path_factory.mktemp("lengths"))


def survive(stage: Stage, folder: Path, kill: Kill, chance: random.Random) -> None:
    """Kill a command on a copy of the stage, and look at what is left."""
    scene = killed(stage, folder, kill, chance)

    require_sound(scene.here.folder)
    does(scene.here, "note", AFTER, "-i", LIVE, "--no-push")
    require_clean(scene.here)
    require_whole_acts(scene.here.folder, "--branches")
    here = tokens(scene.here.folder, "--branches")
    assert here[AFTER] == here[UNSENT] == 1

    does(scene.here, "sync")
    require_clean(scene.here)
    stored = tokens(scene.team.hub, "--branches")
    assert stored == here | Counter({OTHERS: 1}), "nothing is lost, and nothing is there twice"
    assert here[TOKEN] <= 1
    require_whole_acts(scene.team.hub, "--branches")
    require_sound(scene.team.hub)
    does(scene.here, "check")
    assert sorted((folder / "spare").iterdir()) == []
    shutil.rmtree(folder)


@in_parts
def test_a_command_killed_at_a_random_instant_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in filled(chances("requests", part)):
        moment = chance.uniform(0, 1.05) * lengths.seconds(name)
        survive(stage, tmp_path / f"{number}-{name}", killing.after(COMMANDS[name], moment), chance)
        figures(kills=1)


@in_parts
def test_a_command_killed_around_a_call_of_git_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in filled(chances("requests", part)):
        when, call = nth(number, name, ["BEFORE", "AFTER"], lengths.calls(name))
        survive(stage, tmp_path / f"{number}-{name}-{when}-{call}", killing.at_call(COMMANDS[name], when, call), chance)
        figures(kills=1)
