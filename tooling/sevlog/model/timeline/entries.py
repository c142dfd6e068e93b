"""Timeline entries: one class per kind. The classes are the source of the entry schema, the codec and the docs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from msgspec import Meta, field

from ..forms import ChannelType, EntryId, Handle, HandleBesideList, Instant, Key, LevelKey, Name, Prose, Url, Word
from ..vocabulary import (
    ActionTakenType,
    Audience,
    CollaboratorAudience,
    Impact,
    Phase,
    Relation,
    Scope,
    StepState,
    TaskState,
    TheoryState,
    compact,
)
from .entry_parts import Entry

CorrectedValue = bool | int | float | str | list[str] | dict[str, str] | None
"""What a correction can set a key to; None removes the key."""


DRAFT_FILES = "evidence/draft-"
"""How the path of a draft begins, below the folder of the incident. Such a file is the evidence of the draft's task."""


class Raised(Entry, tag="raised", frozen=True, kw_only=True):
    """Opens the incident: severity, priority, affected components."""

    severity: Annotated[LevelKey, Meta(description="A severity of sevlog.yaml.")]
    priority: Annotated[LevelKey, Meta(description="A priority of sevlog.yaml.")]
    components: Annotated[
        dict[Key, Impact], Meta(min_length=1, description="Component key -> state; `unknown` if it is not known yet.")
    ]
    started_at: Annotated[Instant | None, Meta(description="When the impact began, if known.")] = None
    scope: Annotated[Scope | None, Meta(description="Which customers are affected: all, some or none.")] = None


class StatusChanged(Entry, tag="status", frozen=True, kw_only=True):
    """Changes the status of the incident."""

    to: Annotated[Word, Meta(description="A status of the incident's lifecycle.")]
    from_: Annotated[
        Word | None, Meta(description="The status that its author saw; reveals a conflict with a concurrent change.")
    ] = field(default=None, name="from")
    reason: Annotated[Prose | None, Meta(description="Why; required to go back, to decline and to cancel.")] = None
    attestation: Annotated[
        Prose | None,
        Meta(description="How the lead incident manager knows that current and imminent impact has ended (resolve)."),
    ] = None
    into: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,120}\Z")] | None,
        Meta(description="The incident this one is merged into (merge)."),
    ] = None


class SeverityChanged(Entry, tag="severity", frozen=True, kw_only=True):
    """A new severity, and why."""

    to: Annotated[LevelKey, Meta(description="A severity of sevlog.yaml.")]
    reason: Annotated[Prose, Meta(description="Why.")]


class PriorityChanged(Entry, tag="priority", frozen=True, kw_only=True):
    """A new priority, and why."""

    to: Annotated[LevelKey, Meta(description="A priority of sevlog.yaml.")]
    reason: Annotated[Prose, Meta(description="Why.")]


class Assessment(Entry, tag="assessment", frozen=True, kw_only=True):
    """What is known about the impact; each key replaces its earlier value."""

    customer_impact: Annotated[Prose | None, Meta(description="What it means for customers.")] = None
    employee_impact: Annotated[Prose | None, Meta(description="What it means for employees.")] = None
    symptoms: Annotated[Prose | None, Meta(description="What customers see.")] = None
    scope: Annotated[Scope | None, Meta(description="Which customers are affected: all, some or none.")] = None
    affected_count: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="How many customers are affected.")
    ] = None
    affected_percent: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None, Meta(description="The percentage of customers affected.")
    ] = None
    support_cases: Annotated[
        Annotated[int, Meta(ge=0)] | tuple[str, ...] | None,
        Meta(description="How many support cases, or which. A number and a list do not replace each other."),
    ] = None
    support_cases_added: Annotated[
        tuple[str, ...] | None, Meta(description="More support cases, beside those that are known.")
    ] = None
    started_at: Annotated[Instant | None, Meta(description="When the impact began.")] = None
    confirmed: Annotated[bool | None, Meta(description="Whether the incident is real.")] = None
    factors: Annotated[
        tuple[Word, ...] | None,
        Meta(description="All factors: security, social_media, legal, data_loss, or another word."),
    ] = None
    factors_added: Annotated[
        tuple[Word, ...] | None, Meta(description="More factors, beside those that are known.")
    ] = None
    factors_removed: Annotated[tuple[Word, ...] | None, Meta(description="Factors that no longer apply.")] = None


