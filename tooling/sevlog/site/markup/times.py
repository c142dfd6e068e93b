"""Times in the zone of the page, with its name, and in a machine-readable form for the script."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from . import words
from .html import Html, escape, tag


@lru_cache(maxsize=4096)
def machine(at: datetime) -> str:
    """2026-11-23T14:07:30Z, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


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


UTC_ZONES = frozenset({"Etc/UTC", "UTC"})
_Reading = tuple[date, str, str]


class Zone:
    """The time zone of the page. Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.title = "UTC" if name in UTC_ZONES else name
        self._zone = ZoneInfo(name)
        # An instance lives for one build, and so do its caches.
        self._clock = lru_cache(maxsize=4096)(self._read)
        self.moment = lru_cache(maxsize=4096)(self._moment)

    def local(self, at: datetime) -> datetime:
        """The instant in the zone of the page."""
        return at.astimezone(self._zone)

    def date(self, at: datetime) -> date:
        """The day of the instant in the zone of the page."""
        return self._clock(at)[0]

    def abbreviation(self, at: datetime) -> str:
        """CET, EDT, UTC; UTC+05:30 for a zone without an abbreviation."""
        return self._clock(at)[2]

    def _read(self, at: datetime) -> _Reading:
        """Day, time of day and zone abbreviation of an instant. Cached: a page shows an instant several times."""
        local = at.astimezone(self._zone)
        name = local.tzname() or ""
        if not name[:1].isalpha():
            name = f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:]
        return local.date(), f"{local.hour:02d}:{local.minute:02d}", name

    def text(self, at: datetime) -> str:
        """23 Nov 2026, 15:07 CET."""
        on, clock, zone = self._clock(at)
        return f"{day(on)}, {clock} {zone}"

    def _moment(self, at: datetime) -> Html:
        """A `time` element."""
        return Html(f'<time datetime="{machine(at)}">{escape(self.text(at))}</time>')

    def window(self, start: datetime, end: datetime | None) -> Html:
        """From start to end; the day and the zone appear once if they are the same."""
        if end is None:
            return self.moment(start)
        (first_on, first, first_zone), (last_on, last, last_zone) = self._clock(start), self._clock(end)
        first = f"{day(first_on)}, {first}"
        last = f"{last} {last_zone}" if first_on == last_on else f"{day(last_on)}, {last} {last_zone}"
        if first_on != last_on or first_zone != last_zone:
            first += f" {first_zone}"
        return Html(
            f'<span class="window"><time datetime="{machine(start)}">{escape(first)}</time> – '
            f'<time datetime="{machine(end)}">{escape(last)}</time></span>'
        )


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
