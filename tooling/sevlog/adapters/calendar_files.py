"""Calendar files (iCalendar, RFC 5545), written by the library `icalendar`. The one module that imports it.

Importing it takes longer than most commands: import this module inside the function that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText
from msgspec import Struct

_REFRESH = timedelta(hours=6)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class CalendarEvent(Struct, frozen=True, kw_only=True):
    """One event. Times are in UTC; a program that reads the file again finds an event by its uid.

    changed_at: its last change (default: when the file was written).
    """

    uid: str
    start: datetime
    end: datetime
    summary: str
    description: str
    url: str = ""
    changed_at: datetime | None = None
    cancelled: bool = False


class _Text(vText):
    r"""A value of type TEXT (RFC 5545, 3.3.11). vText reads `\N` as a line break: `C:\New` would become two lines."""

    def to_ical(self) -> bytes:
        """The value, escaped."""
        return self.translate(_ESCAPES).encode()


def calendar_file(name: str, events: Iterable[CalendarEvent], *, written_at: datetime, product: str = "on call") -> str:
    """A calendar that shows each event as free time, with lines that end in CRLF.

    The same arguments always give the same text.
    """
    calendar = Calendar()
    calendar["VERSION"] = "2.0"
    calendar["PRODID"] = f"-//sevlog//{product}//EN"
    calendar["CALSCALE"] = "GREGORIAN"
    calendar["NAME"] = calendar["X-WR-CALNAME"] = _text(name)
    calendar.add("REFRESH-INTERVAL", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(_REFRESH)
    for event in events:
        calendar.add_component(_component(event, written_at))
    written: bytes = calendar.to_ical(sorted=False)
    return written.decode()


def _component(event: CalendarEvent, written_at: datetime) -> Event:
    component = Event()
    component["UID"] = event.uid
    component.add("DTSTAMP", (event.changed_at or written_at).astimezone(UTC))
    component.add("DTSTART", event.start)
    component.add("DTEND", event.end)
    component["SUMMARY"] = _text(event.summary)
    component["DESCRIPTION"] = _text(event.description)
    component["TRANSP"] = "TRANSPARENT"
    if event.url:
        component["URL"] = event.url
    if event.cancelled:
        component["STATUS"] = "CANCELLED"
    return component


def _text(value: str) -> _Text:
    return _Text(_CONTROL.sub(" ", value.replace("\r\n", "\n")))
