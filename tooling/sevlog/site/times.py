"""Times as a reader sees them: in the page's zone, with the zone named, and machine-readable for the page's script."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from . import words
from .html import Html, escape, tag


@lru_cache(maxsize=65536)
def machine(at: datetime) -> str:
    """2026-11-23T14:07:30Z, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def duration(length: timedelta) -> str:
    """1 min, 2 h 5 min, 3 d 4 h: two units at most, never less than a minute and never negative."""
    minutes = max(int(length.total_seconds() + 30) // 60, 1)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


class Zone:
    """The page's time zone. Raises zoneinfo.ZoneInfoNotFoundError for an unknown one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._zone = ZoneInfo(name)
        # Instances live as long as a build; the caches go with them.
        self.moment = lru_cache(maxsize=65536)(self._moment)
        self.date = lru_cache(maxsize=65536)(self._date)

    def local(self, at: datetime) -> datetime:
        """The instant on the page's clock."""
        return at.astimezone(self._zone)

    def abbreviation(self, at: datetime) -> str:
        """CET, EDT, UTC; UTC+05:30 where the zone has no letters of its own."""
        local = self.local(at)
        name = local.tzname() or ""
        return name if name[:1].isalpha() else f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:]

    def _date(self, at: datetime) -> date:
        return self.local(at).date()

    def text(self, at: datetime) -> str:
        """23 Nov 2026, 15:07 CET."""
        local = self.local(at)
        return f"{day(local.date())}, {local:%H:%M} {self.abbreviation(at)}"

    def _moment(self, at: datetime) -> Html:
        """A `time` element."""
        return tag("time", self.text(at), datetime=machine(at))

    def window(self, start: datetime, end: datetime | None) -> Html:
        """From start to end; day and zone are said once where they are the same."""
        if end is None:
            return self.moment(start)
        first, last = self.text(start), self.text(end)
        if self.date(start) == self.date(end):
            last = f"{self.local(end):%H:%M} {self.abbreviation(end)}"
            if self.abbreviation(start) == self.abbreviation(end):
                first = first.rpartition(" ")[0]
        ends = tag("time", first, datetime=machine(start)), tag("time", last, datetime=machine(end))
        return tag("span", ends[0], " – ", ends[1], class_="window")


def day(on: date) -> str:
    """23 Nov 2026."""
    return f"{on.day} {words.MONTHS[on.month - 1][:3]} {on.year}"


def long_day(on: date) -> str:
    """Monday, 23 November 2026."""
    return f"{words.WEEKDAYS[on.weekday()]}, {on.day} {words.MONTHS[on.month - 1]} {on.year}"


def month(year: int, number: int) -> str:
    """November 2026."""
    return f"{words.MONTHS[number - 1]} {year}"


def day_element(on: date) -> Html:
    """A day as a `time` element."""
    return tag("time", escape(day(on)), datetime=on.isoformat())
