"""What the index last knew of live incidents, for shell completion: one small query, no git, no record is read."""

from __future__ import annotations

import contextlib
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3  # where a Python was built without it, there is no index

LIVE = "SELECT id, title, status, severity FROM live ORDER BY place"
_PATIENCE = 0.2
"""Seconds to wait while another process commits to the index."""


def index_file(root: Path) -> Path | None:
    """Where the index of the records repository at `root` lies; None where there is no git directory.

    A git repository may hold several records repositories below its top: each has an index of its own.
    """
    for folder in (root, *root.parents):
        marker = folder / ".git"
        if marker.is_dir():
            return marker / "sevlog" / _name(root, folder)
        if marker.is_file():  # a worktree or a submodule: the file names the directory
            target = marker.read_text("utf-8", "surrogateescape").strip().removeprefix("gitdir: ")
            return Path(os.path.normpath(folder / target)) / "sevlog" / _name(root, folder)
    return None


def _name(root: Path, top: Path) -> str:
    below = root.relative_to(top).as_posix()
    return "index.sqlite" if below == "." else f"index-{zlib.crc32(os.fsencode(below)):08x}.sqlite"


def live(root: Path) -> list[tuple[str, str, str, str | None]]:
    """The live incidents as they last were looked at: id, title, status and severity, the most pressing first.

    What was edited by hand since then does not show yet. Empty where there is no index, or it cannot be read; it never
    raises, and takes a few milliseconds whatever the number of incidents.
    """
    try:
        import sqlite3
    except ImportError:
        return []
    try:
        place = index_file(root)
        if place is None or not place.is_file():
            return []
        with contextlib.closing(connect(place, "ro", _PATIENCE)) as index:
            return [row for row in index.execute(LIVE) if _is_sound(row)]
    except (OSError, ValueError, sqlite3.Error):
        return []


def _is_sound(row: tuple[object, ...]) -> bool:
    return all(isinstance(value, str) for value in row[:3]) and isinstance(row[3], str | None)


def connect(place: Path, mode: str, patience: float) -> sqlite3.Connection:
    """Open an index file. mode: `ro`, `rw` or `rwc`. patience: seconds to wait for others.

    Raises sqlite3.Error, and ImportError where there is no SQLite.
    """
    import sqlite3

    name = str(place).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{name}?mode={mode}", uri=True, timeout=patience, isolation_level=None)
