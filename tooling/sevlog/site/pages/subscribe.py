"""The page about feeds and JSON documents."""

from __future__ import annotations

from ..markup.html import Html, join, link, tag
from .page import PageLocation, SitePage
from .view import SiteView

# Path below the site, what it is.
FEEDS: tuple[tuple[str, str], ...] = (
    ("history.atom", "Atom"),
    ("history.rss", "RSS"),
    ("feed.json", "JSON Feed"),
    ("updates.rss", "RSS, one item per update"),
    ("updates.atom", "Atom, one entry per update"),
    ("maintenance.ics", "iCalendar, maintenance"),
)
# Path below the site, what it holds.
DOCUMENTS: tuple[tuple[str, str], ...] = (
    ("api/v2/summary.json", "Status, components, open incidents and maintenance"),
    ("api/v2/status.json", "Overall status only"),
    ("api/v2/components.json", "All components"),
    ("api/v2/incidents.json", "The 50 most recent incidents"),
    ("api/v2/incidents/unresolved.json", "Open incidents"),
    ("api/v2/scheduled-maintenances.json", "The 50 most recent maintenance windows"),
    ("api/v2/scheduled-maintenances/upcoming.json", "Scheduled maintenance"),
    ("api/v2/scheduled-maintenances/active.json", "Maintenance in progress"),
)

_LEAD = "Follow updates in a feed reader, or read them as JSON. You do not need an account."
_ABOUT_FEEDS = (
    "Add a feed to a feed reader, a chat tool, or a service that sends feeds by email. In the first three feeds, each "
    "incident or maintenance is one entry that changes with each update. If your tool shows new entries only, use a "
    "feed with one entry per update. Each component also has its own feed, linked from its page."
)


def subscribe(view: SiteView, index: str) -> SitePage:
    """The page about feeds and JSON documents."""
    location = PageLocation("subscribe/", index)
    return SitePage(
        kind="subscribe",
        path=location.path,
        title="Subscribe",
        description=f"Follow the status of {view.page.name} by feed or JSON.",
        body=join(
            tag("h1", "Subscribe"),
            tag(
                "p", "Follow updates in a feed reader, or read them as JSON. You do not need an account.", class_="lead"
            ),
            _feeds(location),
            _documents(location),
            _elsewhere(view),
        ),
        updated_at=view.page.updated_at,
    )


def _feeds(location: PageLocation) -> Html:
    rows = [tag("li", link(location.to(path), tag("code", path)), " ", tag("span", kind)) for path, kind in FEEDS]
    return tag(
        "section",
        tag("h2", "Feeds", class_="section-title"),
        tag("p", _ABOUT_FEEDS),
        tag("ul", rows, class_="documents"),
    )


def _documents(location: PageLocation) -> Html:
    rows = [
        tag("li", link(location.to(path), tag("code", f"/{path}")), " ", tag("span", about))
        for path, about in DOCUMENTS
    ]
    return tag(
        "section",
        tag("h2", "JSON", class_="section-title"),
        tag(
            "p",
            "These documents have the format of Statuspage's public API, version 2. Tools for that API can read them.",
        ),
        tag("ul", rows, class_="documents"),
    )


def _elsewhere(view: SiteView) -> Html:
    """Lines of HTML for those who run other web pages."""
    return tag(
        "section",
        tag("h2", "Show the status on another web page", class_="section-title"),
        *(join(tag("p", about), _snippet(html)) for about, html in _snippets(view)),
    )


def _snippets(view: SiteView) -> tuple[tuple[str, Html], ...]:
    """What it shows, and the line."""
    site = view.page.url.rstrip("/")
    name = f"{view.page.name} status"
    script = tag("script", src=f"{site}/widget.js", async_=True, data_style="banner", data_hide_when_operational=True)
    pill = tag("script", src=f"{site}/widget.js", async_=True, data_style="pill", data_position="bottom-right")
    frame = tag("iframe", src=f"{site}/embed/", title=name, width="360", height="240", loading="lazy")
    badge = tag("a", Html(tag("img", src=f"{site}/badge.svg", alt=name)), href=f"{site}/")
    return (
        ("A banner above the page while something is wrong. It sets no cookies and asks no third party:", script),
        ("A small mark in the corner:", pill),
        ("A frame, for pages that allow no script:", frame),
        ("A badge, which also exists for each component, beside its page:", badge),
    )


def _snippet(html: Html) -> Html:
    return tag("pre", tag("code", str.__str__(html)), class_="snippet")
