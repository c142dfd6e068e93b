"""Maintenances whose window began or ended without a transition."""

from __future__ import annotations

from datetime import datetime

from ..timeline.state import State
from .todo import Todo


def missed(state: State, now: datetime) -> Todo | None:
    """What to do about a maintenance whose window began or ended without a transition; None if nothing is due.

    One with `auto` that nobody started needs no action: the status page starts and ends it by its window.
    """
    window = state.card.scheduled
    if window is None or state.card.kind != "maintenance" or not state.live or state.card.origin is not None:
        return None
    waits = state.category == "triage"
    if waits and (window.auto or now < window.start):
        return None
    if waits:
        what = "the window has begun" if now < window.end else "the window is over, but it never started"
        return Todo(what=what, command="sevlog maintenance start -i ID", due_at=window.start, overdue=True)
    if now < window.end:
        return None
    what = "the window is over, but the maintenance still runs"
    return Todo(what=what, command="sevlog maintenance verify -i ID", due_at=window.end, overdue=True)
