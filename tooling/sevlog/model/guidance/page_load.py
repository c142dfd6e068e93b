"""How many pages a person got in a week, when, and how fast they answered (S22)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..oncall import schedule_clock, time_spans
from ..oncall.rotations import Rotations
from ..oncall.time_spans import Span
from ..timeline.state import PageState, State
from .workload import night_of


class Week(Struct, frozen=True):
    """A week from Monday to Sunday by the clock of a zone, such as 2026-W43. span: in seconds since 1970."""

    name: str
    span: Span


class Received(Struct, frozen=True, kw_only=True):
    """A page that a person got. answered_after: seconds until they answered; None if they did not."""

    person: str
    incident: str
    at: datetime
    grouped: bool = False
    answered_after: float | None = None


class PersonWeek(Struct, frozen=True, kw_only=True):
    """The pages of a person in a week. grouped: those without a message of their own, which do not count as pages."""

    person: str
    week: Week
    pages: int
    at_night: int
    outside_hours: int
    grouped: int
    seconds_on_call: int
    incidents: int
    acknowledged: int
    median_seconds_to_ack: float | None


def weeks(since: datetime, until: datetime, zone: ZoneInfo) -> list[Week]:
    """The weeks that a period touches."""
    first = since.astimezone(zone).date()
    monday = first - timedelta(days=first.weekday())
    starts: list[date] = [monday]
    while schedule_clock.day_span(starts[-1], zone)[0] < until.timestamp():
        starts.append(starts[-1] + timedelta(days=7))
    return [Week(_name(start), (_begin(start, zone), _begin(end, zone))) for start, end in pairwise(starts)]


def _name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _begin(day: date, zone: ZoneInfo) -> int:
    return schedule_clock.day_span(day, zone)[0]


def received(state: State, unrecorded: Sequence[PageState] = ()) -> list[Received]:
    """The pages that people got in an incident. unrecorded: pages that only the ledger knows."""
    return [
        Received(
            person=page.target,
            incident=state.id,
            at=page.at,
            grouped=page.grouped,
            answered_after=_answered_after(page, state),
        )
        for page in (*state.pages, *unrecorded)
        if not page.failed and ":" not in page.target
    ]


def _answered_after(page: PageState, state: State) -> float | None:
    """Seconds until the person acknowledged, or recorded anything."""
    own = [page.answered_at] if page.answered_at and page.answered_by == page.target else []
    own += [i.at for i in state.timeline if i.entry.by == page.target and i.at >= page.at and i.kind != "paged"]
    return (min(own) - page.at).total_seconds() if own else None


def on_call(rotas: Rotations, span: Span) -> dict[str, list[Span]]:
    """When each person is on call in a period, on any schedule."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for schedule in rotas.oncall.schedules:
        for piece in rotas.pieces(schedule.key, *span):
            found[piece.duty.person].append((piece.start, piece.end))
    return {person: time_spans.union(spans) for person, spans in found.items()}


def load_of(
    week: Week, pages: Iterable[Received], duties: Mapping[str, list[Span]], rotas: Rotations, zone: ZoneInfo
) -> list[PersonWeek]:
    """A row for each person who was paged or on call in a week, most pages first. zone: of people without one."""
    low, high = week.span
    own: defaultdict[str, list[Received]] = defaultdict(list)
    for page in pages:
        if low <= page.at.timestamp() < high:
            own[page.person].append(page)
    rows = [_row(person, week, own[person], duties.get(person, []), rotas, zone) for person in sorted({*own, *duties})]
    return sorted(rows, key=lambda row: (-row.pages, row.person))


def _row(
    person: str, week: Week, pages: list[Received], duties: list[Span], rotas: Rotations, zone: ZoneInfo
) -> PersonWeek:
    sent = [page for page in pages if not page.grouped]
    place = rotas.zone_of_person(person) or zone
    working = rotas.at_work(person, zone, *week.span)
    taken = [page.answered_after for page in sent if page.answered_after is not None]
    return PersonWeek(
        person=person,
        week=week,
        pages=len(sent),
        at_night=sum(night_of(page.at, place.key) is not None for page in sent),
        outside_hours=sum(not _within(page.at.astimezone(UTC), working) for page in sent),
        grouped=len(pages) - len(sent),
        seconds_on_call=time_spans.length(duties),
        incidents=len({page.incident for page in pages}),
        acknowledged=len(taken),
        median_seconds_to_ack=median(taken) if taken else None,
    )


def _within(at: datetime, spans: Iterable[Span]) -> bool:
    return any(start <= at.timestamp() < end for start, end in spans)


def over_budget(pages: Iterable[Received], week: Week, budget: int) -> dict[str, int]:
    """Person -> number of pages, for those who got more than the budget in a week."""
    counts: defaultdict[str, int] = defaultdict(int)
    for page in pages:
        if not page.grouped and week.span[0] <= page.at.timestamp() < week.span[1]:
            counts[page.person] += 1
    return {person: count for person, count in sorted(counts.items()) if count > budget}
