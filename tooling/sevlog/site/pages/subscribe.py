"""The page that says how to follow the status: the feeds and the JSON documents."""

from __future__ import annotations

from ..markup.html import Html, join, link, tag
from .page import Page, Place
from .view import View

# Path below the site, what it is.
FEEDS: tuple[tuple[str, str], ...] = (
    ("history.atom", "Atom"),
    ("history.rss", "RSS"),
    ("feed.json", "JSON Feed"),
    ("updates.rss", "RSS, an item for each update"),
    ("updates.atom", "Atom, an entry for each update"),
)
# Path below the site, what it holds.
DOCUMENTS: tuple[tuple[str, str], ...] = (
    ("api/v2/summary.json", "Page, components, open incidents and maintenance in one document"),
    ("api/v2/status.json", "The roll-up alone"),
    ("api/v2/components.json", "All components"),
    ("api/v2/incidents.json", "The 50 most recent incidents"),
    ("api/v2/incidents/unresolved.json", "Open incidents"),
    ("api/v2/scheduled-maintenances.json", "The 50 most recent maintenance windows"),
    ("api/v2/scheduled-maintenances/upcoming.json", "Planned windows"),
    ("api/v2/scheduled-maintenances/active.json", "Windows under way"),
)

_ABOUT_FEEDS = (
    "Every incident and maintenance window is an entry, which changes with each update. Any feed reader takes them, "
    "and so do services that turn a feed into e-mail. Chat tools that announce only what is new want the feeds of "
    "updates. Each component has a feed of its own, linked from its page."
)


def subscribe(view: View, index: str) -> Page:
    """Ways to be told."""
    place = Place("subscribe/", index)
    return Page(
        kind="subscribe",
        path=place.path,
        title="Subscribe",
        description=f"Follow the status of {view.page.name} by feed or JSON.",
        body=join(
            tag("h1", "Subscribe"),
            tag(
                "p",
                "This page is a set of plain files: there is no account to open and nothing to sign up for.",
                class_="lead",
            ),
            _feeds(place),
            _documents(place),
        ),
        updated_at=view.page.updated_at,
    )


def _feeds(place: Place) -> Html:
    rows = [tag("li", link(place.to(path), tag("code", path)), " ", tag("span", kind)) for path, kind in FEEDS]
    return tag(
        "section",
        tag("h2", "Feeds", class_="section-title"),
        tag("p", _ABOUT_FEEDS),
        tag("ul", rows, class_="documents"),
    )


def _documents(place: Place) -> Html:
    rows = [
        tag("li", link(place.to(path), tag("code", f"/{path}")), " ", tag("span", about)) for path, about in DOCUMENTS
    ]
    return tag(
        "section",
        tag("h2", "JSON", class_="section-title"),
        tag("p", "The documents have the shape of Statuspage's public API, version 2. What reads that reads these."),
        tag("ul", rows, class_="documents"),
    )
