"""The figures of a selection of incidents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from ...config.settings import Config
from ...timeline.state import Milestones
from . import definitions, durations, outcomes
from .facts import Facts
from .order_statistics import Spread, spread
from .proportions import Proportion, proportion

MILESTONES = tuple(key for key in Milestones.__struct_fields__ if key not in ("raised_at", "confirmed_at", "closed_at"))
"""The milestones of which it is shown how often they are known."""

Direction = Literal["shorter", "longer", "unclear"]


class Measured(Struct, frozen=True, kw_only=True):
    """A duration over all incidents. values: incident, its severity and seconds, in order of time.

    open: not over, and not reached. missing: over, and the record lacks a milestone. impossible: incidents whose end is
    before the start.
    """

    values: tuple[tuple[str, str | None, float], ...]
    spread: Spread
    open: int = 0
    missing: int = 0
    impossible: tuple[str, ...] = ()


class Known(Struct, frozen=True, kw_only=True):
    """How many incidents have a milestone; of these, how many only derived."""

    known: int
    derived: int


class Figures(Struct, frozen=True, kw_only=True):
    """All figures of some incidents. levels: severity -> time at it. errors: incidents whose records have errors."""

    incidents: int
    measures: dict[str, Measured]
    promises: dict[str, int]
    promises_kept: Proportion
    levels: dict[str, Measured]
    relapsed: Proportion
    relapses: int
    handed_over: Proportion
    handovers: int
    at_night: Proportion
    actions: dict[str, int]
    actions_in_time: Proportion
    quality: dict[str, Known]
    errors: tuple[str, ...]


def figures(
    counted: Sequence[Facts], config: Config, now: datetime, is_night: Callable[[str, datetime], bool]
) -> Figures:
    """The figures as of a time. is_night: whether it is night for a person."""
    promises = outcomes.promises_of(counted, now)
    actions = outcomes.actions_of(counted, config, now)
    pages = [(person, at) for facts in counted for person, at in facts.pages]
    nights = sum(is_night(person, at) for person, at in pages)
    return Figures(
        incidents=len(counted),
        measures={name: measured(counted, name) for name in definitions.MEASURES},
        promises=dict(promises),
        promises_kept=proportion(promises["kept"], promises["kept"] + promises["late"]),
        levels=_levels(counted, config),
        relapsed=proportion(sum(facts.relapses > 0 for facts in counted), len(counted)),
        relapses=sum(facts.relapses for facts in counted),
        handed_over=proportion(sum(facts.handovers > 0 for facts in counted), len(counted)),
        handovers=sum(facts.handovers for facts in counted),
        at_night=proportion(nights, len(pages)),
        actions=dict(actions),
        actions_in_time=proportion(actions["in_time"], actions["in_time"] + actions["late"] + actions["overdue"]),
        quality=_quality(counted),
        errors=tuple(facts.id for facts in counted if facts.errors),
    )


def measured(counted: Sequence[Facts], name: str) -> Measured:
    """One duration over all incidents."""
    values: list[tuple[str, str | None, float]] = []
    impossible: list[str] = []
    waiting = missing = 0
    for facts in counted:
        length = durations.seconds(facts.milestones, name)
        if length is None and facts.is_live and getattr(facts.milestones, durations.SPANS[name].end) is None:
            waiting += 1
        elif length is None:
            missing += 1
        elif length < 0:
            impossible.append(facts.id)
        else:
            values.append((facts.id, facts.severity, length))
    return Measured(
        values=tuple(values),
        spread=spread(value for *_, value in values),
        open=waiting,
        missing=missing,
        impossible=tuple(impossible),
    )


def _levels(counted: Sequence[Facts], config: Config) -> dict[str, Measured]:
    values: dict[str, list[tuple[str, str | None, float]]] = {level.key: [] for level in config.severities}
    waiting: dict[str, int] = {}
    for facts in counted:
        end = facts.milestones.resolved_at or facts.milestones.closed_at
        if facts.is_live or end is None:
            for level in {level for _, level in facts.severity_steps}:
                waiting[level] = waiting.get(level, 0) + 1
                values.setdefault(level, [])
            continue
        for level, length in durations.by_level(facts.severity_steps, end).items():
            values.setdefault(level, []).append((facts.id, facts.severity, length))
    return {
        level: Measured(values=tuple(found), spread=spread(v for *_, v in found), open=waiting.get(level, 0))
        for level, found in values.items()
        if found or level in waiting
    }


def _quality(counted: Sequence[Facts]) -> dict[str, Known]:
    found = {}
    for name in MILESTONES:
        known = [facts for facts in counted if getattr(facts.milestones, name) is not None]
        found[name] = Known(known=len(known), derived=sum(name not in facts.typed for facts in known))
    return found


def direction(now: Spread, before: Spread) -> Direction | None:
    """Whether a median moved against the period before; None where either has too few values to say."""
    if min(now.n, before.n) < definitions.TREND_NEEDS:
        return None
    assert now.low is not None and now.high is not None and before.low is not None and before.high is not None
    if now.high < before.low:
        return "shorter"
    return "longer" if now.low > before.high else "unclear"
