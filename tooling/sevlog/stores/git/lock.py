"""The lock of a checkout: one command at a time writes. The kernel keeps it, so it ends with its process."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import IO

from ...errors import GitTrouble
from .waiting import Waiting

PATIENCE = 60.0
"""Seconds to wait for another command; a commit hook may take its time."""

_PAUSE = 0.02

if sys.platform == "win32":
    import msvcrt

    def _try(handle: IO[bytes]) -> bool:
        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def take(path: Path, patience: float = PATIENCE) -> IO[bytes]:
    """Take the lock that the file stands for; closing the answer releases it.

    Raises GitTrouble where another command still holds it after `patience` seconds, or the file cannot be made.
    """
    try:
        path.parent.mkdir(exist_ok=True)
        handle = path.open("ab+", buffering=0)
    except OSError as error:
        raise GitTrouble(f"cannot write to the git directory: {path}: {error.strerror}") from None
    deadline = time.monotonic() + patience
    wait = Waiting(f"waiting for another sevlog command in this repository, up to {patience:g} seconds")
    while not _try(handle):
        wait.go_on()
        if time.monotonic() >= deadline:
            handle.seek(0)
            holder = handle.read().decode("ascii", "replace").strip()
            handle.close()
            raise GitTrouble(
                f"another sevlog command has used this repository for {patience:g} s (process {holder or 'unknown'})",
                "wait and try again; if its commit hook hangs, stop that process",
            )
        time.sleep(_PAUSE)
    with contextlib.suppress(OSError):  # a full disk: the process id is only for a message
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n".encode())
    return handle


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock that the file stands for; a lock that is not there is held by nobody."""
    try:
        with path.open("ab+", buffering=0) as handle:
            return _try(handle)
    except OSError:
        return True
