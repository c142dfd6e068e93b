"""Reads the times people ask about: `02:00`, `sunday 02:00`, `2026-12-25`, `25 December`, by a wall clock."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..errors import UsageError
from ..model import rota_clock
from .moments import read_time

_FORMS = "use 02:00, sunday, sunday 02:00, 2026-12-25, 2026-12-25T02:00, 25 December, an RFC 3339 time, -2h or +3d"
_EARLIEST, _LATEST = 1971, 8990
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORDED_DAY = re.compile(r"(?:(\d\d?)\.? ([a-z]{3,9})|([a-z]{3,9}) (\d\d?))(?:,? (\d{4}))?", re.ASCII)


class When(Struct, frozen=True, kw_only=True):
    """What was asked about: an instant, or all of a day, which ends at `end`."""

    start: datetime
    end: datetime | None = None


def read_when(text: str, now: datetime, zone: ZoneInfo) -> When:
    """The instant or day that a text means; without an offset by the clock of `zone`.

    A clock time alone is its next coming, a weekday the next such day, today included. Raises UsageError.
    """
    try:
        found = _read(text, now, zone)
    except (OverflowError, ValueError):  # beyond the calendar's ends
        found = None
    if found is None or not _EARLIEST <= found.start.year <= _LATEST:
        raise UsageError(f"`{text}` is too far away to be meant", _FORMS)
    return found


def _read(text: str, now: datetime, zone: ZoneInfo) -> When:
    said = " ".join(text.strip().lower().split())
    day_text, clock = _split(said)
    today = now.astimezone(zone).date()
    day = _day(day_text, today) if day_text else today
    if day is None or (not day_text and clock is None):
        return When(start=_instant(text, now))
    if clock is None:
        start, end = rota_clock.day_span(day, zone)
        return When(start=rota_clock.in_utc(start), end=rota_clock.in_utc(end))
    start = rota_clock.reached(datetime.combine(day, datetime.min.time()) + clock, zone)
    if not day_text and start < int(now.timestamp()):
        start = rota_clock.reached(datetime.combine(day + timedelta(days=1), datetime.min.time()) + clock, zone)
    return When(start=rota_clock.in_utc(start))


def read_instant(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """As `read_when`, for an instant; a day means its beginning."""
    return read_when(text, now, zone).start


def _instant(text: str, now: datetime) -> datetime:
    try:
        return read_time(text, now)
    except UsageError as error:
        raise UsageError(error.message, _FORMS) from None


def _split(said: str) -> tuple[str, timedelta | None]:
    """The words of the day, and the time of the day, None where none is said."""
    day, _, clock = said.rpartition("t" if _ISO_DAY.match(said) and "t" in said else " ")
    match = _CLOCK.fullmatch(clock)
    if match is None:
        return said, None
    return day, timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0))


def _day(said: str, today: date) -> date | None:
    """The day that words name; None where they name none. Raises UsageError for a day that the calendar lacks."""
    if said in ("today", "tomorrow", "yesterday"):
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(said) - 1)
    weekday = _index(said, day_name, 3)
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    try:
        if _ISO_DAY.fullmatch(said):
            return date.fromisoformat(said)
        match = _WORDED_DAY.fullmatch(said)
        month = _index(match[2] or match[3], month_name, 3) if match else None
        if match is None or month is None:
            return None
        found = date(int(match[5] or today.year), month, int(match[1] or match[4]))
        return found if match[5] or found >= today else found.replace(year=today.year + 1)
    except ValueError:
        raise UsageError(f"`{said}` is no day of the calendar", _FORMS) from None


def _index(word: str, names: object, shortest: int) -> int | None:
    """The place of a name that begins with the word, which has at least so many letters."""
    rows = [str(name).lower() for name in names]  # type: ignore[attr-defined]
    if len(word) < shortest:
        return None
    return next((place for place, name in enumerate(rows) if name and name.startswith(word)), None)


def shown(at: datetime, zone: ZoneInfo) -> str:
    """A time by the clock of a zone, with its offset: Mon 2026-12-28 09:00 +01:00."""
    there = at.astimezone(zone)
    offset = f"{there:%z}"
    return f"{there:%a %Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def utc(at: int) -> datetime:
    """An instant of the model as a time in UTC."""
    return datetime.fromtimestamp(at, UTC)
