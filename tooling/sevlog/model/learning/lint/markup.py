"""Blanks out what is not the author's prose: code spans, quotations, addresses, tags, emphasis.

Each function keeps the length of the text, so that offsets stay. All take linear time: no pattern can backtrack over
more than a bounded stretch.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator

_TICKS = re.compile(r"`+")
_LINK = re.compile(r"\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)|\]\[[^\[\]\n]{0,200}\]")
_URL = re.compile(r"<?\bhttps?://[^\s<>\"]{1,2000}>?")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_EMPHASIS = re.compile(r"\*+|~~|(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])")
_OPENING = {"“": "”", "„": "“", "«": "»", "‹": "›"}
_LONGEST_QUOTATION = 600


def code_spans(text: str) -> list[tuple[int, int]]:
    """The code spans of a paragraph: an opening run of backticks closes at the next run of the same length."""
    runs = [match.span() for match in _TICKS.finditer(text)]
    waiting: dict[int, deque[int]] = defaultdict(deque)
    for number, (start, end) in enumerate(runs):
        waiting[end - start].append(number)
    spans, number = [], 0
    while number < len(runs):
        start, end = runs[number]
        same = waiting[end - start]
        while same and same[0] <= number:
            same.popleft()
        if same:
            spans.append((start, runs[same[0]][1]))
            number = same[0]
        number += 1
    return spans


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    opened: tuple[int, str] | None = None
    for match in re.finditer('["“”„«»‹›]', text):
        place, mark = match.start(), match[0]
        if opened and place - opened[0] > _LONGEST_QUOTATION:
            opened = None
        if opened and mark in (opened[1], '"' if opened[1] == '"' else "”"):
            yield opened[0], place + 1
            opened = None
        elif opened is None and (mark == '"' or mark in _OPENING):
            opened = (place, _OPENING.get(mark, '"'))


def _comments(text: str) -> Iterator[tuple[int, int]]:
    start = text.find("<!--")
    while start >= 0:
        closing = text.find("-->", start + 4)
        end = len(text) if closing < 0 else closing + 3
        yield start, end
        start = text.find("<!--", end)


def _blanked(text: str, spans: Iterator[tuple[int, int]] | list[tuple[int, int]], filler: str = " ") -> str:
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], filler * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


def prose(raw: str, spans: list[tuple[int, int]]) -> str:
    """The prose of a paragraph, as long as the paragraph. spans: its code spans, which become the letter x."""
    text = _blanked(raw, spans, "x")
    text = _blanked(text, _comments(text))
    text = _LINK.sub(lambda m: "]" + " " * (len(m[0]) - 1), text)
    text = _TAG.sub(lambda m: " " * len(m[0]), _URL.sub(lambda m: " " * len(m[0]), text))
    text = _blanked(text, list(_quotations(text)))
    text = _EMPHASIS.sub(lambda m: " " * len(m[0]), text)
    return text.translate(_PLAIN)


_PLAIN = {ord(mark): " " for mark in "\r\n\t[]\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"} | {ord("’"): "'"}
