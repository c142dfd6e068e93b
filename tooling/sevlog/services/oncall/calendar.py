"""Shifts as a calendar file (iCalendar, RFC 5545), in UTC, with ids that stay the same from one export to the next."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ...errors import UsageError
from ...model.oncall.roster import Schedule
from ...model.oncall.rota import Rotas
from ...model.oncall.rota_spans import Piece
from ..common import name_lookup
from ..common.documents import SCHEMA
from ..workspace.workspace import Workspace
from .documents import Exported
from .standing import Standing, of
from .times import utc

_LONGEST = 75
"""The most octets of a line (RFC 5545, 3.1)."""

_MARGIN, _FARTHEST = 60 * 86400, 5 * 366 * 86400
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def calendar(
    workspace: Workspace, *, schedule: str | None = None, person: str | None = None, days: int = 90
) -> tuple[str, int]:
    """The calendar of the days ahead, of one schedule or all, of one person or everyone; and how many shifts it has.

    A shift that has begun is there as a whole. Raises UsageError for unknown names.
    """
    held = of(workspace.config, workspace.oncall)
    key = name_lookup.choose("schedule", schedule, (s.key for s in held.oncall.schedules)) if schedule else None
    who = name_lookup.choose("person", person, (p.key for p in held.oncall.people)) if person else None
    now = workspace.clock()
    about = ", ".join(part for part in (_title(held, key), _named(held, who)) if part) or held.config.page.name
    name = f"On call: {about}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//sevlog//on call//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    count = 0
    for row in held.oncall.schedules:
        for piece in _pieces(held.rotas, row.key, now, now + timedelta(days=days)) if key in (None, row.key) else ():
            if who in (None, piece.duty.person):
                lines += _event(held, row, piece, now)
                count += 1
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines), count


def exported(
    workspace: Workspace, *, schedule: str | None, person: str | None, days: int, out: Path | None
) -> Exported:
    """The calendar, written to a file where one is named. Raises UsageError where it cannot be written."""
    text, events = calendar(workspace, schedule=schedule, person=person, days=days)
    if out is None:
        return Exported(schema=SCHEMA, events=events, out=None, text=text)
    try:
        out.write_bytes(text.encode())
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None
    return Exported(schema=SCHEMA, events=events, out=str(out), text=None)


def _pieces(rotas: Rotas, key: str, since: datetime, until: datetime) -> list[Piece]:
    """The shifts that touch a period, each from its true beginning to its true end, as far as years reach."""
    low, high, margin = int(since.timestamp()), int(until.timestamp()), _MARGIN
    while True:
        pieces = rotas.pieces(key, max(0, low - margin), high + margin)
        found = [piece for piece in pieces if piece.start < high and piece.end > low]
        cut = found and (found[0].start <= max(0, low - margin) or found[-1].end >= high + margin)
        if not cut or margin >= _FARTHEST:
            return found
        margin *= 4


def _event(held: Standing, schedule: Schedule, piece: Piece, now: datetime) -> list[str]:
    duty = piece.duty
    said = [
        f"Layer: {duty.layer}" if duty.layer else "Stands in",
        f"Instead of: {_named(held, duty.instead_of)}" if duty.instead_of else "",
        f"Holiday: {duty.holiday}" if duty.holiday else "",
        duty.reason or "",
    ]
    host = urlsplit(held.config.page.url).hostname or "sevlog"
    return [
        "BEGIN:VEVENT",
        f"UID:{schedule.key}-{_stamp(utc(piece.start))}@{host}",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(utc(piece.start))}",
        f"DTEND:{_stamp(utc(piece.end))}",
        f"SUMMARY:{_text(f'{_named(held, duty.person)} on call: {schedule.name or schedule.key}')}",
        f"DESCRIPTION:{_text(chr(10).join(line for line in said if line))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _title(held: Standing, key: str | None) -> str | None:
    schedule = held.oncall.schedule(key)
    return (schedule.name or schedule.key) if schedule else None


def _named(held: Standing, key: str | None) -> str | None:
    person = held.oncall.person(key) if key else None
    return (person.name if person else None) or key


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    cleaned = _CONTROL.sub(" ", value.replace("\r\n", "\n"))
    return cleaned.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line as lines of at most 75 octets, no character torn apart."""
    parts, room, part = [], _LONGEST, ""
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append(part)
            part, room = "", _LONGEST - 1  # the space that continues a line counts
        part, room = part + character, room - size
    return "\r\n ".join([*parts, part]) + "\r\n"
