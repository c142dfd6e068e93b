"""Messages to people with a part in the response: a role card, an offer, standing down, and reminders (S63, S78)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from ..comms.events import Event
from ..config.notify import Route
from ..oncall.roster import OnCall
from ..timeline.entries import Assigned, Handover
from ..timeline.state import State
from ..vocabulary import Audience
from .planned import contact_of

Notice = Literal["role_card", "handover", "stand_down", "reminder", "review"]
AFTERWARDS: frozenset[Notice] = frozenset({"stand_down", "review"})
"""Messages that go out although the response is over."""


class Personal(Route, frozen=True, kw_only=True):
    """A message to one person. due, told: with a reminder, when the update to this audience, or the review, is due."""

    person: str
    notice: Notice
    due: datetime | None = None
    told: Audience | None = None


def personal(roster: OnCall, state: State, event: Event) -> dict[str, Personal]:
    """Name of the address -> the message of an entry to a person. Nobody gets one about what they did themselves."""
    item = state.item(event.entry)
    entry = item.effective if item is not None else None
    if isinstance(entry, Assigned) and entry.person != entry.by:
        return to_people(roster, (entry.person,), "role_card")
    if isinstance(entry, Handover):
        if not entry.accepted and entry.to != entry.by:
            return to_people(roster, (entry.to,), "handover")
        return {}
    step = next((step for step in state.status_steps if step.entry == event.entry), None)
    if step is not None and step.was == "live" and step.category != "live":
        return to_people(roster, (p for p in responders(state) if p != (entry.by if entry else None)), "stand_down")
    return {}


def responders(state: State) -> tuple[str, ...]:
    """The people in the response: with a role, or who joined it to help."""
    joined = (who for who, what in state.collaborators.items() if what == "responder" and ":" not in who)
    return tuple(dict.fromkeys((*(h.person for h in state.holders), *joined)))


def to_people(
    roster: OnCall, people: Iterable[str], notice: Notice, due: datetime | None = None, told: Audience | None = None
) -> dict[str, Personal]:
    """Name of the address -> the message, for those who have a contact point."""
    found: dict[str, Personal] = {}
    for handle in people:
        person = roster.person(handle)
        name = contact_of(person) if person else None
        if name:
            found.setdefault(
                name, Personal(on=(notice,), to=name, restricted=True, person=handle, notice=notice, due=due, told=told)
            )
    return found
