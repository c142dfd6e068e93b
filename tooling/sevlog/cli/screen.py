"""The one door to the terminal: what a record says is shown there, and never obeyed.

Every command prints with `say`, and colours with `style`. Control characters of anything else, and those that turn the
order of a line around or cannot be seen, are shown as escapes. The escapes are those of JSON, so a document stays one.
"""

from __future__ import annotations

import re
from typing import Any

import click

_OURS = "\ud91b"
"""Stands for the escape character of our own colours. Half a surrogate pair: no file and no argument can hold it."""

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, but tab and line feed
    "\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # line breaks, order, nothing to see
    "\ud800-\ud91a\ud91c-\udfff]"  # no characters at all: odd bytes of file names
    "|\r(?!\n)"
)


def visible(text: str) -> str:
    """The text with escapes for what a terminal would obey, or not show."""
    return _ODD.sub(_escaped, text)


def style(text: str, **how: Any) -> str:
    """The text in colours, weights and so on (those of click.style), to be printed by `say`."""
    return click.style(visible(text), **how).replace("\x1b", _OURS)


def say(text: str = "", *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    """Print a text and a line end (nl: False: none). err: on standard error; color: None leaves it to click."""
    click.echo(visible(text).replace(_OURS, "\x1b"), err=err, nl=nl, color=color)


def send(data: bytes) -> None:
    """Write a file to standard output, as it is."""
    click.echo(data, nl=False)


def _escaped(found: re.Match[str]) -> str:
    import json

    return json.dumps(found[0])[1:-1]


def tell_waits() -> None:
    """Let a command that waits for another process say so."""
    from ..stores.git import waiting

    waiting.tell = lambda text: say(text, err=True)
