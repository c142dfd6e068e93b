"""Prints on-call answers, with times in the time zone of the schedule."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ...screen import style
from ..table import columns
from ..times import span, stamp

if TYPE_CHECKING:
    from ....services.oncall.documents import (
        Coming,
        HandOver,
        Overridden,
        PageLoad,
        Simulated,
        SimulatedStep,
        Stretch,
        Who,
    )


def shown(at: datetime | None, zone: str) -> str:
    """A time in a zone, with its offset: Mon 2026-12-28 09:00 +01:00. A dash for None."""
    if at is None:
        return "-"
    there = at.astimezone(ZoneInfo(zone))
    offset = f"{there:%z}"
    return f"{there:%a %Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def who(document: Who) -> str:
    """Who is on call: a sentence for one answer, a table for several."""
    zone = document.time_zone
    if len(document.stretches) != 1:
        if not document.stretches:
            return "Nobody is on call: oncall.yaml has no schedules. An example: sevlog oncall --help"
        rows = [
            (s.schedule or "-", _people(s), shown(s.since, zone), shown(s.until, zone), _why(s))
            for s in document.stretches
        ]
        return columns(rows, ("SCHEDULE", "ON CALL", "SINCE", "UNTIL", "WHY"), cut=False)
    stretch = document.stretches[0]
    about = document.component or document.team or stretch.schedule or "anything"
    until = f", until {shown(stretch.until, zone)}" if stretch.until else ""
    schedule = f"schedule {stretch.schedule}, " if stretch.schedule and not stretch.step else ""
    why = f" ({schedule}{_why(stretch)})" if _why(stretch) != "-" else ""
    name = style(_people(stretch), bold=True)
    be = "are" if len(stretch.people) > 1 else "is"
    return f"{shown(document.at, zone)}: {name} {be} on call for {about}{until}{why}"


def _people(stretch: Stretch) -> str:
    return ", ".join(stretch.people) or "nobody"


def _why(stretch: Stretch) -> str:
    gap = "nobody is on call on its schedule; " if stretch.step and (stretch.since or stretch.until) else ""
    return gap + _reasons(
        stretch.layer, stretch.override, stretch.reason, stretch.instead_of, stretch.holiday, stretch.step
    )


def _reasons(
    layer: str | None,
    override: bool,
    reason: str | None,
    instead_of: str | None,
    holiday: str | None,
    step: str | None = None,
) -> str:
    said = [
        f"step {step} of the escalation policy" if step else "",
        f"layer {layer}" if layer and not step else "",
        f"override{f': {reason}' if reason else ''}" if override and not step else "",
        f"{instead_of} is away" if instead_of else "",
        f"holiday: {holiday}" if holiday else "",
    ]
    return "; ".join(part for part in said if part) or "-"


def source(commit: str | None, committed_at: datetime | None) -> str:
    """The version of the files that the answer comes from."""
    if commit is None:
        return "from the files as they are now"
    committed = stamp(committed_at)
    return f"from the files of commit {commit[:10]} (committed {committed})"


def coming(document: Coming) -> str:
    """A table of handovers; those of one person in their own time zone."""
    if not document.handovers:
        return "No handovers in this period."
    rows = [_handover(h, document.time_zone or h.time_zone) for h in document.handovers]
    return columns(rows, ("AT", "SCHEDULE", "FROM", "TO", "UNTIL", "WHY"), cut=False)


def _handover(row: HandOver, zone: str) -> tuple[str, ...]:
    why = _reasons(row.layer, row.override and row.person is not None, row.reason, row.instead_of, row.holiday)
    return (
        shown(row.at, zone),
        row.schedule,
        row.before or "nobody",
        row.person or "nobody",
        shown(row.until, zone),
        why,
    )


def load(document: PageLoad) -> str:
    """A table of pages per person and week, and who is over the budget."""
    if not document.rows:
        return "Nobody was on call or paged in this period."
    rows = [
        (
            row.week,
            row.person,
            str(row.pages),
            str(row.at_night),
            str(row.outside_hours),
            f"{row.hours_on_call:g} h",
            str(row.incidents),
            str(row.acknowledged),
            "-" if row.median_seconds_to_ack is None else span(row.median_seconds_to_ack),
        )
        for row in document.rows
    ]
    headings = ("WEEK", "PERSON", "PAGES", "NIGHT", "OFF HOURS", "ON CALL", "INCIDENTS", "ACKED", "MEDIAN")
    over = [
        style(
            f"! {row.person}: {row.pages} pages in {row.week}, more than the budget of {document.budget}", fg="yellow"
        )
        for row in document.rows
        if row.over_budget
    ]
    return "\n".join([columns(rows, headings, cut=False), *over])


def simulated(document: Simulated, *, contacts: bool = False) -> str:
    """The steps of an escalation. contacts: also show the contact points."""
    level = document.severity or "an immediate page"
    owner = f"team {document.team}" if document.team else "no team"
    lines = [
        style(
            f"{level} on {document.component}, owned by {owner}, at {shown(document.at, document.time_zone)}", bold=True
        )
    ]
    if document.steps:
        rows = [_step(step, document.time_zone, contacts) for step in document.steps]
        lines.append(columns(rows, ("AT", "AFTER", "STEP", "NOTIFY", "PEOPLE"), cut=False))
    if document.silent:
        lines.append(f"Nobody is paged: {document.silent}.")
    else:
        lines.append("Simulation: the steps run until somebody acknowledges. Nobody was paged.")
    return "\n".join(lines)


def _step(step: SimulatedStep, zone: str, contacts: bool) -> tuple[str, ...]:
    people = ", ".join(f"{p} ({' '.join(step.contact[p])})" if contacts else p for p in step.people)
    people_or_reason = f"skipped: {step.passed_over}" if step.passed_over else people
    waited = ", in working hours" if step.waited else ""
    after = span(step.after) if step.after else "immediately"
    number = f"{step.policy} {step.number}" + (f", round {step.round}" if step.round > 1 else "")
    return shown(step.at, zone), after + waited, number, step.notify, people_or_reason


def overridden(document: Overridden) -> str:
    """The overrides that were written, one line each."""
    lines = []
    for row in document.overrides:
        instead = f" instead of {', '.join(row.instead_of)}" if row.instead_of else ""
        span = f"{shown(row.since, document.time_zone)} to {shown(row.until, document.time_zone)}"
        lines.append(f"{document.schedule}  {row.person}{instead}, {span}")
    if document.dry_run:
        return "\n".join([*lines, "", document.diff, "", document.message, "nothing was written (--dry-run)"])
    where = f"commit {document.commit[:10]}" if document.commit else "written, not committed"
    return "\n".join(lines) + f"  ({where}{', pushed' if document.pushed else ''})"
