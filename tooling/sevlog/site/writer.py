"""Writes a site's files below one folder while more are still being made, and removes what is no longer part of it.

Making a file costs the system about as much as rendering a page costs us, and the system needs no Python for it: so one
thread writes while the caller renders. A file that is the same already is left alone, with its time. Paths are plain
strings here: a Path object costs as much as the write it is for, twenty thousand times.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType

from ..errors import SevlogError
from .page import checked_path

_AHEAD = 256


class Writer:
    """A context: leaving it waits until all is written. Raises SevlogError for what cannot be written."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._made: set[str] = set()
        self._queue: Queue[tuple[str, bytes] | None] = Queue(_AHEAD)
        self._error: OSError | None = None
        self._thread = Thread(target=self._work, name="sevlog-writer", daemon=True)
        self.paths: set[str] = set()

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.put(None)
        self._thread.join()
        if kind is None:
            self._raise()

    def write(self, path: str, content: bytes) -> None:
        """Have a file written. Raises SevlogError for a path that leaves the folder, and for an earlier failure."""
        self._raise()
        self.paths.add(checked_path(path))
        self._queue.put((path, content))

    def _raise(self) -> None:
        if self._error is not None:
            where = self._error.filename or self._root
            raise SevlogError(f"{where} cannot be written: {self._error.strerror}") from self._error

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            if self._error is None:
                try:
                    self._write(*item)
                except OSError as error:
                    self._error = error

    def _write(self, path: str, content: bytes) -> None:
        target = f"{self._root}/{path}"
        folder = target.rpartition("/")[0]
        fresh = folder not in self._made and not os.path.isdir(folder)
        if fresh:
            os.makedirs(folder, exist_ok=True)
        self._made.add(folder)
        if fresh or not _same(target, content):
            with open(target, "wb", buffering=0) as file:
                file.write(content)


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
    keep = set(kept)
    removed = 0
    for folder, folders, names in os.walk(root, topdown=False):
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        for name in names:
            if prefix + name not in keep:
                os.unlink(os.path.join(folder, name))
                removed += 1
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in links:
            os.unlink(os.path.join(folder, name))
        if prefix and not os.listdir(folder):
            os.rmdir(folder)
    return removed
