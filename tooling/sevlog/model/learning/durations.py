"""Durations between the milestones of an incident, the time at each severity, and promises kept (docs/metrics.md)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from ..timeline.state import State
from ..vocabulary import Audience
from .metrics import durations as spans


def durations(state: State) -> dict[str, float | None]:
    """Seconds between milestones, each by the definition of docs/metrics.md; None where an end is missing.

    What people did before the incident was raised took no time: `check` warns of it.
    """
    found = {name: spans.seconds(state.milestones, name) for name in spans.SPANS}
    return {name: length if length is None or length >= 0 else None for name, length in found.items()}


def time_in_severity(state: State, now: datetime) -> dict[str, float]:
    """Seconds at each severity, until it was over (or until now)."""
    end = state.milestones.resolved_at or state.milestones.closed_at or now
    return spans.by_level([(step.at, step.level) for step in state.severity_steps], end)


class PromiseKept(Struct, frozen=True, kw_only=True):
    """A promise of the next update to an audience. kept_at: that update, or the end; None if neither came yet."""

    audience: Audience
    due_at: datetime
    kept_at: datetime | None

    @property
    def kept(self) -> bool:
        """Whether the next update, or the end of the incident, came in time (to the minute)."""
        return self.kept_at is not None and _minute(self.kept_at) <= _minute(self.due_at)


def promises(state: State, now: datetime) -> list[PromiseKept]:
    """Every promise of a next update that is due, in the order of the updates."""
    said = sorted((known.entry for known in state.updates), key=lambda update: update.at)
    ended = state.milestones.resolved_at or state.milestones.closed_at
    found = []
    for place, update in enumerate(said):
        if update.next_update_at is None:
            continue
        later = next((u.at for u in said[place + 1 :] if u.audience == update.audience), None)
        met = min((at for at in (later, ended) if at is not None and at >= update.at), default=None)
        promise = PromiseKept(audience=update.audience, due_at=update.next_update_at, kept_at=met)
        if met is not None or promise.due_at < now:
            found.append(promise)
    return found


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
