"""Durations between the milestones of an incident, the time at each severity, and promises kept (docs/metrics.md)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from ..timeline.state import State
from ..vocabulary import Audience


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None or end < start else (end - start).total_seconds()


def _not_before(start: datetime | None, end: datetime | None) -> datetime | None:
    return end if start is None or end is None else max(start, end)


def durations(state: State) -> dict[str, float | None]:
    """Seconds between milestones, each by the definition of docs/metrics.md; None where an end is missing.

    What people did before the incident was raised took no time: `check` warns of it.
    """
    m = state.milestones
    raised = m.raised_at
    return {
        "time_to_detect": _between(m.started_at, m.detected_at),
        "time_to_acknowledge": _between(raised, _not_before(raised, m.acknowledged_at)),
        "time_to_first_internal_update": _between(raised, _not_before(raised, m.first_internal_update_at)),
        "time_to_first_public_update": _between(raised, _not_before(raised, m.first_public_update_at)),
        "time_to_mitigate": _between(m.started_at or m.raised_at, m.mitigated_at),
        "time_to_restore": _between(m.started_at or m.raised_at, m.ended_at),
        "time_to_resolve": _between(m.raised_at, m.resolved_at),
        "time_to_close": _between(m.resolved_at, m.closed_at),
    }


def time_in_severity(state: State, now: datetime) -> dict[str, float]:
    """Seconds at each severity, until it was over (or until now)."""
    end = state.milestones.resolved_at or state.milestones.closed_at or now
    steps = [(s.at, s.level) for s in state.severity_steps]
    if not steps:
        return {}
    spent: dict[str, float] = {}
    for (at, level), until in zip(steps, [*(at for at, _ in steps[1:]), end], strict=True):
        spent[level] = spent.get(level, 0.0) + max(0.0, (min(until, end) - at).total_seconds())
    return spent


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
