"""What entries of every kind share: the base class, evidence, and the data of the source of an imported entry."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from ..forms import EntryId, Handle, Instant, Prose, Url
from ..vocabulary import Impact

KEPT = {"redaction": "kept"}
"""Marks a text without content of its own: a redaction leaves it."""


class Evidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Evidence for an entry: a link, or a file below the evidence folder of the incident."""

    url: Annotated[Url | None, Meta(description="A link to a graph, log or message.")] = None
    file: Annotated[
        Annotated[str, Meta(pattern=r"^evidence(/[A-Za-z0-9_][A-Za-z0-9._-]*)+\Z")] | None,
        Meta(description="A path below the incident's folder, starting with evidence/."),
    ] = None
    label: Annotated[str | None, Meta(description="What it shows.")] = None


class AffectedComponent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The change of a component in an imported update, exactly as in its source."""

    code: Annotated[str, Meta(description="The component's id in the source.", extra=KEPT)]
    name: Annotated[str, Meta(description="The component's name as shown at the time.", extra=KEPT)]
    old_status: Annotated[Impact, Meta(description="State before.")]
    new_status: Annotated[Impact, Meta(description="State after.")]


class EntryOrigin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of the source of an imported entry that the fold cannot derive; kept for the API."""

    created_at: Annotated[Instant | None, Meta(description="When the source stored it, if not `recorded_at`.")] = None
    updated_at: Annotated[Instant | None, Meta(description="When the source last edited it.")] = None
    status: Annotated[
        str | None, Meta(description="The status word of the source, if it is not a phase.", extra=KEPT)
    ] = None
    affected_components: Annotated[
        tuple[AffectedComponent, ...] | None,
        Meta(description="The list of the source, kept if it cannot be derived; empty for an empty list."),
    ] = None
    deliver_notifications: Annotated[bool | None, Meta(description="Whether the source notified subscribers.")] = None
    custom_tweet: Annotated[str | None, Meta(description="The source's social text.")] = None
    tweet_id: Annotated[int | str | None, Meta(description="The source's social post.", extra=KEPT)] = None


class Entry(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", gc=False
):
    """One thing that happened. Entries are added, never edited."""

    at: Annotated[Instant, Meta(description="When it happened (RFC 3339 with offset; written in UTC).")]
    by: Annotated[Handle | None, Meta(description="Who did or said it; required unless imported.")] = None
    recorded_at: Annotated[
        Instant | None, Meta(description="When it became known, if that is not when it happened.")
    ] = None
    id: Annotated[EntryId | None, Meta(description="Needed only if compact time plus kind is not unique.")] = None
    text: Annotated[Prose | None, Meta(description="The text, in Markdown.")] = None
    evidence: Annotated[
        tuple[Evidence, ...], Meta(description="Links or files as evidence.", extra={"redaction": "gone"})
    ] = ()
    public: Annotated[
        bool, Meta(description="Whether customers may see it; updates to the public are always public.")
    ] = False
    key: Annotated[bool, Meta(description="Whether the timeline of a postmortem shows it, whatever its kind.")] = False
    origin: Annotated[EntryOrigin | None, Meta(description="Data of the source of an imported entry.")] = None
