"""A small disk of one's own, as full as a test wants it. Mounting one needs the superuser."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BLOCK = 4096
_SIZE = 64 * 1024 * 1024


def _can_mount() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


needs_mount = pytest.mark.skipif(not _can_mount(), reason="only the superuser of a Linux machine can mount a disk")


class Disk:
    """A mounted file system in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / ".filler"

    def fill(self, blocks: int) -> None:
        """Leave room for so many blocks, and for nothing else."""
        with self._filler.open("wb") as handle, contextlib.suppress(OSError):
            while True:
                os.write(handle.fileno(), b"\0" * BLOCK * 64)
        with self._filler.open("ab") as handle:
            with contextlib.suppress(OSError):
                while True:
                    os.write(handle.fileno(), b"\0" * BLOCK)
            os.truncate(handle.fileno(), handle.seek(0, os.SEEK_END) - blocks * BLOCK)

    def limit_files(self, more: int | None) -> None:
        """Let at most so many more files be made; None for as many as anybody wants."""
        inodes = os.statvfs(self.folder)
        limit = inodes.f_files - inodes.f_ffree + more if more is not None else 1_000_000
        _mount("-o", f"remount,nr_inodes={limit}", str(self.folder))

    def make_room(self) -> None:
        """Take away what fills it."""
        self._filler.unlink(missing_ok=True)
        self.limit_files(None)

    def protect(self, on: bool) -> None:
        """Let nobody write, not even the superuser."""
        _mount("-o", f"remount,{'ro' if on else 'rw'}", str(self.folder))


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this machine does not let us mount: {done.stderr.strip()}")


@contextlib.contextmanager
def mounted(folder: Path) -> Iterator[Disk]:
    """A new disk at a folder."""
    folder.mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(folder))
    try:
        yield Disk(folder)
    finally:
        os.chdir("/")
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
