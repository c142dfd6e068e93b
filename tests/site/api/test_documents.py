"""The JSON API: the documents of Statuspage key by key, and the history."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fixtures.cards import CardKeys
from fixtures.filled import filled
from fixtures.hostile_sites import hostile
from fixtures.public_sites import company, incident, update
from fixtures.public_sites import site as made_site
from fixtures.publishing import PAGE, record, site
from sevlog.model.public.site import PublicSite
from sevlog.site.api.documents import MOST_RECENT, Clock, StatusApi

SCHEMA = json.loads((Path(__file__).parents[2] / "contract/statuspage-v2.schema.json").read_text("utf-8"))
DOCUMENTS = (
    "summary.json",
    "status.json",
    "components.json",
    "incidents.json",
    "incidents/unresolved.json",
    "scheduled-maintenances.json",
    "scheduled-maintenances/upcoming.json",
    "scheduled-maintenances/active.json",
)
COMPONENT = [
    "id",
    "name",
    "status",
    "created_at",
    "updated_at",
    "position",
    "description",
    "showcase",
    "start_date",
    "group_id",
    "page_id",
    "group",
    "only_show_if_degraded",
]
RECORD = [
    "id",
    "name",
    "status",
    "created_at",
    "updated_at",
    "monitoring_at",
    "resolved_at",
    "impact",
    "shortlink",
    "started_at",
    "page_id",
    "incident_updates",
    "components",
]
UPDATE = [
    "id",
    "status",
    "body",
    "incident_id",
    "created_at",
    "updated_at",
    "display_at",
    "affected_components",
    "deliver_notifications",
    "custom_tweet",
    "tweet_id",
]
FULL_UPDATE = [
    "status",
    "body",
    "created_at",
    "wants_twitter_update",
    "twitter_updated_at",
    "updated_at",
    "display_at",
    "deliver_notifications",
    "tweet_id",
    "id",
    "incident_id",
    "custom_tweet",
    "affected_components",
]

TELLING = """
- {kind: raised, at: "10:00", by: ann, severity: SEV2, priority: P2, components: {booking: partial_outage}}
- {kind: update, at: "10:10", by: ann, audience: public, phase: investigating, text: 'A "quote", a \\ and a tab.'}
"""
SOLVED = (
    TELLING
    + """
- {kind: status, at: "10:11", by: ann, to: fixing}
- {kind: status, at: "11:00", by: ann, to: resolved, attestation: over}
- {kind: update, at: "11:00", by: ann, audience: public, phase: resolved, text: Over.}
"""
)
WORK = """
- {kind: status, at: "09:00", by: ann, to: scheduled}
- {kind: update, at: "09:00", by: ann, audience: public, phase: scheduled, text: x,
   components: {payments: operational}}
