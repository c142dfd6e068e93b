"""sevlog action sync with trackers: each item gets one issue, and follows its state."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures.repositories import Repository
from fixtures.servers import free_port
from fixtures.teams import CONFIG, Team
from fixtures.trackers.github import PROJECT, GitHubServer
from fixtures.trackers.jira import MAIL, JiraServer
from fixtures.trackers.server import TOKEN, Reply, up

pytestmark = pytest.mark.demand("S86")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubServer]:
    monkeypatch.setenv("SEVLOG_TRACKER", TOKEN)
    server = GitHubServer()
    with up(server):
        yield server


def tracker(server: GitHubServer, more: str = "") -> str:
    return f"{{kind: github, project: {PROJECT}, url: '{server.url}'{more}}}"


def follow(root: Path, *trackers: str) -> None:
    path = root / "sevlog.yaml"
    text = path.read_text("utf-8").partition("follow_up:")[0]
    path.write_text(f"{text}follow_up: {{trackers: [{', '.join(trackers)}]}}\n", "utf-8")


@pytest.fixture
def incident(records: Repository, hub: GitHubServer) -> str:
    """An incident with an accepted item A1, and a tracker."""
    follow(records.root, tracker(hub))
    records.git("commit", "-qam", "track the items")
    name = records.raised()
    records.does("action", "add", "Alert on refused cards", "--owner", "ana", "--accept")
    return name


def synced(records: Repository, code: int = 0, *more: str) -> dict[str, Any]:
    done = records.sevlog("action", "sync", "--json", *more)
    assert done.code == code, done
    document: dict[str, Any] = json.loads(done.out)
    return document


def did(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["id"], row["did"]) for row in document["items"]]


def item(records: Repository, place: int = 0) -> dict[str, Any]:
    rows: list[dict[str, Any]] = records.tells("action", "list", "--all")["actions"]
    return rows[place]


def test_an_accepted_item_gets_one_issue_that_says_what_it_is_about(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    records.does("action", "add", "-i", incident, "Only an idea")

    assert did(synced(records, 0, "--dry-run")) == [("A1", "opened")]
    assert (hub.issues, item(records)["ref"]) == ({}, None)
    assert did(synced(records)) == [("A1", "opened")]
    assert did(synced(records)) == []
    assert item(records)["ref"] == f"{hub.url}/{PROJECT}/issues/1"
    (issue,) = hub.issues.values()
    assert issue["title"] == "Alert on refused cards"
    for text in (f"- Incident: {incident}", "- Severity: SEV", "- Due: 20", "- Owner: ana", f"{incident}/A1 -->"):
        assert text in issue["body"]
    assert "ref: " in records.does("timeline", "-i", incident)


def test_the_item_follows_its_issue_there_and_back(records: Repository, hub: GitHubServer, incident: str) -> None:
    synced(records)
    ref = item(records)["ref"]
    hub.close(1)

    assert did(synced(records)) == [("A1", "done")]
    assert (item(records)["status"], item(records)["done_by"]) == ("done", [ref])
    assert did(synced(records)) == []
    hub.reopen(1)
    assert did(synced(records)) == [("A1", "reopened")]
    assert (item(records)["status"], item(records)["done_by"]) == ("accepted", [])
    hub.close(1)
    assert did(synced(records)) == [("A1", "done")]


def test_what_changed_in_an_item_is_sent_to_its_issue_once(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    synced(records)
    hub.issues[1]["body"] += "\nWe talked about it on Monday."
    records.does("action", "change", "-i", incident, "A1", "--title", "Alert at night", "--due", "2026-12-24")

    dry = synced(records, 0, "--dry-run")
    assert (did(dry), hub.issues[1]["title"]) == ([("A1", "sent")], "Alert on refused cards")
    assert [(row["did"], row["why"]) for row in synced(records)["items"]] == [("sent", "title, due changed")]
    assert hub.issues[1]["title"] == "Alert at night"
    assert "- Due: 2026-12-24\n- Owner: ana\n" in hub.issues[1]["body"]
    assert "We talked about it on Monday." in hub.issues[1]["body"]
    assert did(synced(records)) == []

    records.does("action", "change", "-i", incident, "A1", "--owner", "bo")
    assert [row["why"] for row in synced(records)["items"]] == ["owner changed"]


def test_an_issue_that_was_edited_in_the_tracker_is_left_alone(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    synced(records)
    hub.issues[1]["title"] = "Night alert"
    assert (synced(records)["items"], synced(records)["warnings"]) == ([], [])

    records.does("action", "change", "-i", incident, "A1", "--due", "2026-12-24")
    document = synced(records)
    assert (document["items"], hub.issues[1]["title"]) == ([], "Night alert")
    (warning,) = document["warnings"]
    assert "was edited there, so it does not get the changes (title, due)" in warning

    hub.issues[1]["body"] = re.sub("Due: .*", "Due: 2026-12-24", hub.issues[1]["body"])
    records.does("action", "change", "-i", incident, "A1", "--title", "Night alert")
    assert (synced(records)["items"], synced(records)["warnings"]) == ([], [])
    records.does("action", "change", "-i", incident, "A1", "--title", "Alert at night")
    assert did(synced(records)) == [("A1", "sent")]


def test_a_token_that_may_not_edit_and_an_issue_of_somebody_else(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    hub.add("Ours", "- Owner: eve", [])
    records.does("action", "add", "-i", incident, "Sleep more", "--owner", "ana", "--accept")
    records.does("action", "change", "-i", incident, "A2", "--ref", f"{hub.url}/{PROJECT}/issues/1")
    synced(records)
    assert hub.issues[1]["title"] == "Ours"

    hub.edits = False
    records.does("action", "change", "-i", incident, "A1", "--due", "2026-12-24")
    records.does("action", "add", "-i", incident, "Wake somebody", "--owner", "ana", "--accept")
    document = synced(records, 1)
    assert ("refuses the token" in document["failures"][0], did(document)) == (True, [("A3", "opened")])
    hub.edits = True
    assert did(synced(records)) == [("A1", "sent")]


def test_an_item_that_was_reopened_by_hand_stays_open_until_its_issue_is_reopened_and_closed(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    synced(records)
    hub.close(1)
    synced(records)
    records.does("action", "reopen", "-i", incident, "A1", "--reason", "the alert never fired")

    document = synced(records)
    assert (document["items"], "its issue is still closed" in document["warnings"][0]) == ([], True)
    hub.reopen(1)
    assert did(synced(records)) == [("A1", "changed")]
    hub.close(1)
    assert did(synced(records)) == [("A1", "done")]


def test_what_a_person_has_to_decide_is_a_warning_with_the_command(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    synced(records)
    hub.close(1, "not_planned")
    dropped = synced(records)
    hub.close(1, "something_new")
    unmapped = synced(records)
    del hub.issues[1]
    hub.deleted = {1}
    gone = synced(records)

    assert "is closed as not planned; decide about the item" in dropped["warnings"][0]
    assert dropped["hints"] == [f'sevlog action wont-do -i {incident} A1 --reason "…"']
    assert "closed as something_new" in unmapped["warnings"][0]
    assert "was deleted or moved" in gone["warnings"][0]
    assert item(records)["status"] == "accepted"


def test_an_answer_that_is_lost_makes_one_issue(records: Repository, hub: GitHubServer, incident: str) -> None:
    hub.plans = [("POST", "stored, gone")]

    assert did(synced(records)) == [("A1", "linked")]
    assert (len(hub.issues), item(records)["ref"]) == (1, f"{hub.url}/{PROJECT}/issues/1")


def test_a_tracker_that_shows_a_lost_issue_late_makes_one_issue(
    records: Repository, monkeypatch: pytest.MonkeyPatch, incident: str
) -> None:
    monkeypatch.setenv("SEVLOG_TRACKER", f"{MAIL}:{TOKEN}")
    server = JiraServer("3")
    server.lags = True
    server.plans = [("POST", Reply(200, {"issues": [], "isLast": True})), ("POST", "stored, gone")]
    with up(server):
        follow(records.root, f"{{kind: jira, project: OPS, url: '{server.url}'}}")
        assert "may have created the issue" in synced(records, 1)["failures"][0]
        assert "no other one before" in synced(records, 1)["failures"][0]
        server.index()
        records.clock.advance(timedelta(minutes=11))

        assert did(synced(records)) == [("A1", "linked")]
        assert list(server.issues) == ["OPS-1"]


def test_a_lost_request_is_sent_again_once_the_claim_has_ended(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    hub.plans = [("POST", "gone")]
    synced(records, 1)
    synced(records, 1)
    assert hub.posts() == 1
    records.clock.advance(timedelta(minutes=11))

    assert did(synced(records)) == [("A1", "opened")]


def test_an_issue_whose_address_was_not_committed_is_known_by_the_ledger(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    hub.pushes = False
    synced(records)
    records.git("reset", "-q", "--hard", "HEAD^")
    hub.issues[1]["body"] = "edited"

    assert did(synced(records)) == [("A1", "linked")]
    assert len(hub.issues) == 1


def test_items_go_to_the_first_tracker_that_takes_them_and_restricted_ones_to_none(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    records.does("action", "add", "-i", incident, "Delete copies", "--class", "cleanup", "--owner", "bo", "--accept")
    follow(records.root, tracker(hub, ", classes: [cleanup]"), tracker(hub, ", teams: [payments]"))
    assert did(synced(records)) == [("A2", "opened")]

    card = records.folder() / "incident.yaml"
    card.write_text(card.read_text("utf-8") + "visibility: restricted\n", "utf-8")
    follow(records.root, tracker(hub))
    assert did(synced(records)) == []
    follow(records.root, tracker(hub, ", restricted: true"))
    assert did(synced(records)) == [("A1", "opened")]


def test_a_tracker_that_fails_does_not_stop_the_others(records: Repository, hub: GitHubServer, incident: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    down = f"{{kind: gitlab, project: a/b, url: '{nobody}', classes: [cleanup]}}"
    records.does("action", "add", "-i", incident, "Delete copies", "--class", "cleanup", "--owner", "bo", "--accept")
    follow(records.root, down, "{kind: github, project: a/b, token: NONE, teams: [none]}", tracker(hub))

    document = synced(records, 1)
    assert did(document) == [("A1", "opened")]
    assert "GitLab (a/b) does not answer" in document["failures"][0]
    assert "SEVLOG_NONE is not set" in document["failures"][1]


def test_a_title_with_a_secret_is_not_sent(records: Repository, hub: GitHubServer, incident: str) -> None:
    secret = "ghp_" + "a1" * 18
    records.does("action", "change", "-i", incident, "A1", "--title", f"Rotate {secret}")

    document = synced(records, 1)
    assert secret not in json.dumps(document)
    assert "sevlog action change" in document["hints"][0]
    assert hub.posts() == 0


def test_one_issue_that_is_rejected_does_not_stop_the_next(
    records: Repository, hub: GitHubServer, incident: str
) -> None:
    records.does("action", "add", "-i", incident, "Delete copies", "--owner", "bo", "--accept")
    hub.plans = [("POST", Reply(422, {"message": "Validation Failed"}))]

    document = synced(records, 1)
    assert did(document) == [("A2", "opened")]
    assert f"{incident}/A1: GitHub (cart/web) rejects the request (422)" in document["failures"][0]
    assert did(synced(records)) == [("A1", "opened")]


def test_two_syncs_at_once_from_two_clones_make_one_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], hub: GitHubServer
) -> None:
    team = Team(tmp_path, monkeypatch, capsys, f"{CONFIG}follow_up: {{trackers: [{tracker(hub)}]}}\n")
    incident = team.raises("ana")
    team.does("ana", "action", "add", "-i", incident, "Alert", "--owner", "ana", "--accept")
    team.clone("bo")
    hub.hold(2)
    both = [team.start(person, "action", "sync", "--json") for person in ("ana", "bo")]
    outputs = [process.communicate(timeout=60) for process in both]

    assert [process.returncode for process in both] == [0, 0], outputs
    team.does("bo", "sync")
    team.does("bo", "action", "sync")
    (row,) = team.tells("bo", "action", "list")["actions"]
    assert (len(hub.issues), hub.posts(), row["ref"]) == (1, 1, f"{hub.url}/{PROJECT}/issues/1")


def test_doctor_says_whether_the_trackers_answer(
    records: Repository, hub: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> list[tuple[str, str]]:
        checks = json.loads(records.sevlog("doctor", "--json").out)["checks"]
        return [(check["state"], check["message"]) for check in checks if check["name"] == "tracker"]

    follow(records.root, tracker(hub), tracker(hub, ", token: OTHER"))
    workflow = records.root / ".github/workflows/notify.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("env:\n  SEVLOG_TRACKER: x\n", "utf-8")

    answers, other = rows()
    assert answers == ("ok", f"GitHub ({PROJECT}) answers")
    assert other[0] == "warn"
    assert "SEVLOG_OTHER is not set here, and .github/workflows/notify.yml does not pass it" in other[1]
    monkeypatch.setenv("SEVLOG_TRACKER", "wr0ng")
    assert rows()[0] == ("fail", f"GitHub ({PROJECT}) does not accept the token in SEVLOG_TRACKER")
    hub.plans = [("GET", Reply(503))]
    assert rows()[0][0] == "warn"
