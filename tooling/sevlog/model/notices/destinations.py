"""All events of an incident, and where each goes: by routes, by the communication plan, and to people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..comms.events import Event, events, routes_for, tellable
from ..config.notify import Route
from ..config.settings import Config
from ..oncall.roster import OnCall
from ..timeline.incident import Record
from ..timeline.state import State
from .personal import personal
from .planned import planned
from .reminders import reminders
from .reviews import review_asked, review_reminder


def destinations(
    config: Config, roster: OnCall, record: Record, state: State, now: datetime
) -> tuple[dict[str, Event], dict[str, Mapping[str, Route]]]:
    """The events, and for each the addresses with the route that goes there. A route of sevlog.yaml comes first."""
    if not tellable(record):
        return {}, {}
    found = events(state)
    routes: dict[str, Mapping[str, Route]] = {
        name: {
            **personal(roster, state, event),
            **review_asked(config, roster, record, state, event),
            **planned(config, roster, record, state, event),
            **routes_for(config.notify.routes, event, record),
        }
        for name, event in found.items()
    }
    for event, people in reminders(config, roster, state, now):
        found[event.entry] = event
        routes[event.entry] = {**people, **routes_for(config.notify.routes, event, record)}
    for event, people in review_reminder(config, roster, record, state, now):
        found[event.entry], routes[event.entry] = event, people
    return found, routes


def sends(config: Config, roster: OnCall) -> bool:
    """Whether anything is sent at all, besides pages."""
    notify = config.notify
    return bool(notify.routes or notify.channels or notify.lists) or any(p.messages or p.contact for p in roster.people)
