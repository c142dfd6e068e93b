"""The page for a frame: the state and the open incidents, without navigation."""

from __future__ import annotations

from ...model.public.site import PublicIncident
from ..markup.html import EMPTY, Html, join, link, tag
from ..pages.home import headline_state, headline_text
from ..pages.page import PageLocation, SitePage
from ..pages.parts import due, facts, glyph, window_data
from ..pages.view import STATE_OF_IMPACT, SiteView, record_path

_LISTED_AT_MOST, _AHEAD_AT_MOST = 5, 3
_NEW_TAB = {"target": "_blank", "rel": "noopener"}


def embed_page(view: SiteView, index: str) -> SitePage:
    """The page. Its elements are those of the home page, so the same script keeps it up to date."""
    location = view.location("embed/", index)
    return SitePage(
        kind="embed",
        path=location.path,
        title=view.words("pair", name=view.page.name, text=headline_text(view)),
        description=headline_text(view),
        body=join(_headline(view, location), _open(view, location)),
    )


def whole(page: SitePage, end: Html, language: str, *, accented: bool) -> str:
    """The document. `<base target>` sends the links that the script makes to a new tab, too."""
    location = PageLocation(page.path)
    assets = ["sevlog.css", "brand.css"] if accented else ["sevlog.css"]
    styles = [f'<link rel="stylesheet" href="{location.to(f"assets/sevlog/{name}")}">' for name in assets]
    head = join(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'),
        Html('<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'),
        Html('<base target="_blank">'),
        tag("title", page.title),
        Html(f'<link rel="icon" href="{location.to("assets/sevlog/mark.svg")}">'),
        *map(Html, styles),
        Html(f'<script src="{location.to("assets/sevlog/status.js")}" defer></script>'),
    )
    main = tag("main", page.body, end, class_="sl-page sl-embed", id="content")
    return f'<!doctype html>\n<html lang="{language}"><head>{head}</head><body>{main}</body></html>\n'


def _headline(view: SiteView, location: PageLocation) -> Html:
    state = headline_state(view)
    name = tag("bdi", headline_text(view))
    calm = not view.open and state == "operational"
    return tag(
        "section",
        tag("div", glyph(state), class_="headline-mark"),
        tag(
            "div",
            tag("h1", name if calm else link(location.to(_target(view)), name, **_NEW_TAB), id="now"),
            tag("p", view.words.html("as_of", time=view.zone.moment(view.as_of)), class_="fresh", data_age=True),
            tag(
                "p",
                link(location.to(""), view.words.html("embed.page", name=tag("bdi", view.page.name)), **_NEW_TAB),
                class_="to-page",
            ),
        ),
        class_=f"headline is-{state}",
        aria_labelledby="now",
    )


def _target(view: SiteView) -> str:
    """What the headline is about: the one record that it names, else the whole page."""
    named = view.open or view.under_way
    return record_path(named[0]) if len(named) == 1 else ""


def _open(view: SiteView, location: PageLocation) -> Html:
    """The open incidents, maintenance in progress, and the next windows, which the script may begin."""
    now = (*view.open, *view.under_way)
    records = (*now[:_LISTED_AT_MOST], *view.upcoming[:_AHEAD_AT_MOST])
    if not records:
        return EMPTY
    rest = len(now) - _LISTED_AT_MOST
    more = link(location.to(""), view.words("and_more", n=rest), **_NEW_TAB) if rest > 0 else None
    shown = (_record(view, location, record) for record in records)
    return tag("section", shown, tag("p", more, class_="more") if more else None, class_="live-list")


def _record(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    state = STATE_OF_IMPACT[record.impact]
    is_headline = view.open == (record,)
    return tag(
        "article",
        None if is_headline else tag("h2", link(location.to(record_path(record)), tag("bdi", record.name), **_NEW_TAB)),
        facts(view, record),
        due(view, record),
        class_=f"live is-{state}",
        data_components=" ".join(record.components),
        **window_data(record),
    )
