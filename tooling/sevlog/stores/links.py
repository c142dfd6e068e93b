"""Finds symbolic links where a records repository keeps what is read or published. None is ever followed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

PLACES = ("comms", "mkdocs.yml", "problems", "runbooks", "schemas", "site")
"""Files and folders at the top of a records repository; incidents/ and the two files of settings are read with more
care elsewhere."""


def in_places(root: Path, places: Iterable[str]) -> Iterator[str]:
    """Each link in these places, relative to `root`, in order; the place itself may be one."""
    for place in sorted(set(places)):
        through = first_on_the_way(root, place)
        if through is not None:
            yield through
        elif (root / place).is_dir():
            yield from _below(root, place)


def first_on_the_way(root: Path, relative: str) -> str | None:
    """The first link on the path from `root`, the last part included; None where there is none."""
    path, walked = str(root), ""
    for part in relative.split("/"):
        path, walked = f"{path}/{part}", f"{walked}/{part}" if walked else part
        if os.path.islink(path):  # noqa: PTH114 - asked for each folder of a record
            return walked
    return None


def _below(root: Path, folder: str) -> Iterator[str]:
    try:
        with os.scandir(root / folder) as found:
            rows = sorted(found, key=lambda row: row.name)
    except OSError:  # its reader reports that
        return
    for row in rows:
        path = f"{folder}/{row.name}"
        if row.is_symlink():
            yield path
        elif row.is_dir(follow_symlinks=False):
            yield from _below(root, path)


def copy_without(source: Path, target: Path) -> None:
    """Copy a folder, files with their times, and leave every link out."""
    target.mkdir(parents=True, exist_ok=True)
    with os.scandir(source) as rows:
        for row in rows:
            if row.is_dir(follow_symlinks=False):
                copy_without(Path(row.path), target / row.name)
            elif row.is_file(follow_symlinks=False):
                shutil.copy2(row.path, target / row.name, follow_symlinks=False)