"""
WINDOW = {"start": "12:00", "end": "14:00"}


def documents(shown: PublicSite) -> dict[str, Any]:
    return {path.removeprefix("api/v2/"): json.loads(body) for path, body in StatusApi(shown).documents().items()}


def document(shown: PublicSite, name: str) -> Any:
    records = (*shown.incidents, *shown.maintenances)
    path, body = StatusApi(shown).incident(next(r for r in records if r.id == name))
    assert path == f"api/v2/incidents/{name}.json"
    return json.loads(body)


def history(shown: PublicSite) -> dict[str, Any]:
    return {path.removeprefix("api/v2/history/"): json.loads(body) for path, body in StatusApi(shown).history()}


def assert_valid(found: object, name: str) -> None:
    pointer = "#/$defs/" + name.replace("/", "~1")
    errors = list(jsonschema.Draft202012Validator({**SCHEMA, "$ref": pointer}).iter_errors(found))
    assert [f"{name} {error.json_path}: {error.message[:200]}" for error in errors] == []


def test_there_are_the_eight_documents_and_each_is_valid() -> None:
    for shown in (company(), site(), site(record(SOLVED), record(WORK, "2026-05-02-w", kind="maintenance"))):
        found = documents(shown)
        assert tuple(found) == DOCUMENTS
        for name, body in found.items():
            assert_valid(body, name)


def test_keys_come_in_statuspages_order() -> None:
    window = {**WINDOW, "auto": False}
    found = documents(site(record(TELLING), record(WORK, "2026-05-02-w", kind="maintenance", scheduled=window)))
    summary = found["summary.json"]
    assert list(summary) == ["page", "components", "incidents", "scheduled_maintenances", "status"]
    assert list(summary["page"]) == ["id", "name", "url", "time_zone", "updated_at"]
    assert list(summary["status"]) == ["indicator", "description"]
    for row in summary["components"]:
        assert list(row) == ([*COMPONENT, "components"] if row["group"] else COMPONENT)
    (open_one,), (planned,) = summary["incidents"], summary["scheduled_maintenances"]
    assert list(open_one) == [*RECORD, "reminder_intervals"]
    assert list(planned) == [*RECORD, "scheduled_for", "scheduled_until"]
    assert list(open_one["incident_updates"][0]) == UPDATE
    affected = open_one["incident_updates"][0]["affected_components"]
    assert list(affected[0]) == ["code", "name", "old_status", "new_status"]


def test_one_incidents_document_has_two_more_keys_in_its_updates() -> None:
    shown = site(record(SOLVED), record(WORK, "2026-05-02-w", kind="maintenance", scheduled=WINDOW))
    for one in (*shown.incidents, *shown.maintenances):
        found = document(shown, one.id)
        assert_valid(found, "full_record")
        assert list(found)[: len(RECORD)] == RECORD
        assert [list(row) for row in found["incident_updates"]] == [FULL_UPDATE] * len(one.updates)


def test_text_comes_out_as_it_was_written() -> None:
    shown = site(record(TELLING, public_title='Say "hi" \\ 🔥'))
    (found,) = documents(shown)["incidents.json"]["incidents"]
    assert found["name"] == 'Say "hi" \\ 🔥'
    assert found["incident_updates"][0]["body"] == 'A "quote", a \\ and a tab.'
    for body in chain(StatusApi(hostile()).documents().values(), dict(StatusApi(hostile()).history()).values()):
        json.loads(body)


@pytest.mark.parametrize(
    ("zone", "instant", "written"),
    [
        ("Etc/UTC", "2026-07-01T10:00:00+00:00", "2026-07-01T10:00:00.000Z"),
        ("Etc/UTC", "2026-07-01T10:00:00.123456+00:00", "2026-07-01T10:00:00.123Z"),
        ("America/New_York", "2026-07-01T10:00:00+00:00", "2026-07-01T06:00:00.000-04:00"),
        ("America/New_York", "2026-12-01T10:00:00+00:00", "2026-12-01T05:00:00.000-05:00"),
        ("Europe/London", "2026-12-01T10:00:00+00:00", "2026-12-01T10:00:00.000+00:00"),
        ("Asia/Kolkata", "2026-12-01T10:00:00.999+00:00", "2026-12-01T15:30:00.999+05:30"),
    ],
)
def test_times_have_milliseconds_and_the_pages_offset_at_that_instant(zone: str, instant: str, written: str) -> None:
    assert Clock(zone)(datetime.fromisoformat(instant)) == written


def test_components_are_sorted_by_position_groups_and_children_mixed_and_retired_ones_left_out() -> None:
    found = documents(site(record(TELLING)))["components.json"]["components"]
    assert [(row["position"], row["name"], row["group"]) for row in found] == [
        (1, "Website", False),
        (1, "Booking", False),
        (2, "Sending", True),
        (2, "Payments", False),
    ]
    group = next(row for row in found if row["group"])
    assert group["components"] == [row["id"] for row in found if row["group_id"] == group["id"]]
    assert group["status"] == "partial_outage"


def test_open_incidents_do_not_change_the_roll_up_and_groups_do_not_count_twice() -> None:
    quiet = TELLING.replace("partial_outage", "operational")
    assert documents(site(record(quiet)))["status.json"]["status"] == {
        "indicator": "none",
        "description": "All Systems Operational",
    }
    assert documents(site(record(TELLING)))["status.json"]["status"] == {
        "indicator": "minor",
        "description": "Minor Service Outage",
    }


def test_summary_and_unresolved_hold_what_is_open() -> None:
    found = documents(site(record(TELLING), record(SOLVED, "2026-05-02-over")))
    assert [row["status"] for row in found["summary.json"]["incidents"]] == ["investigating"]
    assert found["incidents/unresolved.json"]["incidents"] == found["summary.json"]["incidents"]
    assert len(found["incidents.json"]["incidents"]) == 2


def test_maintenances_are_told_apart_by_their_phase() -> None:
    begun = WORK + '- {kind: status, at: "12:01", by: ann, to: in_progress}\n'
    done = (
        begun
        + """
