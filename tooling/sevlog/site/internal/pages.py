"""All internal pages, from the internal view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...model.vocabulary import in_words
from ...services.publishing.internal_view import InternalView
from ..markup.html import Html, join, link, tag
from ..metrics.page import STYLE as METRICS_STYLE
from ..metrics.page import body as metrics_body
from ..pages.page import PageLocation, SitePage
from .actions import actions
from .elements import SECTIONS, STYLE, address, bullets, moment, section, table
from .forms import form_files, forms
from .handbook import handbook
from .on_call import calendar_files, on_call
from .place import Place
from .problems import problems
from .records import record_body
from .runbooks import runbook_address, runbook_body, runbooks, uses
from .search import search, search_files

STYLESHEET = "assets/sevlog/internal.css"


def internal_files(view: InternalView) -> Iterator[tuple[str, bytes]]:
    """The other files of the internal pages: path, and content."""
    yield STYLESHEET, f"{STYLE}{METRICS_STYLE}\n".encode()
    yield from calendar_files(view)
    yield from search_files(view)
    yield from form_files()


def bar(location: PageLocation, current: str = "") -> Html:
    """The bar on every page of the internal site: what it is, and its sections."""
    items = [
        tag("li", link(location.to(address(name)), title, aria_current="page" if name == current else None))
        for name, title in SECTIONS
    ]
    style = tag("link", rel="stylesheet", href=location.to(STYLESHEET))
    name = tag("strong", "Internal: not for customers")
    return join(style, tag("nav", name, tag("ul", items), class_="internal-bar", aria_label="Internal pages"))


def internal_pages(view: InternalView, index: str = "") -> Iterator[SitePage]:
    """Each page; those of the bar first."""
    makers: dict[str, Callable[[Place], Html]] = {
        "board": _board,
        "incidents": _incidents,
        "actions": actions,
        "problems": problems,
        "metrics": lambda at: metrics_body(at.view.metrics),
        "on-call": on_call,
        "runbooks": runbooks,
        "handbook": lambda at: handbook(at.view.config, at.view.oncall),
        "forms": forms,
        "search": search,
    }
    for name, title in SECTIONS:
        location = PageLocation(address(name), index)
        body = join(tag("h1", title), makers[name](Place(view, location)))
        yield _page(view, location, title, bar(location, name), body)
    for record in view.records:
        place = Place(view, PageLocation(address(record.incident.id), index))
        above = bar(place.location, "incidents")
        yield _page(view, place.location, record.incident.title, above, record_body(place, record))
    there = uses(view)
    for book in view.runbooks:
        place = Place(view, PageLocation(runbook_address(book.name), index))
        yield _page(view, place.location, book.title, bar(place.location, "runbooks"), runbook_body(place, book, there))


def _page(view: InternalView, location: PageLocation, title: str, above: Html, body: Html) -> SitePage:
    return SitePage(
        kind="internal",
        path=location.path,
        title=title,
        description=f"{title}, for colleagues of {view.config.page.name}.",
        body=join(above, Html(view.veiled(tag("div", body, class_="internal")))),
    )


def _board(place: Place) -> Html:
    rows = [
        (
            place.incident(row.id, row.title),
            row.severity,
            row.priority,
            row.status_name,
            place.person(row.lead) or "no lead",
            moment(row.started_at),
            moment(row.next_update_due_at),
        )
        for row in place.view.board.incidents
    ]
    headings = ("Incident", "Severity", "Priority", "Status", "Lead", "Since", "Next update")
    late = [
        join(place.incident(row.id, row.title), f": {late.what}, due ", moment(late.due_at))
        for row in place.view.board.incidents
        for late in row.overdue
    ]
    after = [
        join(place.incident(one.incident), f": {one.what}, {_when(one.overdue)} ", moment(one.due_at))
        for one in place.view.board.follow_up
    ]
    return join(
        tag("p", "As of ", moment(place.view.at), "."),
        table("Live incidents, the most urgent first", headings, rows) if rows else tag("p", "No live incidents."),
        section("Late now", bullets(late)),
        section("After incidents", bullets(after)),
    )


def _when(overdue: bool) -> str:
    return "overdue since" if overdue else "due"


def _incidents(place: Place) -> Html:
    rows = [
        (
            place.incident(one.incident.id, one.incident.title),
            one.incident.severity,
            one.incident.status_name,
            moment(one.incident.milestones.get("started_at") or one.incident.milestones.get("raised_at")),
            ", ".join(map(place.component, one.incident.components)),
            in_words(one.incident.kind) if one.incident.kind != "incident" else "",
        )
        for one in place.view.records
    ]
    number = len(place.view.hidden)
    left = f"{number} restricted incident{'s are' if number > 1 else ' is'} not on this site." if number else None
    headings = ("Incident", "Severity", "Status", "Began", "Components", "Kind")
    return join(table("All incidents, newest first", headings, rows), tag("p", left) if left else None)
