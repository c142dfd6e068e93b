"""What people do on a pager lands in the timeline, and our own page that comes back opens nothing (S67)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from fixtures.repositories import Repository
from sevlog.model.comms.opaque import dedup_of

pytestmark = pytest.mark.demand("S67")


def pagerduty(kind: str, key: str, **more: Any) -> bytes:
    """A made-up webhook of version 3."""
    about = {
        "id": "Q1INC",
        "type": "incident",
        "title": "Checkout fails",
        "incident_key": key,
        "html_url": "https://p.example/1",
    }
    data = about if "content" not in more else {"type": "incident_note", "incident": about, "content": more["content"]}
    event = {
        "id": "01EVT",
        "event_type": kind,
        "occurred_at": more.get("at", "2026-11-23T10:00:00.000Z"),
        "agent": {"type": "user_reference", "summary": more.get("who", "Bo")},
        "data": data,
    }
    return json.dumps({"event": event}).encode()


def opsgenie(action: str, alias: str, **alert: str) -> bytes:
    told = {"alertId": "a-1", "alias": alias, "message": "Checkout fails", "username": "bo", **alert}
    return json.dumps({"action": action, "source": {"name": "web"}, "alert": told}).encode()


def takes(records: Repository, source: str, body: bytes) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(records.does("intake", source, "--json", text=body))["alerts"]
    return rows


def kinds(records: Repository) -> list[tuple[str, str | None, str | None]]:
    rows = records.tells("show", records.incident())["timeline"]
    return [(row["kind"], row["by"], row["text"]) for row in rows if row["kind"] in ("acknowledged", "note")]


def test_our_own_page_that_comes_back_opens_no_incident(records: Repository) -> None:
    incident = records.raised()

    for kind in ("incident.triggered", "incident.resolved"):
        (row,) = takes(records, "pagerduty", pagerduty(kind, dedup_of(incident)))
        assert (row["decision"], row["incident"]) == ("known", incident)
    assert len(records.tells("list")["incidents"]) == 1


def test_who_acknowledges_there_has_answered_the_page(records: Repository) -> None:
    incident = records.raised()
    records.clock.advance(timedelta(minutes=10))
    body = pagerduty("incident.acknowledged", dedup_of(incident), at="2026-11-23T14:04:00.000Z")

    (row,) = takes(records, "pagerduty", body)
    assert (row["decision"], row["incident"], row["reason"]) == ("answered", incident, "acknowledged by Bo")
    records.clock.advance(timedelta(hours=1))
    takes(records, "pagerduty", body)  # a second delivery
    assert kinds(records) == [("acknowledged", "bo", None)]


def test_a_person_who_is_not_in_oncall_yaml_is_named_in_the_text(records: Repository) -> None:
    incident = records.raised()

    takes(records, "pagerduty", pagerduty("incident.acknowledged", dedup_of(incident), who="Dr. Strange\u202e"))
    ((kind, by, text),) = kinds(records)
    assert (kind, by) == ("acknowledged", "ana")
    assert text == "Dr. Strange, who is not in oncall.yaml, acknowledged it on pagerduty"


def test_what_is_written_there_is_a_note(records: Repository) -> None:
    incident = records.raised()

    takes(records, "pagerduty", pagerduty("incident.annotated", dedup_of(incident), content="The pool\nis full"))
    takes(records, "opsgenie", opsgenie("AddNote", dedup_of(incident), note="Restarted it"))
    takes(records, "opsgenie", opsgenie("AddNote", dedup_of(incident), note=" "))
    assert kinds(records) == [
        ("note", "bo", "on pagerduty: The pool\nis full"),
        ("note", "bo", "on opsgenie: Restarted it"),
    ]


def test_an_answer_about_an_attached_alert_goes_to_its_incident(records: Repository) -> None:
    takes(records, "opsgenie", opsgenie("Create", "disk-7"))
    (row,) = takes(records, "opsgenie", opsgenie("Acknowledge", "disk-7"))

    assert row["decision"] == "answered"
    assert kinds(records) == [("acknowledged", "bo", None)]


def test_an_answer_to_something_unknown_or_over_changes_nothing(records: Repository) -> None:
    incident = records.resolved()
    before = len(records.commits())

    (unknown,) = takes(records, "opsgenie", opsgenie("Acknowledge", "nobody-knows"))
    (over,) = takes(records, "pagerduty", pagerduty("incident.acknowledged", dedup_of(incident)))
    assert (unknown["decision"], over["decision"]) == ("ignored", "known")
    assert len(records.commits()) == before