- {kind: status, at: "12:10", by: ann, to: verifying}
- {kind: status, at: "12:20", by: ann, to: completed}
"""
    )
    window: CardKeys = {"kind": "maintenance", "scheduled": {**WINDOW, "auto": False}}
    later: CardKeys = {"kind": "maintenance", "scheduled": {"start": "13:00", "end": "14:00", "auto": False}}
    off = WORK + '- {kind: status, at: "11:00", by: ann, to: cancelled, reason: x}\n'
    found = documents(
        site(
            record(WORK, "2026-05-02-b", **later),
            record(WORK, "2026-05-02-a", **window),
            record(begun, "2026-05-02-c", **window),
            record(done, "2026-05-02-d", **window),
            record(off, "2026-05-02-e", **window),
        )
    )

    def listed(name: str) -> list[str]:
        return [f"{row['status']} {row['scheduled_for'][11:16]}" for row in found[name]["scheduled_maintenances"]]

    assert listed("scheduled-maintenances/upcoming.json") == ["scheduled 14:00", "scheduled 15:00"]
    assert listed("scheduled-maintenances/active.json") == ["in_progress 14:00"]
    assert sorted(listed("summary.json")) == ["in_progress 14:00", "scheduled 14:00", "scheduled 15:00"]
    assert len(listed("scheduled-maintenances.json")) == 5
    assert found["incidents.json"]["incidents"] == []


def many(count: int) -> PublicSite:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    told = [update(f"u{n}", first + timedelta(days=n), "resolved", "Over.") for n in range(count)]
    return made_site([incident(f"id{n:04d}", f"Incident {n}", "minor", [one]) for n, one in enumerate(told)])


def test_the_long_documents_hold_the_newest_fifty_and_the_history_all() -> None:
    shown = many(120)
    newest = [row["id"] for row in documents(shown)["incidents.json"]["incidents"]]
    assert newest == [f"id{n:04d}" for n in range(119, 119 - MOST_RECENT, -1)]
    pages = history(shown)
    index = pages.pop("index.json")
    assert_valid(index, "history")
    assert [row["month"] for row in index["months"]] == ["2026-04", "2026-03", "2026-02", "2026-01"]
    assert [row["path"] for row in index["months"]] == [f"/api/v2/history/{name}" for name in pages]
    assert [row["incidents"] for row in index["months"]] == [len(page["incidents"]) for page in pages.values()]
    for page in pages.values():
        assert_valid(page, "month")
    everything = [row["id"] for page in pages.values() for row in page["incidents"]]
    assert everything == [f"id{n:04d}" for n in range(119, -1, -1)]


def test_a_month_is_a_month_of_the_pages_zone() -> None:
    late = TELLING.replace('"10:00"', '"2026-05-31T21:59:00Z"').replace('"10:10"', '"2026-05-31T22:30:00Z"')
    pages = history(site(record(late), as_of="2026-06-02T00:00:00+00:00"))
    assert list(pages) == ["index.json", "2026-06.json"]


def test_documents_of_what_is_over_do_not_change_when_a_component_does() -> None:
    earlier = record(SOLVED, "2026-05-02-over")
    again = TELLING.replace('"10:', '"15:')
    before, after = site(earlier), site(earlier, record(again))
    over = before.incidents[0].id
    assert document(before, over) == document(after, over)
    assert document(after, over)["components"][0]["status"] == "operational"
    listed = documents(after)["incidents.json"]["incidents"]
    assert [row["components"][0]["status"] for row in listed] == ["partial_outage", "partial_outage"]
    live = next(one.id for one in after.incidents if one.open)
    assert document(after, live)["components"][0]["status"] == "partial_outage"


def test_a_retired_component_is_named_by_old_updates_and_listed_nowhere() -> None:
    old = TELLING.replace("booking", "telex").replace('"10:', '"2026-01-05T10:').replace('0"', '0:00Z"')
    shown = site(record(old))
    (found,) = documents(shown)["incidents.json"]["incidents"]
    assert [row["name"] for row in found["incident_updates"][0]["affected_components"]] == ["Telex"]
    assert found["components"] == []


def test_the_same_view_gives_the_same_bytes() -> None:
    records = [record(SOLVED, f"2026-05-02-{name}") for name in "abc"]
    one, other = StatusApi(site(*records)), StatusApi(site(*reversed(records)))
    assert one.documents() == other.documents()
    assert dict(one.history()) == dict(other.history())


def test_no_status_word_and_no_time_is_outside_the_contract() -> None:
    times = re.compile(rb'"\w+_at":"([^"]+)"')
    for shown in (company(), site(record(SOLVED))):
        for _, body in filled(StatusApi(shown).history()):
            for found in filled(times.findall(body)):
                assert re.fullmatch(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)", found)


def test_a_page_without_a_zone_of_its_own_writes_utc() -> None:
    page = PAGE.replace("time_zone: Europe/Berlin", "time_zone: Etc/UTC")
    found = documents(site(record(TELLING), page=page))["incidents.json"]["incidents"][0]
    assert found["created_at"] == "2026-05-02T10:10:00.000Z"
