"""Exports shifts as a calendar file (iCalendar, RFC 5545), in UTC. A shift has the same id in each export."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...errors import UsageError
from ...model.oncall.roster import Schedule
from ...model.oncall.rotations import Rotations
from ...model.oncall.time_spans import Piece
from ..common import name_lookup
from ..common.documents import SCHEMA
from ..workspace.workspace import Workspace
from .documents import Exported
from .standing import Standing, of
from .times import utc

if TYPE_CHECKING:
    from ...adapters.calendar_files import CalendarEvent

_MARGIN, _FARTHEST = 60 * 86400, 5 * 366 * 86400


def calendar(
    workspace: Workspace, *, schedule: str | None = None, person: str | None = None, days: int = 90
) -> tuple[str, int]:
    """The calendar of the next days, and its number of shifts. schedule, person: only theirs.

    A shift that has begun is included from its start. Raises UsageError for unknown names.
    """
    from ...adapters.calendar_files import calendar_file

    standing = of(workspace.config, workspace.oncall)
    key = name_lookup.choose("schedule", schedule, (s.key for s in standing.oncall.schedules)) if schedule else None
    who = name_lookup.choose("person", person, (p.key for p in standing.oncall.people)) if person else None
    now = workspace.clock()
    about = (
        ", ".join(part for part in (_title(standing, key), _named(standing, who)) if part) or standing.config.page.name
    )
    events = [
        _event(standing, row, piece)
        for row in standing.oncall.schedules
        if key in (None, row.key)
        for piece in _pieces(standing.rotas, row.key, now, now + timedelta(days=days))
        if who in (None, piece.duty.person)
    ]
    return calendar_file(f"On call: {about}", events, written_at=now), len(events)


def exported(
    workspace: Workspace, *, schedule: str | None, person: str | None, days: int, out: Path | None
) -> Exported:
    """Write the calendar to `out`, or return its text. Raises UsageError when the file cannot be written."""
    text, events = calendar(workspace, schedule=schedule, person=person, days=days)
    if out is None:
        return Exported(schema=SCHEMA, events=events, out=None, text=text)
    try:
        out.write_bytes(text.encode())
    except OSError as error:
        raise UsageError(f"cannot write to {out}: {error.strerror}") from None
    return Exported(schema=SCHEMA, events=events, out=str(out), text=None)


def _pieces(rotas: Rotations, key: str, since: datetime, until: datetime) -> list[Piece]:
    """The shifts that overlap a period, each with its real start and end, up to _FARTHEST seconds away."""
    low, high, margin = int(since.timestamp()), int(until.timestamp()), _MARGIN
    while True:
        pieces = rotas.pieces(key, max(0, low - margin), high + margin)
        found = [piece for piece in pieces if piece.start < high and piece.end > low]
        cut = found and (found[0].start <= max(0, low - margin) or found[-1].end >= high + margin)
        if not cut or margin >= _FARTHEST:
            return found
        margin *= 4


def _event(standing: Standing, schedule: Schedule, piece: Piece) -> CalendarEvent:
    from ...adapters.calendar_files import CalendarEvent

    duty = piece.duty
    lines = [
        f"Layer: {duty.layer}" if duty.layer else "Override",
        f"Instead of: {_named(standing, duty.instead_of)}" if duty.instead_of else "",
        f"Holiday: {duty.holiday}" if duty.holiday else "",
        duty.reason or "",
    ]
    host = urlsplit(standing.config.page.url).hostname or "sevlog"
    return CalendarEvent(
        uid=f"{schedule.key}-{utc(piece.start):%Y%m%dT%H%M%SZ}@{host}",
        start=utc(piece.start),
        end=utc(piece.end),
        summary=f"{_named(standing, duty.person)} on call: {schedule.name or schedule.key}",
        description="\n".join(line for line in lines if line),
    )


def _title(standing: Standing, key: str | None) -> str | None:
    schedule = standing.oncall.schedule(key)
    return (schedule.name or schedule.key) if schedule else None


def _named(standing: Standing, key: str | None) -> str | None:
    person = standing.oncall.person(key) if key else None
    return (person.name if person else None) or key
