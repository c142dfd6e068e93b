"""The state while it is being folded: one mutable draft, one small function per kind of entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from .config import Config, Lifecycle
from .entries import (
    Acknowledged,
    ActionTaken,
    Alert,
    Assessment,
    Assigned,
    Channel,
    Collaborator,
    Decision,
    Entry,
    Experiment,
    Handover,
    ImpactChanged,
    Link,
    Observation,
    Override,
    PriorityChanged,
    Raised,
    Released,
    SeverityChanged,
    Task,
    Theory,
    Update,
)  # fmt: skip
from .incident import Record
from .lifecycle import NEW, category_of
from .problem import Problem
from .state import (
    AlertState,
    ComponentStep,
    Holder,
    Known,
    LevelStep,
    Offer,
    PublishedUpdate,
    StatusStep,
    TaskState,
)  # fmt: skip
from .vocabulary import FINAL_PHASES, LIVE_CATEGORIES, Impact

INCIDENT_MANAGER = "incident_manager"
_ASSESSED = Known.__struct_fields__


class Draft:
    """Everything the fold has learnt so far. `apply` takes the entries of all kinds but those that move the status."""

    def __init__(self, record: Record, config: Config, lifecycle: Lifecycle) -> None:
        self.record, self.config, self.lifecycle = record, config, lifecycle
        self.status: str = NEW
        self.severity: str | None = None
        self.priority: str | None = None
        self.components: dict[str, Impact] = {}
        self.component_steps: list[ComponentStep] = []
        self.known: dict[str, Any] = {}
        self.holders: list[Holder] = []
        self.former_holders: list[Holder] = []
        self.offers: list[Offer] = []
        self.collaborators: dict[str, None] = {}
        self.channels: list[Channel] = []
        self.clocks: dict[str, datetime | None] = {}
        self.status_steps: list[StatusStep] = []
        self.severity_steps: list[LevelStep] = []
        self.priority_steps: list[LevelStep] = []
        self.updates: list[PublishedUpdate] = []
        self.next_update_due: dict[str, datetime] = {}
        self.observations: list[Observation] = []
        self.theories: dict[str, Theory] = {}
        self.experiments: list[Experiment] = []
        self.decisions: list[Decision] = []
        self.tasks: dict[str, TaskState] = {}
        self.links: list[Link] = []
        self.alerts: dict[str, AlertState] = {}
        self.merged_into: str | None = None
        self.relapses = 0
        self.overrides: list[str] = []
        self.spent_overrides: list[str] = []
        self.edited: dict[str, datetime] = {}
        self.problems: list[Problem] = []

    @property
    def live(self) -> bool:
        """Whether the status now is of a live category; a record that was not opened yet counts as live."""
        return self.status == NEW or category_of(self.lifecycle, self.status) in LIVE_CATEGORIES

    @property
    def lead(self) -> str | None:
        """The lead incident manager: the last one named as lead, else the first who holds the role."""
        managers = [h for h in self.holders if h.role == INCIDENT_MANAGER and h.workstream is None]
        leading = [h for h in managers if h.lead]
        return leading[-1].person if leading else managers[0].person if managers else None

    @property
    def mitigated(self) -> bool:
        """Whether something was done that mitigates, since the last relapse."""
        return self.clocks.get("mitigation_at") is not None

    def report(self, code: str, message: str, *, entry: str | None = None, hint: str | None = None,
               warning: bool = False) -> None:  # fmt: skip
        """Add a finding."""
        self.problems.append(
            Problem(
                code=code,
                message=message,
                severity="warning" if warning else "error",
                hint=hint,
                incident=self.record.id,
                entry=entry,
            )
        )

    def apply(self, entry: Entry, entry_id: str) -> None:
        """Fold one entry in. Kinds without an effect on the state (notes, pages …) leave only their timeline item."""
        effect = EFFECTS.get(type(entry))
        if effect is not None:
            effect(self, entry, entry_id)

    def set_clock(self, name: str, at: datetime) -> None:
        """Set a milestone that keeps its first value."""
        if self.clocks.get(name) is None:
            self.clocks[name] = at

    def set_components(self, states: dict[str, Impact], at: datetime, entry_id: str) -> None:
        """Components are in these states from `at` on."""
        for key, impact in states.items():
            self.components[key] = impact
            self.component_steps.append(ComponentStep(at=at, component=key, impact=impact, entry=entry_id))


def _raised(draft: Draft, entry: Raised, entry_id: str) -> None:
    draft.set_clock("raised_at", entry.at)
    draft.severity, draft.priority = entry.severity, entry.priority
    draft.severity_steps.append(LevelStep(at=entry.at, level=entry.severity))
    draft.priority_steps.append(LevelStep(at=entry.at, level=entry.priority))
    draft.set_components(entry.components, entry.at, entry_id)
    if entry.started_at is not None:
        draft.known["started_at"] = entry.started_at
    if entry.scope is not None:
        draft.known["scope"] = entry.scope


def _severity(draft: Draft, entry: SeverityChanged, _: str) -> None:
    draft.severity = entry.to
    draft.severity_steps.append(LevelStep(at=entry.at, level=entry.to, reason=entry.reason))


def _priority(draft: Draft, entry: PriorityChanged, _: str) -> None:
    draft.priority = entry.to
    draft.priority_steps.append(LevelStep(at=entry.at, level=entry.to, reason=entry.reason))


def _assessment(draft: Draft, entry: Assessment, _: str) -> None:
    for key in _ASSESSED:
        value = getattr(entry, key)
        if value is not None:
            draft.known[key] = value
    if entry.confirmed:
        draft.set_clock("confirmed_at", entry.at)


def _impact(draft: Draft, entry: ImpactChanged, entry_id: str) -> None:
    draft.set_components(entry.components, entry.at, entry_id)
    if entry.ended_at is not None:
        draft.clocks["ended_at"] = entry.ended_at
    elif any(impact != "operational" for impact in entry.components.values()):
        draft.clocks["ended_at"] = None


def _assigned(draft: Draft, entry: Assigned, _: str) -> None:
    if entry.lead:
        draft.holders = [
            replace(h, lead=False) if (h.role, h.workstream) == (entry.role, entry.workstream) else h
            for h in draft.holders
        ]
    _end_roles(draft, entry.role, entry.person, entry.workstream, entry.at)
    draft.holders.append(
        Holder(role=entry.role, person=entry.person, since=entry.at, lead=entry.lead, workstream=entry.workstream)
    )


def _end_roles(draft: Draft, role: str, person: str, workstream: str | None, at: datetime) -> Holder | None:
    ended = None
    kept: list[Holder] = []
    for holder in draft.holders:
        if (holder.role, holder.person, holder.workstream) == (role, person, workstream):
            ended = holder
            draft.former_holders.append(replace(holder, until=at))
        else:
            kept.append(holder)
    draft.holders = kept
    return ended


def _released(draft: Draft, entry: Released, entry_id: str) -> None:
    if _end_roles(draft, entry.role, entry.person, entry.workstream, entry.at) is None:
        draft.report(
            "not_holding", f"{entry.person} does not hold the role {entry.role} that this entry releases",
            entry=entry_id, warning=True,
        )  # fmt: skip


def _handover(draft: Draft, entry: Handover, _: str) -> None:
    draft.offers = [o for o in draft.offers if (o.role, o.to) != (entry.role, entry.to)]
    if not entry.accepted:
        draft.offers.append(Offer(role=entry.role, from_=entry.from_, to=entry.to, at=entry.at))
        return
    ended = _end_roles(draft, entry.role, entry.from_, None, entry.at)
    lead = ended.lead if ended else entry.role == INCIDENT_MANAGER and draft.lead is None
    draft.holders.append(Holder(role=entry.role, person=entry.to, since=entry.at, lead=lead))


def _collaborator(draft: Draft, entry: Collaborator, _: str) -> None:
    for name in (entry.person, entry.team):
        if name:
            draft.collaborators[name] = None


def _acknowledged(draft: Draft, entry: Acknowledged, _: str) -> None:
    draft.set_clock("page_answered_at", entry.at)


def _update(draft: Draft, entry: Update, entry_id: str) -> None:
    draft.updates.append(PublishedUpdate(id=entry_id, entry=entry, edited_at=draft.edited.get(entry_id)))
    if entry.components:
        draft.set_components(entry.components, entry.at, entry_id)
    if entry.audience in ("public", "internal"):
        draft.set_clock(f"first_{entry.audience}_update_at", entry.at)
    if entry.next_update_at is not None and entry.phase not in FINAL_PHASES:
        draft.next_update_due[entry.audience] = entry.next_update_at
    else:
        draft.next_update_due.pop(entry.audience, None)


def _theory(draft: Draft, entry: Theory, _: str) -> None:
    earlier = draft.theories.get(entry.ref)
    if earlier is not None:
        entry = replace(
            entry, text=entry.text or earlier.text, proposed_fix=entry.proposed_fix or earlier.proposed_fix,
            from_=entry.from_ or earlier.from_,
        )  # fmt: skip
    draft.theories[entry.ref] = entry


def _action_taken(draft: Draft, entry: ActionTaken, _: str) -> None:
    if entry.type in ("mitigation", "rollback"):
        draft.set_clock("mitigation_at", entry.at)


def _task(draft: Draft, entry: Task, _: str) -> None:
    earlier = draft.tasks.get(entry.ref)
    draft.tasks[entry.ref] = TaskState(
        ref=entry.ref,
        text=entry.text or (earlier.text if earlier else None),
        state=entry.state,
        assignee=entry.assignee or (earlier.assignee if earlier else None),
        cleanup=entry.cleanup or (earlier.cleanup if earlier else False),
        opened_at=earlier.opened_at if earlier else entry.at,
        changed_at=entry.at,
    )


def _alert(draft: Draft, entry: Alert, _: str) -> None:
    earlier = draft.alerts.get(entry.fingerprint)
    draft.set_clock("alerted_at", entry.at)
    draft.alerts[entry.fingerprint] = AlertState(
        fingerprint=entry.fingerprint, source=entry.source, state=entry.state,
        url=entry.url or (earlier.url if earlier else None),
        since=earlier.since if earlier else entry.at, changed_at=entry.at,
    )  # fmt: skip


def _override(draft: Draft, entry: Override, _: str) -> None:
    draft.overrides.append(entry.rule)


EFFECTS: dict[type[Entry], Callable[[Draft, Any, str], None]] = {
    Raised: _raised,
    SeverityChanged: _severity,
    PriorityChanged: _priority,
    Assessment: _assessment,
    ImpactChanged: _impact,
    Assigned: _assigned,
    Released: _released,
    Handover: _handover,
    Collaborator: _collaborator,
    Acknowledged: _acknowledged,
    Channel: lambda draft, entry, _: draft.channels.append(entry),
    Update: _update,
    Observation: lambda draft, entry, _: draft.observations.append(entry),
    Theory: _theory,
    Experiment: lambda draft, entry, _: draft.experiments.append(entry),
    Decision: lambda draft, entry, _: draft.decisions.append(entry),
    ActionTaken: _action_taken,
    Task: _task,
    Link: lambda draft, entry, _: draft.links.append(entry),
    Alert: _alert,
    Override: _override,
}
