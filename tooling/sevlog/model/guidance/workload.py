"""Workload per person: roles, tasks, hours engaged, nights, and reminders to take a break (S64, S73 to S75)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..config.policies import WorkloadLimits
from ..config.settings import Config
from ..oncall.roster import OnCall
from ..timeline.state import State

_NIGHT_FROM, _NIGHT_TO = time(22), time(7)
_GAP = timedelta(hours=2)
"""A person without a role who recorded nothing for this long was not engaged in that time."""


class Duty(Struct, frozen=True, kw_only=True):
    """A role of a person in a live incident."""

    incident: str
    role: str
    lead: bool
    since: datetime
    workstream: str | None = None


class OpenTask(Struct, frozen=True, kw_only=True):
    """An open task of a person."""

    incident: str
    ref: str
    text: str | None


class Load(Struct, frozen=True, kw_only=True):
    """The workload of one person. hours_engaged: until now, without a break of two hours.

    nights: those of the last seven in which they recorded something or were paged (22:00 to 07:00 in their time zone).
    """

    person: str
    duties: tuple[Duty, ...]
    tasks: tuple[OpenTask, ...]
    engaged_since: datetime | None
    hours_engaged: float
    nights: int
    nudges: tuple[str, ...]


def required_roles(state: State, config: Config) -> tuple[str, ...]:
    """The roles that the severity or the type requires, in the order of the catalog."""
    kind = config.incident_type(state.card.type)
    by_type = kind.roles.required if kind and kind.roles else ()
    return tuple(
        role.key
        for role in config.roles
        if role.key in by_type
        or (role.required and (state.severity in role.required.severities or state.card.type in role.required.types))
    )


def missing_roles(state: State, config: Config) -> tuple[str, ...]:
    """The required roles without a holder."""
    held = {holder.role for holder in state.holders}
    return tuple(role for role in required_roles(state, config) if role not in held)


def forbidden_pairs(state: State, config: Config) -> Iterator[tuple[str, str, str]]:
    """(person, role, role) for each pair of roles that one person should not hold on a major, each pair once."""
    if not state.major:
        return
    held: dict[str, set[str]] = {}
    for holder in state.holders:
        held.setdefault(holder.person, set()).add(holder.role)
    seen: set[tuple[str, frozenset[str]]] = set()
    for person, roles in held.items():
        for role in config.roles:
            for other in role.not_with if role.key in roles else ():
                pair = (person, frozenset((role.key, other)))
                if other in roles and pair not in seen:
                    seen.add(pair)
                    yield person, role.key, other


def workload(
    states: Iterable[State],
    oncall: OnCall,
    now: datetime,
    limits: WorkloadLimits | None = None,
    recent: Iterable[State] = (),
) -> tuple[Load, ...]:
    """The workload of each person over all live incidents, the highest first.

    states: the live incidents. recent: those that ended in the last seven days, for hours and nights.
    """
    live, limits = list(states), limits or WorkloadLimits()
    duties: dict[str, list[Duty]] = {}
    tasks: dict[str, list[OpenTask]] = {}
    for state in live:
        for h in state.holders:
            duty = Duty(
                incident=state.id,
                role=h.role,
                lead=h.person == state.lead and h.role in state.lead_roles,
                since=h.since,
                workstream=h.workstream,
            )
            duties.setdefault(h.person, []).append(duty)
        for task in state.tasks.values():
            if task.state == "open" and task.assignee:
                open_task = OpenTask(incident=state.id, ref=task.ref, text=task.text)
                tasks.setdefault(task.assignee, []).append(open_task)
    seen = _activity([*live, *recent], now)
    busy = {*duties, *tasks, *(person for person, times in seen.items() if now - max(times) < _GAP)}
    loads = [
        _load(person, duties.get(person, []), tasks.get(person, []), seen.get(person, []), oncall, now, limits)
        for person in busy
    ]
    return tuple(sorted(loads, key=lambda w: (-len(w.nudges), -len(w.duties) - len(w.tasks), w.person)))


def could_take_over(loads: Iterable[Load], people: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The people who carry nothing now, those with the fewest nights of work in the last seven days first.

    people: those who are there to be asked: listed, and not away.
    """
    carried = {load.person: load for load in loads}
    free = [person for person in people if not (person in carried and _carries(carried[person]))]
    return tuple(sorted(free, key=lambda person: carried[person].nights if person in carried else 0)[:most])


def _carries(load: Load) -> bool:
    return bool(load.duties or load.tasks or load.nudges)


def _activity(states: Iterable[State], now: datetime) -> dict[str, list[datetime]]:
    """Person -> the times of their entries and pages in the last seven days."""
    oldest = now - timedelta(days=7)
    found: dict[str, list[datetime]] = {}
    for state in states:
        for item in state.timeline:
            if item.effective is not None and item.entry.by and oldest <= item.at <= now:
                found.setdefault(item.entry.by, []).append(item.at)
        for page in state.pages:
            person = page.target.removeprefix("person:")
            if ":" not in person and oldest <= page.at <= now:
                found.setdefault(person, []).append(page.at)
    return found


def _load(
    person: str,
    duties: list[Duty],
    tasks: list[OpenTask],
    seen: list[datetime],
    oncall: OnCall,
    now: datetime,
    limits: WorkloadLimits,
) -> Load:
    since = _engaged_since(sorted(seen), duties, now)
    hours = (now - since).total_seconds() / 3600 if since else 0.0
    zone = next((p.time_zone for p in oncall.people if p.key == person and p.time_zone), "Etc/UTC")
    nights = len({night for at in seen if (night := night_of(at, zone)) is not None})
    nudges = []
    if hours >= limits.hours:
        nudges.append(f"engaged for {hours:.0f} hours: take a break or hand over")
    if nights >= limits.nights:
        nudges.append(f"{nights} nights in the last seven days: let someone else cover the next one")
    if len(duties) + len(tasks) > limits.things:
        nudges.append(f"{len(duties) + len(tasks)} roles and tasks: reassign some of them")
    leading = [duty.incident for duty in duties if duty.lead]
    if len(leading) > 1:
        nudges.append(f"leads {len(leading)} incidents at once")
    return Load(
        person=person,
        duties=tuple(duties),
        tasks=tuple(tasks),
        engaged_since=since,
        hours_engaged=hours,
        nights=nights,
        nudges=tuple(nudges),
    )


def _engaged_since(times: list[datetime], duties: list[Duty], now: datetime) -> datetime | None:
    """The start of the current period of work: back from the last activity, over gaps shorter than two hours.

    Somebody who holds a role is engaged since they got it, whether they type or not (S74).
    """
    held = min((duty.since for duty in duties), default=None)
    if held is None and (not times or now - times[-1] >= _GAP):
        return None
    start = held or times[-1]
    for at in reversed(times):
        if start - at >= _GAP:
            break
        start = min(start, at)
    return start


def night_of(at: datetime, zone: str) -> str | None:
    """The date on which the night of a time began, in a time zone; None by day."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ValueError, OSError, KeyError):
        local = at
    if local.time() >= _NIGHT_FROM:
        return local.date().isoformat()
    if local.time() < _NIGHT_TO:
        return (local - timedelta(days=1)).date().isoformat()
    return None
