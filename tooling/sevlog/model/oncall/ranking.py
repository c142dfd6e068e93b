"""Which incident comes first: a pure, documented order (S12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..config.settings import Config
    from ..timeline.state import State

_SCOPES = ("all", "some", "none")
_LATEST = datetime.max.replace(tzinfo=UTC)


Place = tuple[int, int, int, datetime, str]
"""The sort key of an incident; the lowest comes first."""


def ranked(states: Iterable[State], config: Config) -> list[State]:
    """Live incidents, the most urgent first: by priority, severity, scope (all, some, none, not known), start, id.

    Unknown levels come last.
    """
    return sorted(states, key=lambda state: place(state, config))


def place(state: State, config: Config) -> Place:
    """The rank of an incident."""
    scope = state.assessment.scope
    return (
        _level(state.priority, (level.key for level in config.priorities)),
        _level(state.severity, (level.key for level in config.severities)),
        _SCOPES.index(scope) if scope else len(_SCOPES),
        state.milestones.started_at or state.milestones.raised_at or _LATEST,
        state.id,
    )


def _level(level: str | None, levels: Iterable[str]) -> int:
    known = [*levels]
    return known.index(level) if level in known else len(known)
