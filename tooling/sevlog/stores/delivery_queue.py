"""The queue of `sevlog intake serve`: each delivery is a file, safe on disk before its sender gets an answer.

The name of a file has the time of its arrival, its source and its mapping; its content is the body as it came.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import threading
from pathlib import Path

from msgspec import Struct

from . import files

LARGEST = 64 * 1024 * 1024
"""The most bytes that are read of a file of the queue."""
_NAME = re.compile(r"(\d{20})\.([a-z0-9-]+)(?:\.([a-z0-9-]+))?\.body\Z")
_REFUSED = "refused"
_TEMPORARY = ".tmp"


class QueueFull(Exception):
    """As many deliveries wait as may."""


class Delivery(Struct, frozen=True, kw_only=True):
    """One body that waits. arrived: nanoseconds since 1970. mapping: for custom JSON, how to read it."""

    path: Path
    source: str
    arrived: int
    mapping: str | None = None


class DeliveryQueue:
    """The deliveries in a folder, oldest first. Any thread may add; one takes."""

    def __init__(self, folder: Path, most: int) -> None:
        """Raises OSError if the folder cannot be written."""
        self.folder, self._most = folder, most
        self._lock = threading.Lock()
        (folder / _REFUSED).mkdir(parents=True, exist_ok=True)
        for draft in folder.glob(f"*{_TEMPORARY}"):
            draft.unlink()  # its sender got no answer, and sends it again
        waiting = self.waiting()
        self._last = waiting[-1].arrived if waiting else 0
        self._count = len(waiting)

    def waiting(self) -> list[Delivery]:
        """What waits, the oldest first."""
        found = ((path, _NAME.match(path.name)) for path in sorted(self.folder.iterdir()))
        return [
            Delivery(path=path, source=parts[2], arrived=int(parts[1]), mapping=parts[3])
            for path, parts in found
            if parts
        ]

    def refused(self) -> int:
        """How many bodies were put aside."""
        return sum(1 for path in (self.folder / _REFUSED).iterdir() if path.suffix == ".body")

    def add(self, source: str, mapping: str | None, body: bytes, now: int) -> str:
        """Keep a body; the name of its file, once it is safe on disk. Raises QueueFull, or OSError for a full disk."""
        with self._lock:
            if self._count >= self._most:
                raise QueueFull
            self._last = max(now, self._last + 1)
            name = ".".join(part for part in (f"{self._last:020}", source, mapping, "body") if part)
            draft = self.folder / f"{name}{_TEMPORARY}"
            try:
                with draft.open("xb") as handle:
                    handle.write(body)
                    handle.flush()
                    os.fsync(handle.fileno())
                draft.rename(self.folder / name)
                _sync_folder(self.folder)
            except OSError:
                with contextlib.suppress(OSError):
                    draft.unlink()
                raise
            self._count += 1
        return name

    def check(self) -> None:
        """Raise QueueFull, or OSError where nothing can be written now."""
        if self._count >= self._most:
            raise QueueFull
        probe = self.folder / f"probe{_TEMPORARY}"
        with self._lock:
            try:
                with probe.open("wb") as handle:
                    handle.write(b"x" * 4096)
                    handle.flush()
                    os.fsync(handle.fileno())
            finally:
                probe.unlink(missing_ok=True)

    def body(self, delivery: Delivery) -> bytes:
        """What was delivered. Raises OSError."""
        return files.read_plain(delivery.path, LARGEST)

    def done(self, delivery: Delivery) -> None:
        """Remove a delivery that is recorded. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            delivery.path.unlink()
        self._less()

    def refuse(self, delivery: Delivery, reason: str) -> Path:
        """Put a delivery aside that cannot become a record, with the reason beside it. Raises OSError."""
        place = self.folder / _REFUSED / delivery.path.name
        files.write_whole(place.with_suffix(".reason.txt"), f"{reason}\n".encode())
        with contextlib.suppress(FileNotFoundError):
            delivery.path.rename(place)
        _sync_folder(place.parent)
        self._less()
        return place

    def _less(self) -> None:
        with self._lock:
            self._count = max(0, self._count - 1)


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the file system can."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
