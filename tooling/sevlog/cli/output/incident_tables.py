"""Prints one incident and its timeline. Color is never the only sign of a meaning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ...model.timeline.attachments import UNKNOWN, alert_name
from ..screen import label, say, style
from .investigation_tables import investigation
from .reaching.notify_tables import line
from .table import has_terminal, padded, shortened
from .times import span, stamp

if TYPE_CHECKING:
    from ...model.problem import Problem
    from ...services.common.documents import Collaborator, Deadline, Incident, Timeline, TimelineRow


def kind_mark(kind: str) -> str:
    """A kind in brackets, such as `[drill] `; empty for a plain incident."""
    return "" if kind == "incident" else f"[{kind}] "


def overdue(late: Iterable[Deadline], now: datetime) -> list[str]:
    """What is late, for how long, and the command, as `next` says it."""
    return [f"{with_limit(one.what, one.due_at, now)}: {one.command}" for one in late]


def with_limit(what: str, due_at: datetime | None, now: datetime) -> str:
    """Something to do, with the time that is left, or for how long it is late."""
    return what if due_at is None else f"{what} ({due(due_at, now)})"


def due(at: datetime, now: datetime) -> str:
    """When something is due: in some time, or overdue for some time."""
    left = (at - now).total_seconds()
    return f"due in {span(left)}" if left >= 0 else f"OVERDUE {span(left)}"


def joined(people: Iterable[Collaborator]) -> str:
    """Those who joined, by audience: `responders: Ana, team Payments; observers: Bo`."""
    found: dict[str, list[str]] = {}
    for one in people:
        found.setdefault(one.audience, []).append(f"team {one.name}" if one.team else one.name)
    return "; ".join(f"{audience}s: {', '.join(names)}" for audience, names in found.items()) or "-"


def _promised(at: datetime | None, now: datetime) -> str:
    return "-" if at is None else f"{stamp(at)} ({time_left(at, now)})"


def _promised_in(incident: str | None) -> str:
    return f", promised in {incident}" if incident else ""


def _roles(d: Incident) -> str:
    """Who holds which role, workstreams in brackets."""
    found: dict[str, list[str]] = {}
    for holder in d.holders:
        part = f" ({holder.workstream})" if holder.workstream else ""
        found.setdefault(holder.role, []).append(f"{holder.person}{part}")
    named = (f"{label(role, d.role_names[role])}: {', '.join(people)}" for role, people in found.items())
    return "; ".join(named) or "-"


def time_left(at: datetime | None, now: datetime) -> str:
    """The time until something is due, or for how long it is overdue."""
    if at is None:
        return "-"
    left = (at - now).total_seconds()
    return f"in {span(left)}" if left >= 0 else f"OVERDUE {span(left)}"


def incident(d: Incident, now: datetime) -> str:
    """One incident in full."""
    from ...model.timeline.kinds.summaries import plain

    level = " · ".join(
        p for p in (d.severity, d.priority, label(d.status, d.status_name), "major" if d.major else None) if p
    )
    lines = [style(f"{kind_mark(d.kind)}{d.title}", bold=True), f"{d.id}  {level}", *_as_seen(d), ""]
    if d.summary:
        lines += [d.summary, ""]
    lines += [
        f"{name + ':':<18}{value}"
        for name, value in (
            ("Public title", d.public_title or "none"),
            ("Status page", _on_the_page(d)),
            ("Detection", _detection(d)),
            ("Components", ", ".join(f"{k} {v.replace('_', ' ')}" for k, v in d.components.items()) or "-"),
            ("Lead", d.lead or "no lead"),
            ("Roles", _roles(d)),
            ("Joined", joined(d.collaborators)),
            ("Channels", "  ".join(f"{c.type} {c.url}" for c in d.channels) or "-"),
            ("Next update", _promised(d.next_update_due_at, now) + _promised_in(d.next_update_promised_in)),
        )
    ]
    lines += [f"! {late}" for late in overdue(d.overdue, now)]
    if d.merged_into:
        lines.append(f"{'Merged into:':<18}{d.merged_into}")
    for key, value in d.assessment.items():
        lines.append(f"{key.replace('_', ' ').capitalize() + ':':<17} {plain(value) or 'none'}")
    lines += ["", style("Times", bold=True)]
    lines += [f"  {k.removesuffix('_at').replace('_', ' '):<24}{stamp(v)}" for k, v in d.milestones.items() if v]
    lines += [f"  {k.replace('_', ' '):<32}{span(v)}" for k, v in d.durations.items() if v is not None]
    lines += [f"  {'at ' + level:<32}{span(seconds)}" for level, seconds in d.time_in_severity.items()]
    if d.updates:
        lines += ["", style("Updates", bold=True)]
        lines += [f"  {stamp(u.at)}  {u.audience}/{u.phase}  {_first(u.text)}" for u in d.updates]
    lines += [*investigation(d), *_alerts(d), *_links(d), *_notifications(d)]
    lines += ["", style("Timeline", bold=True), *(_row(row) for row in d.timeline[-12:])]
    if len(d.timeline) > 12:
        lines.append(f"  … {len(d.timeline) - 12} earlier entries: sevlog timeline {d.id}")
    if d.next_statuses:
        names = [label(key, name) for key, name in zip(d.next_statuses, d.next_status_names, strict=True)]
        lines += ["", f"Possible transitions: {', '.join(names)}"]
    return "\n".join(lines)


def _detection(d: Incident) -> str:
    """How it was detected, with its reference and reporter."""
    known = d.detection or {}
    source = known.get("source")
    parts = [str(source).replace("_", " ") if source else "source not recorded"]
    parts += [str(known["ref"])] if known.get("ref") else []
    parts += [f"reported by {known['reporter']}"] if known.get("reporter") else []
    return ", ".join(parts)


def _alerts(d: Incident) -> list[str]:
    """The alerts, by the name that `sevlog link --rel alert` takes."""
    rows = []
    for alert in d.alerts:
        since = f"since {stamp(datetime.fromisoformat(alert['changed_at']))}"
        told = "attached by hand, not delivered yet" if alert["state"] == UNKNOWN else since
        rows.append(f"  {alert['state']:<10}{alert_name(alert['source'], alert['fingerprint'])}  {told}")
    return ["", style("Alerts", bold=True), *rows] if rows else []


def _notifications(d: Incident) -> list[str]:
    """How many messages arrived at each address, then each that did not."""
    if not d.notifications:
        return []
    sent = Counter(one.to for one in d.notifications if one.state == "sent")
    rows = [f"  sent to {to}: {count}" for to, count in sent.items()]
    rows += [f"  {line(one)}" for one in d.notifications if one.state not in ("sent", "moot")]
    return ["", style("Notifications", bold=True), *rows]


def _links(d: Incident) -> list[str]:
    """The relations, from both sides. A merge also says that it is a duplicate."""
    shown = [r for r in d.relations if (r.rel, r.target) != ("duplicate_of", d.merged_into)]
    rows = [f"  {r.words} {r.target}{f': {_first(r.text)}' if r.text else ''}" for r in shown]
    return ["", style("Links", bold=True), *rows] if rows else []


def _on_the_page(d: Incident) -> str:
    """Whether the incident is on the status page, and its title there or why it is not."""
    if d.on_page.shown:
        return f"published as “{d.on_page.title}” since {stamp(d.on_page.since)}"
    return f"not published: {d.on_page.why_not}"


def _as_seen(d: Incident) -> list[str]:
    """The heading of a view of the past."""
    lines = [f"as of {stamp(d.as_of)}, with what is known now"] if d.as_of and not d.known_at else []
    if d.known_at:
        when = f"as of {stamp(d.as_of)}, " if d.as_of else ""
        lines = [f"{when}with what was known at {stamp(d.known_at)}"]
    return [style(line, bold=True) for line in lines]


def timeline(document: Timeline) -> str:
    """Entries, oldest first."""
    return "\n".join(
        [style(f"{kind_mark(document.kind)}{document.id}", bold=True), *(_row(row) for row in document.timeline)]
    )


def _row(row: TimelineRow) -> str:
    changed_by = {"retracted": row.retracted_by, "corrected": row.corrected_by, "redacted": row.redacted_by}
    marks = "".join(f" [{mark}]" for mark, entry in changed_by.items() if entry)
    return f"  {stamp(row.at)}  {row.kind:<12} {padded(row.by or '-', 10)} {_first(row.summary)}{marks}  [{row.id}]"


def _first(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else ""
    return shortened(line, 90) if has_terminal() else line


def warn_of(problems: Iterable[Problem], as_json: bool) -> None:
    """Print a warning about findings in the shown records on standard error."""
    found = list(problems)
    if not found or as_json:
        return
    errors = sum(p.severity == "error" for p in found)
    first = next((p for p in found if p.severity == "error"), found[0])
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    where = f"{first.path}: " if first.path else ""
    say(
        f"{style('warning:', fg='yellow', bold=True)} {where}{first.message}{more}"
        f" ({errors} {'error' if errors == 1 else 'errors'}; to see all: sevlog check)",
        err=True,
    )
