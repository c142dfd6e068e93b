"""Times in the zone of the page, with its name, and in a machine-readable form for the script."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .html import Html, escape, tag
from .words import Words, english


@lru_cache(maxsize=4096)
def machine(at: datetime) -> str:
    """2026-11-23T14:07:30Z, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def duration(length: timedelta) -> str:
    """A duration in English, for the pages of colleagues: 2 h 5 min."""
    return english().duration(length)


UTC_ZONES = frozenset({"Etc/UTC", "UTC"})
_Date = date
_Reading = tuple[date, str, str]


class Zone:
    """The time zone of the page, in a language. Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone."""

    def __init__(self, name: str, words: Words | None = None) -> None:
        """words: the language (default: English)."""
        self.name = name
        self.words = words or english()
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
        return f"{self._at(on, clock)} {zone}"

    def _at(self, on: _Date, clock: str) -> str:
        return self.words("date.moment", day=self.words.day(on), clock=clock)

    def _moment(self, at: datetime) -> Html:
        """A `time` element."""
        return Html(f'<time datetime="{machine(at)}">{escape(self.text(at))}</time>')

    def window(self, start: datetime, end: datetime | None) -> Html:
        """From start to end; the day and the zone appear once if they are the same."""
        if end is None:
            return self.moment(start)
        (first_on, first, first_zone), (last_on, last, last_zone) = self._clock(start), self._clock(end)
        first = self._at(first_on, first)
        last = f"{last} {last_zone}" if first_on == last_on else f"{self._at(last_on, last)} {last_zone}"
        if first_on != last_on or first_zone != last_zone:
            first += f" {first_zone}"
        return Html(
            f'<span class="window"><time datetime="{machine(start)}">{escape(first)}</time> – '
            f'<time datetime="{machine(end)}">{escape(last)}</time></span>'
        )


def day_element(words: Words, on: date) -> Html:
    """A day as a `time` element."""
    return tag("time", words.day(on), datetime=on.isoformat())
