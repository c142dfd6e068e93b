"""Text that is typed: on the command line, on standard input, or in an editor."""

from __future__ import annotations

import sys

import click

from ..errors import UsageError
from . import keeping

_MOST_INPUT = 1024 * 1024


def text_or_editor(text: tuple[str, ...], *, required: bool = True, template: str = "") -> str | None:
    """Words from the command line, `-` for standard input, or $EDITOR on a terminal.

    Raises UsageError where there is no text and no terminal to write one on.
    """
    if text == ("-",):
        found = _worded(_standard_input(), required)
        return found and keeping.typed(found, only_copy=True)
    if text:
        found = _worded(" ".join(text), required)
        return found and keeping.typed(found)
    if not required:
        return None
    if not sys.stdin.isatty():
        raise UsageError("there is no text", 'add it in quotes, or - to read it from standard input: … "text"')
    found = _worded(click.edit(template) or "", required)
    return found and keeping.typed(found, only_copy=True)


def typed_text(text: tuple[str, ...]) -> str:
    """The words of the command line, or what stands on standard input for `-`. Raises UsageError for nothing."""
    from_input = text == ("-",)
    return keeping.typed(_worded(_standard_input() if from_input else " ".join(text), True) or "", only_copy=from_input)


def _standard_input() -> str:
    """All of it. Raises UsageError where it is not UTF-8."""
    data = sys.stdin.buffer.read(_MOST_INPUT + 1) if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    if len(data) > _MOST_INPUT:
        raise UsageError(
            f"standard input has more than {_MOST_INPUT // 1024} KiB", "put it into a file and say what it shows"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 (byte {error.start})", "convert it: iconv -t UTF-8") from None


def _worded(text: str, required: bool) -> str | None:
    cleaned = text.strip()
    if cleaned or not required:
        return cleaned or None
    raise UsageError("the text is empty, so nothing was written", 'say it in quotes: … "text"')
