"""The page of a component: uptime over 30, 90 and 365 days, day bars, and its incidents."""

from __future__ import annotations

from ...model.public.site import PublicComponent
from ...model.public.uptime import percent
from ..markup import words
from ..markup.html import Html, join, link, tag
from ..markup.times import day_element
from .bars import legend, strip
from .page import PageLocation, SitePage
from .parts import notice, record_entry, state_word
from .view import SiteView, component_path

SPANS = (30, 90, 365)
LISTED_AT_MOST = 50


def component_page(view: SiteView, index: str, component: PublicComponent) -> SitePage:
    """The page of a component."""
    location = PageLocation(component_path(component), index)
    return SitePage(
        kind="component",
        path=location.path,
        title=view.name(component),
        description=f"{view.name(component)}: {words.IMPACT[component.status].lower()}. Uptime and incidents.",
        body=join(
            tag("nav", tag("ol", tag("li", link(location.to(""), "Status"))), class_="trail", aria_label="Breadcrumb"),
            tag("h1", tag("bdi", component.name)),
            tag("p", "No longer in service" if component.retired else state_word(component.status), class_="lead"),
            tag("p", component.description, dir="auto") if component.description else None,
            _uptime(view, location, component) if component.showcase else None,
            _incidents(view, location, component),
            None if component.retired else _feed(location),
        ),
        updated_at=component.updated_at,
    )


def _uptime(view: SiteView, location: PageLocation, component: PublicComponent) -> Html:
    figures = []
    for count in SPANS:
        share = view.uptime(component, count)
        figures.append(
            tag("div", tag("dt", f"{count} days"), tag("dd", "–" if share is None else f"{percent(share)}%"))
        )
    start = component.start_on
    return tag(
        "section",
        tag("h2", "Uptime", class_="section-title"),
        tag("dl", figures, class_="figures"),
        strip(view, location, component, SPANS[1]),
        legend(),
        tag(
            "p",
            "A major outage counts fully, a partial outage as 30%. Degraded performance and maintenance do not count. "
            f"Days are in the time zone {view.zone.title}.",
            " Measured since " if start else None,
            day_element(start) if start else None,
            "." if start else None,
            class_="section-about",
        ),
    )


def _feed(location: PageLocation) -> Html:
    return tag("p", link(location.to(f"{location.path}feed.atom"), "Feed for this component"), class_="more")


def _incidents(view: SiteView, location: PageLocation, component: PublicComponent) -> Html:
    records = view.by_component.get(component.id, [])
    entries = [record_entry(view, location, record) for record in records[:LISTED_AT_MOST]]
    rest = len(records) - LISTED_AT_MOST
    more = (
        link(location.to("history/"), f"{words.count(rest, 'earlier incident')} in the history") if rest > 0 else None
    )
    return tag(
        "section",
        tag("h2", "Incidents and maintenance", class_="section-title"),
        tag("div", entries, class_="entries") if entries else notice("No incidents reported."),
        tag("p", more, class_="more") if more else None,
    )
