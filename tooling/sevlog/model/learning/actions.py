"""The life of an action item: idea, accepted, in progress, done, verified, or not done; and when it is due (S86)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from ..config.settings import Config, duration
from ..timeline.incident import ActionItem
from ..vocabulary import ActionStatus


class ActionStep(Struct, frozen=True):
    """What a command does to an action item: from these statuses to that one."""

    origins: tuple[ActionStatus, ...]
    target: ActionStatus


STEPS: Mapping[str, ActionStep] = {
    "accept": ActionStep(("idea",), "accepted"),
    "start": ActionStep(("accepted",), "in_progress"),
    "done": ActionStep(("accepted", "in_progress"), "done"),
    "verify": ActionStep(("done",), "verified"),
    "wont-do": ActionStep(("idea", "accepted", "in_progress"), "wont_do"),
    "reopen": ActionStep(("done", "verified", "wont_do"), "accepted"),
}
"""Command -> its step. Anything else is an edit of actions.yaml, by pull request."""

OPEN: frozenset[ActionStatus] = frozenset({"accepted", "in_progress"})
"""Agreed and not finished: these have a due date, and can be overdue."""


def commands_from(status: ActionStatus) -> list[str]:
    """The commands that are legal in a status."""
    return [name for name, step in STEPS.items() if status in step.origins]


def next_id(items: tuple[ActionItem, ...]) -> str:
    """A1, A2 …: behind the highest one, so that a number is never used again."""
    return f"A{max((int(item.id[1:]) for item in items), default=0) + 1}"


def slo(config: Config, item_class: str, severity: str | None) -> timedelta | None:
    """How long an action item of a class may take, by `policies.actions`; None where nothing is said."""
    known = config.policies.actions.get(item_class, {})
    text = known.get(severity or "") or known.get("default")
    return duration(text) if text else None


def due_day(item: ActionItem) -> date | None:
    """The last day on which it is on time; None where it has no date, or one that does not exist."""
    try:
        return date.fromisoformat(item.due) if item.due else None
    except ValueError:
        return None


def is_overdue(item: ActionItem, today: date) -> bool:
    """Whether it is agreed, not finished, and late. It is on time until the end of its day."""
    due = due_day(item)
    return item.status in OPEN and due is not None and due < today
