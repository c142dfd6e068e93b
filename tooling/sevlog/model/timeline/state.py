"""The state of an incident, with the history of its facts. The fold derives it; it is never stored."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from ..config.settings import Act
from ..problem import Problem
from ..vocabulary import LIVE_CATEGORIES, Audience, Category, Impact, Scope
from .entries import Channel, Decision, Escalated, FollowUpIdea, Link, RunbookStep, Theory, Update
from .entry_parts import Entry, Evidence
from .incident import ActionItem, IncidentCard, Postmortem

SOURCES = "observation, theory or experiment"
"""What a theory can come from (`State.theory_sources`)."""


class TimelineItem(Struct, frozen=True, kw_only=True, gc=False):
    """An entry with its id; `entry` and `at` are as written, `effective` as corrected (None if retracted).

    corrected_by: the corrections that count, in the order in which they were recorded.
    redacted_by: the entry that says that content was removed from this one for safety or privacy.
    """

    id: str
    kind: str
    at: datetime
    known_at: datetime
    entry: Entry
    effective: Entry | None
    corrected_by: tuple[str, ...] = ()
    retracted_by: str | None = None
    redacted_by: str | None = None


class StatusStep(Struct, frozen=True, kw_only=True, gc=False):
    """A transition that was made. act: the command that makes it. was: the category before it."""

    at: datetime
    status: str
    category: Category
    entry: str
    by: str | None = None
    reason: str | None = None
    act: Act | None = None
    was: Category | None = None


class LevelStep(Struct, frozen=True, kw_only=True, gc=False):
    """A severity or priority from `at` on."""

    at: datetime
    level: str
    reason: str | None = None


class ComponentStep(Struct, frozen=True, kw_only=True, gc=False):
    """A component's state from `at` on, as this incident sees it."""

    at: datetime
    component: str
    impact: Impact
    entry: str


class Holder(Struct, frozen=True, kw_only=True, gc=False):
    """Someone who holds or held a role."""

    role: str
    person: str
    since: datetime
    lead: bool = False
    workstream: str | None = None
    until: datetime | None = None


class Offer(Struct, frozen=True, kw_only=True, gc=False):
    """A handover that was offered and not accepted yet."""

    role: str
    from_: str
    to: str
    at: datetime


class AssessedFacts(Struct, frozen=True, kw_only=True):
    """The assessment: the latest value of each key.

    support_cases: how many there are, as stated or as listed, whichever is more; the list if no number was stated.
    support_case_refs: those that are listed.
    """

    customer_impact: str | None = None
    employee_impact: str | None = None
    symptoms: str | None = None
    scope: Scope | None = None
    affected_count: int | None = None
    affected_percent: float | None = None
    support_cases: int | tuple[str, ...] | None = None
    support_case_refs: tuple[str, ...] | None = None
    started_at: datetime | None = None
    confirmed: bool | None = None
    factors: tuple[str, ...] | None = None


class TaskState(Struct, frozen=True, kw_only=True):
    """A task of the response as it stands."""

    ref: str
    text: str | None
    state: str
    assignee: str | None = None
    cleanup: bool = False
    opened_at: datetime
    changed_at: datetime


class ObservationState(Struct, frozen=True, kw_only=True):
    """An observation as it stands. confirmed_by: the others who saw it, in the order in which they said so."""

    ref: str | None
    text: str
    at: datetime
    by: str | None = None
    confirmed_by: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class ExperimentState(Struct, frozen=True, kw_only=True):
    """An experiment as it stands: its first entry, with the result that it or a later entry gave."""

    ref: str | None
    text: str
    theory: str
    expectation: str
    result: str | None = None
    reverted: bool | None = None
    at: datetime
    by: str | None = None
    result_at: datetime | None = None
    result_by: str | None = None
    evidence: tuple[Evidence, ...] = ()


class PageState(Struct, frozen=True, kw_only=True, gc=False):
    """A page, and the first answer to it. failed: it could not be sent. grouped: it had no message of its own."""

    at: datetime
    target: str
    policy: str | None = None
    step: int | None = None
    via: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    asked: str | None = None
    failed: bool = False
    grouped: bool = False


class AlertState(Struct, frozen=True, kw_only=True):
    """An attached alert as it stands.

    source: None for one that was attached by hand and not delivered yet; then the fingerprint may name the source too
    (source:fingerprint), and the state is `unknown`.
    """

    fingerprint: str
    source: str | None
    state: str
    url: str | None
    since: datetime
    changed_at: datetime


