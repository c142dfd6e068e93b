"""The page about feeds, email, chat and JSON documents."""

from __future__ import annotations

from ..markup.html import EMPTY, Html, join, link, outside, tag
from ..markup.words import Words
from .page import PageLocation, SitePage
from .view import SiteView, component_path

# Path below the site, and what it is: the name of a format, or the key of a text.
FORMATS: tuple[tuple[str, str], ...] = (("history.atom", "Atom"), ("history.rss", "RSS"), ("feed.json", "JSON Feed"))
FEEDS: tuple[tuple[str, str], ...] = (
    ("updates.rss", "subscribe.rss_updates"),
    ("updates.atom", "subscribe.atom_updates"),
    ("maintenance.ics", "subscribe.calendar"),
)
LISTED_AT_MOST = 12
"""More feeds of components than this are folded away."""
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
            _components(view, location),
            _email(view, location),
            _chat(view),
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


def _components(view: SiteView, location: PageLocation) -> Html:
    """The feed of each component that the page shows and that is still in use."""
    listed = [component for component in view.site.components if not component.retired]
    if not listed:
        return EMPTY
    rows = [
        tag("li", link(location.to(f"{component_path(one)}feed.atom"), tag("bdi", view.name(one)))) for one in listed
    ]
    rows_of_all = tag("ul", rows, class_="documents")
    if len(listed) > LISTED_AT_MOST:
        count = view.words.count("home.counted", len(listed))
        rows_of_all = tag("details", tag("summary", count), rows_of_all)
    return tag(
        "section",
        tag("h2", view.words("subscribe.per_component"), class_="section-title"),
        tag("p", view.words("subscribe.about_components")),
        rows_of_all,
    )


def _email(view: SiteView, location: PageLocation) -> Html:
    """How a feed becomes email: the pages themselves send none."""
    support = view.page.support_url
    words = view.words
    feed = link(location.to("updates.rss"), tag("code", "updates.rss"))
    return tag(
        "section",
        tag("h2", words("subscribe.email"), class_="section-title"),
        tag("p", words.html("subscribe.about_email", feed=feed)),
        tag("p", words.html("subscribe.ask", link=outside(support, words("home.support")))) if support else None,
    )


def _chat(view: SiteView) -> Html:
    """How a feed gets into a chat, and what scripts read."""
    site, words = view.page.url.rstrip("/"), view.words
    feed = tag("code", f"{site}/updates.rss")
    return tag(
        "section",
        tag("h2", words("subscribe.chat"), class_="section-title"),
        tag("p", words("subscribe.slack")),
        tag("pre", tag("code", f"/feed subscribe {site}/updates.rss"), class_="snippet"),
        tag("p", words.html("subscribe.other_chats", feed=feed)),
        tag("p", words.html("subscribe.webhook", document=tag("code", f"{site}/api/v2/summary.json"))),
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
