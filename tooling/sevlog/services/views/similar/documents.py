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
    score: Annotated[float, Meta(description="How alike they are, from 0 to 1.")]
    why: Annotated[list[str], Meta(description="What both have: alerts, components, tags, words.")]
    recurs: Annotated[bool, Meta(description="The same component, much alike, within 90 days, over: it may be back.")]
    live: Annotated[bool, Meta(description="It is not over, and much alike: it may be the same incident.")]
    linked: Annotated[bool, Meta(description="Whether the incident that was asked for names it already.")]
    merged_into: str | None
    proved_right: Annotated[list[Believed], Meta(description="Theories that were supported.")]
    ruled_out: Annotated[list[Believed], Meta(description="Theories that were refuted.")]
    tried: Annotated[list[Tried], Meta(description="Mitigations, rollbacks and experiments, in their order.")]
    unfinished: Annotated[list[LeftOver], Meta(description="Follow-up actions that were never finished.")]
    problems: Annotated[list[ProblemOf], Meta(description="The problem records that name it.")]
    command: Annotated[str | None, Meta(description="What links the two, or merges open ones; null for none.")]


class Similar(Struct, kw_only=True):
    """`sevlog similar --json`, and what raise, next and show offer."""

    schema: str
    id: Annotated[str | None, Meta(description="The incident that was asked for; null where it was a text.")]
    text: str | None
    incidents: Annotated[list[Alike], Meta(description="The most alike first.")]
    skipped: Annotated[str | None, Meta(description="Why nothing could be said in time; null where it could.")] = None
