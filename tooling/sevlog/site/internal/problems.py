"""The page of the problems: what they have in common, what has to change, and which incidents belong to them."""

from __future__ import annotations

from ...model.learning.problems import RequiredChange
from ...model.vocabulary import in_words
from ...services.views.problem_records import ProblemIncident, ProblemShown
from ..markup.html import Child, Html, join, link, outside, tag
from ..markup.markdown import document_html
from .elements import bullets, day, moment, section, table, terms
from .place import Place


def problems(place: Place) -> Html:
    """All of the page below its heading."""
    found = place.view.problems
    if not found:
        return tag("p", "No problems.")
    rows = [
        (
            link(f"#{one.key}", one.title),
            in_words(one.status),
            place.person(one.owner),
            len(one.incidents),
            f"{sum(change.done for change in one.changes)} of {len(one.changes)}",
            day(one.due),
        )
        for one in found
    ]
    headings = ("Problem", "Status", "Problem manager", "Incidents", "Changes done", "Fix promised by")
    overview = table("All problems", headings, rows)
    return join(overview, *(_problem(place, one) for one in found))


def _problem(place: Place, one: ProblemShown) -> Html:
    known = (
        ("Status", in_words(one.status)),
        ("Problem manager", place.person(one.owner)),
        ("Components", ", ".join(map(place.component, one.components))),
        ("Opened on", day(one.opened_on)),
        ("Fix promised by", day(one.due)),
        ("Fixed on", day(one.fixed_on)),
    )
    text = place.view.problem_texts.get(one.key, "")
    return section(
        one.title,
        terms(known),
        bullets(tag("span", f"It came back: {said}", class_="internal-late") for said in one.recurred),
        section("Causes", bullets(one.causes), level=3),
        _changes(place, one.changes),
        _incidents(place, "Its incidents", one.incidents),
        _incidents(place, "Incidents that may belong to it", one.proposed),
        section("Description", tag("div", document_html(text), class_="prose", dir="auto"), level=3)
        if text.strip()
        else None,
        anchor=one.key,
    )


def _changes(place: Place, changes: list[RequiredChange]) -> Html | None:
    rows = [
        (change.title, change.state, place.person(change.owner), day(change.due), _reference(place, change))
        for change in changes
    ]
    return table("Changes that it takes", ("Change", "State", "Owner", "Due", "Reference"), rows) if rows else None


def _reference(place: Place, change: RequiredChange) -> Child:
    if change.ref:
        return outside(change.ref, change.ref)
    incident, mark, item = (change.action or "").partition("/")
    return join(place.incident(incident), f" {item}") if mark else None


def _incidents(place: Place, caption: str, incidents: list[ProblemIncident]) -> Html | None:
    rows = [
        (place.incident(one.id, one.title), one.severity, moment(one.started_at), ", ".join(one.why))
        for one in incidents
    ]
    if not any(row[-1] for row in rows):
        rows_without = [row[:-1] for row in rows]
        return table(caption, ("Incident", "Severity", "Began"), rows_without) if rows else None
    return table(caption, ("Incident", "Severity", "Began", "Why"), rows)
