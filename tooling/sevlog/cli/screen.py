"""All output to the terminal. Text from records is shown, never interpreted.

Every command prints with `say` and colors with `style`. Other control characters, bidirectional controls and invisible
characters are printed as JSON escapes, so that a JSON document stays valid.
"""

from __future__ import annotations

import re
from typing import TypedDict, Unpack

import click

_OURS = "\ud91b"
"""Marks the escape character of our colors. Half a surrogate pair: not possible in a file or an argument."""

_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters except tab and line feed
    "\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # line breaks, order, invisible
    "\ud800-\ud91a\ud91c-\udfff]"  # surrogates: invalid bytes in file names
    "|\r(?!\n)"
)


def visible(text: str) -> str:
    """The text with escapes for control and invisible characters."""
    return _ODD.sub(_escaped, text)


class Style(TypedDict, total=False):
    """The styles of click.style that are used."""

    fg: str | None
    bold: bool
    dim: bool


def style(text: str, **how: Unpack[Style]) -> str:
    """The text with the styles of click.style, to be printed by `say`."""
    return click.style(visible(text), **how).replace("\x1b", _OURS)


def say(text: str = "", *, err: bool = False, nl: bool = True, color: bool | None = None) -> None:
    """Print a text. nl: with a line end. err: on standard error. color: None lets click decide."""
    click.echo(visible(text).replace(_OURS, "\x1b"), err=err, nl=nl, color=color)


def send(data: bytes) -> None:
    """Write bytes to standard output unchanged."""
    click.echo(data, nl=False)


def _escaped(found: re.Match[str]) -> str:
    import json

    return json.dumps(found[0])[1:-1]


def announce_waits() -> None:
    """Print a notice when a command waits for another process."""
    from ..stores.git import waiting

    waiting.tell = lambda text: say(text, err=True)


def label(key: str, name: str) -> str:
    """What a table calls a status or a role: its name; the key in words where the name says no more."""
    return key.replace("_", " ") if name.casefold().replace(" ", "_") == key.casefold() else name
