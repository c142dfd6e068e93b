"""What happened in an incident as others may be told of it: one event an entry, by names that routes choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from ..config.notify import Promise, Route
from ..config.settings import Config
from ..timeline.entries import (
    KIND_BY_NAME,
    Acknowledged,
    Assigned,
    Correction,
    Entry,
    Escalated,
    PriorityChanged,
    Raised,
    Redaction,
    Retraction,
    SeverityChanged,
    StatusChanged,
    Update,
    kind_of,
)
from ..timeline.incident import Record
from ..timeline.state import State, StatusStep, TimelineItem
from ..vocabulary import ENDED_CATEGORIES, Audience

OUTSIDE: frozenset[Audience] = frozenset({"public", "social"})
"""Audiences outside the company. A route for these alone carries what the public view has, and nothing else."""

NAMED = frozenset({"severity_changed", "priority_changed", "relapsed", "reopened", "took_command"})
"""Events with names of their own, beside the kinds of entries and the statuses of the lifecycles."""

Signal = Literal["trigger", "acknowledge", "resolve"]


class Event(Struct, frozen=True, kw_only=True):
    """An entry as something to tell. names: all that routes may call it. amends: the update that it puts right.

    severity, components: of the incident just after it. signal: what it means to a pager.
    """

    incident: str
    entry: str
    names: frozenset[str]
    at: datetime
    severity: str | None
    components: frozenset[str]
    audience: Audience | None = None
    amends: str | None = None
    signal: Signal | None = None


def event_names(config: Config) -> frozenset[str]:
    """Every name of an event: kinds of entries, statuses, and those with a name of their own."""
    statuses = {status.key for lifecycle in config.lifecycles.values() for status in lifecycle.statuses}
    return frozenset(KIND_BY_NAME) | statuses | NAMED


def tellable(record: Record) -> bool:
    """Whether anything is told of a record: not of what is written down afterwards."""
    return record.card.kind != "retrospective"


def events(state: State) -> dict[str, Event]:
    """Entry id -> event, oldest first. An entry that nobody made here (an imported one) is none, nor what was taken
    back; what takes an update back is."""
    found: dict[str, Event] = {}
    steps = {step.entry: step for step in state.status_steps}
    for item in state.timeline:
        entry = item.effective
        if entry is None or item.entry.by is None:
            continue
        names = names_of(state, entry, steps.get(item.id))
        amended = state.item(entry.of) if isinstance(entry, Correction | Retraction) else None
        said = amended.entry if amended is not None else entry
        found[item.id] = Event(
            incident=state.id,
            entry=item.id,
            names=names,
            at=item.at,
            severity=_severity(state, item),
            components=frozenset(state.components),
            audience=said.audience if isinstance(said, Update) else None,
            amends=amended.id if amended is not None and isinstance(said, Update) else None,
            signal=_signal(entry, steps.get(item.id)),
        )
    return found


def names_of(state: State, entry: Entry, step: StatusStep | None) -> frozenset[str]:
    """What an entry is called. step: the step of the lifecycle that it made."""
    kind = kind_of(entry)
    if isinstance(entry, StatusChanged):
        again = {"reopen": "reopened"}.get(step.act or "") if step else None
        if again and step and step.was == "live":
            again = "relapsed"
        return frozenset({kind, entry.to, *((again,) if again else ())})
    if isinstance(entry, SeverityChanged | PriorityChanged):
        return frozenset({kind, f"{kind}_changed"})
    if isinstance(entry, Assigned) and entry.lead and entry.role in state.lead_roles:
        return frozenset({kind, "took_command"})
    return frozenset({kind})


def _severity(state: State, item: TimelineItem) -> str | None:
    """The severity just after an entry; before it was raised, the first one."""
    steps = state.severity_steps
    by_then = [step.level for step in steps if step.at <= item.at]
    return by_then[-1] if by_then else steps[0].level if steps else None


def _signal(entry: Entry, step: StatusStep | None) -> Signal | None:
    if isinstance(entry, Raised | SeverityChanged | Escalated):
        return "trigger"
    if isinstance(entry, Acknowledged) or (isinstance(entry, Assigned) and entry.lead):
        return "acknowledge"
    if isinstance(entry, StatusChanged) and step is not None:
        if step.category in ENDED_CATEGORIES:
            return "resolve"
        return "trigger" if step.act == "reopen" else None
    return None


def is_outside(route: Route) -> bool:
    """Whether a route leads to customers: then it carries public text alone."""
    return bool(route.audiences) and set(route.audiences) <= OUTSIDE


def promise(route: Route) -> Promise:
    """What holds on a route where a send is in doubt."""
    return route.at or ("most_once" if is_outside(route) else "least_once")


def hears(route: Route, event: Event, record: Record) -> bool:
    """Whether a route is told of an event. What puts an update right goes where updates go."""
    card = record.card
    if card.visibility == "restricted" and not route.restricted:
        return False
    outside = is_outside(route)
    if outside and (event.audience not in OUTSIDE or card.kind == "drill" or card.visibility == "restricted"):
        return False
    names = event.names | ({"update"} if event.amends else frozenset())
    return (
        not names.isdisjoint(route.on)
        and (not route.severities or event.severity in route.severities)
        and (not route.components or not event.components.isdisjoint(route.components))
        and (not route.types or card.type in route.types)
        and (not route.audiences or event.audience is None or event.audience in route.audiences)
    )


def routes_for(routes: Iterable[Route], event: Event, record: Record) -> dict[str, Route]:
    """Name of the address -> the route that takes an event there; of several, one that leads outside, else the first.

    Where any of them promises at most once, that holds.
    """
    found: dict[str, Route] = {}
    for route in routes:
        if hears(route, event, record):
            known = found.get(route.to)
            if known is None or (is_outside(route) and not is_outside(known)):
                found[route.to] = route
    return found


def amendment(entry: Entry) -> str | None:
    """The id of the entry that this one amends."""
    return entry.of if isinstance(entry, Correction | Retraction | Redaction) else None
