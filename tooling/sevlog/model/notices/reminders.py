"""Reminders of updates that are due soon, or overdue (S66): to who leads, and to the roles that send updates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..comms.events import Event
from ..config.settings import Config
from ..guidance.comms_stages import first_updates, following_updates
from ..guidance.todo import Todo
from ..oncall.roster import OnCall
from ..timeline.state import State
from .personal import Personal, to_people

SOON = timedelta(minutes=10)
"""So long before an update is due the first reminder goes out."""
_STALE = timedelta(hours=6)
"""An update that is overdue for longer is on the board; a first reminder of it would help nobody."""
PREFIX = "reminder."
EVENT = "reminder"


def reminders(
    config: Config, roster: OnCall, state: State, now: datetime
) -> Iterator[tuple[Event, dict[str, Personal]]]:
    """Each reminder that is due now, as an event, and who gets it."""
    if state.category != "live":
        return
    to = reminded(config, state)
    for todo in (*first_updates(state, config, now), *following_updates(state, config, now)):
        if todo.due_at is None or todo.audience is None or not todo.due_at - SOON <= now <= todo.due_at + _STALE:
            continue
        event = _event(state, todo, todo.due_at, now)
        yield event, to_people(roster, to, "reminder", todo.due_at, todo.audience)


def reminded(config: Config, state: State) -> tuple[str, ...]:
    """Who hears that an update is due: the lead, and the holders of roles with `sends_updates`."""
    roles = {role.key for role in config.roles if role.sends_updates}
    holders = (holder.person for holder in state.holders if holder.role in roles)
    return tuple(dict.fromkeys(person for person in (*holders, state.lead) if person))


def _event(state: State, todo: Todo, due: datetime, now: datetime) -> Event:
    when = "late" if now >= due else "soon"
    return Event(
        incident=state.id,
        entry=f"{PREFIX}{when}.{todo.audience}.{due:%Y%m%dT%H%M%SZ}",
        about=state.timeline[-1].id,
        names=frozenset({EVENT}),
        at=now,
        severity=state.severity,
        components=frozenset(state.components),
    )
