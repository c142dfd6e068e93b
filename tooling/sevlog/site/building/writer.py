"""Writes a site's files below one folder, and removes what is no longer part of it.

Ten thousand incidents are 25,000 files, so each costs as few calls to the system as can be: a folder is made by asking
for it, a file in a folder that this writer made is not there yet, and every other one is compared before it is written.
A file that is the same already is left alone, with its time. Paths are plain strings here: a Path object costs as much
as the write it is for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ...errors import SevlogError
from ..pages.page import checked_path

_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Writer:
    """Writes files and remembers their paths, relative to the folder."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._made: dict[str, bool] = {}
        self.paths: set[str] = set()

    def write(self, path: str, content: bytes) -> None:
        """Write a file. Raises SevlogError for a path that leaves the folder, and for what cannot be written."""
        self.paths.add(checked_path(path))
        target = f"{self._root}/{path}"
        try:
            if self._is_new(target.rpartition("/")[0]) or not _same(target, content):
                _write(target, content)
        except OSError as error:
            raise SevlogError(f"{error.filename or target} cannot be written: {error.strerror}") from error

    def _is_new(self, folder: str) -> bool:
        """Whether this writer has made the folder; makes it where there is none."""
        found = self._made.get(folder)
        if found is None:
            found = self._made[folder] = _make(folder)
        return found


def _make(folder: str) -> bool:
    try:
        os.mkdir(folder)
    except FileExistsError:
        return False
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
    return True


def _write(target: str, content: bytes) -> None:
    file = os.open(target, _ANEW, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


def _same(target: str, content: bytes) -> bool:
    try:
        if os.stat(target, follow_symlinks=False).st_size != len(content):
            return False
        with open(target, "rb", buffering=0) as file:
            return file.read() == content
    except OSError:
        return False


def prune(root: Path, kept: Iterable[str]) -> int:
    """Remove every file below `root` that is not in `kept` (paths relative to it), and the folders that get empty."""
    return _prune(str(root), "", set(kept))[0]


def _prune(folder: str, prefix: str, kept: set[str]) -> tuple[int, bool]:
    """How many files went, and whether nothing is left in this folder. A link is a file, wherever it leads."""
    removed, empty = 0, True
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            below, gone = _prune(entry.path, f"{prefix}{entry.name}/", kept)
            removed += below
            if gone:
                os.rmdir(entry.path)
        elif prefix + entry.name in kept:
            gone = False
        else:
            os.unlink(entry.path)
            removed, gone = removed + 1, True
        empty = empty and gone
    return removed, empty
