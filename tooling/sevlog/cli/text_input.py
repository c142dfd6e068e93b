"""Reads a text from the command line, standard input or an editor."""

from __future__ import annotations

import sys

import click

from ..errors import UsageError
from . import keeping

_MOST_INPUT = 1024 * 1024


def text_or_editor(text: tuple[str, ...], *, required: bool = True, template: str = "") -> str | None:
    """Words from the command line, `-` for standard input, or $EDITOR on a terminal.

    Raises UsageError if there is no text and no terminal for an editor.
    """
    if text == ("-",):
        found = _stripped(_standard_input(), required)
        return found and keeping.typed(found, only_copy=True)
    if text:
        found = _stripped(" ".join(text), required)
        return found and keeping.typed(found)
    if not required:
        return None
    if not sys.stdin.isatty():
        raise UsageError("no text given", 'add it in quotes: … "text"; to read standard input: … -')
    found = _stripped(click.edit(template) or "", required)
    return found and keeping.typed(found, only_copy=True)


def typed_text(text: tuple[str, ...]) -> str:
    """The words of the command line, or standard input for `-`. Raises UsageError if there is no text."""
    from_input = text == ("-",)
    return keeping.typed(
        _stripped(_standard_input() if from_input else " ".join(text), True) or "", only_copy=from_input
    )


def _standard_input() -> str:
    """Standard input in full. Raises UsageError if it is too long or not UTF-8."""
    data = sys.stdin.buffer.read(_MOST_INPUT + 1) if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    if len(data) > _MOST_INPUT:
        raise UsageError(
            f"standard input is longer than {_MOST_INPUT // 1024} KiB",
            "save it as a file in evidence/ and record a short text",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 (byte {error.start})", "convert it: iconv -t UTF-8") from None


def _stripped(text: str, required: bool) -> str | None:
    cleaned = text.strip()
    if cleaned or not required:
        return cleaned or None
    raise UsageError("the text is empty; nothing was recorded", 'add it in quotes: … "text"')
