"""Maintenances whose window began or passed without a step."""

from __future__ import annotations

from datetime import datetime

from ..timeline.state import State
from .todo import Todo


def missed(state: State, now: datetime) -> Todo | None:
    """What to do about a maintenance whose window has begun or passed without a step; None where nothing is.

    One that moves by itself and that nobody has begun needs nobody: customers see it begin and end.
    """
    window = state.card.scheduled
    if window is None or state.card.kind != "maintenance" or not state.live or state.card.origin is not None:
        return None
    waits = state.category == "triage"
    if waits and (window.auto or now < window.start):
        return None
    if waits:
        what = "the window has begun" if now < window.end else "the window is over, and it never began"
        return Todo(what=what, command="sevlog maintenance start -i ID", due_at=window.start, overdue=True)
    if now < window.end:
        return None
    what = "the window is over, and it still goes on"
    return Todo(what=what, command="sevlog maintenance verify -i ID", due_at=window.end, overdue=True)
