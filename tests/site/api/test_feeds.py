"""Feeds follow RFC 4287, RSS 2.0 and JSON Feed 1.1, with permanent ids and escaped text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

from msgspec.structs import replace

from fixtures.filled import filled
from fixtures.hostile_sites import hostile
from fixtures.public_sites import PAGE as MADE_UP
from fixtures.public_sites import company, incident, update
from fixtures.public_sites import site as made_site
from fixtures.publishing import record, site
from sevlog.model.public.site import PublicSite
from sevlog.model.timeline.incident import Postmortem
from sevlog.site.api.feeds import NEWEST, Feeds
from sevlog.site.markup.markdown import update_html

A = "{http://www.w3.org/2005/Atom}"
TELLING = """
- {kind: raised, at: "10:00", by: ann, severity: SEV2, priority: P2, components: {booking: partial_outage}}
- {kind: update, at: "10:10", by: ann, audience: public, phase: investigating, text: 'Some **bookings** fail & stop.'}
"""
SOLVED = (
    TELLING
    + """
- {kind: status, at: "10:11", by: ann, to: fixing}
- {kind: status, at: "11:00", by: ann, to: resolved, attestation: over}
- {kind: update, at: "11:00", by: ann, audience: public, phase: resolved, text: Over.}
"""
)


class Elements(HTMLParser):
    """The elements of a piece of HTML, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def atom(shown: PublicSite) -> ElementTree.Element:
    return ElementTree.fromstring(Feeds(shown, update_html).atom())


def text(element: ElementTree.Element, name: str) -> str:
    found = element.findtext(f"{A}{name}")
    assert found is not None, name
    return found


def test_an_atom_feed_has_what_the_standard_asks_for() -> None:
    for shown in (company(), site(), site(record(SOLVED)), hostile()):
        feed = atom(shown)
        assert feed.tag == f"{A}feed"
        for name in ("id", "title", "updated"):
            assert len(feed.findall(f"{A}{name}")) == 1 and text(feed, name)
        assert feed.findtext(f"{A}author/{A}name")
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
        assert links["self"] == f"{links['alternate']}history.atom"
        entries = feed.findall(f"{A}entry")
        ids = [text(entry, "id") for entry in entries]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"tag:[a-z.]+,2005:Incident/\w+", name) for name in ids)
        for entry in entries:
            assert text(entry, "title")
            published = datetime.fromisoformat(text(entry, "published"))
            assert published <= datetime.fromisoformat(text(entry, "updated"))
            (content,) = entry.findall(f"{A}content")
            assert content.get("type") == "html" and content.text
        changed = [text(entry, "updated") for entry in entries]
        assert changed == sorted(changed, reverse=True)
        if changed:
            assert text(feed, "updated") == changed[0]


def test_an_entry_tells_date_with_year_zone_phase_components_and_impact() -> None:
    (entry,) = atom(site(record(SOLVED))).findall(f"{A}entry")
    content = text(entry, "content")
    assert "2 May 2026, 12:10 CEST" in content
    assert "<strong>Investigating</strong> - Some <strong>bookings</strong> fail &amp; stop.</p>" in content
    assert content.index("Resolved") < content.index("Investigating")
    assert "Sending - Booking: Partial outage" in content
    assert [term.get("term") for term in entry.findall(f"{A}category")] == ["Major impact", "Sending - Booking"]
    (alternate,) = (link for link in entry.findall(f"{A}link") if link.get("rel") == "alternate")
    assert (alternate.get("href") or "").endswith(f"/incidents/{text(entry, 'id').rsplit('/')[-1]}/")


def test_an_edited_text_is_an_updated_entry_and_not_a_new_one() -> None:
    edited = (
        TELLING
        + """
- {kind: correction, at: "10:15", by: ann, of: 20260502T101000Z-update, set: {text: All bookings fail.}}
"""
    )
    (before,) = atom(site(record(TELLING))).findall(f"{A}entry")
    (after,) = atom(site(record(edited))).findall(f"{A}entry")
    assert text(before, "id") == text(after, "id")
    assert text(before, "published") == text(after, "published")
    assert (text(before, "updated"), text(after, "updated")) == ("2026-05-02T10:10:00.000Z", "2026-05-02T10:15:00.000Z")
    assert "All bookings fail." in text(after, "content")


def test_a_postmortem_updates_the_entry_and_is_linked() -> None:
    done = Postmortem(status="published", published_at=datetime(2026, 5, 2, 18, tzinfo=UTC))
    (entry,) = atom(site(record(SOLVED, postmortem=done, customers_read="We are sorry."))).findall(f"{A}entry")
    assert text(entry, "updated") == "2026-05-02T18:00:00.000Z"
    assert "/postmortems/" in text(entry, "content")
    assert "We are sorry." not in text(entry, "content")


def test_a_feed_holds_the_newest_fifty() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    told = [update(f"u{n}", first + timedelta(days=n), "resolved", "Over.") for n in range(60)]
    made = [incident(f"id{n}", f"Incident {n}", "minor", [one]) for n, one in enumerate(told)]
    made += [
        incident(f"open{n}", "Still open", "minor", [update("u", first - timedelta(days=9), "identified", "Known.")])
        for n in range(70)
    ]
    ids = [text(entry, "id").rsplit("/")[-1] for entry in atom(made_site(made)).findall(f"{A}entry")]
    assert ids == [f"id{n}" for n in range(59, 59 - NEWEST, -1)]
    assert NEWEST == 50


