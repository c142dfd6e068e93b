"""The vocabulary: fixed sets of words that records, schemas, commands and pages share, and times as text.

It imports no library, so that commands can offer the words as choices without loading the shapes of records.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

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
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "postmortem",
    "scheduled",
    "in_progress",
    "verifying",
    "completed",
]
PageImpact = Literal["none", "minor", "major", "critical", "maintenance"]
TheoryState = Literal["open", "supported", "refuted"]
TaskState = Literal["open", "done", "dropped"]
ActionTakenType = Literal["mitigation", "rollback", "change", "diagnostic"]
Relation = Literal["related", "duplicate_of", "child_of", "caused_by", "ticket", "alert", "change"]
StepState = Literal["done", "skipped", "failed"]
CollaboratorAudience = Literal["responder", "observer", "stakeholder"]
ActionClass = Literal["priority", "improvement", "cleanup"]
ActionIntent = Literal["prevent", "detect", "mitigate", "respond", "process"]
ActionStatus = Literal["idea", "accepted", "in_progress", "done", "verified", "wont_do"]
PostmortemStatus = Literal["draft", "in_review", "approved", "published", "waived"]
Forge = Literal["github", "gitlab", "none"]
Paging = Literal["immediate", "working_hours", "none"]

IMPACTS: tuple[Impact, ...] = (
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
)
"""Component states, best first: the order by which a group takes its worst child (Statuspage API v2)."""

MAINTENANCE_PHASES: tuple[MaintenancePhase, ...] = ("scheduled", "in_progress", "verifying", "completed")
INCIDENT_PHASES: tuple[IncidentPhase, ...] = ("investigating", "identified", "monitoring", "resolved", "postmortem")
FINAL_PHASES: frozenset[str] = frozenset({"resolved", "postmortem", "completed"})
LIVE_CATEGORIES: frozenset[str] = frozenset({"triage", "live"})
ENDED_CATEGORIES: frozenset[str] = frozenset({"learning", "closed", "dropped"})
UNCONDITIONAL: frozenset[str] = frozenset({"title", "severity", "priority", "merge_target"})
"""Guards that no override passes: without the value that they require, the transition has no meaning."""
CHANNEL_TYPES = ("chat", "video", "document")
"""The usual types of communication channel; other words are accepted too."""

UNKNOWN_COMPONENT = "unknown"
AUTOMATION = "sevlog"
"""Who acts where no person does: the pages that CI sends are recorded in this name."""
"""The component key for "not known yet", accepted wherever raising an incident takes a component key."""


def in_words(key: str) -> str:
    """A key as text for people: `incident_manager` is "incident manager"."""
    return key.replace("_", " ")


def worst(impacts: list[str] | tuple[str, ...]) -> str:
    """The worst of some component states; `operational` of none."""
    return max(impacts, key=lambda impact: IMPACTS.index(impact), default="operational")


def in_utc(at: datetime) -> datetime:
    """The same time in UTC. A time that would be outside the years 1 to 9999 becomes the first or last instant."""
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)


_TWO_DIGITS = tuple(f"{number:02d}" for number in range(60))


def instant(at: datetime) -> str:
    """The time as records store it: UTC with `Z`, with milliseconds only if they are not zero."""
    utc = in_utc(at)
    exact = "milliseconds" if utc.microsecond >= 1000 else "seconds"
    return f"{utc.replace(tzinfo=None).isoformat(timespec=exact)}Z"


def to_the_minute(at: datetime) -> str:
    """The time as people read it: 2026-11-23 14:07Z."""
    return f"{in_utc(at):%Y-%m-%d %H:%M}Z"


def compact(at: datetime) -> str:
    """A time as used in file names and ids: 20261123T140730Z, with milliseconds only if they are not zero."""
    utc = in_utc(at)
    fraction = f".{utc.microsecond // 1000:03d}" if utc.microsecond >= 1000 else ""
    two = _TWO_DIGITS  # strftime costs eight times as much, and this runs for every entry
    day = f"{utc.year:04d}{two[utc.month]}{two[utc.day]}"
    return f"{day}T{two[utc.hour]}{two[utc.minute]}{two[utc.second]}{fraction}Z"


def shortened(text: str, most: int) -> str:
    """The text in at most this many characters, with an ellipsis at its end if it was longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def is_day(text: str) -> bool:
    """Whether a text is a date that exists, which 2026-02-30 does not."""
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
