"""Messages to the people whose approval a postmortem waits for: when it is submitted, and when it is overdue (S85)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..comms.events import Event
from ..config.settings import Config
from ..guidance.follow_up import postmortem_due
from ..learning.postmortem.review import awaited, submission
from ..oncall.roster import OnCall
from ..timeline.incident import Record
from ..timeline.state import State
from .personal import Personal, to_people
from .reminders import PREFIX

LATE = timedelta(days=3)
"""A reminder that nobody sent for so long is not sent any more; the check at night still reports the review."""


def review_asked(config: Config, roster: OnCall, record: Record, state: State, event: Event) -> dict[str, Personal]:
    """Name of the address -> the message of a submission. Only the last submission counts, while it is in review."""
    asked = submission(state)
    if asked is None or asked.id != event.entry:
        return {}
    people = (who for who in awaited(record, state, config, roster) if who != asked.entry.by)
    return to_people(roster, people, "review")


def review_reminder(
    config: Config, roster: OnCall, record: Record, state: State, now: datetime
) -> Iterator[tuple[Event, dict[str, Personal]]]:
    """The reminder of an overdue review as an event, and who gets it."""
    due = postmortem_due(state, record.postmortem, config)
    if due is None or not due < now <= due + LATE:
        return
    people = awaited(record, state, config, roster)
    if people:
        event = Event(
            incident=state.id,
            entry=f"{PREFIX}review.{due:%Y%m%dT%H%M%SZ}",
            about=state.timeline[-1].id,
            names=frozenset(),
            at=now,
            severity=state.severity,
            components=frozenset(state.components),
        )
        yield event, to_people(roster, people, "review", due)
