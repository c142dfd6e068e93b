"""kill -9 at any instant of any command: the entry is there whole or not at all, and the next command just works."""

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
from torture.stage import AFTER, COMMANDS, LIVE, OTHERS, TOKEN, UNSENT, Stage, does
from torture.surviving import Lengths, chances, killed, nth, serve_apart
from torture.team import require_clean, require_sound

traced = pytest.mark.skipif(killing.STRACE is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def stage(stage_template: Stage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    stage = stage_template.copy(tmp_path_factory.mktemp("death") / "stage")
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
    require_whole_acts(scene.here.folder)
    here = scene.here.texts()
    assert here[AFTER] == here[UNSENT] == 1

    does(scene.here, "sync")
    require_clean(scene.here)
    stored = scene.team.texts()
    assert stored == here | Counter({OTHERS: 1}), "nothing is lost, and nothing is there twice"
    assert here[TOKEN] <= 1
    require_whole_acts(scene.team.hub)
    require_sound(scene.team.hub)
    does(scene.here, "check")
    assert sorted((folder / "spare").iterdir()) == []
    shutil.rmtree(folder)


@in_parts
def test_a_command_killed_at_a_random_instant_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in filled(chances("kills", part)):
        moment = chance.uniform(0, 1.05) * lengths.seconds(name)
        survive(stage, tmp_path / f"{number}-{name}", killing.after(COMMANDS[name], moment), chance)
        figures(kills=1)


@in_parts
def test_a_command_killed_around_a_call_of_git_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in filled(chances("calls", part)):
        when, call = nth(number, name, ["BEFORE", "AFTER"], lengths.calls(name))
        survive(stage, tmp_path / f"{number}-{name}-{when}-{call}", killing.at_call(COMMANDS[name], when, call), chance)
        figures(kills=1)


@traced
@in_parts
def test_a_command_killed_at_a_write_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in filled(chances("syscalls", part)):
        _, write = nth(number, name, [""], lengths.writes(name))
        survive(stage, tmp_path / f"{number}-{name}-{write}", killing.at_write(COMMANDS[name], write), chance)
        figures(kills=1)


@traced
@in_parts
def test_a_command_one_of_whose_processes_is_killed_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, part: int, figures: Figures
) -> None:
    for number, name, chance in filled(chances("syscalls", part)):
        write = chance.randint(1, 12)
        survive(stage, tmp_path / f"{number}-{name}-{write}", killing.one_process(COMMANDS[name], write), chance)
        figures(kills=1)
