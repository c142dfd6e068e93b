"""Who is on call, who is next, who would be paged: answers from the schedules that are valid at the given time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ...errors import UsageError
from ...model.config.settings import Config
from ...model.oncall import chain as oncall_chain
from ...model.oncall import schedule_clock
from ...model.oncall.chain import Chain
from ...model.oncall.roster import OnCall
from ...model.oncall.time_spans import Duty
from ...model.vocabulary import UNKNOWN_COMPONENT
from ..common import name_lookup
from ..common.documents import SCHEMA
from ..common.time_input import When, read_when
from ..workspace.workspace import Workspace
from .documents import Coming, HandOver, Simulated, SimulatedStep, Stretch, Who
from .gaps import gaps
from .standing import Standing, of, standing
from .times import utc


def chain(config: Config, oncall: OnCall, component: str, severity: str | None, at: datetime) -> Chain:
    """Who is paged for a component from an instant on, step by step with people and times, if nobody acknowledges.

    severity: None for an immediate page outside a major. Raises InvalidRecord for schedules that cannot be resolved.
    """
    return oncall_chain.chain(config, of(config, oncall).rotas, component, severity, at)


def who(
    workspace: Workspace,
    *,
    component: str | None = None,
    team: str | None = None,
    schedule: str | None = None,
    at: str | None = None,
    by_today: bool = False,
) -> Who:
    """Who is on call at a time, or all through a day: for a component, a team, a schedule, or on every schedule.

    at: as a person types it; without an offset by the clock of the schedule, or of the page where there is none.
    Raises UsageError for unknown names and times, and what `standing` raises.
    """
    if sum(named is not None for named in (component, team, schedule)) > 1:
        raise UsageError("choose one: --component, --team or --schedule")
    now = workspace.clock()
    zone = _zone(workspace.config, workspace.oncall, _schedule_today(workspace, component, team, schedule))
    when = read_when(at, now, zone) if at else When(start=now)
    running = when.end is not None and when.start <= now < when.end  # its rest follows today's files: so does the day
    held = standing(workspace, now if running else when.start, now=now, by_today=by_today)
    owner = _owner(held.config, component) if component else _team(held.oncall, team) if team else None
    asked = schedule and _schedule(held.oncall, schedule)
    if asked is None and (component or team):
        known = held.oncall.team(owner)
        asked = known.schedule if known and held.oncall.schedule(known.schedule) else None
    stretches = _asked(held, when, component, owner, asked)
    first = stretches[0] if len(stretches) == 1 or asked or component or team else None
    uncovered = list(gaps(held.oncall, stretches, now))
    return Who(
        schema=SCHEMA,
        at=when.start,
        component=component,
        team=owner,
        people=first.people if first else list(dict.fromkeys(p for s in stretches for p in s.people)),
        schedule=first.schedule if first else None,
        layer=first.layer if first else None,
        until=first.until if first else min((s.until for s in stretches if s.until), default=None),
        stretches=stretches,
        commit=held.commit,
        committed_at=held.committed_at,
        time_zone=_zone(held.config, held.oncall, asked).key,
        warnings=[warning for warning, _ in uncovered],
        hints=[hint for _, hint in uncovered],
    )


def _asked(held: Standing, when: When, component: str | None, owner: str | None, schedule: str | None) -> list[Stretch]:
    if schedule:
        found = _through(held, schedule, when)
        return [s if s.people else _fallen(held, owner, s, when.start) for s in found] if owner else found
    if component or owner:
        return [_fallen(held, owner, _nobody(), when.start)]
    return [s for row in held.oncall.schedules for s in _through(held, row.key, When(start=when.start))]


def _through(held: Standing, schedule: str, when: When) -> list[Stretch]:
    """Who is on call on a schedule at an instant, or one after the other through a day."""
    at, end = int(when.start.timestamp()), int(when.end.timestamp()) if when.end else None
    found: list[Stretch] = []
    while True:
        start, until, duty = held.rotas.stretch(schedule, at)
        found.append(_stretch(schedule, start, until, duty))
        if end is None or until is None or until >= end:
            return found
        at = until


def _stretch(schedule: str, start: int | None, until: int | None, duty: Duty | None) -> Stretch:
    return Stretch(
        people=[duty.person] if duty else [],
        schedule=schedule,
        layer=duty.layer if duty else None,
        since=None if start is None else utc(start),
        until=None if until is None else utc(until),
        override=duty is not None and duty.layer is None,
        reason=duty.reason if duty else None,
        instead_of=duty.instead_of if duty else None,
        holiday=duty.holiday if duty else None,
    )


def _nobody() -> Stretch:
    return Stretch(people=[], schedule=None, layer=None, since=None, until=None)


def _fallen(held: Standing, team: str | None, gap: Stretch, at: datetime) -> Stretch:
    """Where nobody is on call: the people that the policy reaches first."""
    second = max(int(at.timestamp()), int(gap.since.timestamp()) if gap.since else 0)
    step = oncall_chain.first_reached(held.config, held.rotas, team, second)
    if step is None:
        return gap
    kind, _, name = step.notify.partition(":")
    return replace(
        gap,
        people=[p.person for p in step.people],
        step=step.notify,
        schedule=name if kind == "schedule" else None,
        layer=step.people[0].layer if kind == "schedule" else None,
    )


def coming(
    workspace: Workspace,
    *,
    days: int = 14,
    schedule: str | None = None,
    person: str | None = None,
    at: str | None = None,
) -> Coming:
    """The handovers of the next days, in order; for one person, those that start or end their shift."""
    oncall = workspace.oncall
    asked = _schedule(oncall, schedule) if schedule else None
    person = _person(oncall, person) if person else None
    now = workspace.clock()
    start = read_when(at, now, _zone(workspace.config, oncall, asked)).start if at else now
    if start < now - timedelta(minutes=5):
        raise UsageError("`oncall next` shows future shifts only", "who was on call: sevlog oncall who --at TIME")
    until, rotas = start + timedelta(days=days), of(workspace.config, oncall).rotas
    found: list[HandOver] = []
    for row in oncall.schedules:
        if asked in (None, row.key):
            zone = schedule_clock.zone_of(row.time_zone)
            steps = _through(
                Standing(config=workspace.config, oncall=oncall, rotas=rotas), row.key, When(start=start, end=until)
            )
            found += [_hand_over(before, after, zone) for before, after in pairwise(steps)]
    found = [h for h in found if h.at < until and person in (None, h.before, h.person)]
    found.sort(key=lambda h: h.at)
    own = rotas.zone_of_person(person) if person else None
    return Coming(
        schema=SCHEMA,
        since=start,
        until=until,
        person=person,
        schedule=asked,
        handovers=found,
        time_zone=own.key if own else None,
    )


def planned(workspace: Workspace, days: int) -> list[Stretch]:
    """Who is on call on each schedule from now on for some days, one stretch after the other, schedule by schedule."""
    now = workspace.clock()
    held = of(workspace.config, workspace.oncall)
    ahead = When(start=now, end=now + timedelta(days=days))
    return [stretch for row in held.oncall.schedules for stretch in _through(held, row.key, ahead)]


def _hand_over(before: Stretch, after: Stretch, zone: ZoneInfo) -> HandOver:
    assert after.since is not None and after.schedule is not None
    return HandOver(
        at=after.since,
        schedule=after.schedule,
        before=next(iter(before.people), None),
        person=next(iter(after.people), None),
        until=after.until,
        layer=after.layer,
        override=after.override,
        reason=after.reason,
        instead_of=after.instead_of,
        holiday=after.holiday,
        time_zone=zone.key,
    )


def simulate(
    workspace: Workspace, component: str, severity: str | None, *, at: str | None = None, by_today: bool = False
) -> Simulated:
    """Who would be paged when, if nobody acknowledged. Raises UsageError for unknown names and times."""
    zone = _zone(workspace.config, workspace.oncall, _schedule_today(workspace, component, None, None))
    now = workspace.clock()
    moment = read_when(at, now, zone).start if at else now
    held = standing(workspace, moment, now=now, by_today=by_today)
    key = name_lookup.component(held.config, component)
    level = name_lookup.severity(held.config, severity) if severity else None
    found = oncall_chain.chain(held.config, held.rotas, key, level, moment)
    return Simulated(
        schema=SCHEMA,
        at=moment,
        component=key,
        severity=level,
        team=found.team,
        silent=found.silent,
        commit=held.commit,
        committed_at=held.committed_at,
        time_zone=zone.key,
        steps=[
            SimulatedStep(
                at=step.at,
                after=(step.at - moment).total_seconds(),
                track=step.track,
                policy=step.policy,
                number=step.number,
                round=step.round,
                notify=step.notify,
                people=[p.person for p in step.people],
                contact={p.person: list(p.contact) for p in step.people},
                passed_over=step.passed_over,
                waited=step.waited,
            )
            for step in found.steps
        ],
    )


def _zone(config: Config, oncall: OnCall, schedule: str | None) -> ZoneInfo:
    """The zone of a schedule, or of the page."""
    known = oncall.schedule(schedule)
    return schedule_clock.zone_of(known.time_zone if known else config.page.time_zone)


def _schedule_today(workspace: Workspace, component: str | None, team: str | None, schedule: str | None) -> str | None:
    """The schedule, by today's files, whose clock a request is read by; None where there is none."""
    found = workspace.config.component(component) if component else None
    known = workspace.oncall.team(found.owner if found else team)
    return schedule or (known.schedule if known else None)


def _owner(config: Config, component: str) -> str | None:
    key = name_lookup.component(config, component)
    found = config.component(key)
    return found.owner if found and key != UNKNOWN_COMPONENT else None


def _team(oncall: OnCall, word: str) -> str:
    return name_lookup.choose("team", word, (t.key for t in oncall.teams))


def _schedule(oncall: OnCall, word: str) -> str:
    return name_lookup.choose("schedule", word, (s.key for s in oncall.schedules))


def _person(oncall: OnCall, word: str) -> str:
    return name_lookup.choose("person", word, (p.key for p in oncall.people))
