"""The state during the fold: a mutable draft that entries and transitions change."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from ..config.settings import Config, Lifecycle
from ..problem import Problem
from ..vocabulary import LIVE_CATEGORIES, Audience, Impact
from .acts import opening_status, table_of
from .entries import Channel, Decision, Escalated, Experiment, FollowUpIdea, Link, Observation, RunbookStep, Theory
from .incident import Record
from .lifecycle import NEW, category_of
from .state import (
    AlertState,
    AssessedFacts,
    ComponentStep,
    ExperimentState,
    Holder,
    LevelStep,
    ObservationState,
    Offer,
    PageState,
    PublishedUpdate,
    StatusStep,
    TaskState,
)


class Draft:
    """The state so far."""

    def __init__(self, record: Record, config: Config, lifecycle: Lifecycle) -> None:
        self.record, self.config, self.lifecycle = record, config, lifecycle
        self.imported = record.card.origin is not None
        self.acts = table_of(lifecycle)
        self.opening = opening_status(lifecycle, maintenance=record.card.kind == "maintenance")
        self.lead_roles = config.lead_roles
        self.status: str = NEW
        self.severity: str | None = None
        self.priority: str | None = None
        self.components: dict[str, Impact] = {}
        self.component_steps: list[ComponentStep] = []
        self.assessed = AssessedFacts()
        self.stated_cases: int | None = None
        self.holders: list[Holder] = []
        self.former_holders: list[Holder] = []
        self.led: list[tuple[str, datetime]] = []
        self.offers: list[Offer] = []
        self.collaborators: dict[str, str] = {}
        self.channels: list[Channel] = []
        self.pages: list[PageState] = []
        self.escalations: list[Escalated] = []
        self.clocks: dict[str, datetime | None] = {}
        self.status_steps: list[StatusStep] = []
        self.severity_steps: list[LevelStep] = []
        self.priority_steps: list[LevelStep] = []
        self.updates: list[PublishedUpdate] = []
        self.next_update_due: dict[Audience, datetime] = {}
        self.promises_passed: dict[Audience, datetime] = {}
        self.seen: list[tuple[str, Observation]] = []
        self.observations: list[ObservationState] = []
        self.theories: dict[str, Theory] = {}
        self.tried: list[tuple[str, Experiment]] = []
        self.experiments: list[ExperimentState] = []
        self.decisions: list[Decision] = []
        self.tasks: dict[str, TaskState] = {}
        self.runbook_steps: list[RunbookStep] = []
        self.ideas: list[FollowUpIdea] = []
        self.links: list[Link] = []
        self.alerts: dict[str, AlertState] = {}
        self.merged_into: str | None = None
        self.relapses = 0
        self.reopened_at: datetime | None = None
        self.overrides: list[str] = []
        self.spent_overrides: list[str] = []
        self.edited: dict[str, datetime] = {}
        self.problems: list[Problem] = []

    @property
    def live(self) -> bool:
        """Whether the status now is of a live category; a record that was not opened yet counts as live."""
        return category_of(self.lifecycle, self.status) in LIVE_CATEGORIES

    @property
    def lead(self) -> str | None:
        """The lead incident manager (S65): the one named as lead, else who of the holders led last, else the first."""
        managers = [h for h in self.holders if h.role in self.lead_roles and h.workstream is None]
        leading = [h for h in managers if h.lead]
        if leading or not managers:
            return leading[-1].person if leading else None
        held = {h.person for h in managers}
        return next((person for person, _ in reversed(self.led) if person in held), managers[0].person)

    def note_lead(self, at: datetime) -> None:
        """Remember who leads from `at` on, where that changed."""
        lead = self.lead
        if lead is not None and (not self.led or self.led[-1][0] != lead):
            self.led.append((lead, at))

    @property
    def last_phases(self) -> dict[Audience, str]:
        """Audience -> the phase it heard of last. What it heard before a reopening is not its last word any more."""
        return {
            said.entry.audience: said.entry.phase
            if self.reopened_at is None or said.entry.at > self.reopened_at
            else "reopened"
            for said in self.updates
        }

    @property
    def mitigated(self) -> bool:
        """Whether a mitigation is recorded since the incident last returned."""
        return self.clocks.get("mitigation_at") is not None

    def report(
        self, code: str, message: str, *, entry: str | None = None, hint: str | None = None, warning: bool = False
    ) -> None:
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

    def assess(self, **values: object) -> None:
        """Replace values of the assessment."""
        self.assessed = replace(self.assessed, **values)

    def set_clock(self, name: str, at: datetime) -> None:
        """Set a milestone that keeps its first value."""
        if self.clocks.get(name) is None:
            self.clocks[name] = at

    def set_components(self, states: dict[str, Impact], at: datetime, entry_id: str) -> None:
        """Set the states of components from `at` on."""
        for key, impact in states.items():
            self.components[key] = impact
            self.component_steps.append(ComponentStep(at=at, component=key, impact=impact, entry=entry_id))