def test_an_entry_is_dated_anew_by_each_update() -> None:
    """Chat bots announce an item whose date moves; one that stays is announced once, and never its end."""

    def dates(text_of_record: str) -> tuple[str, str]:
        feeds = Feeds(site(record(text_of_record)), update_html)
        channel = ElementTree.fromstring(feeds.rss()).find("channel")
        assert channel is not None
        (item,) = channel.findall("item")
        return str(item.findtext("guid")), str(item.findtext("pubDate"))

    (before_id, before), (after_id, after) = dates(TELLING), dates(SOLVED)
    assert before_id == after_id
    assert parsedate_to_datetime(before) < parsedate_to_datetime(after)


def test_the_feeds_of_updates_have_an_item_for_each_update_under_its_own_id() -> None:
    shown = site(record(SOLVED))
    documents = dict(Feeds(shown, update_html).documents())
    channel = ElementTree.fromstring(documents["updates.rss"]).find("channel")
    assert channel is not None
    told = shown.incidents[0].updates

    assert [item.findtext("guid") for item in channel.findall("item")] == [update.id for update in told]
    assert [parsedate_to_datetime(item.findtext("pubDate") or "") for item in channel.findall("item")] == [
        update.at for update in told
    ]
    entries = ElementTree.fromstring(documents["updates.atom"]).findall(f"{A}entry")
    assert [text(entry, "id").rsplit("/")[-1] for entry in entries] == [update.id for update in told]
    assert text(entries[0], "title").startswith("Resolved: ")


def test_each_component_that_is_not_retired_has_a_feed_of_its_own() -> None:
    shown = site(record(SOLVED), record(TELLING.replace("booking:", "website:"), "2026-05-02-web"))
    documents = dict(Feeds(shown, update_html).documents())
    assert [path for path in documents if path.startswith("components/")] == [
        f"components/{key}/feed.atom" for key in ("website", "booking", "payments")
    ]
    booking = ElementTree.fromstring(documents["components/booking/feed.atom"])
    assert text(booking, "title") == "Harbour Post - Sending - Booking"
    assert len(booking.findall(f"{A}entry")) == 1
    main = {text(entry, "id") for entry in atom(shown).findall(f"{A}entry")}
    assert {text(entry, "id") for entry in booking.findall(f"{A}entry")} < main
    assert ElementTree.fromstring(documents["components/payments/feed.atom"]).findall(f"{A}entry") == []


def test_an_rss_feed_has_what_the_standard_asks_for() -> None:
    for shown in (company(), site(), hostile()):
        channel = ElementTree.fromstring(Feeds(shown, update_html).rss()).find("channel")
        assert channel is not None
        for name in ("title", "link", "description"):
            assert channel.findtext(name)
        for item in channel.findall("item"):
            parsedate_to_datetime(item.findtext("pubDate") or "")
            assert item.findtext("guid") and item.findtext("title") and item.findtext("description")


def test_a_json_feed_has_what_the_standard_asks_for() -> None:
    for shown in (company(), site(), hostile()):
        feed = json.loads(Feeds(shown, update_html).json_feed())
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == feed["home_page_url"] + "feed.json"
        for item in feed["items"]:
            assert item["id"] and item["url"] and item["content_html"]
            assert datetime.fromisoformat(item["date_modified"]) >= datetime.fromisoformat(item["date_published"])


def test_hostile_text_stays_text_in_every_feed() -> None:
    """The element names of the rendered content are only those of the page's own Markdown."""
    allowed = {
        "p",
        "small",
        "time",
        "br",
        "strong",
        "em",
        "a",
        "ul",
        "ol",
        "li",
        "code",
        "pre",
        "blockquote",
        "hr",
        "s",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
    }
    for entry in filled(atom(hostile()).findall(f"{A}entry")):
        elements = Elements()
        elements.feed(text(entry, "content"))
        assert {name for name, _ in elements.found} <= allowed
        for _, attributes in filled(elements.found):
            assert attributes.keys() <= {"href", "rel", "datetime", "data-style", "class", "start"}
            assert re.match("https?:|mailto:|$", attributes.get("href") or "")


def test_a_quote_or_a_control_character_in_a_name_does_not_break_a_feed() -> None:
    over = update("u", MADE_UP.updated_at, "resolved", "\x00.")
    made = incident("a", 'A "quoted" <name> & \x07 more', "minor", [over])
    shown = made_site([made], page=replace(MADE_UP, name="A \x1b& B <C>"))
    feed = atom(shown)
    assert text(feed, "title") == "A & B <C> - Incident history"
    assert text(feed.findall(f"{A}entry")[0], "title") == 'A "quoted" <name> &  more'


def test_the_same_view_gives_the_same_bytes() -> None:
    assert dict(Feeds(company(), update_html).documents()) == dict(Feeds(company(), update_html).documents())
