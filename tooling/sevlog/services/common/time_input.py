"""Reads the times people type, the same forms for every command: `14:07`, `-10m`, `yesterday 23:50`, `sunday 02:00`,
`25 December 09:00`, RFC 3339. And tells them back, by the clock they were read by and in UTC.

A time without an offset is read by the clock of a zone: of the machine, or of the schedule that is asked about.
"""

from __future__ import annotations

import re
from calendar import day_name, month_name
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

from ...errors import UsageError
from ...model.config.settings import duration
from ...model.impossible_time import impossible_part
from ...model.oncall import schedule_clock
from .local_zone import LOCAL

_FORMS = (
    "use 2026-11-23T14:07:30Z, 14:07 (your time zone), yesterday 23:50, tomorrow 22:00, sunday 02:00, "
    "25 December 09:00, -10m (ten minutes ago), +2h or now"
)
_FORMS_OF_A_SCHEDULE = (
    "use 02:00, sunday, sunday 02:00, 2026-12-25, 2026-12-25T02:00, 25 December, an RFC 3339 time, -2h or +3d"
)
_EARLIEST, _LATEST = 1970, 8990
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_SPAN = re.compile(r"([+-])(\d{1,5}[smhdw])", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORDED_DAY = re.compile(r"(?:(\d\d?)\.? ([a-z]{3,9})|([a-z]{3,9}) (\d\d?))(?:,? (\d{4}))?", re.ASCII)
_NAMED = ("yesterday", "today", "tomorrow")


class When(Struct, frozen=True, kw_only=True):
    """What was typed: an instant, or all of a day, which ends at `end`."""

    start: datetime
    end: datetime | None = None


class Clock(Struct, frozen=True, kw_only=True):
    """By what a text is read. now: in UTC. past: what may be today's or another day's is the last such time, not the
    next. offsets: whether a date with a time needs one. page: the zone that a hint offers where one is missing.
    """

    now: datetime
    zone: tzinfo
    past: bool = False
    offsets: bool = True
    page: Callable[[], tzinfo] | None = None

    @property
    def forms(self) -> str:
        """What can be typed, for a hint."""
        return _FORMS if self.offsets else _FORMS_OF_A_SCHEDULE


def read_time(
    text: str,
    now: datetime,
    *,
    past: bool = False,
    days: bool = False,
    zone: tzinfo = LOCAL,
    page: Callable[[], tzinfo] | None = None,
) -> datetime:
    """The instant, in UTC, that `text` stands for: to the second where it is reckoned from now.

    past: a clock time or weekday without a date means the last one (when something happened); else the next one.
    days: whether a day alone is enough; it means its beginning. Raises UsageError for a date and time without offset,
    which may come from anywhere, and for what is not a time.
    """
    clock = Clock(now=now, zone=zone, past=past, page=page)
    found = read(text, clock)
    if found.end is not None and not days:
        raise UsageError(f"`{text.strip()}` is a day, not a time", f"add the time: {text.strip()} 14:07")
    return found.start


def read_when(text: str, now: datetime, zone: tzinfo) -> When:
    """The instant or day ahead that a text about a schedule means, by the clock of its zone. Raises UsageError."""
    return read(text, Clock(now=now, zone=zone, offsets=False))


def read(text: str, clock: Clock) -> When:
    """The instant or day that a text means. Raises UsageError."""
    try:
        found = _read(text.strip(), clock)
    except (OverflowError, ValueError):  # beyond the calendar's ends
        found = None
    if found is None or not _EARLIEST <= found.start.year <= _LATEST:
        raise UsageError(f"`{text.strip()}` is too far from now", clock.forms)
    return found


def _read(text: str, clock: Clock) -> When:
    said = " ".join(text.lower().split())
    if said == "now":
        return When(start=_to_the_millisecond(clock.now))
    if match := _SPAN.fullmatch(said):
        length = span(match[2])
        return When(start=(clock.now + length if match[1] == "+" else clock.now - length).replace(microsecond=0))
    words, hours = _split(said)
    if not words and hours is not None:
        return When(start=_nearest(clock, _today(clock), hours, 1))
    day, every = _day(words, clock)
    if day is None:
        return When(start=_instant(text, clock))
    if hours is None:
        start, end = schedule_clock.day_span(day, clock.zone)
        return When(start=schedule_clock.in_utc(start), end=schedule_clock.in_utc(end))
    if clock.offsets and _ISO_DAY.fullmatch(words):
        raise _no_offset(text, datetime.combine(day, datetime.min.time()) + hours, clock)
    return When(start=_nearest(clock, day, hours, every))


def _today(clock: Clock) -> date:
    return clock.now.astimezone(clock.zone).date()


def _nearest(clock: Clock, day: date, hours: timedelta, every: int) -> datetime:
    """A time of day that recurs every n days (0: once): the last one before now, or the next one after."""

    def at(day: date) -> int:
        wall = datetime.combine(day, datetime.min.time()) + hours
        again = int(wall.replace(tzinfo=clock.zone, fold=1).timestamp())
        first = schedule_clock.reached(wall, clock.zone)
        return again if clock.past and first < again <= clock.now.timestamp() else first  # an hour that came twice

    found = at(day)
    if every and clock.past and found > clock.now.timestamp():
        found = at(day - timedelta(days=every))
    elif every and not clock.past and found < int(clock.now.timestamp()):
        found = at(day + timedelta(days=every))
    return schedule_clock.in_utc(found)


def _instant(text: str, clock: Clock) -> datetime:
    """A time of RFC 3339."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        impossible = impossible_part(text)
        raise UsageError(f"`{text}` is not a time{f': {impossible}' if impossible else ''}", clock.forms) from None
    if moment.tzinfo is None:
        raise _no_offset(text, moment, clock)
    return _to_the_millisecond(moment.astimezone(UTC))


def _no_offset(text: str, wall: datetime, clock: Clock) -> UsageError:
    """The error for a time that could mean any zone; its hints offer UTC, and the page's zone where it is another."""
    typed = wall.isoformat()
    hints = [f"add the offset: {typed}Z for UTC"]
    if clock.page is not None:
        zone = clock.page()
        there = datetime.fromtimestamp(schedule_clock.reached(wall, zone), zone)
        if there.utcoffset():
            hints.append(f"in the time zone of the status page ({zone}): {typed}{there.isoformat()[-6:]}")
    return UsageError(f"`{text}` has no UTC offset", *hints)


def _to_the_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _split(said: str) -> tuple[str, timedelta | None]:
    """The words of the day, and the time of the day, None where none is said."""
    day, _, hours = said.rpartition("t" if _ISO_DAY.match(said) and "t" in said else " ")
    match = _CLOCK.fullmatch(hours)
    if match is None:
        return said, None
    return day, timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))


