"""The page of a component: uptime over 30, 90 and 365 days, day bars, and its incidents."""

from __future__ import annotations

from ...model.public.site import PublicComponent
from ..markup.html import Html, join, link, tag
from ..markup.times import day_element
from .bars import legend, strip
from .page import PageLocation, SitePage
from .parts import notice, record_entry, state_word, trail
from .view import SiteView, component_path

SPANS = (30, 90, 365)
LISTED_AT_MOST = 50


def component_page(view: SiteView, index: str, component: PublicComponent) -> SitePage:
    """The page of a component."""
    location = view.location(component_path(component), index)
    words = view.words
    return SitePage(
        kind="component",
        path=location.path,
        title=view.name(component),
        description=words("component.about", name=view.name(component), state=words.inline[component.status]),
        body=join(
            trail(view, location),
            tag("h1", tag("bdi", component.name)),
            tag(
                "p",
                words("component.retired") if component.retired else state_word(view.words, component.status),
                class_="lead",
            ),
            tag("p", component.description, dir="auto") if component.description else None,
            _uptime(view, location, component) if component.showcase else None,
            _incidents(view, location, component),
            None if component.retired else _feed(view, location),
        ),
        updated_at=component.updated_at,
    )


def _uptime(view: SiteView, location: PageLocation, component: PublicComponent) -> Html:
    figures, words = [], view.words
    for count in SPANS:
        share = view.uptime(component, count)
        figures.append(
            tag(
                "div",
                tag("dt", words.count("component.days", count)),
                tag("dd", "–" if share is None else words.percent(share)),
            )
        )
    start = component.start_on
    return tag(
        "section",
        tag("h2", words("component.uptime"), class_="section-title"),
        tag("dl", figures, class_="figures"),
        strip(view, location, component, SPANS[1]),
        legend(words),
        tag(
            "p",
            words("component.counting", zone=view.zone.title),
            join(" ", words.html("component.measured", day=day_element(words, start))) if start else None,
            class_="section-about",
        ),
    )


def _feed(view: SiteView, location: PageLocation) -> Html:
    address = location.to(f"{location.original}feed.atom")
    return tag("p", link(address, view.words("component.feed")), class_="more")


def _incidents(view: SiteView, location: PageLocation, component: PublicComponent) -> Html:
    records = view.by_component.get(component.id, [])
    entries = [record_entry(view, location, record) for record in records[:LISTED_AT_MOST]]
    rest = len(records) - LISTED_AT_MOST
    more = link(location.to("history/"), view.words.count("component.earlier", rest)) if rest > 0 else None
    return tag(
        "section",
        tag("h2", view.words("component.records"), class_="section-title"),
        tag("div", entries, class_="entries") if entries else notice(view.words("no_incidents")),
        tag("p", more, class_="more") if more else None,
    )
