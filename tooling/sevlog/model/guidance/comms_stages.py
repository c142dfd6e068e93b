"""The updates due to each audience: the first one, promised ones, drafts (S17, S48 to S51)."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..comms.drafts import waiting
from ..comms.plan import OUTSIDE, plan_of
from ..config.settings import Config, duration
from ..timeline.entries import Update
from ..timeline.state import State
from ..vocabulary import FINAL_PHASES, Audience
from .todo import Todo, late

_SOON = timedelta(minutes=10)
"""How long before it is due an update is needed that a merged incident promised."""


def clock_of_comms(state: State) -> datetime | None:
    """When the deadlines of first updates start: command was taken or the incident confirmed, whichever is first."""
    clocks = (state.milestones.acknowledged_at, state.milestones.confirmed_at)
    return min((at for at in clocks if at), default=None)


def owed(state: State, audience: str) -> bool:
    """Whether an audience gets updates: restricted incidents stay internal, and so do those without customer impact."""
    if audience not in OUTSIDE:
        return True
    return state.card.visibility != "restricted" and state.assessment.scope != "none"


def first_updates(state: State, config: Config, now: datetime) -> tuple[Todo, ...]:
    """The first updates that are missing, soonest due first.

    What a merged incident promised earlier than that is among the following updates.
    """
    level = config.severity(state.severity)
    started = clock_of_comms(state)
    heard = {u.entry.audience for u in state.updates}
    if level is None or started is None or state.assessment.confirmed is False:
        return ()
    todo = []
    for audience in level.first_update_within:
        if audience in heard or not owed(state, audience):
            continue
        due, by = _first_limit(state, config, audience, started)
        if audience in state.promised_in and (due is None or state.next_update_due[audience] < due):
            continue
        what = f"send the first update to {audience_name(audience)}"
        said = what if by in (None, state.severity) else f"{what}, as required at {by}"
        todo.append(late(Todo(what=said, command=_first(state, audience), due_at=due, audience=audience), now))
    return tuple(sorted(todo, key=lambda t: t.due_at or now))


def _first_limit(
    state: State, config: Config, audience: Audience, started: datetime
) -> tuple[datetime | None, str | None]:
    """When the first update is due, and the severity that requires it.

    Each severity counts from when it began, but not before `started`. A limit that ran out before the severity changed
    stays missed, and a stricter severity never allows more time than the one before.
    """
    steps = [(step.at, step.level) for step in state.severity_steps] or [(started, state.severity or "")]
    before = [step for step in steps if step[0] <= started][-1:]
    due: datetime | None = None
    by: str | None = None
    allowed: timedelta | None = None
    for at, key in (*before, *(step for step in steps if step[0] > started)):
        begins = max(at, started)
        if due is not None and due <= begins:
            break
        level = config.severity(key)
        text = level.first_update_within.get(audience) if level else None
        within = duration(text) if text else None
        limit = begins + within if within else None
        is_stricter = within is not None and allowed is not None and within <= allowed
        if not (is_stricter and due is not None and limit is not None and due <= limit):
            due, by = limit, key
        allowed = within
    return due, by


def following_updates(state: State, config: Config, now: datetime) -> tuple[Todo, ...]:
    """The next updates, by promise or else by cadence. They are needed once a fifth of the cadence is left."""
    last: dict[Audience, Update] = {u.entry.audience: u.entry for u in state.updates}
    todo = []
    for audience in dict.fromkeys([*last, *state.promised_in]):
        elsewhere = state.promised_in.get(audience)
        due, ahead = (state.next_update_due[audience], _SOON) if elsewhere else (None, _SOON)
        own = _followed_here(state, config, last[audience]) if audience in last else None
        if own is not None and (due is None or own[0] < due):
            (due, ahead), elsewhere = own, None
        if due is None or not owed(state, audience):
            continue
        whose = f", promised in {elsewhere}" if elsewhere else ""
        waiting = Todo(
            what=f"send the next update to {audience_name(audience)}{whose}",
            command=f'sevlog update -i ID --audience {audience}{_title(state, audience)} "…"',
            due_at=due,
            needed=now >= due - ahead,
            audience=audience,
        )
        todo.append(late(waiting, now))
    return tuple(sorted(todo, key=lambda t: t.due_at or now))


def _followed_here(state: State, config: Config, update: Update) -> tuple[datetime, timedelta] | None:
    """When the next update is due after this one, and how long before it is needed; None if none is."""
    audience = update.audience
    if state.last_phases[audience] in FINAL_PHASES:
        return None
    every = plan_of(config, state, audience, update.phase).every
    promised = None if audience in state.promised_in else state.next_update_due.get(audience)
    due = promised or (update.at + every if every else None)
    return None if due is None else (due, (every or due - update.at) / 5)


def audience_name(audience: str) -> str:
    """An audience in words."""
    return {
        "public": "customers",
        "internal": "colleagues",
        "executive": "executives",
        "social": "social networks",
    }.get(audience, audience)


def waiting_drafts(state: State, now: datetime) -> tuple[Todo, ...]:
    """The drafts that wait for approval, with approver and waiting time."""
    found = []
    for draft in waiting(state):
        asked = draft.asked or "anybody"
        since = f"{int(draft.waited(now).total_seconds() // 60)} min"
        what = f"{asked}: approve draft {draft.ref} by {draft.author}, waiting for {since}"
        found.append(Todo(what=what, command=f"sevlog approve -i ID {draft.ref}"))
    return tuple(found)


def _first(state: State, audience: str) -> str:
    """The command for the first update; its template needs only facts that are known by then."""
    return f"sevlog update -i ID --audience {audience}{_title(state, audience)} --template initial"


def _title(state: State, audience: str) -> str:
    return ' --title "…"' if audience == "public" and not state.card.public_title else ""
