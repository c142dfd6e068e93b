"""The updates due to each audience: the first one, promised ones, drafts (S17, S48 to S51)."""

from __future__ import annotations

from datetime import datetime

from ..comms.drafts import waiting
from ..comms.plan import OUTSIDE, plan_of
from ..config.settings import Config, Severity, duration
from ..timeline.state import State
from ..vocabulary import FINAL_PHASES
from .todo import Todo, late


def clock_of_comms(state: State) -> datetime | None:
    """When the deadlines of first updates start: command was taken or the incident confirmed, whichever is first."""
    clocks = (state.milestones.acknowledged_at, state.milestones.confirmed_at)
    return min((at for at in clocks if at), default=None)


def owed(state: State, audience: str) -> bool:
    """Whether an audience gets updates: restricted incidents stay internal, and so do those without customer impact."""
    if audience not in OUTSIDE:
        return True
    return state.card.visibility != "restricted" and state.assessment.scope != "none"


def first_updates(state: State, level: Severity | None, now: datetime) -> tuple[Todo, ...]:
    """The first updates that are missing, soonest due first."""
    started = clock_of_comms(state)
    heard = {u.entry.audience for u in state.updates}
    if level is None or started is None:
        return ()
    todo = [
        late(
            Todo(
                what=f"send the first update to {audience_name(audience)}",
                command=_first(state, audience),
                due_at=started + duration(within),
            ),
            now,
        )
        for audience, within in level.first_update_within.items()
        if audience not in heard and owed(state, audience)
    ]
    return tuple(sorted(todo, key=lambda t: t.due_at or now))


def following_updates(state: State, config: Config, now: datetime) -> tuple[Todo, ...]:
    """The next updates, by promise or else by cadence. They are needed once a fifth of the cadence is left."""
    last = {u.entry.audience: u.entry for u in state.updates}
    todo = []
    for audience, update in last.items():
        every = plan_of(config, state, update.audience, update.phase).every
        due = state.next_update_due.get(audience) or (update.at + every if every else None)
        if due is None or update.phase in FINAL_PHASES or not owed(state, audience):
            continue
        ahead = (every or due - update.at) / 5
        what = f"send the next update to {audience_name(audience)}"
        waiting = Todo(
            what=what,
            command=f'sevlog update -i ID --audience {audience}{_title(state, audience)} "…"',
            due_at=due,
            needed=now >= due - ahead,
        )
        todo.append(late(waiting, now))
    return tuple(sorted(todo, key=lambda t: t.due_at or now))


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
        found.append(Todo(what=what, command=f"sevlog comms approve -i ID {draft.ref}"))
    return tuple(found)


def _first(state: State, audience: str) -> str:
    """The command for the first update; its template needs only facts that are known by then."""
    return f"sevlog update -i ID --audience {audience}{_title(state, audience)} --template initial"


def _title(state: State, audience: str) -> str:
    return ' --title "What customers see"' if audience == "public" and not state.card.public_title else ""
