"""What befalls a command that is killed: a copy of the stage, the kill, and what is left when all has come to rest."""

from __future__ import annotations

import functools
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from fixtures.edits import age
from torture import killing
from torture.killing import MARK, Kill
from torture.sizes import share, size
from torture.stage import COMMANDS, Stage
from torture.team import Clone


def serve_apart(stage: Stage) -> None:
    """Let the server live on when the laptop dies: in a process group of its own, as on another machine."""
    for what in ("receive", "upload"):
        stage.here.git("config", f"remote.origin.{what}pack", f"env -u {MARK} setsid --wait git-{what}-pack")


class Lengths:
    """How long each command is: in seconds, in calls of git, in lines of the trace of its writes."""

    def __init__(self, stage: Stage, spare: Path) -> None:
        place = itertools.count()

        def copied() -> Clone:
            return stage.copy(spare / str(next(place))).here

        self.seconds = functools.cache(lambda name: killing.duration(copied(), COMMANDS[name]))
        self.calls = functools.cache(lambda name: killing.calls_of_git(copied(), COMMANDS[name], spare / f"bin-{name}"))
        self.writes = functools.cache(lambda name: killing.writes(copied(), COMMANDS[name]))


def killed(stage: Stage, folder: Path, kill: Kill, chance: random.Random) -> Stage:
    """A copy of the stage on which a command was killed; what is for the moment went into `folder`/spare."""
    spare = folder / "spare"
    spare.mkdir(parents=True)
    scene = stage.copy(folder / "scene", {"TMPDIR": str(spare), MARK: str(folder)})
    kill(scene.here, folder / "bin")
    killing.end_survivors(scene.here, kill=chance.random() < 0.5)
    _age_locks(scene)
    return scene


def _age_locks(scene: Stage) -> None:
    """Nobody waits here for a lock to become old enough to count as left behind."""
    place = scene.here.folder / ".git"
    for path in (*sorted(place.rglob("*.lock")), *sorted(place.glob("sevlog/spare-*"))):
        age(path)


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
