"""The board: live incidents by rank, and what is due of incidents that are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

from ...model.guidance.follow_up import SOON
from ..common import documents
from ..workspace.catalog import Catalog, IncidentSummary, kind_of_summary, ranked
from . import involved, relations
from .incidents import problems_of

# Boards and lists come from the index; what the fold needs is loaded by the views that show more.
if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..workspace.workspace import Workspace


def board(workspace: Workspace, *, remember: bool = True) -> documents.Board:
    """The live incidents, the most pressing first. remember: whether the index may be used."""
    catalog = Catalog(workspace, remember=remember)
    summaries, now = catalog.notable(), workspace.clock()
    live = [_row(workspace, summary, now, place) for place, summary in enumerate(ranked(summaries), 1)]
    others = ("drill", "retrospective")
    live += [_row(workspace, s, now) for s in ranked(summaries, every_kind=True) if kind_of_summary(s) in others]

    def late(row: documents.BoardRow, state: State) -> documents.BoardRow:
        return replace(row, overdue=involved.overdue(documents.deadlines(state, workspace.config), now))

    live = _with_troubles(workspace, relations.promised(catalog, live, late))
    live += [_board_row(brief) for brief in _unattended(catalog, summaries, now)]
    quiet = documents.snoozes(workspace.config, now) if workspace.config.intake.snoozes else []
    return documents.Board(
        schema=documents.SCHEMA,
        incidents=live,
        follow_up=_follow_up(summaries, now),
        problems=problems_of(summaries),
        snoozes=quiet,
    )


def _follow_up(summaries: Iterable[IncidentSummary], now: datetime) -> list[documents.FollowUp]:
    """What is overdue or due soon of incidents that are over, the latest first."""
    found = [
        documents.FollowUp(
            incident=summary.brief.id, what=one.what, command=one.command, due_at=one.due_at, overdue=one.due_at < now
        )
        for summary in summaries
        if summary.brief is not None and not summary.live
        for one in summary.deadlines
        if one.due_at - SOON <= now
    ]
    return sorted(found, key=lambda one: one.due_at)


def _with_troubles(workspace: Workspace, rows: list[documents.BoardRow]) -> list[documents.BoardRow]:
    """The rows with how many notifications of each did not arrive."""
    from ..notifying.past import troubled

    counts = troubled(workspace)
    return [replace(row, undelivered=counts.get(row.id, 0)) for row in rows]


def _row(workspace: Workspace, summary: IncidentSummary, now: datetime, rank: int | None = None) -> documents.BoardRow:
    assert summary.brief is not None  # ranked() has only those that can be read
    joined = involved.collaborators(workspace, summary.collaborators)
    return _board_row(replace(summary.brief, rank=rank), involved.overdue(summary.deadlines, now), joined)


def _board_row(
    brief: documents.Brief, overdue: Iterable[documents.Deadline] = (), joined: Iterable[documents.Collaborator] = ()
) -> documents.BoardRow:
    return documents.BoardRow(**asdict(brief), overdue=list(overdue), collaborators=list(joined))


def _unattended(catalog: Catalog, summaries: Iterable[IncidentSummary], now: datetime) -> list[documents.Brief]:
    """The maintenances whose window began or passed without a step, with what to do."""
    from ...model.guidance.missed_windows import missed

    planned = [g.path for g in summaries if g.live and g.brief is not None and g.brief.kind == "maintenance"]
    found = []
    for state in catalog.states(planned) if planned else ():
        todo = missed(state, now)
        if todo is not None:
            found.append(replace(documents.brief(state), attention=f"{todo.what}: {todo.about(state.id).command}"))
    return found
