"""Says what a command waits for, once it has waited for a second: nobody should look at a silent terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

SOON = 1.0
"""Seconds of silence."""

tell: Callable[[str], None] | None = None
"""Who says it: the command line puts itself here. None: nobody does."""


class Waiting:
    """One wait. what: for what, and what its reader can do about it."""

    def __init__(self, what: str) -> None:
        self._what: str | None = what
        self._since = time.monotonic()

    def go_on(self, ahead: float = 0.0) -> None:
        """It waits still, and will for `ahead` seconds."""
        if self._what is not None and time.monotonic() - self._since + ahead >= SOON:
            if tell is not None:
                tell(self._what)
            self._what = None
