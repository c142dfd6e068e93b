"""The people to page for an incident now: by the policies, by name, or because pages to them were grouped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from ...errors import NotFound, Refused, UsageError
from ...model.oncall import callers as oncall_callers
from ...model.oncall import escalation, schedule_clock
from ...model.oncall.grouping import OpenGroup, open_groups, waiting_for
from ...model.oncall.roster import EscalationStep
from ...model.timeline.state import State
from ..oncall.standing import of
from ..oncall.times import utc
from ..recording.recipients import recipient
from ..workspace.workspace import Workspace
from .documents import Waiting


class Call(Struct, frozen=True, kw_only=True):
    """A person to page, on these contact points. key: the same for the same step, however often it is tried.

    sums_up: it names what was grouped, and does not count as a step.
    """

    person: str
    contact: tuple[str, ...]
    asked: str
    key: str
    policy: str | None = None
    step: int | None = None
    said: str | None = None
    sums_up: bool = False


_SKEW = timedelta(minutes=1)
"""So far ahead of this clock an entry may be and still count as made now: clocks of machines differ."""


def _time_of_page(workspace: Workspace, state: State) -> datetime:
    """The time by this clock, or that of the newest entry where this clock is a little behind it."""
    now = workspace.clock()
    return max((now, *(item.at for item in state.timeline if item.at <= now + _SKEW)))


def due_calls(
    workspace: Workspace, state: State, live: Sequence[State], *, ahead: bool
) -> tuple[list[Call], list[Waiting]]:
    """The people to page for an incident now, and what waits: steps of its policies, and pages that were grouped."""
    now = _time_of_page(workspace, state)
    rotas = of(workspace.config, workspace.oncall).rotas
    groups = open_groups(workspace.config, rotas, state, live)
    found = escalation.following(workspace.config, rotas, state, now, past_raiser=ahead)
    if not found and not groups:
        raise Refused(
            f"{state.id}: nobody to page: {escalation.why_nobody(workspace.config, workspace.oncall, state)}",
            f"to page a person: sevlog page -i {state.id} --to PERSON",
        )
    calls, waiting = _steps(found, now, ahead=ahead)
    nobody = [step for step in found if isinstance(step, escalation.Stopped) and not step.answered]
    if not calls and not groups and len(nobody) == len(found):
        raise NotFound(
            f"{state.id}: nobody is left to page ({'; '.join(f'{s.track}: {s.why}' for s in nobody)})",
            f"to page a person: sevlog page -i {state.id} --to PERSON",
            "see why the chain ends: sevlog oncall check",
        )
    more, later = _sums(workspace, groups, now, ahead=ahead)
    return [*calls, *more], [*waiting, *later]


def _steps(
    found: Sequence[escalation.Step | escalation.Stopped], now: datetime, *, ahead: bool
) -> tuple[list[Call], list[Waiting]]:
    """The steps that are due, and the policies that page nobody now."""
    calls: list[Call] = []
    waiting: list[Waiting] = []
    for step in found:
        if isinstance(step, escalation.Stopped):
            waiting.append(Waiting(policy=step.track, why=step.why, next_at=None))
        elif step.at > now and not ahead:
            who = ", ".join(paged.person for paged in step.people)
            why = f"next is {who} ({step.notify}){', in their working hours, not in quiet hours' if step.held else ''}"
            waiting.append(Waiting(policy=step.track, why=why, next_at=utc(int(step.at.timestamp()))))
        else:
            calls += [
                Call(
                    person=paged.person,
                    contact=paged.contact,
                    asked=step.notify,
                    policy=step.policy,
                    step=step.number,
                    said=step.said,
                    key=f"{step.track}.{step.since:%Y%m%dT%H%M%SZ}.{step.turn}.{paged.person}",
                )
                for paged in step.people
            ]
    return calls, waiting


def _sums(
    workspace: Workspace, groups: Sequence[OpenGroup], now: datetime, *, ahead: bool
) -> tuple[list[Call], list[Waiting]]:
    """The pages that name what was grouped, if it is time for them."""
    calls: list[Call] = []
    waiting: list[Waiting] = []
    for group in groups:
        name = group.page.target
        person = workspace.oncall.person(name)
        if group.due > now and not ahead:
            why = f"{name} was paged shortly before; one page names all that waits"
            waiting.append(Waiting(policy=group.page.policy or name, why=why, next_at=group.due))
        else:
            key = f"group.{_millis(group.page.at)}.{name}"
            contact = person.contact if person else ()
            calls.append(Call(person=name, contact=contact, asked=f"person:{name}", key=key, sums_up=True))
    return calls, waiting


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def also_waiting(workspace: Workspace, live: Sequence[State], incident: str, person: str) -> list[State]:
    """The other incidents that wait for a person, the most urgent first: they were paged for them, or are now."""
    now, rotas = workspace.clock(), of(workspace.config, workspace.oncall).rotas
    others = [state for state in live if state.id != incident]
    due = {
        state.id
        for state in others
        for step in escalation.following(workspace.config, rotas, state, now)
        if isinstance(step, escalation.Step) and step.at <= now and any(p.person == person for p in step.people)
    }
    return waiting_for(workspace.config, others, person, due)


def named_calls(workspace: Workspace, target: str) -> tuple[list[Call], list[Waiting]]:
    """The people that the user names, independent of the policies."""
    chosen = recipient(workspace, target)
    kind, colon, _ = chosen.partition(":")
    if kind == "policy":
        raise UsageError("start a policy with `sevlog escalate`", f"sevlog escalate --to {chosen} --reason …")
    asked = chosen if colon else f"person:{chosen}"
    rotas = of(workspace.config, workspace.oncall).rotas
    callers = oncall_callers.Callers(rotas, schedule_clock.zone_of(workspace.config.page.time_zone))
    now = workspace.clock()
    people, why = callers.people(EscalationStep(notify=asked), int(now.timestamp()))
    if not people:
        known = workspace.oncall.person(chosen)
        if known is None:
            raise NotFound(f"{asked}: {why}", "see who is on call: sevlog oncall who")
        people = (oncall_callers.Paged(person=known.key, contact=known.contact),)  # away, but asked for by name
    return [
        Call(person=p.person, contact=p.contact, asked=asked, key=f"{asked}.{_millis(now)}.{p.person}") for p in people
    ], []
