"""The JSON documents of the looking commands (cli.md, JSON). The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from ..model.problem import Problem


class Brief(Struct, kw_only=True):
    """An incident in a list."""

    id: str
    title: str
    public_title: str | None
    kind: str
    status: str
    category: str
    severity: str | None
    priority: str | None
    major: bool
    rank: Annotated[int | None, Meta(description="Place among the live incidents, from 1; null when not live.")]
    components: Annotated[dict[str, str], Meta(description="Component key -> impact now.")]
    started_at: datetime | None
    resolved_at: datetime | None
    lead: str | None
    next_update_due_at: datetime | None


class IncidentList(Struct, kw_only=True):
    """`sevlog list --json` and `sevlog board --json`."""

    schema: str
    incidents: list[Brief]
    problems: list[Problem] = []


class Channel(Struct, kw_only=True):
    """Where the response talks."""

    type: str
    url: str
    at: datetime


class SaidUpdate(Struct, kw_only=True):
    """What an audience was told."""

    id: str
    at: datetime
    by: str | None
    audience: str
    phase: str
    text: str
    components: dict[str, str]
    next_update_at: datetime | None
    edited_at: datetime | None


class TimelineRow(Struct, kw_only=True):
    """An entry as it counts; `entry` is the entry as written, all its keys."""

    id: str
    kind: str
    at: datetime
    recorded_at: datetime
    by: str | None
    text: str | None
    corrected_by: list[str]
    retracted_by: str | None
    entry: dict[str, Any]


class Timeline(Struct, kw_only=True):
    """`sevlog timeline --json`."""

    schema: str
    id: str
    timeline: list[TimelineRow]


class Incident(Struct, kw_only=True):
    """`sevlog show --json`: an incident as it stands, or stood."""

    schema: str
    id: str
    title: str
    public_title: str | None
    kind: str
    type: str
    status: str
    category: str
    severity: str | None
    priority: str | None
    major: bool
    visibility: str
    summary: str | None
    detection: dict[str, Any] | None
    tags: list[str]
    fields: dict[str, Any]
    scheduled: dict[str, Any] | None
    origin: dict[str, Any] | None
    components: Annotated[dict[str, str], Meta(description="Component key -> impact now.")]
    assessment: dict[str, Any]
    roles: Annotated[dict[str, list[str]], Meta(description="Role -> who holds it.")]
    lead: str | None
    channels: list[Channel]
    milestones: dict[str, datetime | None]
    durations: Annotated[dict[str, float | None], Meta(description="Name -> seconds; null while open.")]
    time_in_severity: Annotated[dict[str, float], Meta(description="Severity -> seconds.")]
    updates: list[SaidUpdate]
    next_update_due_at: datetime | None
    timeline: list[TimelineRow]
    relations: list[dict[str, Any]]
    merged_into: str | None
    alerts: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    theories: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    postmortem: dict[str, Any] | None
    relapses: int
    overrides: list[str]
    next_statuses: Annotated[list[str], Meta(description="Where the lifecycle allows it to go from here.")]
    problems: list[Problem]
