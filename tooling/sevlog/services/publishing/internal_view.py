"""What colleagues may see of the records, for the internal site: everything but restricted incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from ...errors import SevlogError
from ...model.config.settings import Config
from ...model.oncall.roster import OnCall
from ...stores.markdown.problem_records import read_problem_records
from ..common.documents import Board, Brief, Incident
from ..learning.actions.listing import ActionRow, Wanted, listed
from ..learning.metrics import figures
from ..learning.metrics.documents import Metrics
from ..learning.postmortems import text as postmortem_text
from ..oncall.documents import Coming
from ..oncall.shifts import coming
from ..views import incidents as views
from ..views.problem_records import ProblemShown
from ..views.problem_records import shown as problem_shown
from ..workspace.catalog import Catalog
from ..workspace.workspace import Workspace

SHIFTS = 14
"""Days of shifts that the page of the people on call has."""


class InternalRecord(Struct, frozen=True, kw_only=True):
    """An incident, and the text of its postmortem in Markdown, where it has one."""

    incident: Incident
    postmortem: str | None = None


class InternalView(Struct, frozen=True, kw_only=True):
    """Everything that the internal pages are made from. left_out: how many restricted incidents are not here."""

    config: Config
    oncall: OnCall
    at: datetime
    board: Board
    records: list[InternalRecord]
    actions: list[ActionRow]
    problems: list[ProblemShown]
    metrics: Metrics
    shifts: Coming
    left_out: int


def internal_view(workspace: Workspace, as_of: datetime | None = None) -> InternalView:
    """The view as of a time (default: now). A record that cannot be read is left out: `sevlog check` reports it."""
    at = as_of or workspace.clock()
    there = Workspace(workspace.root, clock=lambda: at, environment=workspace.environment)
    found = list(_records(there, as_of))
    hidden = {one.incident.id for one in found if one.incident.visibility == "restricted"}
    board = views.board(there)
    board.incidents = [row for row in board.incidents if row.id not in hidden]
    board.follow_up = [row for row in board.follow_up if row.incident not in hidden]
    return InternalView(
        config=there.config,
        oncall=there.oncall,
        at=at,
        board=board,
        records=[one for one in found if one.incident.id not in hidden],
        actions=[row for row in listed(there, Wanted(everything=True)).actions if row.incident not in hidden],
        problems=[_without(problem_shown(there, one.key), hidden) for one in read_problem_records(there.root)],
        metrics=figures.metrics(there, figures.Asked(as_of=as_of)),
        shifts=coming(there, days=SHIFTS),
        left_out=len(hidden),
    )


def _records(workspace: Workspace, as_of: datetime | None) -> Iterator[InternalRecord]:
    for brief in sorted(Catalog(workspace).briefs(), key=_newest_first, reverse=True):
        try:
            incident = views.shown(workspace, brief.id, as_of=as_of)
        except SevlogError:
            continue
        text: str | None = None
        if incident.postmortem is not None:
            try:
                text = postmortem_text.shown(workspace, brief.id).text
            except SevlogError:
                text = None
        yield InternalRecord(incident=incident, postmortem=text)


def _newest_first(brief: Brief) -> tuple[str, str]:
    return (brief.started_at.isoformat() if brief.started_at else "", brief.id)


def _without(problem: ProblemShown, hidden: set[str]) -> ProblemShown:
    problem.incidents = [one for one in problem.incidents if one.id not in hidden]
    problem.proposed = [one for one in problem.proposed if one.id not in hidden]
    return problem
