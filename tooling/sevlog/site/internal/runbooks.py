"""The pages of the runbooks: each with its text, and the incidents in which it was used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ...model.guidance.runbook import Runbook
from ...services.common.documents import Incident
from ...services.publishing.internal_view import InternalView
from ..markup.html import Child, Html, join, link, tag
from ..markup.markdown import document_html
from ..pages.page import segment
from .elements import address, day, moment, section, table, terms
from .place import Place

Uses = Mapping[str, list[tuple[Incident, datetime, int]]]
"""Runbook, without its ending -> incidents that used it, when first, and how many of its steps they took."""


def runbook_address(name: str) -> str:
    """The path of the page of a runbook, by the name of its file."""
    return address(segment(f"runbook-{name.removesuffix('.md')}"))


def used(incident: Incident) -> dict[str, tuple[datetime, int]]:
    """The runbooks whose steps an incident took: when first, and how many entries say so."""
    found: dict[str, tuple[datetime, int]] = {}
    for row in incident.timeline:
        if row.kind == "runbook_step" and row.retracted_by is None:
            name = str(row.entry.get("runbook") or "").removesuffix(".md")
            first, count = found.get(name, (row.at, 0))
            found[name] = (min(first, row.at), count + 1)
    return found


def uses(view: InternalView) -> Uses:
    """For each runbook the incidents in which it was used, the newest first."""
    found: dict[str, list[tuple[Incident, datetime, int]]] = {}
    for record in view.records:
        for name, (first, count) in used(record.incident).items():
            found.setdefault(name, []).append((record.incident, first, count))
    return {name: sorted(rows, key=lambda row: row[1], reverse=True) for name, rows in found.items()}


def runbooks(place: Place) -> Html:
    """The list of all runbooks."""
    books, there = place.view.runbooks, uses(place.view)
    if not books:
        return tag("p", "No runbooks: runbooks/ has none.")
    rows = [
        (
            link(place.location.to(runbook_address(book.name)), book.title),
            ", ".join(map(place.component, book.card.components)),
            place.person(book.card.owner or book.card.team),
            day(book.card.reviewed_on),
            len(there.get(book.name.removesuffix(".md"), ())),
        )
        for book in books
    ]
    return table("All runbooks", ("Runbook", "Components", "Owner", "Last reviewed", "Incidents that used it"), rows)


def runbook_body(place: Place, book: Runbook, there: Uses) -> Html:
    """The page of one runbook below the bar."""
    rows: list[tuple[Child, ...]] = [
        (place.incident(incident.id), incident.severity, moment(first), count)
        for incident, first, count in there.get(book.name.removesuffix(".md"), ())
    ]
    used_in = table("Incidents that used it", ("Incident", "Severity", "First step", "Steps"), rows) if rows else None
    return join(
        tag("h1", tag("bdi", book.title)),
        terms(
            (
                ("File", tag("code", f"runbooks/{book.name}")),
                ("Components", ", ".join(map(place.component, book.card.components))),
                ("Symptoms", join(*(tag("div", one) for one in book.card.symptoms))),
                ("Owner", place.person(book.card.owner or book.card.team)),
                ("Last reviewed", day(book.card.reviewed_on)),
            )
        ),
        tag("div", document_html(_below_title(book)), class_="prose", dir="auto"),
        section("Used in", used_in or tag("p", "No incident on this site used it.")),
    )


def _below_title(book: Runbook) -> str:
    """The text without a first heading that repeats the title."""
    text = book.text.lstrip()
    first, _, rest = text.partition("\n")
    return rest if first.startswith("# ") and first[2:].strip() == book.title else text
