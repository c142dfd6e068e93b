"""The pages of each person, week by week: from the timelines, the ledger, and the schedules of that time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from ...errors import NotFound, SevlogError, UsageError
from ...model.comms.ledger import Row, page_parts
from ...model.guidance import page_load
from ...model.oncall import schedule_clock
from ...model.timeline.state import PageState, State
from ..common.documents import SCHEMA
from ..common.time_input import read_when
from ..workspace.catalog import Catalog
from ..workspace.delivery_ledger import ledger_of
from ..workspace.workspace import Workspace
from .documents import LoadRow, PageLoad
from .standing import Standing, of, standing
from .times import utc

_SAME = timedelta(minutes=10)
"""A page of the ledger and an entry that are not further apart are the same."""


def load(workspace: Workspace, *, count: int = 4, since: str | None = None, until: str | None = None) -> PageLoad:
    """Each person's pages of the last weeks, this one included; or of the weeks from `since` to `until`.

    Raises UsageError for a time that cannot be read.
    """
    now, zone = workspace.clock(), schedule_clock.zone_of(workspace.config.page.time_zone)
    high = read_when(until, now, zone).start if until else now
    low = read_when(since, now, zone).start if since else high - timedelta(weeks=count - 1)
    if low > high:
        raise UsageError("--from is after --until")
    found = page_load.weeks(low, high + timedelta(milliseconds=1), zone)
    budget = workspace.config.policies.page.budget
    pages = list(_received(workspace, found[0].span[0], found[-1].span[1]))
    rows = [
        _row(row, budget)
        for week in reversed(found)
        for held in [_schedules_at(workspace, min(utc(week.span[1]), now), now)]
        for row in page_load.load_of(
            week,
            pages,
            page_load.on_call(held.rotas, (week.span[0], max(week.span[0], min(week.span[1], int(now.timestamp()))))),
            held.rotas,
            zone,
        )
    ]
    return PageLoad(
        schema=SCHEMA,
        since=utc(found[0].span[0]),
        until=utc(found[-1].span[1]),
        budget=budget,
        time_zone=zone.key,
        rows=rows,
    )


def pages_this_week(workspace: Workspace) -> tuple[page_load.Week, list[page_load.Received]]:
    """The current week, and what everyone was paged for in it."""
    now, zone = workspace.clock(), schedule_clock.zone_of(workspace.config.page.time_zone)
    week = page_load.weeks(now, now + timedelta(milliseconds=1), zone)[-1]
    return week, list(_received(workspace, *week.span))


def _row(row: page_load.PersonWeek, budget: int) -> LoadRow:
    return LoadRow(
        person=row.person,
        week=row.week.name,
        since=utc(row.week.span[0]),
        until=utc(row.week.span[1]),
        pages=row.pages,
        at_night=row.at_night,
        outside_hours=row.outside_hours,
        grouped=row.grouped,
        hours_on_call=round(row.seconds_on_call / 3600, 1),
        incidents=row.incidents,
        acknowledged=row.acknowledged,
        median_seconds_to_ack=row.median_seconds_to_ack,
        over_budget=row.pages > budget,
    )


def _schedules_at(workspace: Workspace, at: datetime, now: datetime) -> Standing:
    """The schedules at the end of a week; today's where none are known from then."""
    try:
        return standing(workspace, at, now=now)
    except (NotFound, SevlogError):
        return of(workspace.config, workspace.oncall)


def _received(workspace: Workspace, low: int, high: int) -> Iterator[page_load.Received]:
    """The pages of the incidents that went on in a period."""
    catalog = Catalog(workspace)
    wanted = [
        summary.path
        for summary in catalog.summaries()
        if (brief := summary.brief) is not None
        and (brief.started_at is None or brief.started_at.timestamp() < high)
        and (brief.resolved_at is None or brief.resolved_at.timestamp() >= low)
    ]
    states = list(catalog.states(wanted))
    sent = _sent(workspace, [state.id for state in states])
    for state in states:
        yield from page_load.received(state, _unrecorded(state, sent.get(state.id, {})))


def _sent(workspace: Workspace, incidents: list[str]) -> dict[str, Mapping[str, Row]]:
    """Incident -> its pages in the ledger, as this clone last saw it."""
    try:
        view = ledger_of(workspace).known()
        view.read(incidents)
        return {name: view.sheet(name).pages for name in incidents}
    except SevlogError:
        return {}  # `sevlog notify` reports a ledger that cannot be read


def _unrecorded(state: State, pages: Mapping[str, Row]) -> list[PageState]:
    """The pages that were sent without an entry, as where the disk was full."""
    sent = [PageState(at=row.at, target=page_parts(key)[1]) for key, row in pages.items() if row.state == "sent"]
    known = [page for page in state.pages if not page.failed]
    return [one for one in sent if not any(p.target == one.target and abs(p.at - one.at) <= _SAME for p in known)]
