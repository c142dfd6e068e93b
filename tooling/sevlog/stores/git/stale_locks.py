"""Locks that git left when it was killed: told from those that a living git holds, and taken away."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

AFTER = 2.0
"""Seconds after which a lock counts as left behind, if no git process is alive that could hold it."""

_PAUSE = 0.05
_LOCKS = (
    "*.lock",
    "refs/sevlog/*.lock",
    "refs/sevlog/*/*.lock",
    "refs/heads/*.lock",
    "refs/heads/incident/*.lock",
    "refs/remotes/*/*.lock",
    "refs/remotes/*/incident/*.lock",
)
_IN_THE_WAY = re.compile(rb"Unable to create '([^'\n]+\.lock)': File exists")


def are(locks: Iterable[Path], places: Iterable[Path]) -> bool:
    """Whether the locks are old enough and no git process is alive in these folders (known where there is /proc)."""
    try:
        return not any(age(path) < AFTER for path in locks) and not _is_at_work(places)
    except FileNotFoundError:  # it was let go this very moment
        return False


def sweep(place: Path, places: Iterable[Path]) -> None:
    """Take away the locks in a git directory whose holders are dead; it looks where git locks while sevlog works."""
    found = [path for pattern in _LOCKS for path in place.glob(pattern)]
    if not found or _is_at_work(places):
        return
    for path in found:
        with contextlib.suppress(OSError):
            if age(path) >= AFTER:
                path.unlink()


def take_away(said: bytes, places: Iterable[Path]) -> bool:
    """Whether the lock that git complains of is out of its way now: its holder let it go, or is dead and we took it.

    said: what git said on standard error. places: the git directories, and where else git may work; only a lock in
    one of them is looked at. It takes as long as a lock needs to become old enough.
    """
    found = _IN_THE_WAY.search(said)
    path = Path(os.fsdecode(found[1])) if found else None
    if path is None or not any(place.resolve() in path.resolve().parents for place in places):
        return False
    try:
        while not _is_at_work(places):
            if age(path) >= AFTER:
                path.unlink()
                return True
            time.sleep(_PAUSE)
    except FileNotFoundError:
        return True
    return False


def age(path: Path) -> float:
    """Seconds since it was changed; a future time counts like a past one."""
    return abs(time.time() - path.stat().st_mtime)


def _is_at_work(places: Iterable[Path]) -> bool:
    """Whether a git process may be alive in one of the folders."""
    if sys.platform != "linux":
        return True
    inside = tuple(place.resolve() for place in places)
    return any(_works_in(inside, process) for process in Path("/proc").glob("[0-9]*"))


def _works_in(inside: tuple[Path, ...], process: Path) -> bool:
    try:
        name = (process / "comm").read_text("utf-8", "replace")
        if not name.startswith("git"):
            return False
        place = (process / "cwd").readlink()
    except FileNotFoundError:
        return False
    except OSError:  # another user's process: it might
        return True
    return any(place == here or here in place.parents for here in inside)
