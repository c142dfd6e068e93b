"""Spans of time and who holds them: union, intersection, difference, and layering. All linear.

A span is (start, end): instants in seconds, the end not included. Lists of spans are in order and do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

Span = tuple[int, int]


class Duty(Struct, frozen=True, kw_only=True):
    """Why a person is on call.

    schedule: whose layer or override it is; on a holiday that of the calendar. pointer: where in oncall.yaml.
    layer: its key; None for an override. turn: the number of the turn, from 0; -1 for an override.
    instead_of: whose turn it would have been, had they not been away. reason: of an override. holiday: its name.
    """

    person: str
    schedule: str
    pointer: str
    layer: str | None = None
    turn: int = -1
    instead_of: str | None = None
    reason: str | None = None
    holiday: str | None = None


class Piece(NamedTuple):
    """Someone's duty from `start` until before `end`."""

    start: int
    end: int
    duty: Duty


def union(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, merged if they overlap or touch, without empty ones."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def intersection(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The intersection of two lists of spans."""
    found: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            found.append((start, end))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return found


def difference(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The spans of the first list without those of the second."""
    found: list[Span] = []
    j = 0
    for first, end in one:
        start = first
        while j < len(other) and other[j][1] <= start:
            j += 1
        here = j
        while here < len(other) and other[here][0] < end:
            if start < other[here][0]:
                found.append((start, other[here][0]))
            start = max(start, other[here][1])
            here += 1
        if start < end:
            found.append((start, end))
    return found


def length(spans: Iterable[Span]) -> int:
    """The seconds of all spans together."""
    return sum(end - start for start, end in spans)


def spans_of(pieces: Iterable[Piece]) -> list[Span]:
    """When somebody has a duty."""
    return union((piece.start, piece.end) for piece in pieces)


def within(pieces: Iterable[Piece], spans: Sequence[Span]) -> list[Piece]:
    """The parts of the pieces within the spans."""
    found: list[Piece] = []
    j = 0
    for piece in pieces:
        while j < len(spans) and spans[j][1] <= piece.start:
            j += 1
        here = j
        while here < len(spans) and spans[here][0] < piece.end:
            found.append(Piece(max(piece.start, spans[here][0]), min(piece.end, spans[here][1]), piece.duty))
            here += 1
    return found


def laid_over(top: Sequence[Piece], bottom: Sequence[Piece]) -> list[Piece]:
    """The top pieces, and the bottom pieces in the gaps of the top, in order."""
    if not top or not bottom:
        return list(top or bottom)
    free = difference([(bottom[0].start, bottom[-1].end)], spans_of(top))
    return sorted([*top, *within(bottom, free)], key=lambda piece: piece.start)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Adjacent pieces of the same duty merged."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].end == piece.start and found[-1].duty == piece.duty:
            found[-1] = Piece(found[-1].start, piece.end, piece.duty)
        else:
            found.append(piece)
    return found
