"""Aligns columns of text in a terminal, where Chinese, Japanese and Korean characters take two columns each."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from ..screen import style, visible

_FALLBACK_SIZE = (120, 24)
_LEAST_ROOM = 20
"""Columns that the last cell of a row gets even if the terminal is narrower."""


def columns(
    rows: Sequence[Sequence[str]], headings: Sequence[str], *, cut: bool | None = None, least: int = _LEAST_ROOM
) -> str:
    """A table with a heading.

    cut: whether to shorten the last cell of each row to the width of the terminal. None means if there is one: piped or
    redirected output is never cut. least: the columns that the last cell gets even in a narrower terminal.
    """
    cut = has_terminal() if cut is None else cut
    table = [[_one_line(cell) for cell in row] for row in (headings, *rows)]
    sizes = [max(width(row[place]) for row in table) for place in range(len(headings) - 1)]
    room = max(least, shutil.get_terminal_size(_FALLBACK_SIZE).columns - sum(sizes) - 2 * len(sizes))
    lines = []
    for *cells, last in table:
        end = shortened(last, room) if cut else last
        lines.append("  ".join([*map(padded, cells, sizes), end]).rstrip())
    return "\n".join([style(lines[0], bold=True), *lines[1:]])


def has_terminal() -> bool:
    """Whether the results are shown on a terminal, which has a width."""
    return sys.stdout.isatty()


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    if _is_simple(text):
        return len(text)
    from wcwidth import width as columns_of  # imported here because it takes 30 ms, and few texts need it

    return columns_of(text)


def padded(text: str, size: int) -> str:
    """The text with spaces at its end, to this number of columns."""
    return text + " " * (size - width(text))


def shortened(text: str, room: int) -> str:
    """The text, cut to this number of columns with an ellipsis at its end if it is longer."""
    if width(text) <= room:
        return text
    if _is_simple(text):
        return f"{text[: room - 1]}…"
    from wcwidth import clip

    return f"{clip(text, 0, room - 1).rstrip()}…"


def _is_simple(text: str) -> bool:
    """Whether each character takes one column: Latin letters, dashes and quotation marks."""
    return text.isascii() or all(c < "\u0300" or "\u2010" <= c <= "\u2027" for c in text)


def _one_line(cell: str) -> str:
    """The cell without line breaks, and with the escapes that `say` would print."""
    return visible(" ".join(cell.splitlines()))
