"""Local times of schedules as instants.

One rule for clock changes: a local time is the first instant at which the clock of its zone reaches it. So a skipped
time is the moment of the change, a repeated time is its first occurrence, and nothing happens twice. Instants are
whole seconds since 1970 in UTC; spans are half-open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from ...errors import InvalidRecord
from ..hours import Hours
from .time_spans import Span, union

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_A_DAY = 24 * 60
_EARLIEST, _LATEST = 1900, 9000
"""Years outside this range are typing errors, and datetime cannot convert its first and last days between zones."""


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises InvalidRecord for an unknown one."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise InvalidRecord(f"oncall.yaml: unknown time zone `{name}`", "sevlog check oncall.yaml") from None


def written(text: str) -> datetime:
    """The time or day in a text of oncall.yaml, with an offset only if it has one. Raises ValueError."""
    if "T24" in text:
        raise ValueError(f"`{text}` has the hour 24")
    found = datetime.fromisoformat(text)
    if not _EARLIEST <= found.year <= _LATEST:
        raise ValueError(f"`{text}` is in the year {found.year}")
    return found


def moment(text: str, zone: ZoneInfo) -> int:
    """The instant of a local time, or of a time with offset. Raises InvalidRecord."""
    found = _read(text)
    return reached(found, zone) if found.tzinfo is None else int(found.timestamp())


def start_of(text: str, zone: ZoneInfo) -> int:
    """The instant at which a written day or time begins."""
    return moment(text, zone)


def end_of(text: str, zone: ZoneInfo) -> int:
    """The instant at which a period ends whose last day, or whose end, is written here."""
    return moment(text, zone) if "T" in text else reached(_read(text) + timedelta(days=1), zone)


def wall_of(text: str, zone: ZoneInfo) -> datetime:
    """The wall-clock reading of a written time, without offset."""
    found = _read(text)
    return found if found.tzinfo is None else found.astimezone(zone).replace(tzinfo=None)


def _read(text: str) -> datetime:
    try:
        return written(text)
    except ValueError as error:
        raise InvalidRecord(f"oncall.yaml: {error}", "sevlog check oncall.yaml") from None


def reached(wall: datetime, zone: tzinfo) -> int:
    """The first instant at which the clock of a zone has reached a reading (a datetime without offset)."""
    first = wall.replace(tzinfo=zone, fold=0)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before == after or before is None or after is None or before > after:  # plain, or repeated: the first time
        return int(first.timestamp())
    return _jump(wall.replace(tzinfo=UTC, fold=0), before, after, zone)


def _jump(reading: datetime, before: timedelta, after: timedelta, zone: tzinfo) -> int:
    """The instant of the jump forward that skips a reading."""
    low, high = int((reading - after).timestamp()), int((reading - before).timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def reading(at: int, zone: ZoneInfo) -> datetime:
    """The local time of a zone at an instant, without offset."""
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)


def day_span(day: date, zone: tzinfo) -> Span:
    """A day of a zone, from midnight to midnight; empty if the zone skips it."""
    start = datetime.combine(day, datetime.min.time())
    return reached(start, zone), reached(start + timedelta(days=1), zone)


def in_utc(at: int) -> datetime:
    """An instant as a datetime in UTC."""
    return datetime.fromtimestamp(at, UTC)


@lru_cache(maxsize=256)
def weekdays(days: str) -> frozenset[int]:
    """The days of the week, Monday being 0, of a text such as mon-fri or sat,sun; fri-mon goes over the weekend."""
    found: set[int] = set()
    for part in days.split(","):
        first, _, last = part.partition("-")
        start = _DAYS.index(first)
        length = (_DAYS.index(last or first) - start) % 7
        found.update((start + step) % 7 for step in range(length + 1))
    return frozenset(found)


def minutes(clock: str) -> int:
    """A time of day in minutes since midnight; 24:00 is 1440."""
    return int(clock[:2]) * 60 + int(clock[3:5])


def windows(hours: Iterable[Hours], zone: ZoneInfo, low: int, high: int) -> list[Span]:
    """The spans between two instants within these hours of the week, in the time zone.

    A window whose end is not later than its start ends the next day; it belongs to the day on which it starts.
    """
    first, last = reading(low, zone).toordinal() - 3, reading(high, zone).toordinal() + 1
    found: list[Span] = []
    for row in hours:
        days, start, end = weekdays(row.days), minutes(row.from_), minutes(row.to)
        end += _MINUTES_A_DAY if end <= start else 0
        lead, length = timedelta(minutes=start), timedelta(minutes=end)
        for ordinal in range(first, last + 1):
            if (ordinal - 1) % 7 in days:
                midnight = datetime.fromordinal(ordinal)
                found.append((reached(midnight + lead, zone), reached(midnight + length, zone)))
    return union((max(start, low), min(end, high)) for start, end in found)
