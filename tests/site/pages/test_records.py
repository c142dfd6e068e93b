"""Pages of incidents, months, components, maintenance and postmortems."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from fixtures.public_sites import AS_OF, company, incident, minutes, site, update
from sevlog.model.public.site import PublicIncident, PublicSite
from sevlog.site.markup.times import duration
from sevlog.site.markup.words import english
from sevlog.site.pages.all_pages import record_pages, section_pages
from sevlog.site.pages.parts import lasted
from sevlog.site.pages.view import SiteView


def text_of(public: PublicSite, path: str) -> str:
    """A page's text without its markup."""
    view = SiteView(public)
    page = next(page for page in (*section_pages(view), *record_pages(view)) if page.path == path)
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.body))


def past(key: str = "p", name: str = "A past thing", days: float = 1) -> PublicIncident:
    at = AS_OF - timedelta(days=days)
    return incident(
        key,
        name,
        "minor",
        [
            update("p1", at, "investigating", "First.", {"api": ("operational", "partial_outage")}),
            update("p2", at + minutes(30), "monitoring", "Fixed.", {"api": ("partial_outage", "degraded_performance")}),
            update("p3", at + minutes(125), "resolved", "Third.", {"api": ("degraded_performance", "operational")}),
        ],
        ("api",),
    )


def test_an_incident_page_has_its_whole_life() -> None:
    text = text_of(site([past()]), "incidents/p/")
    assert "Duration 2 h 5 min" in text
    assert text.index("Third.") < text.index("Fixed.") < text.index("First."), "the newest update first"
    for phase in ("Investigating 22 Nov 2026, 15:40 CET", "Monitoring 22 Nov 2026, 16:10 CET"):
        assert phase in text
    assert "Operational → to Partial outage" in text


def test_components_over_time_say_each_state_and_how_long() -> None:
    text = text_of(site([past()]), "incidents/p/")
    assert "Partial outage 22 Nov 2026, 15:40 – 16:10 CET (30 min)" in text
    assert "Degraded performance 22 Nov 2026, 16:10 – 17:45 CET (1 h 35 min)" in text


def test_an_end_before_the_start_is_no_duration() -> None:
    wrong = replace(past(), ended_at=AS_OF - timedelta(days=9))
    assert lasted(english(), wrong) is None
    assert "Duration" not in text_of(site([wrong]), "incidents/p/")


def test_a_merged_incident_links_to_the_one_that_goes_on() -> None:
    merged, other = replace(past(), continued_in="q"), past("q", "Payments <fail>")
    view = SiteView(site([merged, other]))

    body = {page.path: str(page.body) for page in record_pages(view)}

    row = '<dt>Continued in</dt><dd><a href="../../incidents/q/"><bdi>Payments &lt;fail&gt;</bdi></a></dd>'
    assert row in body["incidents/p/"]
    assert "Continued in" not in body["incidents/q/"]


def test_an_edited_update_says_so() -> None:
    item = past()
    edited = replace(item.updates[0], updated_at=item.updates[0].created_at + minutes(90))
    assert "Edited" in text_of(site([replace(item, updates=(edited, *item.updates[1:]))]), "incidents/p/")
    assert "Edited" not in text_of(site([item]), "incidents/p/")


def test_an_imported_record_links_its_source_and_never_an_unsafe_one() -> None:
    view = SiteView(site([replace(past(), shortlink="https://stspg.example/abc")]))
    assert 'href="https://stspg.example/abc"' in next(iter(p for p in record_pages(view) if p.kind == "incident")).body
    for address in ("javascript:alert(1)", "//evil.example/x", "https://status.harbourpost.example/incidents/p/"):
        view = SiteView(site([replace(past(), shortlink=address)]))
        assert "original report" not in next(iter(p for p in record_pages(view) if p.kind == "incident")).body


def test_a_published_postmortem_is_reached_from_its_incident_and_from_the_list() -> None:
    public = company()
    assert "Why tracking was late on 19 November" in text_of(public, "incidents/t8n5w1q6z3cd/")
    assert "Why tracking was late on 19 November" in text_of(public, "postmortems/")
    text = text_of(public, "postmortems/t8n5w1q6z3cd/")
    assert "A queue that carries scan events" in text
    assert "Status Resolved" in text_of(public, "incidents/t8n5w1q6z3cd/"), "a postmortem does not undo the end"


def test_the_history_has_every_month_with_its_count_and_begins_with_the_newest() -> None:
    items = [past("a", "Newest"), past("b", "Same month", 5), past("c", "Long ago", 400)]
    text = text_of(site(items), "history/")
    assert "Nov 2 records in November 2026" in text
    assert "Oct 1 record in October 2025" in text
    assert "Newest" in text
    assert "Long ago" not in text
    assert "Long ago" in text_of(site(items), "history/2025-10/")


def test_months_lead_to_the_next_one_that_has_something() -> None:
    items = [past("a", "Newest"), past("c", "Long ago", 400)]
    assert "← October 2025" in text_of(site(items), "history/2026-11/")
    assert "November 2026 →" in text_of(site(items), "history/2025-10/")


def test_maintenance_is_sorted_into_under_way_planned_and_past() -> None:
    text = text_of(company(), "maintenance/")
    order = ["In progress", "Locker firmware", "Scheduled", "Database upgrade", "Past", "Certificate exchange"]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    assert "25 Nov 2026, 23:00 CET – 26 Nov 2026, 01:00 CET" in text


def test_a_component_page_has_its_uptime_over_three_spans_and_its_incidents() -> None:
    text = text_of(site([past()]), "components/api/")
    assert "30 days 99.97%" in text
    assert "90 days 99.99%" in text
    assert "365 days 99.99%" in text
    assert "A past thing" in text


def test_a_retired_component_keeps_its_page() -> None:
    public = site([past()])
    gone = tuple(replace(c, retired=c.key == "api") for c in public.components)
    assert "No longer in service" in text_of(replace(public, components=gone), "components/api/")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 min"),
        (89, "1 min"),
        (91, "2 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86400, "1 d"),
        (93600, "1 d 2 h"),
    ],
)
def test_durations_are_two_units_at_most(seconds: int, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words
