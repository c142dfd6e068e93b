"""One incident as in its files: the card, the timeline, the action items and the postmortem."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field, structs

from ..forms import Day, Handle, HandleBesideList, Instant, Key, Prose, RepositoryPath, ShortText, TypeKey, Url
from ..vocabulary import (
    ActionClass,
    ActionIntent,
    ActionStatus,
    DetectionSource,
    IncidentKind,
    PageImpact,
    PostmortemStatus,
    Visibility,
)
from .entry_parts import Entry


class Detection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the incident was detected."""

    source: Annotated[
        DetectionSource | None,
        Meta(description="monitoring, customer_report or personnel; left out as long as nobody has said it."),
    ] = None
    ref: Annotated[str | None, Meta(description="The alert, ticket or message.")] = None
    reporter: Annotated[Handle | None, Meta(description="Who reported it.")] = None


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A planned maintenance window."""

    start: Annotated[Instant, Meta(description="When it begins.")]
    end: Annotated[Instant, Meta(description="When it should be over.")]
    auto: Annotated[
        bool,
        Meta(
            description="Whether the status page starts and ends it by this window, until somebody changes its status."
        ),
    ] = True


class Origin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The source of an imported record, and its data that the fold cannot derive."""

    system: Annotated[ShortText, Meta(description="statuspage, cstate, github …")]
    id: Annotated[ShortText, Meta(description="The record's id there; it is kept as the public id.")]
    url: Annotated[str | None, Meta(description="The record's address there.")] = None
    created_at: Annotated[Instant | None, Meta(description="When the source created it.")] = None
    updated_at: Annotated[Instant | None, Meta(description="When the source last edited it.")] = None
    started_at: Annotated[Instant | None, Meta(description="The source's own start, as given.")] = None
    monitoring_at: Annotated[Instant | None, Meta(description="The source's own time of the first fix.")] = None
    resolved_at: Annotated[Instant | None, Meta(description="The source's own end, as given.")] = None
    impact: Annotated[PageImpact | None, Meta(description="The source's own impact.")] = None
    components: Annotated[
        tuple[str, ...] | None, Meta(description="The source's component ids, if the updates do not name them.")
    ] = None
    reminder_intervals: Annotated[str | None, Meta(description="The source's reminder setting.")] = None
    repairs: Annotated[
        tuple[str, ...], Meta(description="Impossible values in the source, and how the import repaired them.")
    ] = ()


class IncidentCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """incident.yaml: facts that do not change during the incident."""

    schema: Annotated[int, Meta(ge=1, description="The version of this file's format.")]
    title: Annotated[ShortText, Meta(description="The internal title.")]
    kind: Annotated[IncidentKind, Meta(description="incident, maintenance, drill or retrospective.")]
    type: Annotated[TypeKey, Meta(description="A type of sevlog.yaml.")] = "service"
    summary: Annotated[Prose | None, Meta(description="What is the emergency?")] = None
    detection: Annotated[Detection | None, Meta(description="How the incident was detected.")] = None
    visibility: Annotated[Visibility, Meta(description="internal, public or restricted.")] = "internal"
    public_title: Annotated[ShortText | None, Meta(description="What customers read as the title.")] = None
    tags: Annotated[tuple[ShortText, ...], Meta(description="Words to find it by.")] = ()
    scheduled: Annotated[Window | None, Meta(description="The planned window; for a maintenance only.")] = None
    origin: Annotated[Origin | None, Meta(description="Where an imported record comes from.")] = None
    fields: Annotated[
        dict[str, bool | int | float | str | list[str]], Meta(description="Custom fields, defined in sevlog.yaml.")
    ] = field(default_factory=dict)


CARD_KEYS: tuple[str, ...] = tuple(known.encode_name for known in structs.fields(IncidentCard))
"""The keys of incident.yaml, in the order in which they are written."""


class ActionItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An action item."""

    id: Annotated[Annotated[str, Meta(pattern=r"^A[1-9][0-9]{0,3}\Z")], Meta(description="A1, A2 …")]
    title: Annotated[ShortText, Meta(description="What will be done; starts with a verb.")]
    status: Annotated[ActionStatus, Meta(description="The status.")] = "idea"
    class_: Annotated[ActionClass, Meta(description="priority, improvement or cleanup.")] = field(
        default="improvement", name="class"
    )
    intent: Annotated[ActionIntent | None, Meta(description="What it should achieve.")] = None
    owner: Annotated[Handle | None, Meta(description="The responsible person.")] = None
    team: Annotated[Key | None, Meta(description="The responsible team.")] = None
    due: Annotated[Day | None, Meta(description="By when.")] = None
    reason: Annotated[Prose | None, Meta(description="Why it will not be done (wont_do).")] = None
    ref: Annotated[Url | None, Meta(description="The ticket.")] = None
    done_by: Annotated[tuple[str, ...], Meta(description="The commits or pull requests that did it.")] = ()
    verified_by: Annotated[Handle | None, Meta(description="Who verified that it works.")] = None
    addresses: Annotated[tuple[str, ...], Meta(description="The contributing factors it addresses, by id.")] = ()


class ContributingFactor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One contributing factor."""

    id: Annotated[str, Meta(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,2}\Z", description="F1, F2 …")]
    text: Annotated[Prose, Meta(description="The factor.")]


class Postmortem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The front matter of postmortem.md."""

    status: Annotated[PostmortemStatus, Meta(description="draft, in_review, approved, published or waived.")]
    template: Annotated[
        RepositoryPath | None,
        Meta(
            description="The template it was made from: atlassian, google, howie, pagerduty, or the path of a Markdown "
            "file."
        ),
    ] = None
    owner: Annotated[Handle | None, Meta(description="The person responsible for writing it.")] = None
    due: Annotated[Day | None, Meta(description="When its approval is due.")] = None
    authors: Annotated[tuple[Handle, ...], Meta(description="Who wrote it.")] = ()
    reviewers: Annotated[tuple[Handle, ...], Meta(description="Who reviews it.")] = ()
    approved_by: Annotated[
        HandleBesideList | tuple[Handle, ...] | None, Meta(description="Who approved or waived it.")
    ] = None
    approved_text: Annotated[
        Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")] | None,
        Meta(description="A digest of the text and the factors that were approved; `approve` writes it."),
    ] = None
    meeting_at: Annotated[Instant | None, Meta(description="When the review meeting is.")] = None
    published_at: Annotated[Instant | None, Meta(description="When the text for customers was published.")] = None
    contributing_factors: Annotated[tuple[ContributingFactor, ...], Meta(description="The contributing factors.")] = ()
    audience: Annotated[str | None, Meta(description="Who it is written for.")] = None
    reason: Annotated[Prose | None, Meta(description="Why it was waived.")] = None


class PublicPostmortem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The optional front matter of postmortem.public.md."""

    title: Annotated[ShortText | None, Meta(description="A separate title.")] = None
    summary: Annotated[Prose | None, Meta(description="One or two sentences for lists and link previews.")] = None
    published_at: Annotated[Instant | None, Meta(description="When it was published.")] = None


class Record(Struct, frozen=True, kw_only=True):
    """The contents of the folder of one incident, validated. Entries are sorted by time, then id."""

    id: str
    card: IncidentCard
    entries: tuple[Entry, ...]
    actions: tuple[ActionItem, ...] = ()
    postmortem: Postmortem | None = None
    postmortem_text: str | None = None
    public_postmortem: PublicPostmortem | None = None
    public_postmortem_text: str | None = None
