"""Maps the phases of a page to legal transitions of the lifecycle; missing transitions are filled in."""

from __future__ import annotations

from collections import deque

from ...model.config.settings import Act, Lifecycle
from ...model.timeline.acts import table_of
from ...model.timeline.lifecycle import category_of, first_of, steps_from
from ...model.vocabulary import Category, Phase

_ACT_OF_PHASE: dict[Phase, Act] = {
    "investigating": "ack",
    "identified": "ack",
    "monitoring": "monitor",
    "resolved": "resolve",
    "postmortem": "resolve",
    "scheduled": "schedule",
    "in_progress": "start",
    "verifying": "verify",
    "completed": "complete",
}
"""A public `investigating` means that somebody works on it, which is the status to which `ack` leads."""

_CATEGORY_OF_PHASE: dict[Phase, Category] = {
    "investigating": "live",
    "identified": "live",
    "monitoring": "live",
    "resolved": "learning",
    "postmortem": "learning",
    "scheduled": "triage",
    "in_progress": "live",
    "verifying": "live",
    "completed": "closed",
}


def status_for(lifecycle: Lifecycle, phase: Phase) -> str | None:
    """The status for a phase: where its command leads, else the first of its category. None if there is none."""
    return table_of(lifecycle).target(_ACT_OF_PHASE[phase]) or first_of(lifecycle, _CATEGORY_OF_PHASE[phase])


def final_status(lifecycle: Lifecycle) -> str | None:
    """The status of an incident that is closed."""
    return first_of(lifecycle, "closed")


def is_over(lifecycle: Lifecycle, status: str) -> bool:
    """Whether the incident is over in this status."""
    return category_of(lifecycle, status) in ("learning", "closed", "dropped")


def way(lifecycle: Lifecycle, origin: str, target: str) -> tuple[str, ...] | None:
    """The fewest legal steps from a status to another, none of which drops the incident.

    Empty where it is there already, None where no way leads there.
    """
    if origin == target:
        return ()
    waiting: deque[tuple[str, ...]] = deque([(origin,)])
    seen = {origin}
    while waiting:
        walked = waiting.popleft()
        for status in steps_from(lifecycle, walked[-1]):
            if status == target:
                return (*walked[1:], status)
            if status not in seen and category_of(lifecycle, status) != "dropped":
                seen.add(status)
                waiting.append((*walked, status))
    return None


def advance(lifecycle: Lifecycle, status: str, phase: Phase) -> tuple[str, ...]:
    """The transitions for an update of this phase; none if the status matches already."""
    target = status_for(lifecycle, phase)
    if target is None:
        return ()
    if phase in ("resolved", "postmortem", "completed") and is_over(lifecycle, status):
        return ()
    return way(lifecycle, status, target) or ()
