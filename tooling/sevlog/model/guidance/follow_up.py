"""What is due after an incident: its postmortem, the review of it, and the action items that were agreed (S8, S86)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ..config.settings import Config, duration
from ..learning.actions import OPEN, due_day
from ..timeline.incident import Postmortem
from ..timeline.state import State
from ..vocabulary import in_words
from .todo import Todo

SOON = timedelta(days=2)
"""So long before it is due something shows on the board."""
SETTLED = frozenset({"approved", "published", "waived"})
_LAST_MOMENT = "T23:59:59+00:00"


def postmortem_due(state: State, postmortem: Postmortem | None, config: Config) -> datetime | None:
    """When the postmortem that the severity requires must be approved; None where none is owed any more."""
    level, resolved_at = config.severity(state.severity), state.milestones.resolved_at
    if state.card.kind in ("drill", "maintenance") or resolved_at is None or level is None:
        return None
    if level.postmortem != "required" or level.postmortem_within is None or state.category == "dropped":
        return None
    if postmortem is not None and postmortem.status in SETTLED:
        return None
    by_file = end_of(postmortem.due) if postmortem else None
    return by_file or resolved_at + duration(level.postmortem_within)


def end_of(day: str | None) -> datetime | None:
    """The last second of a day, UTC; None for a date that does not exist."""
    try:
        return datetime.fromisoformat(f"{day}{_LAST_MOMENT}") if day and len(day) == len("2026-11-23") else None
    except ValueError:
        return None


def follow_up(state: State, config: Config) -> Iterator[Todo]:
    """What is to be done after it, each with its date, in the order of the dates. Imported records owe nothing."""
    if state.category not in ("learning", "closed"):
        return
    found = [*_postmortem(state, config), *_actions(state)]
    yield from sorted(found, key=lambda todo: todo.due_at or datetime.max.replace(tzinfo=UTC))


def _postmortem(state: State, config: Config) -> Iterator[Todo]:
    known = state.postmortem
    due = postmortem_due(state, known, config)
    if due is None or state.card.origin is not None:
        return
    if known is None:
        yield Todo(what="start the postmortem", command="sevlog postmortem new -i ID", due_at=due)
    elif known.status == "in_review":
        what = f"review the postmortem ({waits_for(known, config)})"
        yield Todo(what=what, command="sevlog postmortem approve -i ID", due_at=due)
    else:
        who = f" ({known.owner})" if known.owner else ""
        what = f"write the postmortem{who}"
        yield Todo(what=what, command="sevlog postmortem edit -i ID", due_at=due)


def waits_for(known: Postmortem, config: Config) -> str:
    """What a postmortem in review waits for: 0 of 1 approvals, waiting for bo."""
    said = known.approved_by
    given = (said,) if isinstance(said, str) else said or ()
    needed = max(config.policies.postmortem.approvals, len(given) + 1)  # in review, so one is missing
    asked = ", ".join(name for name in known.reviewers if name not in given)
    return f"{len(given)} of {needed} approvals{f', waiting for {asked}' if asked else ''}"


def _actions(state: State) -> Iterator[Todo]:
    for item in state.actions:
        day = due_day(item) if item.status in OPEN else None
        if day is not None:
            who = item.owner or item.team
            what = f"{item.id} {item.title}{f' ({who})' if who else ''}, {in_words(item.status)}"
            command = f"sevlog action done -i ID {item.id} --by URL"
            yield Todo(what=what, command=command, due_at=end_of(str(day)))
