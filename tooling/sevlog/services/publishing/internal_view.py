"""What colleagues may see of the records, for the internal site: everything but restricted incidents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from ...errors import SevlogError
from ...model.config.settings import Config
from ...model.guidance.runbook import Runbook
from ...model.oncall.roster import OnCall
from ...stores.markdown.problem_records import read_problem_records
from ...stores.markdown.runbooks import read_runbooks
from ..common.documents import Board, Brief, Incident
from ..learning.actions.listing import ActionRow, Wanted, listed
from ..learning.metrics import figures
from ..learning.metrics.documents import Metrics
from ..learning.postmortems import text as postmortem_text
from ..oncall.calendar import calendar
from ..oncall.documents import Stretch
from ..oncall.shifts import planned
from ..views import board as board_view
from ..views import incidents as views
from ..views.problem_records import ProblemShown
from ..views.problem_records import shown as problem_shown
from ..workspace.catalog import Catalog
from ..workspace.record_address import new_file_link
from ..workspace.workspace import Workspace

SHIFTS = 28
"""Days of shifts that the page of the people on call has."""
_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[a-z0-9]+)+")


class InternalRecord(Struct, frozen=True, kw_only=True):
    """An incident, and the text of its postmortem in Markdown, where it has one."""

    incident: Incident
    postmortem: str | None = None


class InternalView(Struct, frozen=True, kw_only=True):
    """Everything that the internal pages are made from. hidden: the ids of the restricted incidents, left out here.

    shifts: who is on call, in order, schedule by schedule. calendars: schedule -> its calendar file.
    problem_texts: problem -> its text in Markdown. new_file: the forge's page for a new file, with {path} and {text}
    to fill in. prefix: the folder of the records in their git repository.
    """

    config: Config
    oncall: OnCall
    at: datetime
    board: Board
    records: list[InternalRecord]
    actions: list[ActionRow]
    problems: list[ProblemShown]
    problem_texts: Mapping[str, str]
    runbooks: list[Runbook]
    metrics: Metrics
    shifts: list[Stretch]
    calendars: Mapping[str, str]
    hidden: frozenset[str]
    new_file: str | None = None
    prefix: str = ""

    def veiled(self, text: str) -> str:
        """A text without the ids of restricted incidents: an id is made from a title."""
        if not self.hidden:
            return text
        return _ID.sub(lambda found: "restricted-incident" if found[0] in self.hidden else found[0], text)


def internal_view(workspace: Workspace, as_of: datetime | None = None) -> InternalView:
    """The view as of a time (default: now). A record that cannot be read is left out: `sevlog check` reports it."""
    at = as_of or workspace.clock()
    there = Workspace(workspace.root, clock=lambda: at, environment=workspace.environment)
    found = list(_records(there, as_of))
    hidden = frozenset(one.incident.id for one in found if one.incident.visibility == "restricted")
    problems = list(read_problem_records(there.root))
    board = board_view.board(there)
    board.incidents = [row for row in board.incidents if row.id not in hidden]
    board.follow_up = [row for row in board.follow_up if row.incident not in hidden]
    return InternalView(
        config=there.config,
        oncall=there.oncall,
        at=at,
        board=board,
        records=[one for one in found if one.incident.id not in hidden],
        actions=[row for row in listed(there, Wanted(everything=True)).actions if row.incident not in hidden],
        problems=[_without(problem_shown(there, one.key), hidden) for one in problems],
        problem_texts={one.key: one.text for one in problems},
        runbooks=list(read_runbooks(there.root)),
        metrics=figures.metrics(there, figures.Asked(as_of=as_of)),
        shifts=planned(there, SHIFTS),
        calendars={one.key: calendar(there, schedule=one.key)[0] for one in there.oncall.schedules},
        hidden=hidden,
        new_file=new_file_link(there),
        prefix=there.git.prefix if there.git.present else "",
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


def _without(problem: ProblemShown, hidden: frozenset[str]) -> ProblemShown:
    problem.incidents = [one for one in problem.incidents if one.id not in hidden]
    problem.proposed = [one for one in problem.proposed if one.id not in hidden]
    return problem
