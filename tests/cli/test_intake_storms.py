"""Storms of alerts, and deliveries that are not alerts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fixtures.alert_payloads import sns_about_the_topic
from fixtures.repositories import Repository
from sevlog.services.automation import intake


def group(*names: str, status: str = "firing") -> dict[str, Any]:
    """What Alertmanager sends for a group of alerts."""
    alerts = [{"status": status, "labels": {"alertname": name}, "fingerprint": f"f-{name}"} for name in names]
    return {"version": "4", "status": status, "alerts": alerts}


def send(records: Repository, source: str, payload: Any) -> dict[str, Any]:
    """Send a payload to standard input; the document."""
    answer: dict[str, Any] = json.loads(records.does("intake", source, "--json", text=json.dumps(payload).encode()))
    return answer


def test_an_incident_takes_so_many_alerts_and_the_rest_of_the_storm_is_counted(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_ALERTS", 3)
    first = send(records, "alertmanager", group("a", "b"))
    storm = send(records, "alertmanager", group("a", "c", "d", "e"))

    assert [one["decision"] for one in first["alerts"]] == ["opened", "attached"]
    assert [one["decision"] for one in storm["alerts"]] == ["known", "attached", "held", "held"]
    assert storm["warnings"][0].startswith("2 alerts were not recorded")
    over = send(records, "alertmanager", group("a", "d", status="resolved"))
    assert [one["decision"] for one in over["alerts"]] == ["changed", "ignored"]


def test_sns_asks_for_a_confirmation_and_the_output_says_which_address_to_open(records: Repository) -> None:
    done = send(records, "sns", sns_about_the_topic("SubscriptionConfirmation"))

    assert [one["decision"] for one in done["alerts"]] == ["ignored"]
    assert "open https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription" in done["warnings"][0]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"zen": "Keep it logically awesome.", "hook_id": 7}, "it is a ping of the forge"),
        ({"action": "created", "issue": {"html_url": "https://f.example/7"}, "comment": {"id": 1}}, "it is a comment"),
        ({"action": "opened", "issue": {"html_url": "https://f.example/7", "pull_request": {}}}, "it is about a pull"),
        ({"action": "completed", "workflow_run": {}, "repository": {"id": 1}}, "it is not about an issue"),
    ],
)
def test_an_event_of_the_forge_that_reports_nothing_is_ignored(
    records: Repository, payload: dict[str, Any], reason: str
) -> None:
    (taken,) = send(records, "github-issue", payload)["alerts"]

    assert (taken["decision"], taken["incident"]) == ("ignored", None)
    assert taken["reason"].startswith(reason)
