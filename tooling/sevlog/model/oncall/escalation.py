"""The next people to page for an incident, and when, based on the pages that were sent.

A track is one policy that runs for the incident: of the owners of its components, of the incident managers for a major
one, and one per request for help. A track stops when somebody answers. Each step waits from the time of the step
before, so a driver that was down for an hour does not page everyone at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from ..config.settings import Config, duration
from ..timeline.entries import Escalated, Raised
from ..timeline.state import PageState, State
from ..vocabulary import Paging
from . import schedule_clock
from .callers import Callers, Paged
from .chain import DEFAULT_WAIT, PATIENCE, policy_of, tracks
from .roster import EscalationPolicy, EscalationStep, OnCall
from .rotations import Rotations

Reason = Literal["on_call", "incident_manager", "escalated"]
PAGED_KINDS = frozenset({"incident", "drill"})
"""Kinds of records that page: a maintenance is planned, and a retrospective is over."""


class Track(Struct, frozen=True, kw_only=True):
    """A policy that runs for an incident since an instant. said: the reason of a request for help.

    written: it is in oncall.yaml; else it was made from a team, a schedule or a person.
    """

    policy: EscalationPolicy
    written: bool
    since: datetime
    paging: Paging
    reason: Reason
    said: str | None = None


class Step(Struct, frozen=True, kw_only=True):
    """The next step of a track: who to page, and when.

    policy: its key, None if it is not in oncall.yaml. number: its place there. turn: how many steps of the track were
    taken before. held: whether it waits for the hours in which its people get pages that can wait.
    """

    track: str
    policy: str | None
    number: int
    turn: int
    notify: str
    at: datetime
    people: tuple[Paged, ...]
    reason: Reason
    since: datetime
    said: str | None = None
    held: bool = False


class Stopped(Struct, frozen=True, kw_only=True):
    """A track without further pages. answered: somebody answered; else no step is left."""

    track: str
    why: str
    answered: bool


def following(
    config: Config, rotas: Rotations, state: State, now: datetime, *, past_raiser: bool = False
) -> list[Step | Stopped]:
    """The next step of each track of an incident. Empty if it does not page: over, in triage, planned.

    past_raiser: go on to the next step where one would page only the person who raised the incident.
    """
    callers = Callers(rotas, schedule_clock.zone_of(config.page.time_zone))
    level = config.severity(state.severity)
    wait = duration(level.ack_within) if level and level.ack_within else DEFAULT_WAIT
    found = tracks_of(config, rotas.oncall, state)
    return [_next(track, callers, state, wait, now, past_raiser=past_raiser) for track in found]


def answer_awaited_until(config: Config, oncall: OnCall, state: State) -> datetime | None:
    """When the wait of the last step that was taken ends, over all tracks; None where nobody was reached."""
    level = config.severity(state.severity)
    wait = duration(level.ack_within) if level and level.ack_within else DEFAULT_WAIT
    ends = []
    for track in tracks_of(config, oncall, state):
        groups = _groups([page for page in state.pages if page.at >= track.since and is_of(track, page)])
        if groups and not all(page.failed for page in groups[-1]):
            ends.append(_due(track, groups, wait))
    return max(ends, default=None)


def tracks_of(config: Config, oncall: OnCall, state: State) -> list[Track]:
    """The policies that run for an incident, each once."""
    if state.category != "live" or state.card.kind not in PAGED_KINDS or not state.status_steps:
        return []
    found: dict[str, Track] = {}
    level, since = config.severity(state.severity), _since(config, state)
    paging: Paging = level.page if level else "immediate"
    owners = [component.owner if component else None for component in map(config.component, state.components)]
    for owner in owners if paging != "none" else ():
        for name, policy in tracks(oncall, owner, major=state.major):
            reason: Reason = "on_call" if name == "responders" else "incident_manager"
            track = Track(
                policy=policy,
                written=oncall.escalation(policy.key) is policy,
                since=since,
                paging=paging,
                reason=reason,
            )
            found.setdefault(policy.key, track)
    for asked in state.escalations:
        chosen = _asked(oncall, asked)
        if chosen is not None:
            found[chosen.key] = Track(
                policy=chosen,
                written=oncall.escalation(chosen.key) is chosen,
                since=asked.at,
                paging="immediate",
                reason="escalated",
                said=asked.reason,
            )
    return list(found.values())


def why_nobody(config: Config, oncall: OnCall, state: State) -> str:
    """Why an incident has no track: its severity pages nobody, or nobody is responsible for its components."""
    level = config.severity(state.severity)
    if level and level.page == "none":
        return f"{state.severity} pages nobody (`page: none` in sevlog.yaml)"
    owners = {key: (found.owner if found else None) for key in state.components for found in [config.component(key)]}
    unowned = [key for key, owner in owners.items() if owner is None]
    idle = list(dict.fromkeys(owner for owner in owners.values() if owner is not None))
    said = [f"no team owns {' and '.join(unowned)} (`owner` in sevlog.yaml)"] if unowned else []
    said += [f"team {team} has no policy, schedule or members in oncall.yaml" for team in idle]
    return "; ".join(said) or "it affects no component"


def waiting(state: State) -> tuple[PageState, ...]:
    """The pages without an answer. Any later entry by the paged person is an answer, and so is taking command.

    A failed page reached nobody, so no answer is expected.
    """
    return tuple(page for page in state.pages if not page.failed and answer_of(page, state) is None)


def answer_of(page: PageState, state: State) -> str | None:
    """Who answered a page: by acknowledging it, by taking command after it, or by any later entry."""
    if page.answered_at is not None:
        return page.answered_by or page.target
    leading = (h for h in (*state.holders, *state.former_holders) if h.role in state.lead_roles)
    took_command = next((holder.person for holder in leading if holder.since >= page.at), None)
    if took_command is not None:
        return took_command
    acted = any(i.entry.by == page.target and i.at >= page.at and i.kind != "paged" for i in state.timeline)
    return page.target if acted else None


def _since(config: Config, state: State) -> datetime:
    """Since when the current paging applies; a change of severity that changes it starts again."""
    found = state.status_steps[0].at
    ways = [(config.severity(step.level), step.at) for step in state.severity_steps]
    for level, at in reversed(ways):
        now = ways[-1][0]
        if (level and (level.page, level.major)) != (now and (now.page, now.major)):
            break
        found = at
    return found


def _asked(oncall: OnCall, asked: Escalated) -> EscalationPolicy | None:
    """The policy for a request for help: of a person, a team, a schedule, or by name."""
    kind, colon, name = asked.to.partition(":")
    if not colon:
        kind, name = "person", asked.to
    if kind == "policy":
        return oncall.escalation(name)
    if kind == "team":
        return policy_of(oncall, name)
    target = f"{kind}:{name}"
    return EscalationPolicy(key=target, steps=(EscalationStep(notify=target),))


def _next(
    track: Track, callers: Callers, state: State, wait: timedelta, now: datetime, *, past_raiser: bool
) -> Step | Stopped:
    key = track.policy.key
    done = [page for page in state.pages if page.at >= track.since and is_of(track, page)]
    who = next((name for page in done if (name := answer_of(page, state))), None)
    if who is None and track.reason != "escalated" and state.lead is not None:
        who = state.lead
    if who is not None:
        return Stopped(track=key, why=f"{who} answered", answered=True)
    groups = _groups(done)
    for place, due in _ways_on(track, groups, wait):
        step = track.policy.steps[place]
        at, people = _reached(callers, step, track.paging, max(due, now))
        if not people:
            continue
        first_to_know = _raiser(state) if track.reason != "escalated" else None
        others = tuple(paged for paged in people if paged.person != first_to_know)
        if not others and past_raiser:
            continue
        if not others:
            return Stopped(track=key, why=f"{first_to_know} raised it and would be paged", answered=True)
        return Step(
            track=key,
            policy=key if track.written else None,
            number=place + 1,
            turn=len(groups),
            notify=step.notify,
            at=due if at <= now else at,
            people=others,
            reason=track.reason,
            since=track.since,
            said=track.said,
            held=at > max(due, now),
        )
    return Stopped(track=key, why="no step reaches anybody" if not groups else "all steps were taken", answered=False)


def is_of(track: Track, page: PageState) -> bool:
    """Whether a page took a step of this track."""
    if track.written:
        return page.policy == track.policy.key
    return page.policy is None and page.step is not None and page.asked in [s.notify for s in track.policy.steps]


def _groups(done: list[PageState]) -> list[list[PageState]]:
    """The pages grouped by step, that is by act."""
    found: list[list[PageState]] = []
    for page in done:
        if found and (found[-1][0].step, found[-1][0].at) == (page.step, page.at):
            found[-1].append(page)
        else:
            found.append([page])
    return found


def _ways_on(track: Track, groups: list[list[PageState]], wait: timedelta) -> Iterator[tuple[int, datetime]]:
    """The places of the steps that can be taken next, and when: those not taken yet, then those that reached nobody.

    A step whose every page failed has reached nobody: it is due again after its wait.
    """
    due = _due(track, groups, wait)
    yield from ((place, due) for place in _open_steps(track.policy, groups))
    last: dict[int, list[PageState]] = {group[0].step: group for group in groups if group[0].step}
    for number, group in sorted(last.items(), key=lambda pair: pair[1][0].at):
        if all(page.failed for page in group) and number <= len(track.policy.steps):
            own = track.policy.steps[number - 1].wait
            yield number - 1, max(due, group[0].at + (duration(own) if own else wait))


def _due(track: Track, groups: list[list[PageState]], wait: timedelta) -> datetime:
    """When the next step is due: after the wait of the one before, or at once if that reached nobody."""
    if not groups:
        return track.since
    last = groups[-1]
    if all(page.failed for page in last):
        return last[0].at
    number = last[0].step or 0
    step = track.policy.steps[number - 1] if 0 < number <= len(track.policy.steps) else None
    return last[0].at + (duration(step.wait) if step and step.wait else wait)


def _open_steps(policy: EscalationPolicy, groups: list[list[PageState]]) -> Iterator[int]:
    """The indexes of the steps that were not taken yet, including repetitions."""
    numbers = [group[0].step for group in groups]
    all_places = list(places(policy))
    at = 0
    for number in numbers:
        found = next((i for i in range(at, len(all_places)) if all_places[i] + 1 == number), None)
        at = at if found is None else found + 1
    yield from all_places[at:]


def places(policy: EscalationPolicy) -> Iterator[int]:
    """The indexes of the steps in the order in which they are taken, including repetitions."""
    left = {place: step.repeat or 0 for place, step in enumerate(policy.steps)}
    place = 0
    while place < len(policy.steps):
        yield place
        if left[place]:
            left[place] -= 1
            place = 0
        else:
            place += 1


def _reached(
    callers: Callers, step: EscalationStep, paging: Paging, at: datetime
) -> tuple[datetime, tuple[Paged, ...]]:
    """The people that a step reaches at an instant; for `working_hours`, when it next reaches somebody."""
    second, at_work = int(at.timestamp()), paging == "working_hours"
    people, _ = callers.people(step, second, at_work=at_work)
    if people or not at_work:
        return at, people
    spans = callers.when(step, second, second + PATIENCE, at_work=True)
    if not spans:
        return at, ()
    return schedule_clock.in_utc(spans[0][0]), callers.people(step, spans[0][0], at_work=True)[0]


def _raiser(state: State) -> str | None:
    return next((item.entry.by for item in state.timeline if isinstance(item.entry, Raised)), None)
