"""What has a time limit in an incident: taking command, first and next updates, answers to pages."""

from __future__ import annotations

from datetime import UTC, datetime

from ..config.settings import Config
from ..timeline.state import State
from .stages import stages
from .todo import Todo

_BEFORE_ALL = datetime(1, 1, 2, tzinfo=UTC)
"""A time at which nothing is late yet: the limits do not depend on the clock, only whether they have passed."""


def deadlines(state: State, config: Config) -> tuple[Todo, ...]:
    """The steps of the stages that have a time limit, whether it has passed or not; the soonest first."""
    if not state.live or state.card.kind == "maintenance":
        return ()
    steps = (todo for stage in stages(state, config, _BEFORE_ALL) for todo in stage.todo)
    return tuple(sorted((todo for todo in steps if todo.due_at), key=lambda todo: todo.due_at or _BEFORE_ALL))
