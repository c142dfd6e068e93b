"""sevlog notify, and what commands send by themselves."""

from __future__ import annotations

import json

import pytest

from fixtures.repositories import Repository, validator
from fixtures.sending import ROUTES
from fixtures.servers import WebServer, running

RAISE = ("raise", "Checkout fails", "--severity", "SEV3", "--component", "checkout", "--summary", "x")


@pytest.fixture
def routed(records: Repository) -> Repository:
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + ROUTES, "utf-8")
    records.git("commit", "-qam", "routes")
    return records


@pytest.mark.demand("S36")
def test_a_command_sends_at_once_what_it_can_and_says_so(routed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WebServer()) as web:
        monkeypatch.setenv("SEVLOG_NOTIFY_TEAM", web.address("webhook+http"))
        done = routed.sevlog(*RAISE)
        note = routed.sevlog("note", "Nobody hears of a note")

    assert done.code == 0
    assert "sent to TEAM: [SEV3] Checkout fails (raised)" in done.err
    assert "TEAM" not in note.err
    assert [json.loads(asked.body)["events"] for asked in web.asked] == [["raised"]]
    assert routed.does("notify") == "nothing to send\n"
    assert "sent to TEAM: 1" in routed.does("show")


def test_without_an_address_a_command_says_who_sends(routed: Repository) -> None:
    done = routed.sevlog(*RAISE)

    assert done.code == 0
    assert "not sent here to TEAM" in done.err
    assert "SEVLOG_NOTIFY_TEAM is not set here" in done.err
    assert "a machine that has the address sends it, such as CI, with: sevlog notify" in done.err
    assert routed.git("for-each-ref", "refs/sevlog/ledger") == ""


def test_what_is_left_to_another_machine_is_said_once(routed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    raised = routed.sevlog(*RAISE)
    with running(WebServer()) as web:
        monkeypatch.setenv("SEVLOG_NOTIFY_SUBSCRIBERS", web.address("webhook+http"))
        update = routed.sevlog("update", "We are on it", "--title", "Checkout fails")

    assert "not sent here to TEAM" in raised.err
    assert "sent to SUBSCRIBERS" in update.err
    assert "TEAM" not in update.err


def test_what_cannot_be_sent_does_not_stop_a_command(routed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEVLOG_NOTIFY_TEAM", "webhook+http://127.0.0.1:1/x")
    routed.git("remote", "add", "origin", "/nowhere/at/all.git")
    done = routed.sevlog(*RAISE, "--no-push")

    assert done.code == 0
    assert "notifications were not sent from here: origin cannot be reached" in done.err
    assert routed.sevlog("notify").code == 5


def test_its_document_says_what_became_of_each_message(routed: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    routed.does(*RAISE)
    with running(WebServer()) as web:
        web.plans = [404]
        monkeypatch.setenv("SEVLOG_NOTIFY_TEAM", web.address("webhook+http"))
        would = json.loads(routed.does("notify", "--dry-run", "--json"))
        done = routed.sevlog("notify", "--json")

    validator("notify").validate(would)
    assert [one["state"] for one in would["notifications"]] == ["would"]
    document = json.loads(done.out)
    validator("notify").validate(document)
    assert done.code == 1
    assert [(one["to"], one["state"]) for one in document["notifications"]] == [("TEAM", "failed")]


def test_without_routes_it_says_that_nothing_is_sent(records: Repository) -> None:
    done = records.sevlog("notify")

    assert (done.code, done.out) == (0, "nothing to send\n")
    (records.root / "oncall.yaml").write_text("schema: 1\npeople: [{key: ana}]\n", "utf-8")
    assert "sevlog.yaml has no routes" in records.sevlog("notify").err
