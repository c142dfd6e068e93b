"""A disk that fills up at any write: an error that says so, everything as before, and room is all the cure it needs."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.repositories import Snapshot, is_ours
from torture.acts import require_whole_acts
from torture.disk import Disk, mounted, needs_mount
from torture.figures import Figures
from torture.sizes import size
from torture.stage import AFTER, COMMANDS, LIVE, OTHERS, TOKEN, UNSENT, Stage, does
from torture.team import Clone, require_clean

USUAL, ENOUGH = 16, 400
"""Blocks that a command needs, and that are always enough."""
HERE = {name: (*words, "--no-push") for name, words in COMMANDS.items() if name != "sync"}
NAMES = random.Random(size("seed")).sample(list(HERE), size("commands"))
pytestmark = needs_mount
Fill = Callable[[Disk], None]


def snapshot(clone: Clone) -> Snapshot:
    """What a refused command must leave alone; looking at it writes nothing."""
    files = sorted(path for path in clone.folder.rglob("*") if is_ours(path, clone.folder))
    return Snapshot(
        clone.head,
        clone.git("ls-files", "--stage"),
        (clone.folder / ".git/config").read_bytes(),
        {str(path.relative_to(clone.folder)): path.read_bytes() for path in files if path.name != ".filler"},
    )


def on_the_disk(stage: Stage, disk: Disk, part: str) -> Stage:
    """A copy of the stage, with this part of the checkout (all of it, where it is empty) on the disk."""
    scene = stage.copy(disk.folder / "scene" if not part else disk.folder.with_name("scene"))
    if part:
        shutil.move(scene.here.folder / part, disk.folder / "part")
        (scene.here.folder / part).symlink_to(disk.folder / "part")
    return scene


def refuse_then_work(stage: Stage, disk: Disk, part: str, words: tuple[str, ...], fill: Fill) -> bool:
    """Copy the stage, type a command on the full disk, then with room; whether the disk was too full for it."""
    scene = on_the_disk(stage, disk, part)
    before = snapshot(scene.here)
    fill(disk)
    said = scene.here.types(*words)
    refused = said.code != 0
    if refused:
        assert said.code == 5, said
        assert said.err.startswith("error: ") and "hint: " in said.err, said
        assert snapshot(scene.here) == before, said
    disk.make_room()
    if refused:
        does(scene.here, *words)
    does(scene.here, "note", AFTER, "-i", LIVE, "--no-push")
    require_clean(scene.here)
    require_whole_acts(scene.here.folder)
    here = scene.here.texts()
    assert here[AFTER] == here[UNSENT] == 1
    assert here[TOKEN] == (words[0] != "postmortem")
    shutil.rmtree(scene.team.root)
    shutil.rmtree(disk.folder / "part", ignore_errors=True)
    return refused


def amounts(name: str) -> Iterator[int]:
    """How much room to leave, from none on: every amount in the long form, some of them in the short one."""
    chance = random.Random(f"{size('seed')}/{name}")
    step = max(1, USUAL // size("disks"))
    at = 0
    while True:
        yield at
        at += chance.randint(1, 2 * step - 1)


def fill_until_it_fits(stage: Stage, disk: Disk, part: str, name: str, fill: Callable[[int], Fill]) -> int:
    """Type the command with more and more room, until there is enough; how often there was not.

    part: the folder of the checkout that lies on the disk; the whole checkout where it is empty.
    """
    for refused, room in enumerate(amounts(name)):
        assert room < ENOUGH, f"{name} is refused even with room for {room}"
        if not refuse_then_work(stage, disk, part, HERE[name], fill(room)):
            return refused
    raise AssertionError


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["", ".git/objects"])
def test_a_disk_without_room_refuses_the_entry(
    stage: Stage, tmp_path: Path, name: str, part: str, figures: Figures
) -> None:
    with mounted(tmp_path / "disk") as disk:
        survived = fill_until_it_fits(stage, disk, part, name, lambda room: lambda disk: disk.fill(room))
    assert survived
    figures(disks=survived)


@pytest.mark.parametrize("name", NAMES)
def test_a_disk_that_takes_no_more_files_refuses_the_entry(
    stage: Stage, tmp_path: Path, name: str, figures: Figures
) -> None:
    with mounted(tmp_path / "disk") as disk:
        survived = fill_until_it_fits(stage, disk, "", name, lambda room: lambda disk: disk.limit_files(room))
    assert survived
    figures(disks=survived)


def test_a_disk_that_fills_up_while_sending_keeps_what_is_here(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    with mounted(tmp_path / "disk") as disk:
        survived = 0
        for room in amounts("sync"):
            assert room < ENOUGH
            if not send_on_a_full_disk(stage, disk, room):
                break
            survived += 1
    assert survived
    figures(disks=survived)


def send_on_a_full_disk(stage: Stage, disk: Disk, room: int) -> bool:
    """Sync on a full disk, then with room; whether the disk was too full for it."""
    scene = stage.copy(disk.folder / "scene", {"TMPDIR": str(disk.folder)})
    before = snapshot(scene.here)
    disk.fill(room)
    said = scene.here.types("sync")
    refused = said.code != 0
    if refused:
        assert said.code == 5 and said.err.startswith(("error: ", "warning: ")), said
        assert scene.here.texts()[UNSENT] == 1
        assert not scene.here.git("--no-optional-locks", "status", "--porcelain"), said
        assert snapshot(scene.here) == before or scene.here.texts()[OTHERS], said
    disk.make_room()
    does(scene.here, "sync")
    require_clean(scene.here)
    require_whole_acts(scene.team.hub)
    assert scene.team.texts() == scene.here.texts() == Counter([UNSENT, OTHERS])
    shutil.rmtree(scene.team.root)
    return refused