class ImpactChanged(Entry, tag="impact", frozen=True, kw_only=True):
    """The state of components from now on."""

    components: Annotated[dict[Key, Impact], Meta(min_length=1, description="Component key -> state.")]
    ended_at: Annotated[Instant | None, Meta(description="When the impact on customers ended.")] = None


class Assigned(Entry, tag="assigned", frozen=True, kw_only=True):
    """A person takes a role."""

    role: Annotated[Word, Meta(description="A role of sevlog.yaml.")]
    person: Annotated[Handle, Meta(description="Who takes it.")]
    lead: Annotated[bool, Meta(description="Whether this person leads.")] = False
    workstream: Annotated[Name | None, Meta(description="The workstream of the role.")] = None


class Released(Entry, tag="released", frozen=True, kw_only=True):
    """A person gives up a role."""

    role: Annotated[Word, Meta(description="A role of sevlog.yaml.")]
    person: Annotated[Handle, Meta(description="Who gives it up.")]
    workstream: Annotated[Name | None, Meta(description="Only in this workstream.")] = None


class Handover(Entry, tag="handover", frozen=True, kw_only=True):
    """A role is offered to someone, or the offer is accepted."""

    role: Annotated[Word, Meta(description="A role of sevlog.yaml.")]
    from_: Annotated[Handle, Meta(description="Who hands over.")] = field(name="from")
    to: Annotated[Handle, Meta(description="Who takes over.")]
    accepted: Annotated[bool, Meta(description="false: offered; true: accepted.")] = False


class Collaborator(Entry, tag="collaborator", frozen=True, kw_only=True):
    """A person or a team joins the incident."""

    person: Annotated[Handle | None, Meta(description="Who joins.")] = None
    team: Annotated[Key | None, Meta(description="Which team joins.")] = None
    audience: Annotated[CollaboratorAudience, Meta(description="In which capacity.")] = "responder"


class Channel(Entry, tag="channel", frozen=True, kw_only=True):
    """A communication channel of the response."""

    type: Annotated[ChannelType, Meta(description="chat, video, document, or a word of your own.")]
    url: Annotated[Prose, Meta(description="The address, or the room's name.")]


class Paged(Entry, tag="paged", frozen=True, kw_only=True):
    """Someone was paged."""

    target: Annotated[Name, Meta(description="The target: a person, schedule:KEY or team:KEY.")]
    asked: Annotated[
        Annotated[str, Meta(pattern=r"^(schedule|person|team):[A-Za-z0-9._-]{1,64}\Z")] | None,
        Meta(description="The target that was asked for: person:KEY, schedule:KEY or team:KEY."),
    ] = None
    policy: Annotated[Key | None, Meta(description="The escalation policy.")] = None
    step: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="The step of the policy (or of the owner), from 1.")
    ] = None
    via: Annotated[Name | None, Meta(description="The contact point or service.")] = None
    result: Annotated[
        Literal["sent", "failed", "grouped"],
        Meta(
            description="failed: the page was not sent, so no answer is expected. grouped: no message of its own, "
            "because the person was paged shortly before."
        ),
    ] = "sent"


class Acknowledged(Entry, tag="acknowledged", frozen=True, kw_only=True):
    """A page was acknowledged."""

    target: Annotated[Name | None, Meta(description="The target of the page.")] = None
    policy: Annotated[Key | None, Meta(description="The escalation policy.")] = None
    step: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(description="The step of the policy, from 1.")] = None
    via: Annotated[Name | None, Meta(description="The contact point or service.")] = None


class Escalated(Entry, tag="escalated", frozen=True, kw_only=True):
    """Help was asked for."""

    to: Annotated[Name, Meta(description="A person, a team or a policy.")]
    reason: Annotated[Prose, Meta(description="Why.")]


