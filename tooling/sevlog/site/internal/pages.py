"""All internal pages, from the internal view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...model.learning.actions import OPEN
from ...model.vocabulary import in_words
from ...services.learning.actions.listing import ActionRow
from ...services.publishing.internal_view import InternalView
from ...services.views.problem_records import ProblemShown
from ..markup.html import Child, Html, join, link, outside, tag
from ..metrics.page import STYLE as METRICS_STYLE
from ..metrics.page import body as metrics_body
from ..pages.page import PageLocation, SitePage
from .elements import SECTIONS, STYLE, address, bullets, moment, section, table, terms
from .handbook import handbook
from .records import record_body

STYLESHEET = "assets/sevlog/internal.css"


def style_sheet() -> bytes:
    """The style sheet of the internal pages, and of the figures on them."""
    return f"{STYLE}{METRICS_STYLE}\n".encode()


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
    known = frozenset(one.incident.id for one in view.records)
    makers: dict[str, Callable[[InternalView, PageLocation], Html]] = {
        "board": _board,
        "incidents": _incidents,
        "actions": _actions,
        "problems": _problems,
        "metrics": lambda v, _: metrics_body(v.metrics),
        "on-call": _on_call,
        "handbook": lambda v, _: handbook(v.config, v.oncall),
    }
    for name, title in SECTIONS:
        location = PageLocation(address(name), index)
        body = join(tag("h1", title), makers[name](view, location))
        yield _page(view, location, title, bar(location, name), body)
    for record in view.records:
        location = PageLocation(address(record.incident.id), index)
        body = record_body(record, location, known)
        yield _page(view, location, record.incident.title, bar(location, "incidents"), body)


def _page(view: InternalView, location: PageLocation, title: str, above: Html, body: Html) -> SitePage:
    return SitePage(
        kind="internal",
        path=location.path,
        title=title,
        description=f"{title}, for colleagues of {view.config.page.name}.",
        body=join(above, tag("div", body, class_="internal")),
    )


def _incident(view: InternalView, location: PageLocation, name: str, text: str | None = None) -> Child:
    known = any(one.incident.id == name for one in view.records)
    return link(location.to(address(name)), text or name) if known else text or name


def _board(view: InternalView, location: PageLocation) -> Html:
    rows = [
        (
            _incident(view, location, row.id, row.title),
            row.severity,
            row.priority,
            row.status_name,
            row.lead or "no lead",
            moment(row.started_at),
            moment(row.next_update_due_at),
        )
        for row in view.board.incidents
    ]
    headings = ("Incident", "Severity", "Priority", "Status", "Lead", "Since", "Next update")
    late = [
        join(_incident(view, location, row.id, row.title), f": {late.what}, due ", moment(late.due_at))
        for row in view.board.incidents
        for late in row.overdue
    ]
    after = [
        join(_incident(view, location, one.incident), f": {one.what}, {_when(one.overdue)} ", moment(one.due_at))
        for one in view.board.follow_up
    ]
    return join(
        tag("p", "As of ", moment(view.at), "."),
        table("Live incidents, the most urgent first", headings, rows) if rows else tag("p", "No live incidents."),
        section("Late now", bullets(late)),
        section("After incidents", bullets(after)),
    )


def _when(overdue: bool) -> str:
    return "overdue since" if overdue else "due"


def _incidents(view: InternalView, location: PageLocation) -> Html:
    rows = [
        (
            _incident(view, location, one.incident.id, one.incident.title),
            one.incident.severity,
            one.incident.status_name,
            moment(one.incident.milestones.get("started_at") or one.incident.milestones.get("raised_at")),
            ", ".join(one.incident.components),
            in_words(one.incident.kind) if one.incident.kind != "incident" else "",
        )
        for one in view.records
    ]
    left = f"{view.left_out} restricted incidents are not on this site." if view.left_out else None
    headings = ("Incident", "Severity", "Status", "Began", "Components", "Kind")
    return join(table("All incidents, newest first", headings, rows), tag("p", left) if left else None)


def _actions(view: InternalView, location: PageLocation) -> Html:
    def rows(found: list[ActionRow]) -> list[tuple[Child, ...]]:
        return [
            (
                row.title,
                row.owner or row.team,
                tag("span", f"{row.due} (overdue)", class_="internal-late") if row.overdue else row.due,
                in_words(row.status),
                row.class_,
                join(_incident(view, location, row.incident), f" {row.id}"),
                outside(row.ref, row.ref) if row.ref else None,
            )
            for row in found
        ]

    open_ = [row for row in view.actions if row.status in OPEN]
    ideas = [row for row in view.actions if row.status == "idea"]
    over = [row for row in view.actions if row not in open_ and row not in ideas]
    headings = ("Action item", "Owner", "Due", "Status", "Class", "Incident", "Ticket")
    late = sum(row.overdue for row in open_)
    return join(
        tag("p", f"{len(open_)} open, {late} of them overdue; {len(ideas)} ideas; {len(over)} done or dropped."),
        table("Open, the overdue ones first", headings, rows(open_)) if open_ else None,
        table("Ideas that nobody accepted yet", headings, rows(ideas)) if ideas else None,
        table("Done, verified or dropped", headings, rows(over)) if over else None,
    )


def _problems(view: InternalView, location: PageLocation) -> Html:
    if not view.problems:
        return tag("p", "No problems.")
    return join(*(_problem(view, location, one) for one in view.problems))


def _problem(view: InternalView, location: PageLocation, one: ProblemShown) -> Html:
    changes = [f"{change.title} ({change.state})" for change in one.changes]
    incidents = [
        join(moment(row.started_at), f" {row.severity or ''} ", _incident(view, location, row.id, row.title))
        for row in one.incidents
    ]
    return section(
        one.title,
        terms(
            (
                ("Status", in_words(one.status)),
                ("Problem manager", one.owner),
                ("Fix promised by", one.due),
                ("Fixed on", one.fixed_on),
            )
        ),
        bullets(tag("span", f"It came back: {text}", class_="internal-late") for text in one.recurred),
        section("Causes", bullets(one.causes), level=3),
        section("Changes that it takes", bullets(changes), level=3),
        section("Incidents", bullets(incidents), level=3),
        anchor=one.key,
    )


def _on_call(view: InternalView, location: PageLocation) -> Html:
    rows = [
        (moment(one.at), one.schedule, one.person or "nobody", one.before or "nobody", one.reason)
        for one in view.shifts.handovers
    ]
    headings = ("From", "Schedule", "On call", "Before", "Reason")
    if not rows:
        return tag("p", "No shift changes in the next two weeks.")
    return table("Who takes over in the next two weeks (UTC)", headings, rows)
