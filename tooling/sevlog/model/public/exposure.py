"""The component states of one incident for the public: as published (in updates), and as they were (in uptime).

Published states change when an entry is written. The real impact may have begun and ended before that, and uptime
counts the real impact.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from ..timeline.state import ComponentStep, State
from ..vocabulary import Impact
from .windows import Course


class ComponentChange(Struct, frozen=True, kw_only=True, gc=False):
    """A change of a component's state at `at`, published at `published_at`."""

    at: datetime
    published_at: datetime
    component: str
    impact: Impact
    opening: bool


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """From `at` on the incident holds a component at `impact`."""

    at: datetime
    impact: Impact


def component_changes(state: State, course: Course | None = None) -> tuple[ComponentChange, ...]:
    """Each change of a component's state, in the order of recording.

    course: of a maintenance that moved by its window.
    """
    opening = {item.id for item in state.timeline if item.kind == "raised"}
    written = {step.entry: step.at for step in state.status_steps}
    steps = [_change(step, written.get(step.entry, step.at), step.entry in opening) for step in state.component_steps]
    if course is not None or (state.card.kind == "maintenance" and state.card.origin is None):
        return tuple(_planned(state, steps, course))
    return tuple(steps)


def _change(step: ComponentStep, published_at: datetime, opening: bool) -> ComponentChange:
    return ComponentChange(
        at=step.at, published_at=published_at, component=step.component, impact=step.impact, opening=opening
    )


def _planned(state: State, steps: list[ComponentChange], course: Course | None) -> list[ComponentChange]:
    """States before the start of a maintenance are a plan: they apply once it starts, at least as under_maintenance.

    An imported maintenance with manual transitions is used unchanged.
    """
    moved_at = course.began_at if course else None
    begun = next((step.at for step in state.status_steps if step.category == "live"), moved_at)
    if begun is None:
        return []
    plan: dict[str, Impact] = {}
    for step in steps:
        if step.published_at < begun or step.opening:
            plan[step.component] = "under_maintenance" if step.impact == "operational" else step.impact
    started = [
        ComponentChange(at=begun, published_at=begun, component=key, impact=impact, opening=False)
        for key, impact in plan.items()
    ]
    over_at = course.over_at if course else None
    ended = [
        ComponentChange(at=over_at, published_at=over_at, component=key, impact="operational", opening=False)
        for key in (plan if over_at else ())
        if over_at
    ]
    return [*started, *ended, *(step for step in steps if step.published_at >= begun and not step.opening)]


def holds(state: State, steps: tuple[ComponentChange, ...]) -> dict[str, tuple[Hold, ...]]:
    """Component key -> its real states, oldest first, from the first one that is not operational.

    Components that were always operational are left out.
    """
    lines: dict[str, list[ComponentChange]] = {}
    for step in steps:
        line = lines.setdefault(step.component, [])
        while line and line[-1].at > step.at:  # a later entry about an earlier time replaces earlier states
            line.pop()
        line.append(step)
    found = {key: _real(state, line) for key, line in lines.items()}
    return {key: line for key, line in found.items() if line}


def _real(state: State, line: list[ComponentChange]) -> tuple[Hold, ...]:
    """The states with the start and end of the impact if known, and an end if the incident is over."""
    moved = [Hold(at=step.at, impact=step.impact) for step in line]
    clocks = state.milestones
    if state.card.kind != "maintenance" and line[0].opening and clocks.started_at:
        moved[0] = Hold(at=min(clocks.started_at, moved[0].at), impact=moved[0].impact)
    last = moved[-1]
    if last.impact == "operational" and clocks.ended_at and len(moved) > 1:
        moved[-1] = Hold(at=max(min(clocks.ended_at, last.at), moved[-2].at), impact=last.impact)
    if not state.live and moved[-1].impact != "operational":
        over = min(clocks.ended_at or state.status_steps[-1].at, state.status_steps[-1].at)
        moved.append(Hold(at=max(over, moved[-1].at), impact="operational"))
    return _turns(list({hold.at: hold for hold in moved}.values()))


def _turns(line: list[Hold]) -> tuple[Hold, ...]:
    """Only changes of state, from the first that is not operational."""
    found: list[Hold] = []
    for hold in line:
        if hold.impact != (found[-1].impact if found else "operational"):
            found.append(hold)
    return tuple(found)
