"""Shows a text in a terminal and refreshes it until Ctrl-C."""

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
    """Print a text again every `every` seconds. If it cannot be made, print the error and try again.

    Raises UsageError without a terminal or with --json.
    """
    if as_json or not sys.stdout.isatty():
        raise UsageError(
            "--watch needs a terminal and cannot be combined with --json",
            "in a script, run repeatedly: sevlog board --json",
        )
    try:
        while True:
            shown = _text_or_error(text)
            click.clear()
            say(shown)
            say(
                style(
                    f"\nas of {clock().astimezone():%H:%M:%S %Z}; refreshes every {every:g} s; Ctrl-C to stop", dim=True
                )
            )
            pause(every)
    except KeyboardInterrupt:
        say()


def _text_or_error(text: Callable[[], str]) -> str:
    try:
        return text()
    except SevlogError as error:
        return "\n".join([f"{style('error:', fg='red', bold=True)} {error.message}", *error.hints])
