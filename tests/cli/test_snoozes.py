"""Snoozed alerts open nothing for a time, for everybody, and are taken in at the end if they still fire."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures.repositories import Repository, git, validator


def send(records: Repository, *names: str, status: str = "firing", **labels: str) -> list[dict[str, Any]]:
    """Take in what Alertmanager sends of these alerts; what became of them, and of those of before."""
    alerts = [
        {"status": status, "labels": {"alertname": name, **labels}, "annotations": {}, "fingerprint": f"f-{name}"}
        for name in names
    ]
    payload = json.dumps({"version": "4", "status": status, "alerts": alerts}).encode()
    document = json.loads(records.does("intake", "alertmanager", "--json", text=payload))
    validator("intake").validate(document)
    found: list[dict[str, Any]] = document["alerts"]
    return found


def decisions(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(alert["title"], alert["decision"]) for alert in found]


def listed(records: Repository) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(records.does("intake", "snoozed", "--json"))
    return document


@pytest.mark.demand("S22")
def test_a_snoozed_alert_is_counted_and_opens_nothing_until_the_snooze_ends(records: Repository) -> None:
    records.does("intake", "snooze", "f-Disk", "--for", "2h", "--reason", "it is being replaced")

    assert decisions(send(records, "Disk", "Memory")) == [("Disk", "snoozed"), ("Memory", "opened")]
    assert send(records, "Disk")[0]["reason"].endswith("Z: it is being replaced")
    (alert,) = listed(records)["alerts"]
    assert (alert["fingerprint"], alert["count"], alert["ended"]) == ("f-Disk", 2, False)
    assert "snoozed for 1h 59m: f-Disk (ana: it is being replaced)" in records.does("board")

    records.clock.advance(timedelta(hours=2))
    assert decisions(send(records, "Cpu")) == [("Cpu", "opened"), ("Disk", "opened")]
    assert (listed(records)["snoozes"], listed(records)["alerts"]) == ([], [])
    assert "snoozed" not in records.does("board")
    assert "error" not in records.does("check")


def test_an_alert_that_ends_while_it_is_snoozed_is_forgotten(records: Repository) -> None:
    records.does("intake", "snooze", "alertmanager:f-Disk", "--for", "1h", "--reason", "x")
    send(records, "Disk")
    send(records, "Disk", status="resolved")

    records.clock.advance(timedelta(hours=2))
    assert decisions(send(records, "Cpu")) == [("Cpu", "opened")]


def test_an_alert_of_a_live_incident_goes_on_while_it_is_snoozed(records: Repository) -> None:
    send(records, "Disk")
    records.does("intake", "snooze", "f-Disk", "--for", "1h", "--reason", "x")

    assert decisions(send(records, "Disk", status="resolved")) == [("Disk", "changed")]


@pytest.mark.parametrize(
    ("words", "snoozed"),
    [
        (("--component", "search"), [True, False, False]),
        (("--match", "*down"), [False, True, False]),
        (("--component", "search", "--match", "*down"), [False, False, False]),
        (("f-Slow", "--component", "search"), [True, False, False]),
    ],
)
def test_alerts_are_snoozed_by_component_title_and_fingerprint(
    records: Repository, words: tuple[str, ...], snoozed: list[bool]
) -> None:
    records.does("intake", "snooze", *words, "--until", "+2h", "--reason", "load test")

    found = [*send(records, "Slow", service="search"), *send(records, "Web down"), *send(records, "Else")]
    assert [alert["decision"] == "snoozed" for alert in found] == snoozed


def test_another_clone_sees_the_snooze_and_sevlog_yaml_is_as_it_was_otherwise(
    records: Repository, tmp_path: Path
) -> None:
    before = (records.root / "sevlog.yaml").read_text("utf-8")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    records.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    records.git("push", "-qu", "origin", "main")
    git(tmp_path, "clone", "-q", "hub.git", "other")
    (tmp_path / "other" / "runbook.md").write_text("faster\n", "utf-8")
    git(tmp_path / "other", "add", ".")
    git(tmp_path / "other", "commit", "-qm", "faster")
    git(tmp_path / "other", "push", "-q")
    records.does("intake", "snooze", "f-1", "--for", "1h", "--reason", "x")
    records.does("intake", "snooze", "f-2", "--for", "2h", "--reason", "y: z")
    git(tmp_path / "other", "pull", "-q")

    text = (tmp_path / "other" / "sevlog.yaml").read_text("utf-8")
    assert text.startswith(before)
    seen = json.loads(records.does("--repo", str(tmp_path / "other"), "intake", "snoozed", "--json"))
    assert [(row["fingerprint"], row["by"], row["reason"]) for row in seen["snoozes"]] == [
        ("f-1", "ana", "x"),
        ("f-2", "ana", "y: z"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "2h"), "say which alerts to snooze"),
        (("f-1",), "a snooze needs an end"),
        (("f-1", "--for", "2h", "--until", "18:00"), "a snooze needs an end"),
        (("f-1", "--for", "soon"), "--for soon: not a duration"),
        (("f-1", "--for", "60d"), "a snooze ends after 30 days at most"),
        (("f-1", "--until", "-2h"), "which has passed"),
        (("--component", "chekout", "--for", "2h"), "did you mean `checkout`"),
    ],
)
def test_a_snooze_that_makes_no_sense_is_refused(records: Repository, words: tuple[str, ...], said: str) -> None:
    assert said in records.refuses(2, "intake", "snooze", *words, "--reason", "x")
