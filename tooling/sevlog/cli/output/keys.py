"""Single keys typed in a terminal, without echo and without a busy loop."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def terminal_keys(known: str) -> Iterator[Callable[[float | None], str | None]]:
    """A function that waits so many seconds (None: without limit) for one of the known keys; None if none came.

    Other keys are ignored. Where standard input is not a terminal, or the system has none, it only waits.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows
        yield _only_waits
        return
    if not sys.stdin.isatty():
        yield _only_waits
        return
    place = sys.stdin.fileno()
    before = termios.tcgetattr(place)
    tty.setcbreak(place)
    try:
        yield lambda seconds: _key(place, known, seconds)
    finally:
        termios.tcsetattr(place, termios.TCSADRAIN, before)


def _only_waits(seconds: float | None) -> str | None:
    time.sleep(seconds or 0.0)
    return None


def _key(place: int, known: str, seconds: float | None) -> str | None:
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        rest = None if end is None else max(0.0, end - time.monotonic())
        if not select.select([place], [], [], rest)[0]:
            return None
        typed = os.read(place, 1).decode("ascii", "replace").lower()
        if not typed:
            return None  # the terminal was closed
        if typed in known:
            return typed