def _day(said: str, clock: Clock) -> tuple[date | None, int]:
    """The day that words name, None where they name none; and after how many days it comes again, 0 for never.

    Raises UsageError for a day that the calendar lacks.
    """
    today = _today(clock)
    if said in _NAMED:
        return today + timedelta(days=_NAMED.index(said) - 1), 0
    weekday = _index(said, day_name, 3)
    if weekday is not None:
        ahead = (weekday - today.weekday()) % 7
        return today + timedelta(days=ahead - 7 if clock.past and ahead else ahead), 7
    try:
        if _ISO_DAY.fullmatch(said):
            return date.fromisoformat(said), 0
        return _day_of_the_year(said, today, past=clock.past), 0
    except ValueError:
        raise UsageError(f"`{said}` is not a calendar date", clock.forms) from None


def _day_of_the_year(said: str, today: date, *, past: bool) -> date | None:
    match = _WORDED_DAY.fullmatch(said)
    month = _index(match[2] or match[3], month_name, 3) if match else None
    if match is None or month is None:
        return None
    found = date(int(match[5] or today.year), month, int(match[1] or match[4]))
    if match[5] or found == today or (found < today) == past:
        return found
    return found.replace(year=today.year + (-1 if past else 1))


def _index(word: str, names: object, shortest: int) -> int | None:
    """The place of a name that begins with the word, which has at least so many letters."""
    rows = [str(name).lower() for name in names]  # type: ignore[attr-defined]
    if len(word) < shortest:
        return None
    return next((place for place, name in enumerate(rows) if name and name.startswith(word)), None)


def span(text: str) -> timedelta:
    """The length of time that `text` stands for. Raises UsageError."""
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(str(error), "use 90s, 15m, 2h, 5d or 4w") from None


def told(at: datetime, zone: tzinfo = LOCAL) -> str:
    """A time by the clock of a zone, and in UTC where that is another: 2026-11-23 23:50 CET (22:50 UTC)."""
    there, utc = at.astimezone(zone), at.astimezone(UTC)
    form = "%H:%M:%S" if utc.second else "%H:%M"
    if not there.utcoffset():
        return f"{utc:%Y-%m-%d {form}} UTC"
    day = "" if there.date() == utc.date() else f"{utc:%Y-%m-%d} "
    return f"{there:%Y-%m-%d {form}} {_zone_name(there)} ({day}{utc:{form}} UTC)"


def _zone_name(there: datetime) -> str:
    name = there.tzname() or ""
    return name if name.isalpha() else there.isoformat()[-6:]
