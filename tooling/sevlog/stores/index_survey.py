"""Finds the folders that changed among very many: half of the work in a second process where that pays.

Nothing but a look at every file tells whether it was edited, and the looking is the system's work, not Python's. A copy
of this process (fork) begins at the front, we at the end; where we meet, it is ended.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, NoReturn

from .index_sheets import Sheet, differing

_SPAN = 2500
"""Names that one step looks at, about 6 ms."""

_WORTH_A_PROCESS = 6
"""Steps from which on the copy saves more than it costs, about 3 ms."""

_HEAD = struct.Struct("=II")


class Span(NamedTuple):
    """Some folders of one year: places in its sheet."""

    year: str
    start: int
    end: int


def suspects(root: bytes, sheets: Mapping[str, Sheet]) -> dict[str, list[int]]:
    """Year -> places of the folders in its sheet that do not look as they did.

    root: the folder that holds the years' folders, with a slash at its end.
    """
    paths = {year: sheet.paths() for year, sheet in sheets.items()}
    spans = [span for year, sheet in sheets.items() for span in _spans(year, sheet)]

    def look(span: Span) -> list[int]:
        place = root + os.fsencode(span.year) + b"/"
        return differing(sheets[span.year], place, span.start, span.end, paths[span.year])

    found: dict[str, list[int]] = {year: [] for year in sheets}
    with _Copy(look, spans) as copy:
        looked: dict[int, list[int]] = {}
        for number in reversed(range(len(spans))):
            looked |= copy.told()
            if number in looked:
                break
            looked[number] = look(spans[number])
        looked = {**copy.told(), **looked}
    for number, span in enumerate(spans):
        found[span.year] += looked[number]
    return found


def _spans(year: str, sheet: Sheet) -> Iterator[Span]:
    """A sheet in parts that take about the same time."""
    starts = sheet.starts()
    first = 0
    for place in range(1, len(starts)):
        if starts[place] - starts[first] >= _SPAN or place == len(starts) - 1:
            yield Span(year, first, place)
            first = place


class _Copy:
    """A copy of this process that looks at span after span and tells what it finds. Without one, nothing is told."""

    def __init__(self, look: Callable[[Span], list[int]], spans: Sequence[Span]) -> None:
        self._look, self._spans = look, spans
        self._process, self._pipe = 0, -1
        self._unread = b""

    def __enter__(self) -> _Copy:
        if len(self._spans) >= _WORTH_A_PROCESS and _may_fork():
            self._pipe, end = os.pipe()
            try:
                self._process = os.fork()
            except OSError:  # too many processes: we look alone
                os.close(end)
                return self
            if self._process == 0:
                self._tell_all(end)
            os.close(end)
            os.set_blocking(self._pipe, False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        if self._pipe >= 0:
            os.close(self._pipe)

    def told(self) -> dict[int, list[int]]:
        """What the copy has found since it was asked last: number of the span -> places."""
        if not self._process:
            return {}
        try:
            while data := os.read(self._pipe, 1 << 16):
                self._unread += data
        except BlockingIOError:
            pass
        found: dict[int, list[int]] = {}
        while len(self._unread) >= _HEAD.size:
            number, count = _HEAD.unpack_from(self._unread)
            end = _HEAD.size + 4 * count
            if len(self._unread) < end:
                break
            found[number] = list(struct.unpack_from(f"={count}I", self._unread, _HEAD.size))
            self._unread = self._unread[end:]
        return found

    def _tell_all(self, pipe: int) -> NoReturn:
        """What the copy does; it must touch nothing that it shares with us, and never return."""
        try:
            for number, span in enumerate(self._spans):
                rows = self._look(span)
                data = _HEAD.pack(number, len(rows)) + struct.pack(f"={len(rows)}I", *rows)
                while data:
                    data = data[os.write(pipe, data) :]
        finally:
            os._exit(0)


def _may_fork() -> bool:
    """Whether a copy is safe (no other thread may hold a lock just then), and would have a core to run on."""
    if not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return False
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) > 1 if affinity else (os.cpu_count() or 1) > 1
