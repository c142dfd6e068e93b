"""Page, API and record agree at each moment: around a window, midnight, clock changes and new year."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fixtures.filled import filled
from fixtures.publishing import PAGE, config, record
from sevlog.model.public.publication import publish
from sevlog.model.public.site import PublicSite
from sevlog.site.api.documents import StatusApi
from sevlog.site.markup.times import machine
from sevlog.site.pages.home import home
from sevlog.site.pages.view import SiteView

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
NIGHTS = {
    "a midnight": (2026, 5, 3),
    "the clock goes forward in Berlin": (2026, 3, 29),
    "the clock goes back in Berlin": (2026, 10, 25),
    "the clock goes forward in New York": (2026, 3, 8),
    "the clock goes back in New York": (2026, 11, 1),
    "a year ends": (2027, 1, 1),
    "a leap day": (2028, 2, 29),
}
WORDS = {"scheduled": "Scheduled", "in_progress": "In progress"}


def night(zone: str, day: tuple[int, int, int]) -> datetime:
    """The first instant of a day in a zone."""
    return datetime(*day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def story(start: datetime, end: datetime) -> str:
    """An incident from start to end, as the entries of its record."""
    began, over = machine(start), machine(end)
    return f"""
- {{kind: raised, at: "{began}", by: ann, severity: SEV2, priority: P2, components: {{booking: partial_outage}}}}
- {{kind: update, at: "{began}", by: ann, audience: public, phase: investigating, text: We look into it.}}
- {{kind: status, at: "{began}", by: ann, to: fixing}}
- {{kind: impact, at: "{over}", by: ann, components: {{booking: operational}}, ended_at: "{over}"}}
- {{kind: update, at: "{over}", by: ann, audience: public, phase: resolved, text: Over.}}
- {{kind: status, at: "{over}", by: ann, to: resolved, attestation: quiet}}
"""


def plan(at: datetime) -> str:
    return f"""
- {{kind: update, at: "{machine(at)}", by: ann, audience: public, phase: scheduled, text: Planned.,
   components: {{payments: operational}}}}
- {{kind: status, at: "{machine(at)}", by: ann, to: scheduled}}
"""


def built(zone: str, start: datetime, end: datetime, as_of: datetime) -> PublicSite:
    """A page with an incident from start to end, and a maintenance with that window, as of a time."""
    window = {"start": machine(start), "end": machine(end)}
    records = [
        record(story(start, end), "2026-01-01-incident", public_title="Booking errors"),
        record(
            plan(start - timedelta(days=2)),
            "2026-01-01-work",
            kind="maintenance",
            scheduled=window,
            public_title="New disks",
        ),
    ]
    return publish(records, config(PAGE.replace("Europe/Berlin", zone)), as_of)


def require_agreement(site: PublicSite) -> None:
    """The page and the summary say the same, entry by entry."""
    summary = json.loads(StatusApi(site).documents()["api/v2/summary.json"])
    body = str(home(SiteView(site), "").body)
    live = re.findall(r'<article class="live [^>]*><h3><a[^>]*><bdi>([^<]*)</bdi>.*?class="phase">([^<]*)<', body)
    planned = [(row["name"], WORDS[row["status"]]) for row in summary["scheduled_maintenances"]]
    incidents = [(row["name"], row["status"].capitalize()) for row in summary["incidents"]]
    assert sorted(live) == sorted([*planned, *incidents])
    states = {found[1]: found[0] for found in re.findall(r'class="row is-(\w+)" data-component="(\w+)"', body)}
    rows = {row["id"]: row["status"] for row in summary["components"] if not row["group"]}
    assert {name: rows[name] for name in filled(sorted(states))} == states
    worst = {"none": "operational", "maintenance": "under_maintenance", "minor": "degraded_performance"}
    look = re.search(r'class="headline is-(\w+)"', body)
    indicator = summary["status"]["indicator"]
    assert look is not None
    assert (look[1] == "operational") == (indicator == "none") or summary["incidents"] != []
    assert indicator not in worst or look[1] == worst[indicator] or summary["incidents"] != []


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("when", NIGHTS)
def test_page_and_api_agree_before_inside_and_after(zone: str, when: str) -> None:
    first = night(zone, NIGHTS[when])
    start, end = first - timedelta(minutes=20), first + timedelta(hours=4)

    for as_of, incident, work in (
        (start - timedelta(seconds=1), None, "scheduled"),
        (start, "investigating", "in_progress"),
        (first, "investigating", "in_progress"),
        (first + timedelta(hours=2), "investigating", "in_progress"),
        (end - timedelta(seconds=1), "investigating", "in_progress"),
        (end, "resolved", "completed"),
        (end + timedelta(days=3), "resolved", "completed"),
    ):
        site = built(zone, start, end, as_of)
        require_agreement(site)
        assert [one.phase for one in site.incidents] == ([incident] if incident else [])
        assert [one.phase for one in site.maintenances] == [work]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("when", NIGHTS)
def test_both_days_of_a_night_tell_of_it(zone: str, when: str) -> None:
    first = night(zone, NIGHTS[when])
    site = built(zone, first - timedelta(minutes=20), first + timedelta(hours=4), first + timedelta(days=2))

    days = {day.on: day for day in SiteView(site).past_days(7)}
    day = datetime(*NIGHTS[when], tzinfo=UTC).date()

    assert {one.name for one in days[day - timedelta(days=1)].began} == {"Booking errors", "New disks"}
    assert {one.name for one in days[day].went_on} == {"Booking errors", "New disks"}
    assert days[day + timedelta(days=1)][1:] == ([], [], [])
    announced = (first - timedelta(minutes=20, days=2)).astimezone(ZoneInfo(zone)).date()
    assert [one.name for one in days[announced].updated] == ["New disks"]
    assert days[announced].went_on == []
