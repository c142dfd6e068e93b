"""Alerts: known ones go to their incident, new ones open one, repetitions add nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fixtures.alert_payloads import NEW_SOURCES
from fixtures.commands import SEVLOG
from fixtures.repositories import Repository
from sevlog.adapters.alerts.readers import READERS
from sevlog.cli.commands.intake import SOURCES


def firing(*names: str, status: str = "firing", **labels: str) -> dict[str, Any]:
    """What Alertmanager sends for a group of alerts."""
    return {
        "version": "4",
        "groupKey": "{}",
        "status": status,
        "receiver": "sevlog",
        "alerts": [
            {
                "status": status,
                "labels": {"alertname": name, **labels},
                "annotations": {"summary": f"{name} is high"},
                "startsAt": "2026-03-14T02:00:00Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "/graph?g0",
                "fingerprint": f"f-{name}",
            }
            for name in names
        ],
    }


def starting(payload: dict[str, Any], at: str) -> dict[str, Any]:
    """The payload with this start for all its alerts."""
    return {**payload, "alerts": [{**alert, "startsAt": at} for alert in payload["alerts"]]}


PAYLOADS: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "alertmanager": ("alertmanager", firing("Memory"), "Memory is high", "f-Memory"),
    "grafana": ("grafana", {**firing("Disk"), "orgId": 1, "truncatedAlerts": 0}, "Disk is high", "f-Disk"),
    "pagerduty webhook": (
        "pagerduty",
        {
            "event": {
                "event_type": "incident.triggered",
                "data": {
                    "id": "PX1",
                    "title": "Orders hang",
                    "html_url": "https://pager.example/PX1",
                    "service": {"summary": "checkout"},
                },
            }
        },
        "Orders hang",
        "PX1",
    ),
    "pagerduty event": (
        "pagerduty",
        {
            "event_action": "trigger",
            "dedup_key": "k/1",
            "payload": {"summary": "Orders hang", "source": "web-3", "severity": "critical", "component": "checkout"},
        },
        "Orders hang",
        "k/1",
    ),
    "opsgenie": (
        "opsgenie",
        {
            "action": "Create",
            "alert": {
                "alertId": "70413a06",
                "alias": "queue-7",
                "message": "Queue is stuck",
                "description": "since 02:00",
                "entity": "search",
            },
        },
        "Queue is stuck",
        "queue-7",
    ),
    "sentry issue": (
        "sentry",
        {
            "action": "created",
            "data": {
                "issue": {
                    "id": "4711",
                    "title": "TypeError: total",
                    "culprit": "cart.py in sum",
                    "web_url": "https://sentry.example/4711",
                    "project": {"slug": "checkout"},
                }
            },
        },
        "TypeError: total",
        "4711",
    ),
    "sentry plugin": (
        "sentry",
        {
            "id": "46161",
            "project_slug": "checkout",
            "culprit": "fetch at app.js:2",
            "message": "NetworkError",
            "event": {"title": "Failed to fetch"},
        },
        "Failed to fetch",
        "46161",
    ),
    "datadog": (
        "datadog",
        {
            "title": "CPU over 90%",
            "transition": "Triggered",
            "aggregation_key": "m-1",
            "tags": "env:prod, service:search",
        },
        "CPU over 90%",
        "m-1",
    ),
    "cloudevents": (
        "cloudevents",
        {
            "specversion": "1.0",
            "type": "com.cart.probe.failed",
            "source": "/probes/7",
            "id": "A-1",
            "subject": None,
            "data": {"title": "Probe failed", "fingerprint": "p7", "component": "search"},
        },
        "Probe failed",
        "p7",
    ),
}


PAYLOADS |= NEW_SOURCES


def send(records: Repository, source: str, payload: Any, *words: str) -> dict[str, Any]:
    """Send a payload to standard input; the document."""
    answer: dict[str, Any] = json.loads(
        records.does("intake", source, *words, "--json", text=json.dumps(payload).encode())
    )
    return answer


@pytest.mark.demand("S25")
@pytest.mark.parametrize("name", PAYLOADS)
def test_a_new_alert_of_each_source_opens_an_incident_in_triage(records: Repository, name: str) -> None:
    source, payload, title, fingerprint = PAYLOADS[name]
    (alert,) = send(records, source, payload)["alerts"]

    assert (alert["decision"], alert["title"], alert["fingerprint"]) == ("opened", title, fingerprint)
    shown = records.tells("show", alert["incident"])
    assert (shown["title"], shown["category"], shown["severity"], shown["visibility"]) == (
        title,
        "triage",
        None,
        "internal",
    )
    assert [(a["fingerprint"], a["source"], a["state"]) for a in shown["alerts"]] == [(fingerprint, source, "firing")]
    assert shown["public_title"] is None
    assert "error" not in records.does("check")


def test_a_label_that_names_a_component_hits_it(records: Repository) -> None:
    send(records, "alertmanager", firing("Latency", service="Checkout"))
    assert records.tells("show", records.incident())["components"] == {"checkout": "partial_outage"}


@pytest.mark.demand("S58", "S22")
def test_a_known_alert_goes_to_its_incident_and_a_repetition_is_no_news(records: Repository) -> None:
    (opened,) = send(records, "alertmanager", firing("Memory"))["alerts"]
    commits = len(records.commits())

    (again,) = send(records, "alertmanager", firing("Memory"))["alerts"]
    assert (again["decision"], again["incident"], len(records.commits())) == ("known", opened["incident"], commits)

    (over,) = send(records, "alertmanager", firing("Memory", status="resolved"))["alerts"]
    assert (over["decision"], over["incident"], len(records.commits())) == ("changed", opened["incident"], commits + 1)
    assert [a["state"] for a in records.tells("show", opened["incident"])["alerts"]] == ["resolved"]

    (late,) = send(records, "alertmanager", firing("Memory"))["alerts"]
    assert (late["decision"], len(records.commits())) == ("known", commits + 1)
    assert "this delivery is late or repeated" in late["reason"]

    (back,) = send(records, "alertmanager", starting(firing("Memory"), records.clock.ago()))["alerts"]
    assert (back["decision"], back["incident"]) == ("changed", opened["incident"])
    assert len(records.tells("list")["incidents"]) == 1


@pytest.mark.demand("S22")
def test_alerts_that_come_together_make_one_incident_and_one_commit(records: Repository) -> None:
    before = len(records.commits())
    document = send(records, "alertmanager", firing("Memory", "Disk", "Load"))

    assert [alert["decision"] for alert in document["alerts"]] == ["opened", "attached", "attached"]
    assert len({alert["incident"] for alert in document["alerts"]}) == len(document["commits"]) == 1
    assert len(records.commits()) == before + 1
    assert records.tells("show", records.incident())["title"] == "Memory is high and 2 more"

    more = send(records, "alertmanager", firing("Memory", "Swap"))
    assert [alert["decision"] for alert in more["alerts"]] == ["known", "attached"]
    assert len(records.tells("list")["incidents"]) == 1


def test_an_end_that_nobody_knows_of_is_left_out(records: Repository) -> None:
    (alert,) = send(records, "alertmanager", firing("Memory", status="resolved"))["alerts"]
    assert (alert["decision"], alert["incident"]) == ("ignored", None)
    assert records.tells("list")["incidents"] == []


def test_an_alert_of_an_incident_that_is_over_opens_another_and_says_of_which_it_was_part(records: Repository) -> None:
    (first,) = send(records, "alertmanager", firing("Memory"))["alerts"]
    records.does("decline", "--reason", "The check was wrong", "-i", first["incident"])

    (again,) = send(records, "alertmanager", firing("Memory"))["alerts"]
    assert again["decision"] == "opened"
    assert again["incident"] != first["incident"]


def test_the_same_fingerprint_of_another_source_is_another_alert(records: Repository) -> None:
    (one,) = send(records, "alertmanager", firing("Memory"))["alerts"]
    (other,) = send(records, "grafana", firing("Memory"))["alerts"]
    assert (other["decision"], other["incident"] != one["incident"]) == ("opened", True)


def test_a_dry_run_says_what_would_be_and_writes_nothing(records: Repository) -> None:
    before = records.snapshot()
    document = send(records, "alertmanager", firing("Memory", "Disk"), "--dry-run")
    assert [alert["decision"] for alert in document["alerts"]] == ["opened", "attached"]
    assert records.snapshot() == before


def test_two_that_take_in_the_same_at_once_open_one_incident(records: Repository, tmp_path: Path) -> None:
    (tmp_path / "payload.json").write_text(json.dumps(firing("Memory")), "utf-8")
    command = [*SEVLOG, "intake", "alertmanager", str(tmp_path / "payload.json"), "--as", "ana"]
    running = [
        subprocess.Popen(command, cwd=records.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(3)
    ]
    for process in running:
        said, _ = process.communicate()
        assert process.returncode == 0, said
    assert len(records.tells("list")["incidents"]) == 1


HOSTILE = "\x1b[2J</title><script>alert(1)</script>\u202egnp.exe {{ 7*7 }} ../../etc/passwd\r\n-rf " + "A" * 5000


def test_an_alert_without_a_state_of_its_own_has_that_of_its_group(records: Repository) -> None:
    payload = firing("Memory")
    del payload["alerts"][0]["status"]
    assert send(records, "alertmanager", payload)["alerts"][0]["state"] == "firing"


def test_hostile_text_is_cut_and_cannot_steer_anything(records: Repository) -> None:
    payload = firing("Memory")
    alert = payload["alerts"][0]
    alert["annotations"] = {"summary": HOSTILE, "description": HOSTILE}
    alert["labels"] = {"alertname": HOSTILE, "service": "../../x"}
    alert["fingerprint"], alert["generatorURL"] = HOSTILE, "javascript:alert(1)"
    (taken,) = send(records, "alertmanager", payload)["alerts"]

    shown = records.tells("show", taken["incident"])
    assert len(shown["title"]) <= 120
    assert shown["title"].isprintable()
    assert shown["alerts"][0]["fingerprint"].isprintable()
    assert shown["alerts"][0]["url"] is None
    assert shown["components"] == {}
    assert [p.name for p in sorted((records.root / "incidents").glob("*/*"))] == [taken["incident"]]
    assert "error" not in records.does("check")


@pytest.mark.parametrize(
    ("source", "payload", "told"),
    [
        ("alertmanager", b"{", "the payload is not JSON"),
        ("alertmanager", b"[]", "the payload is a list, not an object"),
        ("alertmanager", b"{}", "alerts is missing"),
        ("alertmanager", b'{"alerts": 7}', "alerts is a number"),
        ("alertmanager", b'{"alerts": []}', "contains no alert"),
        ("alertmanager", b'{"alerts": [7]}', "alerts[0] is a number, not an object"),
        ("alertmanager", b'{"alerts": [{"labels": []}]}', "alerts[0].labels is a list"),
        ("alertmanager", b'{"alerts": [{"labels": {}}]}', "status is missing"),
        ("pagerduty", b'{"event": {"event_type": "incident.triggered"}}', "event.data is missing"),
        ("opsgenie", b'{"action": "Create"}', "alert is missing"),
        ("sentry", b"{}", "id is missing"),
        ("datadog", b'{"title": "x"}', "aggregation_key is missing"),
        ("cloudevents", b'{"type": "a.b"}', "source is missing"),
        ("grafana", b"[" * 100_000, "the payload is not JSON"),
        ("grafana", b"\xff\xfe", "the payload is not JSON"),
    ],
)
def test_a_payload_out_of_shape_is_told_with_the_place_and_nothing_is_written(
    records: Repository, source: str, payload: bytes, told: str
) -> None:
    assert told in records.refuses(2, "intake", source, text=payload)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["intake", "alertmanager", "/nowhere.json"], "standard input: sevlog intake alertmanager < FILE"),
        (["postmortem", "import", "chat", "/nowhere.json"], "sevlog postmortem import chat FILE"),
        (["update", "--file", "/nowhere.md"], "name a file that contains the text"),
        (["board", "--repo", "/no where"], "sevlog init '/no where'"),
    ],
)
def test_a_missing_file_has_the_same_exit_code_everywhere(records: Repository, words: list[str], told: str) -> None:
    records.raised()
    assert told in records.refuses(4, *words)


def test_help_names_the_sources_that_can_be_read() -> None:
    assert tuple(READERS) == SOURCES


@pytest.mark.parametrize("given", ["pagerduty", "opsgenie", "sentry", "datadog", "cloudevents", "github-issue", "json"])
def test_a_payload_of_another_source_is_refused_with_the_right_command(records: Repository, given: str) -> None:
    path = records.root.parent / "payload.json"
    path.write_text(json.dumps(firing("Disk")), "utf-8")

    said = records.refuses(2, "intake", given, str(path))

    assert f"hint: it looks like a payload of alertmanager: sevlog intake alertmanager {path}" in said


def test_a_history_is_not_an_alert_and_goes_to_import(records: Repository) -> None:
    path = records.root.parent / "incidents.json"
    path.write_text(json.dumps({"page": {"id": "x"}, "incidents": []}), "utf-8")

    said = records.refuses(2, "intake", "alertmanager", str(path))

    assert f"hint: it looks like the history of a status page: sevlog import statuspage {path}" in said


@pytest.mark.demand("S43")
@pytest.mark.demand("S58")
def test_an_alert_is_recorded_with_its_own_time_and_that_of_its_delivery(records: Repository) -> None:
    began, taken_in = "2026-11-23T13:20:00Z", records.clock.ago()
    send(records, "alertmanager", starting(firing("Memory"), began))

    (entry,) = (row for row in records.tells("show")["timeline"] if row["kind"] == "alert")
    assert entry["at"] == began
    assert entry["recorded_at"] >= taken_in
    assert records.tells("show")["milestones"]["detected_at"] == began
    assert records.sevlog("check").code == 0


def test_a_start_that_lies_ahead_is_that_of_the_delivery(records: Repository) -> None:
    send(records, "alertmanager", starting(firing("Memory"), records.clock.ahead(hours=2)))

    (entry,) = (row for row in records.tells("show")["timeline"] if row["kind"] == "alert")
    assert entry["at"] <= records.clock.ago()


def test_a_word_that_is_not_known_opens_nothing_and_is_reported(records: Repository) -> None:
    payload = {"event": {"event_type": "incident.sang", "data": {"id": "P1", "title": "Orders hang"}}}
    done = send(records, "pagerduty", payload)

    assert [alert["decision"] for alert in done["alerts"]] == ["ignored"]
    assert done["warnings"] == [
        "unknown word `incident.sang` of pagerduty: it changes nothing (docs/intake.md of sevlog)"
    ]
    assert records.tells("board")["incidents"] == []


def test_alerts_that_the_source_left_out_are_reported(records: Repository) -> None:
    done = send(records, "alertmanager", {**firing("Memory"), "truncatedAlerts": 3})

    assert "alertmanager left out 3 alerts (truncatedAlerts): raise max_alerts there" in done["warnings"]


def test_when_every_alert_is_resolved_next_says_so(records: Repository) -> None:
    send(records, "alertmanager", starting(firing("Memory", "Disk"), records.clock.ago(minutes=9)))
    incident = records.incident()
    records.does("raise", "-i", incident, "--severity", "SEV3", "--component", "search", "--summary", "slow")
    records.does("ack", "--channel", "chat=#room")
    ended = {**firing("Memory", "Disk", status="resolved")}
    ended["alerts"] = [{**alert, "endsAt": records.clock.ago(minutes=1)} for alert in ended["alerts"]]
    send(records, "alertmanager", ended)

    assert "all 2 alerts are resolved: find out whether the impact has ended" in records.does("next")
