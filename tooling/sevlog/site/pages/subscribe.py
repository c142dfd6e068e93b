"""The page about feeds and JSON documents."""

from __future__ import annotations

from ..markup.html import Html, join, link, tag
from ..markup.words import Words
from .page import PageLocation, SitePage
from .view import SiteView

# Path below the site, and what it is: the name of a format, or the key of a text.
FORMATS: tuple[tuple[str, str], ...] = (("history.atom", "Atom"), ("history.rss", "RSS"), ("feed.json", "JSON Feed"))
FEEDS: tuple[tuple[str, str], ...] = (
    ("updates.rss", "subscribe.rss_updates"),
    ("updates.atom", "subscribe.atom_updates"),
    ("maintenance.ics", "subscribe.calendar"),
)
# Path below the site, and the key of the text that says what it holds.
DOCUMENTS: tuple[tuple[str, str], ...] = (
    ("api/v2/summary.json", "subscribe.summary"),
    ("api/v2/status.json", "subscribe.status"),
    ("api/v2/components.json", "subscribe.components"),
    ("api/v2/incidents.json", "subscribe.incidents"),
    ("api/v2/incidents/unresolved.json", "subscribe.unresolved"),
    ("api/v2/scheduled-maintenances.json", "subscribe.windows"),
    ("api/v2/scheduled-maintenances/upcoming.json", "subscribe.upcoming"),
    ("api/v2/scheduled-maintenances/active.json", "subscribe.active"),
)


def subscribe(view: SiteView, index: str) -> SitePage:
    """The page about feeds and JSON documents."""
    location = view.location("subscribe/", index)
    words = view.words
    return SitePage(
        kind="subscribe",
        path=location.path,
        title=words("nav.subscribe"),
        description=words("subscribe.about", name=view.page.name),
        body=join(
            tag("h1", words("nav.subscribe")),
            tag("p", words("subscribe.lead"), class_="lead"),
            _feeds(words, location),
            _documents(words, location),
            _elsewhere(view),
        ),
        updated_at=view.page.updated_at,
    )


def _feeds(words: Words, location: PageLocation) -> Html:
    kinds = (*FORMATS, *((path, words(key)) for path, key in FEEDS))
    rows = [tag("li", link(location.to(path), tag("code", path)), " ", tag("span", kind)) for path, kind in kinds]
    return tag(
        "section",
        tag("h2", words("subscribe.feeds"), class_="section-title"),
        tag("p", words("subscribe.about_feeds")),
        tag("ul", rows, class_="documents"),
    )


def _documents(words: Words, location: PageLocation) -> Html:
    rows = [
        tag("li", link(location.to(path), tag("code", f"/{path}")), " ", tag("span", words(key)))
        for path, key in DOCUMENTS
    ]
    return tag(
        "section",
        tag("h2", "JSON", class_="section-title"),
        tag("p", words("subscribe.about_json")),
        tag("ul", rows, class_="documents"),
    )


def _elsewhere(view: SiteView) -> Html:
    """Lines of HTML for those who run other web pages."""
    return tag(
        "section",
        tag("h2", view.words("subscribe.elsewhere"), class_="section-title"),
        *(join(tag("p", view.words(key)), _snippet(html)) for key, html in _snippets(view)),
    )


def _snippets(view: SiteView) -> tuple[tuple[str, Html], ...]:
    """The key of what it shows, and the line."""
    site = view.page.url.rstrip("/")
    name = view.words("widget.label", name=view.page.name)
    script = tag("script", src=f"{site}/widget.js", async_=True, data_style="banner", data_hide_when_operational=True)
    pill = tag("script", src=f"{site}/widget.js", async_=True, data_style="pill", data_position="bottom-right")
    frame = tag("iframe", src=f"{site}/embed/", title=name, width="360", height="240", loading="lazy")
    badge = tag("a", Html(tag("img", src=f"{site}/badge.svg", alt=name)), href=f"{site}/")
    return (
        ("subscribe.banner", script),
        ("subscribe.pill", pill),
        ("subscribe.frame", frame),
        ("subscribe.badge", badge),
    )


def _snippet(html: Html) -> Html:
    return tag("pre", tag("code", str.__str__(html)), class_="snippet")
