"""Prints the board and lists of incidents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..screen import label, style
from .reaching.intake_tables import snoozes
from .table import columns
from .times import span, stamp

if TYPE_CHECKING:
    from ...services.common.documents import Board, BoardRow, Brief, IncidentList
from .incident_tables import joined, kind_mark, overdue, time_left, with_limit


def board(document: Board, now: datetime) -> str:
    """A table of live incidents, by rank; below it snoozes, and tasks of incidents that are over."""
    below = [*(f"  {one}" for one in snoozes(document.snoozes, now)), *_due_after(document, now)]
    if not document.incidents:
        return "\n".join(["No live incidents.", *below])
    rows = [
        (
            str(b.rank or "-"),
            b.severity or "-",
            b.priority or "-",
            label(b.status, b.status_name),
            b.lead or ("-" if b.kind == "maintenance" else "no lead"),
            span((now - b.started_at).total_seconds()) if b.started_at else "-",
            time_left(b.next_update_due_at, now),
            f"{kind_mark(b.kind)}{b.id}  {b.title}",
        )
        for b in document.incidents
    ]
    whole_id = max(len(kind_mark(b.kind)) + len(b.id) for b in document.incidents) + 1
    headings = ("#", "SEVERITY", "PRIORITY", "STATUS", "LEAD", "SINCE", "NEXT UPDATE", "INCIDENT")
    table = columns(rows, headings, least=whole_id)
    lines = [table]
    for b in document.incidents:
        lines += [f"! {b.id}: {note}" for note in _notes(b)]
        lines += [f"! {b.id}: {late}" for late in overdue(b.overdue, now)]
        lines += [f"! {b.id}: {undelivered(b)}"] if b.undelivered else []
        lines += [f"  {b.id}: {joined(b.collaborators)}"] if b.collaborators else []
    return "\n".join([*lines, *below])


_MOST_DUE = 8
"""So many lines of follow-up; the rest is counted."""


def _due_after(document: Board, now: datetime) -> list[str]:
    """What is due of incidents that are over, with the commands."""
    if not document.follow_up:
        return []
    shown = document.follow_up[:_MOST_DUE]
    lines = [f"! {one.incident}: {with_limit(one.what, one.due_at, now)}: {one.command}" for one in shown]
    more = len(document.follow_up) - len(shown)
    lines += [f"  … and {more} more: sevlog action list --overdue, sevlog check"] if more else []
    return ["", style("After incidents", bold=True), *lines]


def undelivered(b: BoardRow) -> str:
    """How many notifications did not arrive, and the command that lists them."""
    what = "1 notification was" if b.undelivered == 1 else f"{b.undelivered} notifications were"
    return f"{what} not delivered: sevlog show {b.id}"


def _notes(b: Brief) -> list[str]:
    """What the table has no column for."""
    promised = b.next_update_promised_in
    return [
        *([f"the next update was promised in {promised}"] if promised else []),
        *([b.attention] if b.attention else []),
    ]


def listing(document: IncidentList) -> str:
    """A table of incidents."""
    if not document.incidents:
        return "No incidents match."
    rows = [_listed(b) for b in document.incidents]
    return columns(rows, ("STARTED", "SEVERITY", "STATUS", "KIND", "ID", "TITLE"))


def _listed(b: Brief) -> tuple[str, ...]:
    return stamp(b.started_at), b.severity or "-", label(b.status, b.status_name), b.kind, b.id, b.title
