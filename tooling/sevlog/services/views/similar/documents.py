"""The JSON documents of similar incidents. The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from ....model.similarity.incident_profile import Believed, LeftOver, Tried


class ProblemOf(Struct, kw_only=True):
    """A problem record that an incident belongs to."""

    key: Annotated[str, Meta(description="The file's name below problems/, without .md.")]
    title: str
    status: str


class Alike(Struct, kw_only=True):
    """A past incident that is like the one that was asked for, and what it taught."""

    id: str
    title: str
    kind: str
    severity: str | None
    status: str
    category: str
    visibility: str
    components: list[str]
    started_at: datetime | None
    seconds: Annotated[float | None, Meta(description="How long the impact took, or the response; null while open.")]
    score: Annotated[float, Meta(description="Similarity, from 0 to 1.")]
    why: Annotated[list[str], Meta(description="What they have in common: alerts, components, tags, words.")]
    recurs: Annotated[bool, Meta(description="The same component, very similar, within 90 days, over: it may be back.")]
    live: Annotated[bool, Meta(description="Not over, and very similar: it may be the same incident.")]
    linked: Annotated[bool, Meta(description="Whether the given incident already refers to it.")]
    merged_into: str | None
    proved_right: Annotated[list[Believed], Meta(description="Theories that were supported.")]
    ruled_out: Annotated[list[Believed], Meta(description="Theories that were refuted.")]
    tried: Annotated[list[Tried], Meta(description="Mitigations, rollbacks and experiments, in order of time.")]
    unfinished: Annotated[list[LeftOver], Meta(description="Follow-up actions that were never completed.")]
    problems: Annotated[list[ProblemOf], Meta(description="The problem records that refer to it.")]
    command: Annotated[
        str | None, Meta(description="The command that links the two incidents, or merges open ones; null for none.")
    ]


class Similar(Struct, kw_only=True):
    """`sevlog similar --json`, and what raise, next and show offer."""

    schema: str
    id: Annotated[str | None, Meta(description="The given incident; null for a text.")]
    text: str | None
    incidents: Annotated[list[Alike], Meta(description="The most similar first.")]
    skipped: Annotated[str | None, Meta(description="Why there is no answer in time; null where there is one.")] = None
