"""What -v adds to each command: the git commands that ran, how long each took, and the total."""

from __future__ import annotations

import contextlib
import shlex
import time
from collections.abc import Iterator, Sequence

from ..model.comms.private_words import without_secrets
from ..stores.git import trace
from .screen import say


@contextlib.contextmanager
def traced() -> Iterator[None]:
    """Print each git command on standard error when it has run, and the total at the end."""
    begun, taken = time.monotonic(), list[float]()

    def ran(command: Sequence[str], seconds: float) -> None:
        taken.append(seconds)
        say(f"{seconds * 1000:6.0f} ms  {without_secrets(shlex.join(command))}", err=True)

    trace.tell = ran
    try:
        yield
    finally:
        trace.tell = None
        count = f"{len(taken)} git command{'s' * (len(taken) != 1)}"
        said = f"in all; {count} took {sum(taken) * 1000:.0f} ms"
        say(f"{(time.monotonic() - begun) * 1000:6.0f} ms  {said}", err=True)
