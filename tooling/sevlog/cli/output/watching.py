"""Shows a text again and again in a terminal, until Ctrl-C."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ...errors import SevlogError, UsageError
from ..screen import say, style

if TYPE_CHECKING:
    from ...services.workspace.workspace import Clock


def watched(
    text: Callable[[], str], every: float, *, as_json: bool, clock: Clock, pause: Callable[[float], None] = time.sleep
) -> None:
    """Print a text and print it anew every so many seconds. A record that cannot be read now is told, and tried again.

    Raises UsageError without a terminal or with JSON: a document has one end.
    """
    if as_json or not sys.stdout.isatty():
        raise UsageError("--watch is for a terminal", "for a program: sevlog board --json, as often as you like")
    try:
        while True:
            shown = _now(text)
            click.clear()
            say(shown)
            say(style(f"\nas of {clock().astimezone():%H:%M:%S %Z}, every {every:g} s; Ctrl-C ends it", dim=True))
            pause(every)
    except KeyboardInterrupt:
        say()


def _now(text: Callable[[], str]) -> str:
    try:
        return text()
    except SevlogError as error:
        return "\n".join([f"{style('error:', fg='red', bold=True)} {error.message}", *error.hints])
