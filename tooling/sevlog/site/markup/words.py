"""The English words of the pages, in one module, so that a translation is one file."""

from __future__ import annotations

from ...model.vocabulary import Impact, PageImpact, Phase

IMPACT: dict[Impact, str] = {
    "operational": "Operational",
    "under_maintenance": "Under maintenance",
    "degraded_performance": "Degraded performance",
    "partial_outage": "Partial outage",
    "major_outage": "Major outage",
}
PHASE: dict[Phase, str] = {
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "postmortem": "Postmortem",
    "scheduled": "Scheduled",
    "in_progress": "In progress",
    "verifying": "Verifying",
    "completed": "Completed",
}
IMPACT_LEVEL: dict[PageImpact, str] = {
    "none": "None",
    "minor": "Minor",
    "major": "Major",
    "critical": "Critical",
    "maintenance": "Maintenance",
}
"""The same beside the label "Impact"."""
PAGE_IMPACT: dict[PageImpact, str] = {
    "none": "No impact",
    "minor": "Minor impact",
    "major": "Major impact",
    "critical": "Critical impact",
    "maintenance": "Maintenance",
}
HEADLINE: dict[Impact, str] = {
    "operational": "All systems operational",
    "under_maintenance": "Some systems are under maintenance",
    "degraded_performance": "Degraded performance of some systems",
    "partial_outage": "Partial outage of some systems",
    "major_outage": "Major outage of some systems",
}
ALL_DOWN = "Major outage of all systems"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 incident, 1,204 incidents."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: list[str]) -> str:
    """Names as a list in a sentence: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
