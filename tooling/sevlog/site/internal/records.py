"""The page of one incident for colleagues: all that the record knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ...model.vocabulary import in_words
from ...services.common.documents import Incident, TimelineRow
from ...services.publishing.internal_view import InternalRecord
from ..markup.html import EMPTY, Child, Html, join, link, outside, tag
from ..markup.markdown import document_html
from ..markup.times import duration
from ..pages.page import PageLocation
from .elements import address, bullets, moment, section, table, terms


def record_body(record: InternalRecord, location: PageLocation, known: frozenset[str]) -> Html:
    """All of the page below the bar. known: the incidents that have a page."""
    one = record.incident
    return join(
        tag("h1", tag("bdi", one.title)),
        tag("p", _state(one), class_="lead"),
        tag("p", one.summary, dir="auto") if one.summary else None,
        _head(one),
        section("People", _people(one)),
        section("Impact", _assessment(one)),
        section("Times", _times(one)),
        section("What is late", bullets(f"{d.what}: {d.command}" for d in one.overdue)),
        section("Theories and experiments", _theories(one)),
        section("Tasks", _tasks(one)),
        section("Links", _links(one, location, known)),
        section("Timeline", tag("ol", [_entry(row) for row in one.timeline], class_="internal-timeline")),
        section("Action items", _actions(one.actions)),
        section("Postmortem", _postmortem(record)),
    )


def _state(one: Incident) -> str:
    parts = [one.severity, one.priority, one.status_name or in_words(one.status), "major" if one.major else None]
    if one.kind != "incident":
        parts.insert(0, in_words(one.kind).upper())
    return " · ".join(part for part in parts if part)


def _head(one: Incident) -> Html:
    return terms(
        (
            ("Record", one.id),
            ("Public title", one.public_title),
            ("Type", one.type),
            ("Detection", ", ".join(in_words(str(value)) for value in (one.detection or {}).values())),
            ("Components", ", ".join(f"{key}: {in_words(state)}" for key, state in one.components.items())),
            ("Tags", ", ".join(one.tags)),
            ("Next update due", moment(one.next_update_due_at) if one.next_update_due_at else None),
        )
    )


def _people(one: Incident) -> Html:
    rows = [(one.role_names.get(role, in_words(role)), ", ".join(people)) for role, people in one.roles.items()]
    joined = [f"{who.name} ({who.audience})" for who in one.collaborators]
    channels = [join(channel.type, " ", outside(channel.url, channel.url)) for channel in one.channels]
    return join(
        table("Roles", ("Role", "Held by"), rows) if rows else None,
        terms((("Lead", one.lead), ("Joined", ", ".join(joined)), ("Channels", bullets(channels)))),
    )


def _assessment(one: Incident) -> Html:
    return terms((in_words(key).capitalize(), _plain(value)) for key, value in one.assessment.items())


def _plain(value: Any) -> str | None:
    if value is None or value == [] or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _times(one: Incident) -> Html:
    rows = [(in_words(name.removesuffix("_at")).capitalize(), moment(at)) for name, at in one.milestones.items() if at]
    lengths = [
        (in_words(name).capitalize(), duration(timedelta(seconds=seconds)))
        for name, seconds in one.durations.items()
        if seconds is not None
    ]
    return join(
        table("Milestones", ("What", "When"), rows) if rows else None,
        table("Durations", ("What", "How long"), lengths) if lengths else None,
    )


def _theories(one: Incident) -> Html:
    rows = [_about(f"{row['ref']} {_word(row)}", row) for row in one.theories]
    tests = [_about(f"{row.get('ref') or ''} on {row.get('theory')}", row) for row in one.experiments]
    seen = [f"{row.get('ref') or ''} {row.get('text') or ''}".strip() for row in one.observations]
    return join(bullets(rows), bullets(tests), section("Observations", bullets(seen), level=3))


def _word(row: dict[str, Any]) -> str:
    return in_words(str(row.get("state") or "open"))


def _about(head: str, row: dict[str, Any]) -> Html:
    return join(tag("strong", f"{head}: "), str(row.get("text") or ""), _result(row))


def _result(row: dict[str, Any]) -> str:
    ends = row.get("result") or row.get("proposed_fix")
    return f" → {ends}" if ends else ""


def _tasks(one: Incident) -> Html:
    return bullets(_task(row) for row in one.tasks)


def _task(row: dict[str, Any]) -> str:
    who = f" ({row['assignee']})" if row.get("assignee") else ""
    return f"{row['ref']} {_word(row)}: {row.get('text') or ''}{who}"


def _links(one: Incident, location: PageLocation, known: frozenset[str]) -> Html:
    rows: list[Child] = []
    for relation in one.relations:
        target: Child = relation.target
        if relation.target in known:
            target = link(location.to(address(relation.target)), relation.target)
        elif isinstance(target, str):
            target = outside(target, target)
        rows.append(join(in_words(relation.rel), ": ", target))
    return bullets(rows)


def _entry(row: TimelineRow) -> Html:
    late = row.recorded_at - row.at > _LATE
    known = tag("span", f" (known at {row.recorded_at:%H:%M}Z)", class_="known") if late else EMPTY
    gone = " (retracted)" if row.retracted_by else " (corrected)" if row.corrected_by else ""
    who = f"{row.by}: " if row.by else ""
    return tag("li", moment(row.at), tag("p", f"{who}{row.summary}{gone}", known, class_="said", dir="auto"))


_LATE = timedelta(minutes=2)
"""An entry that was recorded so much later than it happened says so."""


def _actions(rows: list[dict[str, Any]]) -> Html:
    cells = [
        (row["id"], row["title"], _status(row), row.get("owner") or row.get("team"), row.get("due")) for row in rows
    ]
    return table("Action items", ("Id", "Title", "Status", "Owner", "Due"), cells) if cells else EMPTY


def _status(row: dict[str, Any]) -> str:
    return in_words(str(row.get("status") or "idea"))


def _postmortem(record: InternalRecord) -> Html:
    if record.postmortem is None:
        return EMPTY
    status = str((record.incident.postmortem or {}).get("status") or "")
    return join(
        tag("p", f"Status: {in_words(status)}", class_="meta"),
        tag("div", document_html(record.postmortem), class_="prose", dir="auto"),
    )
