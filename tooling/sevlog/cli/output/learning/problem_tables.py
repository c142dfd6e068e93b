"""Prints problem records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....model.vocabulary import in_words
from ...screen import style
from ..table import columns

if TYPE_CHECKING:
    from ....services.views.problem_records import ProblemIncident, ProblemList, ProblemRow, ProblemShown


def table(found: ProblemList) -> str:
    """A row for each problem; those that came back are marked."""
    if not found.problems:
        return "No problems."
    rows = [
        (
            in_words(row.status),
            str(row.incidents),
            f"{row.last_at:%Y-%m-%d}" if row.last_at else "-",
            _due(row),
            row.owner or "-",
            f"{row.key}  {row.title}",
        )
        for row in found.problems
    ]
    lines = [columns(rows, ("STATUS", "INCIDENTS", "NEWEST", "FIX BY", "OWNER", "PROBLEM"))]
    lines += [f"! {row.key} came back: {', '.join(row.recurred)}" for row in found.problems if row.recurred]
    return "\n".join(lines)


def _due(row: ProblemRow) -> str:
    if row.due is None:
        return "-"
    return style(f"{row.due} OVERDUE", fg="red") if row.overdue else row.due


def shown(one: ProblemShown) -> str:
    """All of a problem."""
    head = [one.key, in_words(one.status), f"problem manager {one.owner}" if one.owner else ""]
    lines = [style(one.title, bold=True), " · ".join(part for part in head if part)]
    days = [("opened", one.opened_on), ("fix promised by", one.due), ("fixed on", one.fixed_on)]
    lines += [", ".join(f"{what} {day}" for what, day in days if day)] if any(day for _, day in days) else []
    lines += [f"! it came back: {text}" for text in one.recurred]
    lines += _part("Causes", [f"- {cause}" for cause in one.causes])
    changes = [
        f"{number}. {change.title} ({change.state}"
        f"{', ' + change.owner if change.owner else ''}{', due ' + change.due if change.due else ''})"
        f"{'  ' + change.ref if change.ref else ''}{'  ' + change.action if change.action else ''}"
        for number, change in enumerate(one.changes, 1)
    ]
    lines += _part("Changes that it takes", changes)
    lines += _part("Incidents", [_incident(incident) for incident in one.incidents])
    proposed = [f"{_incident(incident)}  ({'; '.join(incident.why)})" for incident in one.proposed]
    lines += _part(f"May belong to it (sevlog problem link {one.key} ID)", proposed)
    return "\n".join(lines)


def _part(title: str, rows: list[str]) -> list[str]:
    return ["", style(title, bold=True), *(f"  {row}" for row in rows)] if rows else []


def _incident(one: ProblemIncident) -> str:
    when = f"{one.started_at:%Y-%m-%d}" if one.started_at else "-"
    return f"{when}  {one.severity or '-'}  {one.id}  {one.title}"
