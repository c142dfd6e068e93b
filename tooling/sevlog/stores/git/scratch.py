"""Folders for a moment. What a dead command leaves in one is swept away by the next command that writes."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import IO

from ...errors import GitTrouble
from . import lock, stale_locks
from .command import Git
from .journal import folder

_PREFIX, _ROOM, _HELD = "spare-", "room", "lock"


class Space:
    """An empty folder, `path`, that goes with its block, or at the end of the process.

    It is in the git directory, where it is found again if the process dies; in the system's folder for such things
    where nothing can be written there. Raises OSError where that is full too.
    """

    def __init__(self, git: Git) -> None:
        self._folder, self._held = _folder_in(git)
        self.path = Path(self._folder.name) / _ROOM
        self.path.mkdir()

    def close(self) -> None:
        """Take it away."""
        if self._held is not None:
            self._held.close()
        self._folder.cleanup()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()


def _folder_in(git: Git) -> tuple[tempfile.TemporaryDirectory[str], IO[bytes] | None]:
    """A new folder, and the lock that tells that its process is alive."""
    found: tempfile.TemporaryDirectory[str] | None = None
    try:
        place = folder(git)
        place.mkdir(exist_ok=True)
        found = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place, ignore_cleanup_errors=True)
        return found, lock.take(Path(found.name) / _HELD, patience=0)
    except (OSError, GitTrouble):
        if found is not None:
            found.cleanup()
        return tempfile.TemporaryDirectory(prefix="sevlog-", ignore_cleanup_errors=True), None


def sweep(git: Git) -> None:
    """Take away what dead commands left. Call it while holding the lock of the checkout, before anything is written."""
    place = folder(git)
    for left in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if stale_locks.age(left) >= stale_locks.AFTER and lock.is_free(left / _HELD):
                shutil.rmtree(left, ignore_errors=True)
    for draft in place.glob(".*.tmp"):
        draft.unlink(missing_ok=True)
