"""maintenance.ics: one event for each maintenance with a window, the same bytes for the same records."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar
from msgspec.structs import replace

from fixtures.hostile_sites import hostile
from fixtures.public_sites import AS_OF, company
from sevlog.model.public.site import PublicSite
from sevlog.site.api.calendar import NEWEST, calendar


def events(site: PublicSite) -> dict[str, dict[str, str]]:
    found = Calendar.from_ical(calendar(site))
    return {
        str(event["UID"]): {
            "start": event.decoded("DTSTART").isoformat(),
            "changed": event.decoded("DTSTAMP").isoformat(),
            **{key.lower(): str(event.get(key, "")) for key in ("SUMMARY", "DESCRIPTION", "URL", "STATUS")},
        }
        for event in found.walk("VEVENT")
    }


def test_each_maintenance_with_a_window_is_an_event_with_its_page_and_its_newest_update() -> None:
    site = company()
    row = next(one for one in site.maintenances if one.id == "m4n8b2v6c0xz")
    found = events(site)

    assert len(found) == len([one for one in site.maintenances if one.scheduled_for])
    event = found["m4n8b2v6c0xz@status.harbourpost.example"]
    assert (event["summary"], event["status"]) == ("Database upgrade of the booking system", "")
    assert event["url"] == "https://status.harbourpost.example/incidents/m4n8b2v6c0xz/"
    assert (event["start"], event["changed"]) == (row.scheduled_for.isoformat(), row.updated_at.isoformat())  # type: ignore[union-attr]
    assert event["description"] == f"Booking\n\n{row.updates[0].body}"


def test_a_canceled_maintenance_stays_as_canceled_and_one_without_a_window_is_left_out() -> None:
    site = company()
    first, *others = site.maintenances
    changed = (replace(first, cancelled=True), *(replace(one, scheduled_for=None) for one in others))

    assert [event["status"] for event in events(replace(site, maintenances=changed)).values()] == ["CANCELLED"]


def test_the_calendar_depends_on_the_records_only_and_holds_the_newest() -> None:
    site = company()
    assert calendar(site) == calendar(replace(site, as_of=AS_OF + timedelta(days=3)))

    many = tuple(replace(site.maintenances[0], id=f"{n}") for n in range(NEWEST + 5))
    assert len(events(replace(site, maintenances=many))) == NEWEST


def test_what_an_attacker_writes_stays_inside_of_its_property() -> None:
    site = hostile()
    rows = tuple(replace(one, scheduled_for=one.started_at, name=f"{one.name}\r\nX-BAD: 1") for one in site.incidents)
    lines = calendar(replace(site, maintenances=rows)).split(b"\r\n")

    assert not [line for line in lines if line.startswith(b"X-BAD")]
    assert len(events(replace(site, maintenances=rows))) == len(rows)
