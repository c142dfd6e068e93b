"""Grafana OnCall: one shift (RFC 5545 recurrence, rolling users) as rotations of oncall.yaml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from ....model.oncall.time_spans import Span
from ....stores.layout import slug
from ..saved_json import Row
from ..source import Unusable
from . import week_hours
from .batch import is_number, name_of, text_of
from .opsgenie_schedules import wall
from .rotations import Turns, Unit, layered

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60
_MOST_AT_ONCE = 10
Handle = Callable[[object], str | None]


class Event(Struct, frozen=True, kw_only=True):
    """What all kinds of shifts have. minutes: how long one lasts. groups: who is on call together, in turns."""

    row: Row
    key: str
    start: datetime
    minutes: int
    groups: tuple[tuple[str, ...], ...]
    until: datetime | None


def event(row: Row, zone: ZoneInfo, handle: Handle) -> Event:
    """The shift. Raises Unusable."""
    start, seconds, until = text_of(row, "start"), row.get("duration"), text_of(row, "until")
    if start is None or not is_number(seconds) or seconds < 60 or seconds % 60 or seconds > 10**9:
        raise Unusable("it has no start, or no duration in whole minutes")
    key = slug(name_of(row.get("name"), "shift"))[:50].strip("-")
    return Event(
        row=row,
        key="shift" if key == "incident" else key,
        start=wall(start, zone),
        minutes=seconds // 60,
        groups=_groups(row, handle),
        until=wall(until, zone) if until else None,
    )


def _groups(row: Row, handle: Handle) -> tuple[tuple[str, ...], ...]:
    rolling = row.get("rolling_users") if row.get("type") == "rolling_users" else [row.get("users")]
    lists = [group for group in rolling if isinstance(group, list)] if isinstance(rolling, list) else []
    if not lists or not all(lists):
        raise Unusable("a group of it has no users" if lists else "it has no users")
    found = []
    for group in lists:
        people = tuple(person for code in group if (person := handle(code)))
        if len(people) < len(group):
            raise Unusable("a user of it is not in the export")
        found.append(tuple(dict.fromkeys(people)))
    if max(map(len, found)) > _MOST_AT_ONCE:
        raise Unusable(f"more than {_MOST_AT_ONCE} people are on call at once")
    first = row.get("start_rotation_from_user_index")
    turn = first % len(found) if is_number(first) else 0
    return tuple(found[turn:] + found[:turn])


def rotations(found: Event) -> list[Turns]:
    """One rotation for each person of a group: they are on call together. Raises Unusable."""
    if found.row.get("type") == "single_event":
        return _each(found, "weekly", 1, (), until=found.start + timedelta(minutes=found.minutes))
    for key in ("by_month", "by_monthday"):
        if found.row.get(key):
            raise Unusable(f"it repeats with `{key}`, which oncall.yaml cannot say")
    every = found.row.get("interval")
    every = every if is_number(every) and every > 0 else 1
    unit = str(found.row.get("frequency")).lower()
    if unit == "hourly":
        return _hourly(found, every)
    if unit == "daily" and every % 7 == 0:
        unit, every = "weekly", every // 7
    if unit == "daily":
        return _daily(found, every)
    if unit == "weekly":
        return _weekly(found, every)
    raise Unusable(f"its frequency is `{found.row.get('frequency')}`, not hourly, daily or weekly")


def _hourly(found: Event, every: int) -> list[Turns]:
    if found.row.get("by_day") or found.minutes != every * _HOUR:
        raise Unusable("it does not last from one hourly turn to the next, or only on some days")
    return [part for turns in _each(found, "hourly", every, ()) for part in layered(turns)]


def _daily(found: Event, every: int) -> list[Turns]:
    if found.row.get("by_day"):
        if len(found.groups) > 1:
            raise Unusable("it rotates each day on some days of the week only")
        return _weekly(found, 1)
    if found.minutes == every * _DAY:
        return _each(found, "daily", every, ())
    if every > 1 or found.minutes > _DAY:
        raise Unusable(f"it lasts {found.minutes // _HOUR} hours of turns of {every} days: the rest is a gap")
    return _each(found, "daily", 1, week_hours.daily(_minute(found.start), found.minutes))


def _weekly(found: Event, every: int) -> list[Turns]:
    days = found.row.get("by_day")
    if not days:
        if found.minutes == every * _WEEK:
            return _each(found, "weekly", every, ())
        days = [_DAYS[found.start.weekday()]]
    if every > 1 or not isinstance(days, list) or not all(day in _DAYS for day in days):
        raise Unusable(f"it does not last all of its turns of {every} weeks: the rest is a gap")
    first = found.row.get("week_start")
    begin = _DAYS.index(first) if first in _DAYS else 6
    offsets = sorted((_DAYS.index(day) - begin) % 7 for day in days)
    back = (found.start.weekday() - begin) % 7
    anchor = found.start - timedelta(days=back - offsets[0])
    week: list[Span] = []
    for day in days:
        low = _DAYS.index(day) * _DAY + _minute(found.start)
        week.append((low, low + found.minutes))
    if found.minutes > _DAY and len(days) > 1:
        raise Unusable("its occurrences overlap each other")
    return _each(found, "weekly", 1, week_hours.spans(week), anchor=anchor)


def _each(
    found: Event,
    unit: Unit,
    every: int,
    week: tuple[Span, ...],
    *,
    until: datetime | None = None,
    anchor: datetime | None = None,
) -> list[Turns]:
    most = max(len(group) for group in found.groups)
    code = text_of(found.row, "id") or found.key
    return [
        Turns(
            id=code,
            key=found.key if place == 0 else f"{found.key}-{place + 1}",
            members=tuple(group[min(place, len(group) - 1)] for group in found.groups),
            start=anchor or found.start,
            effective=found.start if anchor and anchor != found.start else None,
            rotate=unit,
            every=every,
            until=until or found.until,
            week=week,
        )
        for place in range(most)
    ]


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute
