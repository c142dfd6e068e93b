"""Writes the files of a site into one folder, and removes outdated ones.

Ten thousand incidents are 25,000 files, so each file must need few system calls: a folder is created without a check,
a file in a folder that this writer created is new, and other files are compared before they are written. An unchanged
file keeps its time. Paths are plain strings, because a Path object costs as much as the write.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ...errors import SevlogError
from ..pages.page import checked_path

_TRUNCATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Writer:
    """Writes files and remembers their paths, relative to the folder. full: those that did not change too."""

    def __init__(self, root: Path, *, full: bool = False) -> None:
        self._root, self._full = str(root), full
        self._made: dict[str, bool] = {}
        self.paths: set[str] = set()

    def write(self, path: str, content: bytes) -> None:
        """Write a file. Raises SevlogError for a path outside the folder, or if it cannot be written."""
        self.paths.add(checked_path(path))
        target = f"{self._root}/{path}"
        try:
            if self._is_new(target.rpartition("/")[0]) or self._full or not _same(target, content):
                _write(target, content)
        except OSError as error:
            raise SevlogError(f"cannot write {error.filename or target}: {error.strerror}") from error

    def _is_new(self, folder: str) -> bool:
        """Whether this writer created the folder. Creates it if it does not exist."""
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
    file = os.open(target, _TRUNCATE, 0o666)
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
    """Remove files below `root` that are not in `kept` (relative paths), and empty folders. Returns the count."""
    return _prune(str(root), "", set(kept))[0]


def _prune(folder: str, prefix: str, kept: set[str]) -> tuple[int, bool]:
    """The number of removed files, and whether the folder is now empty. A link counts as a file."""
    removed, empty = 0, True
    with os.scandir(folder) as found:
        entries = list(found)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            count, now_empty = _prune(entry.path, f"{prefix}{entry.name}/", kept)
            removed += count
            if now_empty:
                os.rmdir(entry.path)
        elif prefix + entry.name in kept:
            now_empty = False
        else:
            os.unlink(entry.path)
            removed, now_empty = removed + 1, True
        empty = empty and now_empty
    return removed, empty
