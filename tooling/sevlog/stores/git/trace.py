"""Reports which git commands run and how long each takes, to the command line with -v."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence

tell: Callable[[Sequence[str], float], None] | None = None
"""Takes a command and its seconds: the command line puts itself here. None: nothing is reported."""


@contextlib.contextmanager
def timed(command: Sequence[str]) -> Iterator[None]:
    """Report a command when it is over, also if it fails."""
    begun = time.monotonic()
    try:
        yield
    finally:
        if tell is not None:
            tell(command, time.monotonic() - begun)
