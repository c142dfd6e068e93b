"""Who is paged for a component, step by step, if nobody answers: owner, policy, schedules, persons, contact points.

The escalation policy of the owner applies; without one, the schedule of the owner and then the whole team. For
a major incident the incident managers' policy runs beside it from the start; for a component that nobody owns it runs
alone. A step that reaches nobody is skipped. At a severity with `page: working_hours` a step waits until
one of its people is at work.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from ..config.settings import Config, duration
from ..vocabulary import Paging
from . import schedule_clock
from .callers import Callers, Paged
from .roster import EscalationPolicy, EscalationStep, OnCall
from .rotations import Rotations

Track = Literal["responders", "incident_managers"]
DEFAULT_WAIT = timedelta(minutes=5)
"""How long a step waits if neither it nor the severity sets a time."""

PATIENCE = 31 * 86400
"""How long, in seconds, a page may wait for somebody's working hours."""


class ChainStep(Struct, frozen=True, kw_only=True):
    """A step of a chain. number: its place in the policy, from 1. round: how many times the policy has begun.

    at: when its people are paged, or when it is skipped. passed_over: why nobody is paged, else None.
    waited: whether it waited for working hours.
    """

    track: Track
    policy: str
    number: int
    round: int
    notify: str
    at: datetime
    people: tuple[Paged, ...] = ()
    passed_over: str | None = None
    waited: bool = False


class Reached(Struct, frozen=True, kw_only=True):
    """A step that reaches somebody."""

    notify: str
    people: tuple[Paged, ...]


class Chain(Struct, frozen=True, kw_only=True):
    """The steps from `at` on until somebody acknowledges.

    silent: why nobody is paged at all, else None.
    """

    component: str
    severity: str | None
    at: datetime
    team: str | None
    steps: tuple[ChainStep, ...]
    silent: str | None = None

    @property
    def first(self) -> ChainStep | None:
        """The first step that reaches somebody."""
        return next((step for step in self.steps if step.people), None)


def chain(config: Config, rotas: Rotations, component: str, severity: str | None, at: datetime) -> Chain:
    """Who would be paged for a component from an instant. severity: None for one that pages at once and is not major.

    Names are those of the configuration; an unknown component has no owner.
    """
    level = config.severity(severity)
    paging: Paging = level.page if level else "immediate"
    wait = duration(level.ack_within) if level and level.ack_within else DEFAULT_WAIT
    found = config.component(component)
    team = found.owner if found else None
    if paging == "none":
        return Chain(
            component=component,
            severity=severity,
            at=at,
            team=team,
            steps=(),
            silent=f"{severity} pages nobody (`page: none`)",
        )
    callers = Callers(rotas, schedule_clock.zone_of(config.page.time_zone))
    steps = [
        step
        for track, policy in tracks(rotas.oncall, team, major=config.is_major(severity))
        for step in _walk(callers, track, policy, paging, wait, at)
    ]
    steps.sort(key=lambda step: step.at)
    silent = None if any(step.people for step in steps) else _why(team, steps)
    return Chain(component=component, severity=severity, at=at, team=team, steps=tuple(steps), silent=silent)


def first_reached(config: Config, rotas: Rotations, team: str | None, at: int) -> Reached | None:
    """The first step that reaches somebody at an instant, for what a team owns; None for no team or nobody."""
    callers = Callers(rotas, schedule_clock.zone_of(config.page.time_zone))
    for _, policy in tracks(rotas.oncall, team, major=False):
        for step in policy.steps:
            people, _why_not = callers.people(step, at)
            if people:
                return Reached(notify=step.notify, people=people)
    return None


def _why(team: str | None, steps: list[ChainStep]) -> str:
    if steps:
        return "no step reaches anybody"
    owner = f"the team `{team}` has no policy, schedule or members" if team else "the component has no owner"
    return f"{owner}, and `incident_manager_schedule` is not set"


def tracks(oncall: OnCall, team: str | None, *, major: bool) -> list[tuple[Track, EscalationPolicy]]:
    """The policies that run in parallel for the owner of a component: its own, and the one of the incident managers."""
    own = policy_of(oncall, team)
    managers = _policy_of_managers(oncall)
    found: list[tuple[Track, EscalationPolicy]] = [("responders", own)] if own else []
    if managers is not None and (major or own is None) and managers != own:
        found.append(("incident_managers", managers))
    return found


def policy_of(oncall: OnCall, team: str | None) -> EscalationPolicy | None:
    """The policy of a team: its own, else one from its schedule and members; None if it has neither."""
    known = oncall.team(team)
    if known is None:
        return None
    written = oncall.escalation(known.escalation)
    if written is not None:
        return written
    names = [f"schedule:{known.schedule}"] if known.schedule else []
    names += [f"team:{known.key}"] if known.members else []
    steps = tuple(EscalationStep(notify=name) for name in names)
    return EscalationPolicy(key=known.key, steps=steps) if steps else None


def _policy_of_managers(oncall: OnCall) -> EscalationPolicy | None:
    key = oncall.incident_manager_schedule
    if key is None:
        return None
    team = next((t for t in oncall.teams if t.schedule == key), None)
    return (policy_of(oncall, team.key) if team else None) or EscalationPolicy(
        key=key, steps=(EscalationStep(notify=f"schedule:{key}"),)
    )


def _walk(
    callers: Callers, track: Track, policy: EscalationPolicy, paging: Paging, wait: timedelta, start: datetime
) -> list[ChainStep]:
    """The steps of one policy with their times, repetitions included."""
    found: list[ChainStep] = []
    left = {place: step.repeat or 0 for place, step in enumerate(policy.steps)}
    at, place, begun = start, 0, 1
    while place < len(policy.steps):
        step = policy.steps[place]
        taken = _step(callers, step, paging, at)
        found.append(
            ChainStep(
                track=track,
                policy=policy.key,
                number=place + 1,
                round=begun,
                notify=step.notify,
                at=taken[0],
                people=taken[1],
                passed_over=taken[2],
                waited=taken[0] > at,
            )
        )
        if taken[1]:
            at = taken[0] + (duration(step.wait) if step.wait else wait)
        round_reached = any(row.people for row in found if row.round == begun)
        if left[place] and round_reached:
            left[place] -= 1
            place, begun = 0, begun + 1
        else:
            place += 1
    return found


def _step(
    callers: Callers, step: EscalationStep, paging: Paging, at: datetime
) -> tuple[datetime, tuple[Paged, ...], str | None]:
    """When a step runs, the people it reaches, and if nobody, the reason."""
    second = int(at.timestamp())
    at_work = paging == "working_hours"
    people, why = callers.people(step, second, at_work=at_work)
    if people or not at_work:
        return at, people, why
    spans = callers.when(step, second, second + PATIENCE, at_work=True)
    if not spans:
        return at, (), why
    moment = schedule_clock.in_utc(spans[0][0])
    return moment, *callers.people(step, spans[0][0], at_work=True)
