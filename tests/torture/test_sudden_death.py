"""kill -9 at any instant of any command: the entry is there whole or not at all, and the next command just works."""

from __future__ import annotations

import functools
import itertools
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from torture import killing
from torture.acts import require_whole_acts
from torture.figures import Figures
from torture.killing import MARK, Kill
from torture.sizes import in_parts, share, size
from torture.stage import AFTER, COMMANDS, LIVE, OTHERS, TOKEN, UNSENT, Stage, does
from torture.team import Clone, require_clean, require_sound

traced = pytest.mark.skipif(killing.STRACE is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def stage(stage_template: Stage, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    stage = stage_template.copy(tmp_path_factory.mktemp("death") / "stage")
    # The server lives on when the laptop dies: it is in a process group of its own, as on another machine.
    stage.here.git("config", "remote.origin.receivepack", f"env -u {MARK} setsid --wait git-receive-pack")
    stage.here.git("config", "remote.origin.uploadpack", f"env -u {MARK} setsid --wait git-upload-pack")
    return stage


class Lengths:
    """How long each command is: in seconds, in calls of git, in lines of the trace of its writes."""

    def __init__(self, stage: Stage, spare: Path) -> None:
        place = itertools.count()

        def copied() -> Clone:
            return stage.copy(spare / str(next(place))).here

        self.seconds = functools.cache(lambda name: killing.duration(copied(), COMMANDS[name]))
        self.calls = functools.cache(lambda name: killing.calls_of_git(copied(), COMMANDS[name], spare / f"bin-{name}"))
        self.writes = functools.cache(lambda name: killing.writes(copied(), COMMANDS[name]))


@pytest.fixture(scope="module")
def lengths(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Lengths:
    return Lengths(stage, tmp_path_factory.mktemp("lengths"))


def survive(stage: Stage, folder: Path, kill: Kill, chance: random.Random) -> None:
    """Copy the stage, kill a command on it, and look at what is left."""
    spare = folder / "spare"
    spare.mkdir(parents=True)
    scene = stage.copy(folder / "scene", {"TMPDIR": str(spare), MARK: str(folder)})
    kill(scene.here, folder / "bin")
    killing.end_survivors(scene.here, kill=chance.random() < 0.5)
    _age_locks(scene)

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
    assert list(spare.iterdir()) == []
    shutil.rmtree(folder)


def _age_locks(scene: Stage) -> None:
    """Nobody waits here for a lock to become old enough to count as left behind."""
    then = time.time() - 60
    for path in (scene.here.folder / ".git").rglob("*.lock"):
        os.utime(path, (then, then))


def chances(name: str, part: int) -> Iterator[tuple[int, str, random.Random]]:
    """The kills of a part, each with a command and chances of its own; all commands come before one comes again."""
    for number in share(name, part):
        names = random.Random(f"{size('seed')}/{name}/{number // len(COMMANDS)}").sample(list(COMMANDS), len(COMMANDS))
        yield number, names[number % len(COMMANDS)], random.Random(f"{size('seed')}/{name}/{number}")


def nth(number: int, name: str, ways: list[str], most: int) -> tuple[str, int]:
    """The place at which a command is killed this time: each one once, in any order, before one comes again."""
    every = list(itertools.product(ways, range(1, most + 1)))
    random.Random(f"{size('seed')}/{name}").shuffle(every)
    return every[number // len(COMMANDS) % len(every)]


@in_parts
def test_a_command_killed_at_a_random_instant_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in chances("kills", part):
        moment = chance.uniform(0, 1.05) * lengths.seconds(name)
        survive(stage, tmp_path / f"{number}-{name}", killing.after(COMMANDS[name], moment), chance)
        figures(kills=1)


@in_parts
def test_a_command_killed_around_a_call_of_git_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in chances("calls", part):
        when, call = nth(number, name, ["BEFORE", "AFTER"], lengths.calls(name))
        survive(stage, tmp_path / f"{number}-{name}-{when}-{call}", killing.at_call(COMMANDS[name], when, call), chance)
        figures(kills=1)


@traced
@in_parts
def test_a_command_killed_at_a_write_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, lengths: Lengths, part: int, figures: Figures
) -> None:
    for number, name, chance in chances("syscalls", part):
        _, write = nth(number, name, [""], lengths.writes(name))
        survive(stage, tmp_path / f"{number}-{name}-{write}", killing.at_write(COMMANDS[name], write), chance)
        figures(kills=1)


@traced
@in_parts
def test_a_command_one_of_whose_processes_is_killed_leaves_its_entry_whole_or_absent(
    stage: Stage, tmp_path: Path, part: int, figures: Figures
) -> None:
    for number, name, chance in chances("syscalls", part):
        write = chance.randint(1, 12)
        survive(stage, tmp_path / f"{number}-{name}-{write}", killing.one_process(COMMANDS[name], write), chance)
        figures(kills=1)