class Update(Entry, tag="update", frozen=True, kw_only=True):
    """An update to an audience."""

    text: Annotated[Prose, Meta(description="The text, in Markdown.")]
    audience: Annotated[Audience, Meta(description="Who reads it.")]
    phase: Annotated[Phase, Meta(description="Statuspage's phase of the incident or maintenance.")]
    components: Annotated[dict[Key, Impact] | None, Meta(description="Component key -> state from now on.")] = None
    next_update_at: Annotated[Instant | None, Meta(description="When the next update is promised.")] = None
    template: Annotated[Name | None, Meta(description="The template it was written from.")] = None
    approved_by: Annotated[Handle | None, Meta(description="Who approved it.")] = None


class Observation(Entry, tag="observation", frozen=True, kw_only=True):
    """Something seen; a later entry with the same `ref` and `confirmed_by` confirms it."""

    text: Annotated[Prose | None, Meta(description="What was seen; optional if it confirms an observation.")] = None
    ref: Annotated[LevelKey | None, Meta(description="A short name to refer to it: O1, O2 …")] = None
    confirmed_by: Annotated[
        HandleBesideList | tuple[Handle, ...],
        Meta(description="Who saw it too: one handle or a list. They add up; the observation's author does not count."),
    ] = ()

    @property
    def confirmers(self) -> tuple[str, ...]:
        """confirmed_by as a list."""
        return (self.confirmed_by,) if isinstance(self.confirmed_by, str) else self.confirmed_by


class Theory(Entry, tag="theory", frozen=True, kw_only=True):
    """A possible cause; a later entry with the same `ref` changes its state."""

    ref: Annotated[LevelKey, Meta(description="A short name to refer to it: T1, T2 …")]
    state: Annotated[TheoryState, Meta(description="open, supported or refuted.")] = "open"
    proposed_fix: Annotated[Prose | None, Meta(description="What would help if it is true.")] = None
    from_: Annotated[
        tuple[LevelKey, ...], Meta(description="The observations, theories and experiments it comes from.")
    ] = field(default=(), name="from")


class Experiment(Entry, tag="experiment", frozen=True, kw_only=True):
    """A test of a theory; a later entry with the same `ref` adds its result, or changes it."""

    text: Annotated[
        Prose | None,
        Meta(description="What is tried. The first entry of an experiment needs text, theory, expectation."),
    ] = None
    ref: Annotated[LevelKey | None, Meta(description="A short name to refer to it: E1, E2 …")] = None
    theory: Annotated[LevelKey | None, Meta(description="The theory under test.")] = None
    expectation: Annotated[Prose | None, Meta(description="What should happen if the theory is true.")] = None
    result: Annotated[Prose | None, Meta(description="What did happen.")] = None
    reverted: Annotated[bool | None, Meta(description="Whether the change was reverted.")] = None


class Decision(Entry, tag="decision", frozen=True, kw_only=True):
    """What was decided."""

    text: Annotated[Prose, Meta(description="What was decided, and why.")]


class ActionTaken(Entry, tag="action_taken", frozen=True, kw_only=True):
    """What was done to the system."""

    text: Annotated[Prose, Meta(description="What was done.")]
    type: Annotated[ActionTakenType, Meta(description="mitigation and rollback set the mitigation milestone.")]


class Task(Entry, tag="task", frozen=True, kw_only=True):
    """Something to do during the response or to clean up after it; the same `ref` again changes it."""

    ref: Annotated[LevelKey, Meta(description="A short name to refer to it: K1, K2 …")]
    assignee: Annotated[Handle | None, Meta(description="Who does it.")] = None
    state: Annotated[TaskState, Meta(description="open, done or dropped.")] = "open"
    cleanup: Annotated[bool, Meta(description="A cleanup task, which may stay open until the incident is closed.")] = (
        False
    )


class RunbookStep(Entry, tag="runbook_step", frozen=True, kw_only=True):
    """A step of a runbook was done, skipped, or failed."""

    runbook: Annotated[Name, Meta(description="A file below runbooks/.")]
    step: Annotated[Annotated[int, Meta(ge=1)] | Name, Meta(description="Which step: its number, its title, or both.")]
    state: Annotated[StepState, Meta(description="done, skipped (`result` says why) or failed.")] = "done"
    result: Annotated[Prose | None, Meta(description="What came of it.")] = None


