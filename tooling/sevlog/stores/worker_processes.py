"""Shares work with further processes of this program, where that pays and is safe; else all of it is done right here.

A process is forked: it has all that was read so far and starts in milliseconds. That is safe as long as no thread is
running, and where the system's own libraries put up with it (Linux); elsewhere there is one process.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

from msgspec import DecodeError, ValidationError, msgpack

T = TypeVar("T")
Work = Callable[[int, int], T]
"""Does one part of so many (from 0) and returns what came of it, which msgpack can carry."""

AT_MOST = 2
"""Processes. Each copies what it touches of the memory that it was forked with; two stay below 500 MB."""

WORTHWHILE = 200
"""Records below which a second process costs more than it saves."""


def parts_for(records: int) -> int:
    """In how many parts to do the work on so many records."""
    if records < WORTHWHILE or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return min(AT_MOST, len(os.sched_getaffinity(0)))


def shared(work: Work[T], shape: type[T], parts: int) -> list[T]:
    """What `work` made of each part, in their order: the first is done here, each other one in a process of its own.

    work: may write files, but must give the same each time it does a part. What a process did not bring back, because
    it failed or was killed, is done again here; so an error is raised here as it is, and nothing is ever missing.
    """
    helpers: list[_Helper] = []
    collecting = gc.isenabled()
    gc.disable()  # a collection would copy the memory that all share, and finds nothing in plain values
    try:
        helpers += [helper for part in range(1, parts) if (helper := _fork(work, part, parts))]
        found = {0: work(0, parts)}
        for helper in helpers:
            with contextlib.suppress(_Unfinished):
                found[helper.part] = helper.result(shape)
        return [found[part] if part in found else work(part, parts) for part in range(parts)]
    finally:
        for helper in helpers:
            helper.end()
        if collecting:
            gc.enable()


class _Unfinished(Exception):
    """A process ended before it had told all that it made."""


class _Helper:
    """A forked process that does a part, seen from here."""

    def __init__(self, process: int, source: int, part: int) -> None:
        self.part = part
        self._process = process
        self._source = os.fdopen(source, "rb", buffering=0)

    def result(self, shape: type[T]) -> T:
        """What it made. Raises _Unfinished."""
        data = self._source.read()
        try:
            return msgpack.decode(data, type=shape)
        except ValidationError:
            raise
        except DecodeError:
            raise _Unfinished from None

    def end(self) -> None:
        """Wait for its end, or bring it about where it has not told all yet (an error here, an interruption)."""
        self._source.close()
        with contextlib.suppress(OSError):
            os.kill(self._process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)


def _fork(work: Work[T], part: int, parts: int) -> _Helper | None:
    """A process that does a part; None where the system has no room for one."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        source, target = os.pipe()
    except OSError:
        return None
    try:
        process = os.fork()
    except OSError:
        os.close(source)
        os.close(target)
        return None
    if process == 0:
        _do(work, part, parts, target)
    os.close(target)
    return _Helper(process, source, part)


def _do(work: Work[T], part: int, parts: int, target: int) -> NoReturn:
    """The life of a forked process. It says nothing and tidies nothing up: all that it has is its parent's."""
    try:
        made = msgpack.encode(work(part, parts))
        with os.fdopen(target, "wb", buffering=0) as out:
            rest = memoryview(made)
            while rest:
                rest = rest[out.write(rest) :]
    except BaseException:  # noqa: BLE001 - whatever it was, the parent meets it when it does this part itself
        os._exit(1)
    os._exit(0)
