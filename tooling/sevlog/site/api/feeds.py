"""Feeds: Atom, RSS and JSON Feed of all incidents and maintenances, and an Atom feed of each component.

Pure: public view in, bytes by path out. An incident is one entry from its first update to its postmortem. Its id never
changes, so an edit or a new update changes the entry and does not add one (RFC 4287, 4.1.2 and 4.2.6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from msgspec import Struct, json

from ...model.public.site import PublicComponent, PublicIncident, PublicSite, PublicUpdate
from ...model.vocabulary import IMPACTS
from ..markup.html import Html, join, tag, without_control
from ..markup.times import Zone
from ..markup.words import Words, english

Render = Callable[[str], str]
"""Markdown to HTML that is safe to publish."""

NEWEST = 50
"""Most entries in a feed (site.md, Sizes are bounded)."""
ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"


class FeedEntry(Struct, frozen=True, kw_only=True):
    """An incident, a maintenance or an update in a feed. `subjects`: its impact, then its components."""

    id: str
    url: str
    title: str
    published_at: datetime
    updated_at: datetime
    html: str
    subjects: tuple[str, ...]


class Feeds:
    """The feeds of one site; each entry is rendered once."""

    def __init__(self, site: PublicSite, render: Render, words: Words | None = None) -> None:
        """words: the language (default: English)."""
        self.site = site
        self.page = site.page
        self.root = site.page.url.rstrip("/")
        self.host = urlsplit(site.page.url).hostname or "localhost"
        self.words = words or english()
        self.language = self.words.language
        self.zone = Zone(site.page.time_zone, self.words)
        groups = {group.id: group.name for group in site.groups}
        self.names = {c.id: _full_name(c, groups) for c in site.components}
        self._render = render
        self._entries: dict[str, FeedEntry] = {}

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Each feed with its path below the root of the site."""
        yield "history.atom", self.atom()
        yield "history.rss", self.rss()
        yield "feed.json", self.json_feed()
        yield "updates.atom", self.atom(of_updates=True)
        yield "updates.rss", self.rss(of_updates=True)
        for component in self.site.components:
            if not component.retired:
                yield f"components/{component.key}/feed.atom", self.atom(component)

    def atom(self, component: PublicComponent | None = None, *, of_updates: bool = False) -> bytes:
        """The Atom feed of the page, or of one component (RFC 4287). of_updates: an entry for each update."""
        entries = self.updates() if of_updates else self.entries(component)
        own, path, title = self._about_updates("atom") if of_updates else self._about(component)
        feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": self.language})
        _add(feed, "id", own)
        _add(feed, "title", title)
        _add(feed, "updated", _machine(max((e.updated_at for e in entries), default=self.page.updated_at)))
        _add(_add(feed, "author"), "name", self.page.name)
        _add(feed, "link", rel="alternate", type="text/html", href=f"{self.root}/")
        _add(feed, "link", rel="self", type="application/atom+xml", href=f"{self.root}/{path}")
        for entry in entries:
            item = _add(feed, "entry")
            _add(item, "id", self._tag(f"Update/{entry.id}") if of_updates else entry.id)
            _add(item, "title", entry.title)
            _add(item, "published", _machine(entry.published_at))
            _add(item, "updated", _machine(entry.updated_at))
            _add(item, "link", rel="alternate", type="text/html", href=entry.url)
            for subject in entry.subjects:
                _add(item, "category", term=subject)
            _add(item, "content", entry.html, type="html")
        return _xml(feed)

    def rss(self, *, of_updates: bool = False) -> bytes:
        """The RSS 2.0 feed of the page. of_updates: an item for each update, with the time of the update."""
        entries = self.updates() if of_updates else self.entries()
        _, path, title = self._about_updates("rss") if of_updates else (None, "history.rss", self._about(None)[2])
        root = ElementTree.Element("rss", {"version": "2.0", "xmlns:atom": ATOM})
        channel = _add(root, "channel")
        _add(channel, "title", title)
        _add(channel, "link", f"{self.root}/")
        _add(channel, "description", self.page.description or title)
        _add(channel, "language", self.language)
        newest = max((e.updated_at for e in entries), default=self.page.updated_at)
        _add(channel, "lastBuildDate", format_datetime(newest.astimezone(UTC), usegmt=True))
        _add(channel, "atom:link", rel="self", type="application/rss+xml", href=f"{self.root}/{path}")
        for entry in entries:
            item = _add(channel, "item")
            _add(item, "title", entry.title)
            _add(item, "link", entry.url)
            _add(item, "guid", entry.id, isPermaLink="false")
            dated = entry.published_at if of_updates else entry.updated_at
            _add(item, "pubDate", format_datetime(dated.astimezone(UTC), usegmt=True))
            _add(item, "atom:published", _machine(entry.published_at))
            for subject in entry.subjects:
                _add(item, "category", subject)
            _add(item, "description", entry.html)
        return _xml(root)

    def json_feed(self) -> bytes:
        """The JSON Feed 1.1 of the page."""
        _, _, title = self._about(None)
        items = [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_html": entry.html,
                "date_published": _machine(entry.published_at),
                "date_modified": _machine(entry.updated_at),
                "tags": list(entry.subjects),
            }
            for entry in self.entries()
        ]
        return json.encode(
            {
                "version": JSON_FEED,
                "title": title,
                "home_page_url": f"{self.root}/",
                "feed_url": f"{self.root}/feed.json",
                "description": self.page.description or title,
                "language": self.language,
                "authors": [{"name": self.page.name, "url": f"{self.root}/"}],
                "items": items,
            }
        )

    def entries(self, component: PublicComponent | None = None) -> list[FeedEntry]:
        """The entries of a feed, last changed first."""
        found = [
            incident
            for incident in (*self.site.incidents, *self.site.maintenances)
            if component is None or component.id in incident.components
        ]
        found.sort(key=lambda incident: (_changed_at(incident), incident.id), reverse=True)
        return [self._entry(incident) for incident in found[:NEWEST]]

    def updates(self) -> list[FeedEntry]:
        """The newest updates of all incidents and maintenances, one entry each, newest first."""
        found = [
            (update.at, update.id, incident, update)
            for incident in (*self.site.incidents, *self.site.maintenances)
            for update in incident.updates
        ]
        found.sort(key=lambda row: row[:2], reverse=True)
        return [self._update_entry(incident, update) for _, _, incident, update in found[:NEWEST]]

    def _update_entry(self, incident: PublicIncident, update: PublicUpdate) -> FeedEntry:
        """One update as an entry. The id is that of the update, so that tools which look for new ids see each."""
        names = [self.names[name] for name in incident.components if name in self.names]
        return FeedEntry(
            id=update.id,
            url=f"{self.root}/incidents/{incident.id}/#update-{quote(update.id, safe='')}",
            title=without_control(self.words("pair", name=self.words.phase[update.phase], text=incident.name)),
            published_at=update.at,
            updated_at=update.updated_at,
            html=str(without_control(self._update_html(update))),
            subjects=(self.words.page_impact[incident.impact], *names),
        )

    def _about(self, component: PublicComponent | None) -> tuple[str, str, str]:
        """Id, path and title of the feed of the page or of a component."""
        if component is None:
            return self._tag("/history"), "history.atom", self.words("feed.history", name=self.page.name)
        path = f"components/{component.key}/feed.atom"
        return self._tag(f"/components/{component.id}"), path, f"{self.page.name} - {self.names[component.id]}"

    def _about_updates(self, ending: str) -> tuple[str, str, str]:
        """Id, path and title of the feed of updates."""
        return self._tag("/updates"), f"updates.{ending}", self.words("feed.updates", name=self.page.name)

    def _tag(self, name: str) -> str:
        """A tag URI (RFC 4151) from the host of the page, the year that Statuspage uses, and a permanent name."""
        return f"tag:{self.host},2005:{name}"

    def _entry(self, incident: PublicIncident) -> FeedEntry:
        known = self._entries.get(incident.id)
        if known is None:
            names = [self.names[name] for name in incident.components if name in self.names]
            known = self._entries[incident.id] = FeedEntry(
                id=self._tag(f"Incident/{incident.id}"),
                url=f"{self.root}/incidents/{incident.id}/",
                title=without_control(incident.name),
                published_at=incident.created_at,
                updated_at=_changed_at(incident),
                html=str(without_control(self._content(incident, names))),
                subjects=(self.words.page_impact[incident.impact], *names),
            )
        return known

    def _content(self, incident: PublicIncident, names: list[str]) -> Html:
        about = [self.words.page_impact[incident.impact], *([self.words.listed(names)] if names else [])]
        if incident.scheduled_for:
            about.append(self.zone.window(incident.scheduled_for, incident.scheduled_until))
        promise = incident.next_update_at
        return join(
            tag("p", join(*(part for n, text in enumerate(about) for part in ((" · ", text) if n else (text,))))),
            tag("p", self.words.html("feed.next", time=self.zone.moment(promise))) if promise else None,
            self._postmortem(incident),
            [self._update_html(update) for update in incident.updates],
        )

    def _postmortem(self, incident: PublicIncident) -> Html | None:
        if incident.postmortem is None:
            return None
        address = f"{self.root}/postmortems/{incident.id}/"
        linked = join(
            self.zone.moment(incident.postmortem.published_at), ": ", tag("a", incident.postmortem.title, href=address)
        )
        return tag("p", tag("strong", self.words("feed.postmortem")), " ", linked)

    def _update_html(self, update: PublicUpdate) -> Html:
        """An update in the form of Statuspage: time, phase and text, then the changed components."""
        head = join(tag("small", self.zone.moment(update.at)), tag("br"), tag("strong", self.words.phase[update.phase]))
        body = self._render(update.body).strip()
        if body.startswith("<p>") and body.endswith("</p>") and body.count("<p>") == 1:
            paragraphs = tag("p", head, " - ", Html(body[len("<p>") : -len("</p>")]))
        else:
            paragraphs = join(tag("p", head), Html(body))
        changed = [row for row in update.affected or () if row.old_status != row.new_status]
        states = [
            f"{self.words.listed([row.name for row in changed if row.new_status == state])}: {self.words.impact[state]}"
            for state in reversed(IMPACTS)
            if any(row.new_status == state for row in changed)
        ]
        return join(paragraphs, tag("p", tag("small", "; ".join(states))) if states else None)


def _full_name(component: PublicComponent, groups: dict[str, str]) -> str:
    group = groups.get(component.group_id or "")
    return without_control(f"{group} - {component.name}" if group else component.name)


def _changed_at(incident: PublicIncident) -> datetime:
    return max(incident.updated_at, incident.postmortem.published_at if incident.postmortem else incident.updated_at)


def _machine(at: datetime) -> str:
    """RFC 3339 in UTC, with milliseconds to tell apart two changes within a second."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = None if text is None else without_control(text)
    return element


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root, " ")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
