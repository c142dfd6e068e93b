"""Events of an incident for notifications: one per entry, with the names that routes select."""

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
from ..timeline.entry_parts import Entry
from ..timeline.incident import Record
from ..timeline.state import State, StatusStep, TimelineItem
from ..vocabulary import ENDED_CATEGORIES, Audience

OUTSIDE: frozenset[Audience] = frozenset({"public", "social"})
"""Audiences outside the company. A route for these alone carries only the public view."""

NAMED = frozenset({"severity_changed", "priority_changed", "relapsed", "reopened", "took_command", "reminder"})
"""Event names besides entry kinds and statuses."""

Signal = Literal["trigger", "acknowledge", "resolve"]


class Event(Struct, frozen=True, kw_only=True):
    """An entry as an event. names: all names that routes can use. amends: the update that it corrects or retracts.

    severity, components: of the incident after the event. signal: the action for a pager. about: the entry whose
    state it is about, where the event is not an entry itself.
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
    about: str | None = None

    @property
    def subject(self) -> str:
        """The id of the entry that a message about it is made from."""
        return self.about or self.entry


def event_names(config: Config) -> frozenset[str]:
    """Every event name: entry kinds, statuses, and NAMED."""
    statuses = {status.key for lifecycle in config.lifecycles.values() for status in lifecycle.statuses}
    return frozenset(KIND_BY_NAME) | statuses | NAMED


def tellable(record: Record) -> bool:
    """Whether a record has notifications; retrospectives have none."""
    return record.card.kind != "retrospective"


def events(state: State) -> dict[str, Event]:
    """Entry id -> event, oldest first. Imported and retracted entries have none; a retraction of an update has one."""
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
    """The event names of an entry. step: the transition that it made."""
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
    """Whether a route goes to customers: then it carries only public text."""
    return bool(route.audiences) and set(route.audiences) <= OUTSIDE


def promise(route: Route) -> Promise:
    """The delivery promise of a route."""
    return route.at or ("most_once" if is_outside(route) else "at_least_once")


def hears(route: Route, event: Event, record: Record) -> bool:
    """Whether a route receives an event. Corrections and retractions of updates go where updates go."""
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
    """Name of the address -> the route that sends an event there; of several, one to customers, else the first."""
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
