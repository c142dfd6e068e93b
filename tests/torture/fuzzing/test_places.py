"""Whatever stands where a record is looked for, and wherever it leads: nothing is followed, waited for, or told."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from fixtures.hostile.corpus import FOLDER
from fixtures.hostile.ground import COMMANDS, FILES, Ground
from sevlog.errors import Exit
from torture.figures import Figures

PLACES = (
    *FILES,
    f"{FOLDER}/timeline/20261120T120000Z-note.yaml",
    f"{FOLDER}/postmortem.public.md",
    "problems/p1.md",
    "comms/first.md",
    f"{FOLDER}/evidence/graph.png",
    "incidents",
    "incidents/2026",
    FOLDER,
    f"{FOLDER}/timeline",
    f"{FOLDER}/evidence",
    "runbooks",
    "problems",
    "comms",
    "schemas",
    "mkdocs.yml",
    ".git/sevlog/index.sqlite",
)
HUGE = 100 * 1024 * 1024


def _nuls(path: Path, _: Ground) -> None:
    with path.open("wb") as handle:
        handle.truncate(HUGE)


def _socket(path: Path, _: Ground) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def _one_line(path: Path, _: Ground) -> None:
    path.write_bytes(b"title: " + b"a" * HUGE)


THINGS: dict[str, Callable[[Path, Ground], object]] = {
    "a link to a file outside": lambda path, ground: path.symlink_to(ground.outside / "secret.yaml"),
    "a link to Markdown outside": lambda path, ground: path.symlink_to(ground.outside / "secret.md"),
    "a link to a folder outside": lambda path, ground: path.symlink_to(ground.outside),
    "a link to its parent": lambda path, _: path.symlink_to(path.parent),
    "a link to itself": lambda path, _: path.symlink_to(path),
    "a link to nothing": lambda path, ground: path.symlink_to(ground.outside / "none.yaml"),
    "an endless device": lambda path, _: path.symlink_to("/dev/zero"),
    "a pipe": lambda path, _: os.mkfifo(path),
    "a socket": _socket,
    "a folder": lambda path, _: path.mkdir(),
    "a file": lambda path, _: path.write_bytes(b"x"),
    "an empty file": lambda path, _: path.write_bytes(b""),
    "100 MB of NULs": _nuls,
    "nothing": lambda path, _: None,
}


@pytest.mark.parametrize("place", PLACES)
def test_whatever_stands_in_the_place_of_a_record_is_not_followed(place: str, ground: Ground, figures: Figures) -> None:
    commands = cycle(COMMANDS)
    for name, put in THINGS.items():
        put(ground.remove(place), ground)
        try:
            checked = ground.sevlog("check")
            looked = ground.sevlog(*next(commands))
            if checked.code != Exit.NOT_FOUND or place != "sevlog.yaml":
                assert checked.code in (Exit.OK, Exit.FINDINGS)
                assert checked.code == Exit.FINDINGS or looked.code in (Exit.OK, Exit.NOT_FOUND), (checked, looked)
        except BaseException as error:
            error.add_note(name)
            raise
        finally:
            ground.restore(place)
        figures(inputs=1)
