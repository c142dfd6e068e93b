"""The words of the field: fixed sets that records, schemas, commands and pages all take from here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta

# A literal type is the one source of its words; `words` lists them in order of severity or of time.
IncidentKind = Literal["incident", "maintenance", "drill", "retrospective"]
Visibility = Literal["internal", "public", "restricted"]
DetectionSource = Literal["monitoring", "customer_report", "personnel"]
Scope = Literal["all", "some", "none"]
Impact = Literal["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"]
Category = Literal["triage", "live", "learning", "closed", "dropped"]
Audience = Literal["public", "internal", "executive", "social"]
IncidentPhase = Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
MaintenancePhase = Literal["scheduled", "in_progress", "verifying", "completed"]
Phase = Literal[
    "investigating", "identified", "monitoring", "resolved", "postmortem",
    "scheduled", "in_progress", "verifying", "completed",
]  # fmt: skip
PageImpact = Literal["none", "minor", "major", "critical", "maintenance"]
TheoryState = Literal["open", "supported", "refuted"]
TaskState = Literal["open", "done", "dropped"]
ActionTakenType = Literal["mitigation", "rollback", "change", "diagnostic"]
ChannelType = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}\Z", description="chat, video, document, or a word of your own.")
]
Relation = Literal["related", "duplicate_of", "child_of", "caused_by", "ticket", "alert", "change"]
CollaboratorAudience = Literal["responder", "observer", "stakeholder"]
ActionClass = Literal["priority", "improvement", "cleanup"]
ActionIntent = Literal["prevent", "detect", "mitigate", "respond", "process"]
ActionStatus = Literal["idea", "accepted", "in_progress", "done", "verified", "wont_do"]
PostmortemStatus = Literal["draft", "in_review", "approved", "published", "waived"]
Paging = Literal["immediate", "working_hours", "none"]

Instant = Annotated[
    datetime,
    Meta(tz=True, description="RFC 3339 time with an offset, such as 2026-11-23T14:07:30Z."),
]
Day = Annotated[
    str,
    Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z", description="A date, such as 2026-11-23."),
]
Duration = Annotated[
    str, Meta(pattern=r"^[1-9][0-9]{0,4}(s|m|h|d|w)\Z", description="A length of time: 90s, 15m, 2h, 5d or 4w.")
]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z", description="A stable key: a-z, 0-9 and hyphens.")]
Handle = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z", description="A person's handle; never a name, mail or phone."),
]
LevelKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z", description="A level such as SEV1 or P2.")]
TypeKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,62}\Z", description="A key such as third_party.")]
Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}\Z", description="A lower-case word with underscores.")]
Url = Annotated[
    str, Meta(pattern=r"^(https?://[^\s<>\"]+|mailto:[^\s<>\"]+)\Z", description="An http, https or mailto address.")
]
EntryId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\Z",
        description="Unique within the incident and never changed; by default the compact time plus the kind.",
    ),
]
ShortText = Annotated[str, Meta(min_length=1, max_length=300)]
Prose = Annotated[str, Meta(min_length=1)]

IMPACTS: tuple[Impact, ...] = (
    "operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage",
)  # fmt: skip
"""Component states, best first: the order by which a group takes its worst child (Statuspage API v2)."""

MAINTENANCE_PHASES: tuple[MaintenancePhase, ...] = ("scheduled", "in_progress", "verifying", "completed")
INCIDENT_PHASES: tuple[IncidentPhase, ...] = ("investigating", "identified", "monitoring", "resolved", "postmortem")
FINAL_PHASES: frozenset[str] = frozenset({"resolved", "postmortem", "completed"})
LIVE_CATEGORIES: frozenset[str] = frozenset({"triage", "live"})
ENDED_CATEGORIES: frozenset[str] = frozenset({"learning", "closed", "dropped"})
UNKNOWN_COMPONENT = "unknown"
"""Stands for "we do not know yet which component": allowed wherever a component key is asked for when raising."""


def worst(impacts: list[str] | tuple[str, ...]) -> str:
    """The worst of some component states; `operational` of none."""
    return max(impacts, key=lambda impact: IMPACTS.index(impact), default="operational")


def in_utc(at: datetime) -> datetime:
    """The same time in UTC. The calendar's first and last hours, which no other zone has a place for, as its bounds."""
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)
