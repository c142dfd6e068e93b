"""A planned maintenance by its window: begun and over as planned, as long as nobody has said otherwise.

A page is read long after it was built, and a plan that was kept needs nobody awake (site.md, Right at every moment).
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from ..timeline.state import State
from ..vocabulary import Phase


class Course(Struct, frozen=True, kw_only=True, gc=False):
    """When a maintenance began by its window, and when it was over; None while it goes on."""

    began_at: datetime
    over_at: datetime | None = None

    @property
    def phase(self) -> Phase:
        """The phase that customers see."""
        return "in_progress" if self.over_at is None else "completed"


def by_window(state: State, said: Phase, as_of: datetime) -> Course | None:
    """How the window has moved a maintenance by `as_of`; None where it has not begun, or people move it.

    said: the phase of the last update. A step or an update beyond `scheduled` wins: then people say when it ends.
    """
    window = state.card.scheduled
    if window is None or not moves_by_itself(state, said) or as_of < window.start:
        return None
    return Course(began_at=window.start, over_at=window.end if as_of >= window.end else None)


def moves_by_itself(state: State, said: Phase) -> bool:
    """Whether the window moves a maintenance: nobody has taken a step or told customers more than the plan."""
    window = state.card.scheduled
    return window is not None and window.auto and said == "scheduled" and state.category == "triage"
