"""What became of promises and action items by a time: kept, late, or open (not due yet)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Literal

from ...config.settings import Config
from ..actions import slo
from .facts import ActionFact, Facts, Promise

PromiseOutcome = Literal["kept", "late", "open", "ended"]
ActionOutcome = Literal["in_time", "late", "overdue", "open", "unknown", "idea", "dropped"]


def promise_outcome(promise: Promise, facts: Facts, now: datetime) -> PromiseOutcome:
    """ended: the response ended before the promise fell due and before any further update."""
    following = promise.next_at
    if any(promise.at <= end <= promise.due and (following is None or following > end) for end in facts.ends):
        return "ended"
    if following is not None:
        return "kept" if following <= promise.due else "late"
    return "open" if now <= promise.due else "late"


def promises_of(counted: Iterable[Facts], now: datetime) -> Counter[str]:
    """How many promises came out how."""
    return Counter[str](promise_outcome(promise, facts, now) for facts in counted for promise in facts.promises)


def deadline(item: ActionFact, severity: str | None, config: Config) -> datetime | None:
    """Until when an item is in time: so long after acceptance as the policy allows, else the end of its due date."""
    allowed = slo(config, item.class_, severity)
    if item.accepted_at is not None and allowed is not None:
        return item.accepted_at + allowed
    if item.due is None:
        return None
    return datetime.combine(date.fromisoformat(item.due), time.max, UTC)


def action_outcome(item: ActionFact, severity: str | None, config: Config, now: datetime) -> ActionOutcome:
    """unknown: it has no deadline, or it is done and the timeline does not say when."""
    if item.status in ("idea", "wont_do"):
        return "idea" if item.status == "idea" else "dropped"
    until = deadline(item, severity, config)
    is_done = item.status in ("done", "verified")
    if until is None or (is_done and item.done_at is None):
        return "unknown"
    if is_done and item.done_at is not None:
        return "in_time" if item.done_at <= until else "late"
    return "open" if now <= until else "overdue"


def actions_of(counted: Iterable[Facts], config: Config, now: datetime) -> Counter[str]:
    """How many action items came out how."""
    return Counter[str](
        action_outcome(item, facts.severity, config, now) for facts in counted for item in facts.actions
    )


def open_over_time(facts: Iterable[Facts], times: Iterable[datetime]) -> tuple[list[int], int]:
    """How many action items were open at each time, and how many are left out: done, and nobody knows when.

    An item is open from its acceptance on; where the timeline does not have that, from the end of the response on.
    """
    spans: list[tuple[datetime, datetime | None]] = []
    left_out = 0
    for one in facts:
        for item in one.actions:
            start = item.accepted_at or (one.ends[-1] if one.ends else None)
            is_open = item.status in ("accepted", "in_progress")
            if item.status == "idea" or (item.status == "wont_do" and item.accepted_at is None):
                continue
            if start is None or (not is_open and item.done_at is None):
                left_out += 1
                continue
            spans.append((start, None if is_open else item.done_at))
    counts = [sum(start <= at and (end is None or end > at) for start, end in spans) for at in times]
    return counts, left_out
