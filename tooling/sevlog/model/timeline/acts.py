"""Which step of a lifecycle each command makes: by `act` in sevlog.yaml, or by the categories of the statuses.

Commands, stages, hints, intake and publication ask here. They never look at the key of a status, so that a company's
own words work everywhere (config.md, `act`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import get_args

from ..config.settings import Act, Lifecycle, Transition
from ..vocabulary import Category
from .lifecycle import NEW, category_of, goes_back

ACTS: tuple[Act, ...] = get_args(Act)
_OPENING: frozenset[Act] = frozenset({"triage", "raise", "schedule"})


def act_of(lifecycle: Lifecycle, step: Transition) -> Act | None:
    """The command that makes a step: as configured, else what the categories and guards of the step say."""
    return step.act or _inferred(lifecycle, step)


@lru_cache(maxsize=64)
def steps_by_act(lifecycle: Lifecycle) -> dict[tuple[str, Act], Transition]:
    """(status, act) -> the step. Where two steps fit, the first of the table (`check` reports the others)."""
    found: dict[tuple[str, Act], Transition] = {}
    for step in lifecycle.transitions:
        act = act_of(lifecycle, step)
        if act is not None:
            found.setdefault((step.from_, act), step)
    return found


def step_for(lifecycle: Lifecycle, status: str, act: Act) -> Transition | None:
    """The step that a command makes from a status; None where it makes none."""
    return steps_by_act(lifecycle).get((status, act))


def acts_from(lifecycle: Lifecycle, status: str) -> frozenset[Act]:
    """The commands that move an incident from a status."""
    return frozenset(act for origin, act in steps_by_act(lifecycle) if origin == status)


def targets(lifecycle: Lifecycle, act: Act) -> tuple[str, ...]:
    """The statuses to which a command leads, in the order of the table."""
    return tuple(dict.fromkeys(step.to for (_, made_by), step in steps_by_act(lifecycle).items() if made_by == act))


def target_of(lifecycle: Lifecycle, act: Act) -> str | None:
    """The first status to which a command leads; None where no step is made by it."""
    return next(iter(targets(lifecycle, act)), None)


def is_reached_by(lifecycle: Lifecycle, status: str, act: Act) -> bool:
    """Whether a command leads to a status: `monitor` to one in which a mitigation is watched."""
    return status in targets(lifecycle, act)


def is_maintenance(lifecycle: Lifecycle) -> bool:
    """Whether a lifecycle is one of planned work: by its acts, else if it opens in triage only and learns nothing."""
    acts = {step.act for step in lifecycle.transitions if step.act}
    if acts & {"schedule", "start", "verify", "complete", "cancel"}:
        return True
    if acts:
        return False
    first = [category_of(lifecycle, step.to) for step in lifecycle.transitions if step.from_ == NEW]
    learning = any(status.category == "learning" for status in lifecycle.statuses)
    raised = any(
        step.from_ != NEW and category_of(lifecycle, step.from_) == "triage" and "severity" in step.guards
        for step in lifecycle.transitions
    )
    return first != [] and set(first) == {"triage"} and not learning and not raised


def ambiguous(lifecycle: Lifecycle) -> Iterator[tuple[int, Act, Transition]]:
    """The steps, by place in the table, that a command would make although another one from there is made by it."""
    known = steps_by_act(lifecycle)
    for place, step in enumerate(lifecycle.transitions):
        act = act_of(lifecycle, step)
        if act is not None and known[step.from_, act] is not step:
            yield place, act, known[step.from_, act]


def dead_ends(lifecycle: Lifecycle) -> Iterator[tuple[int, str]]:
    """The live statuses, by place in the list, that no step leaves."""
    left = {step.from_ for step in lifecycle.transitions if step.to != step.from_}
    for place, status in enumerate(lifecycle.statuses):
        if status.category in ("triage", "live") and status.key not in left:
            yield place, status.key


def _inferred(lifecycle: Lifecycle, step: Transition) -> Act | None:
    """What a step without `act` is, from the categories it joins, its guards and the order of the statuses."""
    origin: Category | None = None if step.from_ == NEW else category_of(lifecycle, step.from_)
    target = category_of(lifecycle, step.to)
    if is_maintenance(lifecycle):
        return _maintenance_act(origin, target)
    if target == "dropped":
        return "merge" if "merge_target" in step.guards else "decline"
    if origin is None or origin == "triage":
        return "raise" if target == "live" else "triage" if origin is None and target == "triage" else None
    if target == "live":
        return _live_act(lifecycle, step, origin)
    if origin == "live":
        return "resolve" if target in ("learning", "closed") else None
    return "close" if target == "closed" else None


def _maintenance_act(origin: Category | None, target: Category) -> Act | None:
    if origin is None:
        return "schedule"
    if target == "dropped":
        return "cancel"
    if target in ("learning", "closed"):
        return "complete"
    return "start" if origin == "triage" else "verify"


def _live_act(lifecycle: Lifecycle, step: Transition, origin: Category) -> Act | None:
    if origin != "live" or goes_back(lifecycle, step.from_, step.to):
        return "reopen"
    if "mitigation" in step.guards:
        return "monitor"
    opened = {row.to for row in lifecycle.transitions if row.from_ == NEW or _is_raise(lifecycle, row)}
    return "ack" if step.from_ in opened or "lead_incident_manager" in step.guards else "monitor"


def _is_raise(lifecycle: Lifecycle, step: Transition) -> bool:
    is_triage = step.from_ != NEW and category_of(lifecycle, step.from_) == "triage"
    return is_triage and category_of(lifecycle, step.to) == "live"
