"""Which incident comes first: a pure, documented order (S12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from .config import Config
from .state import State

_SCOPES = ("all", "some", "none")
_LATEST = datetime.max.replace(tzinfo=UTC)


def ranked(states: Iterable[State], config: Config) -> list[State]:
    """Live incidents, the most pressing first: by priority, severity, scope (all, some, none, not known), start, id.

    A level that is not configured, or not known yet, comes after all that are.
    """
    priorities = {level.key: place for place, level in enumerate(config.priorities)}
    severities = {level.key: place for place, level in enumerate(config.severities)}

    def order(state: State) -> tuple[int, int, int, datetime, str]:
        scope = state.assessment.scope
        started = state.milestones.started_at or state.milestones.raised_at or _LATEST
        return (
            priorities.get(state.priority or "", len(priorities)),
            severities.get(state.severity or "", len(severities)),
            _SCOPES.index(scope) if scope else len(_SCOPES),
            started,
            state.id,
        )

    return sorted(states, key=order)
