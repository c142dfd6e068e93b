"""What the figures need of one incident, and nothing that depends on when it is asked for (the index keeps it)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ...timeline.entries import ActionTaken, Handover, ImpactChanged, Note, known_at
from ...timeline.incident import Record
from ...timeline.state import Milestones, State, StatusStep
from ...vocabulary import LIVE_CATEGORIES, ActionClass, ActionStatus, Audience, Category, Impact, IncidentKind
from ..actions import due_day

MITIGATING = frozenset({"mitigation", "rollback"})
_STEP = re.compile(
    r"Action item (A[1-9][0-9]{0,3}) (added|accepted|in progress|done|verified|will not be done|reopened)\b"
)


class Promise(Struct, frozen=True, array_like=True, gc=False):
    """An update that promised the next one. next_at: the next update to the same audience; None if there was none."""

    audience: Audience
    at: datetime
    due: datetime
    next_at: datetime | None = None


class ActionFact(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An action item. accepted_at, done_at: as the timeline has them; None where it says nothing."""

    id: str
    status: ActionStatus
    class_: ActionClass
    due: str | None = None
    accepted_at: datetime | None = None
    done_at: datetime | None = None


class Facts(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An incident.

    typed: the milestones that are on record as such, and not derived from another one. is_live: whether the response
    goes on. ends: when it ended, each time. holds: time, component, state. pages: person and time of each page that
    reached a person with a message of its own. errors: how many findings are errors.
    """

    id: str
    kind: IncidentKind
    type: str
    category: Category
    status: str = ""
    merged: bool = False
    severity: str | None = None
    milestones: Milestones = Milestones()
    typed: tuple[str, ...] = ()
    is_live: bool = False
    ends: tuple[datetime, ...] = ()
    severity_steps: tuple[tuple[datetime, str], ...] = ()
    holds: tuple[tuple[datetime, str, Impact], ...] = ()
    promises: tuple[Promise, ...] = ()
    relapses: int = 0
    handovers: int = 0
    pages: tuple[tuple[str, datetime], ...] = ()
    actions: tuple[ActionFact, ...] = ()
    errors: int = 0

    @property
    def began_at(self) -> datetime | None:
        """When it counts: when it was raised."""
        return self.milestones.raised_at or self.milestones.detected_at

    @property
    def components(self) -> frozenset[str]:
        """The components that it affected at any time."""
        return frozenset(key for _, key, impact in self.holds if impact != "operational")


def recorded_by(record: Record, then: datetime) -> Record:
    """The record as its files were at a time: without the entries that were recorded later."""
    return replace(record, entries=tuple(entry for entry in record.entries if known_at(entry) <= then))


def facts_of(state: State, unread: int = 0) -> Facts:
    """The facts of an incident. unread: how many mistakes its files have."""
    milestones = state.milestones
    return Facts(
        id=state.id,
        kind=state.card.kind,
        type=state.card.type,
        category=state.category,
        status=state.status,
        merged=state.merged_into is not None,
        severity=state.severity,
        milestones=milestones,
        typed=_typed(state),
        is_live=state.live,
        ends=tuple(step.at for step in state.status_steps if _ends(step)),
        severity_steps=tuple((step.at, step.level) for step in state.severity_steps),
        holds=tuple((step.at, step.component, step.impact) for step in state.component_steps),
        promises=tuple(_promises(state)),
        relapses=state.relapses,
        handovers=sum(isinstance(i.effective, Handover) and i.effective.accepted for i in state.timeline),
        pages=tuple(
            (page.target, page.at)
            for page in state.pages
            if not page.failed and not page.grouped and ":" not in page.target
        ),
        actions=tuple(_actions(state)),
        errors=unread + sum(problem.severity == "error" for problem in state.problems),
    )


def _ends(step: StatusStep) -> bool:
    return step.category not in LIVE_CATEGORIES and (step.was is None or step.was in LIVE_CATEGORIES)


def _typed(state: State) -> tuple[str, ...]:
    """The milestones that somebody or something recorded; the others follow from a step of the lifecycle."""
    m = state.milestones
    opened = state.status_steps[0].at if state.status_steps else None
    entries = [item.effective for item in state.timeline if item.effective is not None]
    fixed = {entry.at for entry in entries if isinstance(entry, ActionTaken) and entry.type in MITIGATING}
    ended = {entry.ended_at for entry in entries if isinstance(entry, ImpactChanged)}
    derived = {
        "detected_at": m.detected_at == opened,
        "mitigated_at": m.mitigated_at not in fixed,
        "ended_at": m.ended_at not in ended,
    }
    return tuple(
        key for key in Milestones.__struct_fields__ if getattr(m, key) is not None and not derived.get(key, False)
    )


def _promises(state: State) -> Iterable[Promise]:
    """Each promise with the update that followed it. An update without a promise keeps the one before it."""
    latest: dict[Audience, Promise] = {}
    for said in sorted((update.entry for update in state.updates), key=lambda entry: entry.at):
        before = latest.pop(said.audience, None)
        if before is not None:
            yield Promise(before.audience, before.at, before.due, said.at)
        if said.next_update_at is not None:
            latest[said.audience] = Promise(said.audience, said.at, said.next_update_at)
    yield from latest.values()


def _actions(state: State) -> Iterable[ActionFact]:
    steps = _action_steps(state)
    for item in state.actions:
        accepted, done = steps.get(item.id, (None, None))
        due = due_day(item)
        yield ActionFact(
            id=item.id,
            status=item.status,
            class_=item.class_,
            due=due.isoformat() if due else None,
            accepted_at=accepted,
            done_at=done,
        )


def _action_steps(state: State) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Action item -> when it was accepted first, and when it was finished or dropped last, as the timeline has it."""
    found: dict[str, tuple[datetime | None, datetime | None]] = {}
    for item in sorted(state.timeline, key=lambda item: (item.at, item.known_at, item.id)):
        step = _STEP.match(item.effective.text or "") if isinstance(item.effective, Note) else None
        if step is None:
            continue
        accepted, done = found.get(step[1], (None, None))
        if step[2] in ("accepted", "reopened"):
            found[step[1]] = accepted or item.at, None
        elif step[2] in ("done", "will not be done"):
            found[step[1]] = accepted, item.at
        elif step[2] == "verified":
            found[step[1]] = accepted, done or item.at
    return found