class Milestones(Struct, frozen=True, kw_only=True):
    """The clocks of an incident; None if not reached (or reset).

    started_at: the impact began, as assessed; of a maintenance, the planned start.
    detected_at: the first alert, or the first status where that was earlier.
    raised_at: it was raised; of a record still in triage, when the triage began.
    acknowledged_at: the first page was answered or somebody took command, whichever came first.
    mitigated_at: the mitigation before monitoring or resolving; reset when the incident returns.
    ended_at: the impact ended, as somebody said; else when it was resolved.
    closed_at: also of what was declined, merged or cancelled, which is never resolved.
    """

    started_at: datetime | None = None
    detected_at: datetime | None = None
    raised_at: datetime | None = None
    acknowledged_at: datetime | None = None
    confirmed_at: datetime | None = None
    first_internal_update_at: datetime | None = None
    first_public_update_at: datetime | None = None
    mitigated_at: datetime | None = None
    ended_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None


class PublishedUpdate(Struct, frozen=True, kw_only=True):
    """An update with its entry id; `edited_at` is when its text was last corrected."""

    id: str
    entry: Update
    edited_at: datetime | None = None


class State(Struct, frozen=True, kw_only=True):
    """An incident at a time. `problems` are findings of the fold; they never stop it.

    components: the states now, all operational once it is over. component_steps: what was said of them, in the order of
    the timeline; a step that closes the incident may lie before the last one (`ended_at`).
    status_name: what people call the status. acts: the commands that can move it from here. watched: whether `monitor`
    led here. lead_roles: the roles whose holder leads.
    collaborators: a handle, or team:KEY, -> responder, observer or stakeholder.
    promises_passed: what was promised when it was merged. promised_in: audience -> the merged incident that promised
    the next update; the fold knows one record, so model/links/inheritance adds it.
    actions, postmortem: as the files have them today, at whatever time the state is asked for.
    """

    id: str
    card: IncidentCard
    status: str
    status_name: str
    category: Category
    acts: frozenset[Act]
    watched: bool
    severity: str | None
    priority: str | None
    major: bool
    components: dict[str, Impact]
    component_steps: tuple[ComponentStep, ...]
    assessment: AssessedFacts
    holders: tuple[Holder, ...]
    former_holders: tuple[Holder, ...]
    lead: str | None
    lead_since: datetime | None
    lead_roles: tuple[str, ...]
    offers: tuple[Offer, ...]
    collaborators: dict[str, str]
    channels: tuple[Channel, ...]
    pages: tuple[PageState, ...]
    escalations: tuple[Escalated, ...]
    milestones: Milestones
    status_steps: tuple[StatusStep, ...]
    severity_steps: tuple[LevelStep, ...]
    priority_steps: tuple[LevelStep, ...]
    updates: tuple[PublishedUpdate, ...]
    next_update_due: dict[Audience, datetime]
    promises_passed: dict[Audience, datetime]
    observations: tuple[ObservationState, ...]
    theories: dict[str, Theory]
    experiments: tuple[ExperimentState, ...]
    decisions: tuple[Decision, ...]
    tasks: dict[str, TaskState]
    runbook_steps: tuple[RunbookStep, ...]
    ideas: tuple[FollowUpIdea, ...]
    links: tuple[Link, ...]
    alerts: dict[str, AlertState]
    merged_into: str | None
    relapses: int
    reopened_at: datetime | None
    overrides: tuple[str, ...]
    timeline: tuple[TimelineItem, ...]
    actions: tuple[ActionItem, ...]
    postmortem: Postmortem | None
    problems: tuple[Problem, ...]
    promised_in: dict[Audience, str] = {}

    @property
    def live(self) -> bool:
        """Whether it is still being worked on (categories triage and live)."""
        return self.category in LIVE_CATEGORIES

    @property
    def theory_sources(self) -> frozenset[str]:
        """The short names that a theory can come from: those of observations, theories and experiments."""
        named = {*(o.ref for o in self.observations), *(e.ref for e in self.experiments), *self.theories}
        return frozenset(ref for ref in named if ref)

    @property
    def last_phases(self) -> dict[Audience, str]:
        """Audience -> the phase it heard of last, `reopened` for what it heard before the last reopening."""
        since = self.reopened_at
        return {
            said.entry.audience: said.entry.phase if since is None or said.entry.at > since else "reopened"
            for said in self.updates
        }

    @property
    def next_update_due_at(self) -> datetime | None:
        """The earliest promise still open, over all audiences; None when it is over or nothing was promised."""
        return min(self.next_update_due.values(), default=None) if self.live else None

    def severity_at(self, at: datetime) -> str | None:
        """The severity that held at a time; before the first one, that one."""
        held = [step.level for step in self.severity_steps if step.at <= at]
        return held[-1] if held else next((step.level for step in self.severity_steps), self.severity)

    @property
    def next_update_promised_in(self) -> str | None:
        """The merged incident that made this promise; None if it was made here."""
        audience = min(self.next_update_due, key=self.next_update_due.__getitem__, default=None)
        return self.promised_in.get(audience) if self.live and audience else None

    def item(self, entry: str) -> TimelineItem | None:
        """The timeline item with this entry id. For very many questions: `items`."""
        return next((i for i in self.timeline if i.id == entry), None)

    def items(self) -> dict[str, TimelineItem]:
        """The timeline's items by entry id."""
        return {item.id: item for item in self.timeline}
