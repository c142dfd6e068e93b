"""The positions of keys in a plain list of mappings, without composing it: for files with very many findings.

Only of files in the plain form that people and commands write: each item begins with `- key:` at the start of a line,
and its other keys stand two columns in. For anything else there is no answer, and the caller composes the file.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ITEM = re.compile(r"^- ", re.MULTILINE)
_KEY = re.compile(r"^(?:- |  )([A-Za-z_][A-Za-z0-9_]*):(?: +(?=[^\s#&*!|>\[{])|$)", re.MULTILINE)


class Spot(NamedTuple):
    """A line and a column, from 1."""

    line: int
    column: int


class PlainRows:
    """The items of one file. `count` is how many there are."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [match.start() for match in _ITEM.finditer(text)]
        self._lines = self._line_numbers()
        self.count = len(self._starts)

    def spot(self, place: int, key: str) -> Spot | None:
        """Where the value of a key of an item begins; of no key, the item. None where it takes more to say."""
        start = self._starts[place]
        if not key:
            return Spot(self._lines[place], 3)
        end = self._starts[place + 1] if place + 1 < self.count else len(self._text)
        found = [match for match in _KEY.finditer(self._text, start, end) if match[1] == key]
        if len(found) != 1 or found[0].end() >= end or self._text[found[0].end()] == "\n":
            return None
        match = found[0]
        begins = self._text.rfind("\n", 0, match.end()) + 1
        return Spot(self._lines[place] + self._text.count("\n", start, match.start()), match.end() - begins + 1)

    def _line_numbers(self) -> list[int]:
        numbers, line, seen = [], 1, 0
        for start in self._starts:
            line += self._text.count("\n", seen, start)
            numbers.append(line)
            seen = start
        return numbers


def plain_rows(data: bytes) -> PlainRows | None:
    """The items of a file that is a list in the plain form; None for any other."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    lines = [line for line in text.split("\n", 50) if line and not line.startswith("#")]
    if "\t" in text or "\r" in text or text.startswith("\ufeff") or not lines or not lines[0].startswith("- "):
        return None
    return PlainRows(text)
