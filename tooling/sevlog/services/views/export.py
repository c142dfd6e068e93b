"""All incidents in one document for programs elsewhere: JSON with everything, a table (CSV), or a calendar (ICS)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from ...model.problem import Problem
from ..common import documents
from ..workspace.workspace import Workspace
from .incidents import Filter, listed, shown

if TYPE_CHECKING:
    from ...adapters.calendar_files import CalendarEvent

ExportFormat = Literal["json", "csv", "ics"]
_PLAIN = ("id", "title", "public_title", "kind", "type", "status", "category", "severity", "priority", "major")
_MORE = ("visibility", "lead", "components", "tags", "summary")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell."""


class AllIncidents(Struct, kw_only=True):
    """`sevlog export --to json`: every incident as `sevlog show --json` prints it, newest first."""

    schema: str
    exported_at: datetime
    incidents: list[documents.Incident]
    problems: Annotated[
        list[Problem], Meta(description="Findings about files; a record that cannot be read is left out.")
    ]


class IncidentsExported(Struct, kw_only=True):
    """`sevlog export --json`."""

    schema: str
    format: str
    incidents: Annotated[int, Meta(description="How many were exported.")]
    out: Annotated[str | None, Meta(description="The file; null if the text is here.")]
    text: Annotated[str | None, Meta(description="The document; null if it was written to a file.")]
    problems: list[Problem] = []


def gathered(workspace: Workspace, wanted: Filter) -> AllIncidents:
    """The incidents that pass the filter, whole."""
    found = listed(workspace, wanted)
    return AllIncidents(
        schema=documents.SCHEMA,
        exported_at=workspace.clock(),
        incidents=[shown(workspace, brief.id) for brief in found.incidents],
        problems=found.problems,
    )


def rendered(workspace: Workspace, form: ExportFormat, found: AllIncidents) -> str:
    """The text of the document."""
    if form == "csv":
        return table(found.incidents)
    return calendar(workspace, found) if form == "ics" else f"{documents.as_json(found)}\n"


def table(incidents: list[documents.Incident]) -> str:
    """One row for each incident, with all milestones (times in UTC) and durations (seconds)."""
    milestones = sorted({name for incident in incidents for name in incident.milestones})
    durations = sorted({name for incident in incidents for name in incident.durations})
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow([*_PLAIN, *_MORE, *milestones, *(f"{name}_seconds" for name in durations)])
    for incident in incidents:
        told = [getattr(incident, name) for name in (*_PLAIN, *_MORE)]
        told += [incident.milestones.get(name) for name in milestones]
        told += [incident.durations.get(name) for name in durations]
        rows.writerow([_cell(value) for value in told])
    return file.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        value = "; ".join(f"{key}={state}" for key, state in value.items())
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def calendar(workspace: Workspace, found: AllIncidents) -> str:
    """Incidents from start to end, and maintenance in its window. What is still open ends now."""
    from ...adapters.calendar_files import calendar_file

    name = f"{workspace.config.page.name}: incidents and maintenance"
    return calendar_file(name, _events(found), written_at=found.exported_at, product="incidents")


def _events(found: AllIncidents) -> Iterator[CalendarEvent]:
    from ...adapters.calendar_files import CalendarEvent

    for incident in found.incidents:
        window = incident.scheduled or {}
        start = window.get("start") or incident.milestones.get("started_at") or incident.milestones.get("raised_at")
        if start is None:
            continue
        over = incident.milestones.get("ended_at") or incident.milestones.get("resolved_at")
        end = window.get("end") or over or found.exported_at
        severity = f"{incident.severity} " if incident.severity else ""
        yield CalendarEvent(
            uid=f"{incident.id}@sevlog",
            start=_time(start),
            end=max(_time(end), _time(start)),
            summary=f"{severity}{incident.title}",
            description=f"{incident.status_name}, {', '.join(incident.components) or 'no component'}",
            cancelled=incident.category == "dropped",
        )


def _time(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).replace(microsecond=0)
