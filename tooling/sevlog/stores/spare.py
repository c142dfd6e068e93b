"""Folders for a moment. What a dead command leaves in one is swept away by the next command that writes."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .git import Git
from .journal import folder

_PREFIX = "spare-"


@contextlib.contextmanager
def space(git: Git) -> Iterator[Path]:
    """An empty folder that goes with the block: in the git directory for who holds the checkout, else the system's."""
    place = folder(git) if git.held else None
    with tempfile.TemporaryDirectory(prefix=_PREFIX if place else "sevlog-", dir=place) as name:
        yield Path(name)


def sweep(git: Git) -> None:
    """Take away what dead commands left. Call it while holding the lock of the checkout, before anything is written."""
    place = folder(git)
    for left in place.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    for draft in place.glob(".*.tmp"):
        draft.unlink(missing_ok=True)
