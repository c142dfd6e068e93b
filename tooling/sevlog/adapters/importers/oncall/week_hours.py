"""Hours of the week as spans of minutes since Monday 00:00, and as the hours of oncall.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ....model.hours import Hours
from ....model.oncall import time_spans
from ....model.oncall.time_spans import Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = 24 * 60, 7 * 24 * 60


def spans(rows: Iterable[Span]) -> tuple[Span, ...]:
    """Spans within one week, in order, from such that may run over its end. An empty or whole week gives nothing."""
    cut: list[Span] = []
    for start, end in rows:
        first = start % WEEK
        length = min(end - start, WEEK)
        cut += [(first, min(first + length, WEEK)), (0, max(first + length - WEEK, 0))]
    found = tuple(time_spans.union(cut))
    return () if found == ((0, WEEK),) else found


def daily(start: int, length: int) -> tuple[Span, ...]:
    """The same hours each day. start, length: minutes."""
    return spans((day * DAY + start, day * DAY + start + length) for day in range(7))


def both(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """What two lists share. An empty list is the whole week."""
    if not one or not other:
        return one or other
    return tuple(time_spans.intersection(one, other))


def share_time(one: tuple[Span, ...], other: tuple[Span, ...]) -> bool:
    """Whether two lists overlap. An empty list is the whole week."""
    return not one or not other or bool(time_spans.intersection(one, other))


def hours(found: tuple[Span, ...]) -> tuple[Hours, ...]:
    """The rows of `restrict`. Hours over midnight stay one row; longer spans are split at midnight."""
    joined = list(found)
    if len(joined) > 1 and joined[0][0] == 0 and joined[-1][1] == WEEK:
        first = joined.pop(0)
        joined[-1] = (joined[-1][0], WEEK + first[1])
    days: dict[tuple[int, int], list[int]] = {}
    for start, end in joined:
        for low, high in _by_day(start, end):
            days.setdefault((low % DAY, (high - 1) % DAY + 1), []).append(low // DAY % 7)
    return tuple(Hours(days=_days(named), from_=_clock(a), to=_clock(b)) for (a, b), named in days.items())


def _by_day(start: int, end: int) -> Iterable[Span]:
    if end - start <= DAY and (end - 1) // DAY - start // DAY <= 1 and end - start < DAY:
        return [(start, end)]
    cuts = [start, *range((start // DAY + 1) * DAY, end, DAY), end]
    return list(pairwise(cuts))


def _days(found: list[int]) -> str:
    """The days as oncall.yaml writes them: mon-fri, or sat,sun."""
    runs: list[list[int]] = []
    for day in sorted(set(found)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 1 else DAYS[run[0]] for run in runs)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