class Link(Entry, tag="link", frozen=True, kw_only=True):
    """A link to a related incident, ticket or other resource."""

    rel: Annotated[Relation, Meta(description="The relation.")]
    target: Annotated[
        Name,
        Meta(
            description="An incident id or an address; for an alert also its fingerprint, or source:fingerprint, "
            "which attaches it."
        ),
    ]


class Alert(Entry, tag="alert", frozen=True, kw_only=True):
    """An alert of a monitoring system."""

    fingerprint: Annotated[Name, Meta(description="The alert's identity in its source.")]
    source: Annotated[Name, Meta(description="Which system sent it.")]
    state: Annotated[Literal["firing", "resolved"], Meta(description="firing or resolved.")]
    url: Annotated[Url | None, Meta(description="Where to look at it.")] = None


class Note(Entry, tag="note", frozen=True, kw_only=True):
    """A note about the incident."""

    text: Annotated[Prose, Meta(description="The text, in Markdown.")]


class FollowUpIdea(Entry, tag="follow_up_idea", frozen=True, kw_only=True):
    """An idea for a follow-up after the incident."""

    text: Annotated[Prose, Meta(description="The idea.")]


class Correction(Entry, tag="correction", frozen=True, kw_only=True):
    """Replaces keys of an earlier entry; both stay visible internally."""

    of: Annotated[EntryId, Meta(description="The id of the corrected entry.")]
    set: Annotated[
        dict[Word, CorrectedValue],
        Meta(min_length=1, description="Key -> new value, valid for that entry's kind; null removes the key."),
    ]
    reason: Annotated[Prose | None, Meta(description="Why.")] = None


class Retraction(Entry, tag="retraction", frozen=True, kw_only=True):
    """Removes an earlier entry from the state; it stays visible internally."""

    of: Annotated[EntryId, Meta(description="The id of the retracted entry.")]
    reason: Annotated[Prose, Meta(description="Why.")]


class Redaction(Entry, tag="redaction", frozen=True, kw_only=True):
    """Marks an entry whose content was removed for safety or privacy."""

    of: Annotated[EntryId, Meta(description="The id of the entry whose content was removed.")]
    reason: Annotated[Prose, Meta(description="Why, without repeating what was removed.")]


class Override(Entry, tag="override", frozen=True, kw_only=True):
    """Permits one named guard to be passed; it is always reported."""

    rule: Annotated[Word, Meta(description="The name of the guard.")]
    reason: Annotated[Prose, Meta(description="Why the guard must be passed.")]


AnyEntry = (
    Raised | StatusChanged | SeverityChanged | PriorityChanged | Assessment | ImpactChanged | Assigned | Released
    | Handover | Collaborator | Channel | Paged | Acknowledged | Escalated | Update | Observation | Theory | Experiment
    | Decision | ActionTaken | Task | RunbookStep | Link | Alert | Note | FollowUpIdea | Correction | Retraction
    | Redaction | Override
)  # fmt: skip
KINDS: tuple[type[Entry], ...] = get_args(AnyEntry)
KIND_BY_NAME: dict[str, type[Entry]] = {str(cls.__struct_config__.tag): cls for cls in KINDS}


def kind_of(entry: Entry) -> str:
    """The value of the `kind` key of an entry."""
    return str(entry.__struct_config__.tag)


def entry_id(entry: Entry) -> str:
    """The entry's id: its own, or compact time plus kind (records.md, Timeline entry)."""
    return entry.id or f"{compact(entry.at)}-{kind_of(entry)}"


def known_at(entry: Entry) -> datetime:
    """When the entry was known: `recorded_at`, else `at`."""
    return entry.recorded_at or entry.at


def in_order(entry: Entry) -> tuple[datetime, datetime, str]:
    """Sort key of the timeline: `at`, then when it was recorded, then id (records.md, Layout)."""
    return entry.at, entry.recorded_at or entry.at, entry_id(entry)
