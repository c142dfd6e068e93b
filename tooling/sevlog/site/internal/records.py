"""The page of one incident for colleagues: all that the record knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ...model.vocabulary import in_words
from ...services.common.documents import Incident
from ...services.publishing.internal_view import InternalRecord
from ..markup.html import EMPTY, Child, Html, join, link, outside, tag
from ..markup.markdown import document_html
from ..markup.times import duration
from .elements import bullets, day, instant, moment, section, table, terms
from .place import Place
from .runbooks import runbook_address, used
from .theories import theory_tree
from .timeline import timeline, what_was_known


def record_body(place: Place, record: InternalRecord) -> Html:
    """All of the page below the bar."""
    one = record.incident
    return join(
        tag("h1", tag("bdi", one.title)),
        tag("p", _state(one), class_="lead"),
        tag("p", one.summary, dir="auto") if one.summary else None,
        _head(place, one),
        section("People", _people(place, one)),
        section("Impact", _assessment(one)),
        section("Times", _times(one)),
        section("What is late", bullets(f"{d.what}: {d.command}" for d in one.overdue)),
        section("Theories and experiments", theory_tree(place, one), anchor="theories"),
        section("What was known when", what_was_known(place, one), anchor="known"),
        section("Tasks", _tasks(place, one)),
        section("Runbooks used", _runbooks(place, one)),
        section("Links", _links(place, one)),
        section("Timeline", timeline(place, one), anchor="timeline"),
        section("Action items", _actions(place, one.actions), anchor="actions"),
        section("Postmortem", _postmortem(record), anchor="postmortem"),
    )


def _state(one: Incident) -> str:
    parts = [one.severity, one.priority, one.status_name or in_words(one.status), "major" if one.major else None]
    if one.kind != "incident":
        parts.insert(0, in_words(one.kind).upper())
    return " · ".join(part for part in parts if part)


def _head(place: Place, one: Incident) -> Html:
    return terms(
        (
            ("Record", one.id),
            ("Public title", one.public_title),
            ("On the status page", "yes" if one.on_page.shown else f"no: {one.on_page.why_not}"),
            ("Type", one.type),
            ("Detection", ", ".join(in_words(str(value)) for value in (one.detection or {}).values())),
            (
                "Components",
                ", ".join(f"{place.component(key)}: {in_words(state)}" for key, state in one.components.items()),
            ),
            ("Tags", ", ".join(one.tags)),
            ("Next update due", moment(one.next_update_due_at) if one.next_update_due_at else None),
        )
    )


def _people(place: Place, one: Incident) -> Html:
    rows = [
        (one.role_names.get(role, in_words(role)), ", ".join(map(place.person, people)))
        for role, people in one.roles.items()
    ]
    joined = [f"{who.name} ({who.audience})" for who in one.collaborators]
    channels = [join(channel.type, " ", outside(channel.url, channel.url)) for channel in one.channels]
    return join(
        table("Roles", ("Role", "Person"), rows) if rows else None,
        terms((("Lead", place.person(one.lead)), ("Joined", ", ".join(joined)), ("Channels", bullets(channels)))),
    )


def _assessment(one: Incident) -> Html:
    return terms(
        (_UNITS.get(key) or in_words(key).capitalize(), _plain(key, value)) for key, value in one.assessment.items()
    )


_UNITS = {"affected_percent": "Affected customers, percent", "affected_count": "Affected customers"}


def _plain(key: str, value: Any) -> Child:
    if value is None or value == [] or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "started_at":
        return moment(instant(value))
    if isinstance(value, float):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _times(one: Incident) -> Html:
    rows = [(in_words(name.removesuffix("_at")).capitalize(), moment(at)) for name, at in one.milestones.items() if at]
    lengths = [
        (in_words(name).capitalize(), duration(timedelta(seconds=seconds)))
        for name, seconds in one.durations.items()
        if seconds is not None
    ]
    spent = [(name, duration(timedelta(seconds=seconds))) for name, seconds in one.time_in_severity.items()]
    return join(
        table("Milestones", ("What", "When"), rows) if rows else None,
        table("Durations", ("What", "How long"), lengths) if lengths else None,
        table("Time in each severity", ("Severity", "How long"), spent) if len(spent) > 1 else None,
    )


def _word(row: dict[str, Any]) -> str:
    return in_words(str(row.get("state") or "open"))


def _tasks(place: Place, one: Incident) -> Html:
    return bullets(_task(place, row) for row in one.tasks)


def _task(place: Place, row: dict[str, Any]) -> str:
    who = f" ({place.person(str(row['assignee']))})" if row.get("assignee") else ""
    return f"{row['ref']} {_word(row)}: {row.get('text') or ''}{who}"


def _runbooks(place: Place, one: Incident) -> Html:
    known = {book.name.removesuffix(".md"): book for book in place.view.runbooks}
    rows: list[Child] = []
    for name, (first, count) in used(one).items():
        book = known.get(name)
        shown = link(place.location.to(runbook_address(name)), book.title) if book else name
        rows.append(join(shown, f": {count} step{'' if count == 1 else 's'}, from ", moment(first)))
    return bullets(rows)


def _links(place: Place, one: Incident) -> Html:
    rows = [
        join(
            relation.words.capitalize(),
            ": ",
            place.related(relation.target),
            f": {relation.text}" if relation.text else None,
        )
        for relation in one.relations
    ]
    return bullets(rows)


def _actions(place: Place, rows: list[dict[str, Any]]) -> Html:
    cells = [
        (row["id"], row["title"], _status(row), place.person(row.get("owner") or row.get("team")), day(row.get("due")))
        for row in rows
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
