"""Exposure: the component states of one incident as the public sees them, told (in updates) and real (in uptime).

Two readings of the same timeline. What customers were told changes when an entry was written; what they went through
may have begun and ended earlier than anyone wrote it down, and uptime counts that.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from ..timeline.state import ComponentStep, State
from ..vocabulary import Impact
from .windows import Course


class Told(Struct, frozen=True, kw_only=True, gc=False):
    """From `told_at` on customers could know the component's state; it really held from `at` on."""

    at: datetime
    told_at: datetime
    component: str
    impact: Impact
    opening: bool


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """From `at` on the incident holds a component at `impact`."""

    at: datetime
    impact: Impact


def told(state: State, course: Course | None = None) -> tuple[Told, ...]:
    """Each change of a component's state, in the order in which they were written down.

    course: of a maintenance that moved by its window.
    """
    opening = {item.id for item in state.timeline if item.kind == "raised"}
    written = {step.entry: step.at for step in state.status_steps}
    steps = [_told(step, written.get(step.entry, step.at), step.entry in opening) for step in state.component_steps]
    if course is not None or (state.card.kind == "maintenance" and state.card.origin is None):
        return tuple(_planned(state, steps, course))
    return tuple(steps)


def _told(step: ComponentStep, told_at: datetime, opening: bool) -> Told:
    return Told(at=step.at, told_at=told_at, component=step.component, impact=step.impact, opening=opening)


def _planned(state: State, steps: list[Told], course: Course | None) -> list[Told]:
    """What is said before a maintenance begins is a plan: it holds once the work starts, if only as under maintenance.

    An imported maintenance that people moved is taken word for word instead.
    """
    moved_at = course.began_at if course else None
    begun = next((step.at for step in state.status_steps if step.category == "live"), moved_at)
    if begun is None:
        return []
    plan: dict[str, Impact] = {}
    for step in steps:
        if step.told_at < begun or step.opening:
            plan[step.component] = "under_maintenance" if step.impact == "operational" else step.impact
    started = [
        Told(at=begun, told_at=begun, component=key, impact=impact, opening=False) for key, impact in plan.items()
    ]
    over_at = course.over_at if course else None
    ended = [
        Told(at=over_at, told_at=over_at, component=key, impact="operational", opening=False)
        for key in (plan if over_at else ())
        if over_at
    ]
    return [*started, *ended, *(step for step in steps if step.told_at >= begun and not step.opening)]


def holds(state: State, steps: tuple[Told, ...]) -> dict[str, tuple[Hold, ...]]:
    """Component key to the states it really had, oldest first, beginning and ending with what is not operational.

    A component that never was anything but operational has no line.
    """
    lines: dict[str, list[Told]] = {}
    for step in steps:
        line = lines.setdefault(step.component, [])
        while line and line[-1].at > step.at:  # what is learnt later about an earlier time replaces what was thought
            line.pop()
        line.append(step)
    found = {key: _real(state, line) for key, line in lines.items()}
    return {key: line for key, line in found.items() if line}


def _real(state: State, line: list[Told]) -> tuple[Hold, ...]:
    """The line with its begin and end where the impact's own are known, and an end if all is over."""
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
    """Only the holds at which something changes, from the first that is not operational."""
    found: list[Hold] = []
    for hold in line:
        if hold.impact != (found[-1].impact if found else "operational"):
            found.append(hold)
    return tuple(found)
