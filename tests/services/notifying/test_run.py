"""Notifications go out once: to the right address, in the right words, whoever sends them and whatever fails."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.sending import UPDATE, Sending
from fixtures.servers import MailServer, WebServer, free_port


def hook(web: WebServer) -> str:
    return web.address("webhook+http", "/hook")


@pytest.mark.demand("S36")
@pytest.mark.demand("S67")
def test_each_event_goes_to_its_route_and_only_once(sending: Sending, web: WebServer) -> None:
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web), "SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    incident = sending.raised()
    sending.records.does(*UPDATE, "We look into it.")

    assert sorted(sending.told()) == [("SUBSCRIBERS", "sent"), ("TEAM", "sent")]
    assert sending.told() == []
    assert len(web.asked) == 2
    bodies = [json.loads(asked.body) for asked in web.asked]
    (team,) = (body for body in bodies if "events" in body)
    (customers,) = (body for body in bodies if "meta" in body)
    assert (team["events"], team["incident"], team["severity"]) == (["raised"], incident, "SEV3")
    assert customers["incident"]["incident_updates"][0]["body"] == "We look into it."
    assert incident not in json.dumps(customers)


@pytest.mark.demand("S35")
def test_mails_about_one_incident_are_one_thread(sending: Sending, mail: MailServer) -> None:
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": mail.address("list@cart.example")}
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.notify()
    sending.records.does(*UPDATE, "--phase", "identified", "A certificate ended.")
    sending.notify()

    first, second = mail.mails
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert "A certificate ended." in mail.taken[1].text


def test_what_has_no_address_here_is_left_to_a_machine_that_has(sending: Sending, web: WebServer) -> None:
    sending.raised()
    assert sending.told() == [("TEAM", "left")]

    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    assert sending.told() == [("TEAM", "sent")]


def test_what_fails_for_now_is_tried_again_after_a_pause_that_grows(sending: Sending) -> None:
    sending.environment = {"SEVLOG_NOTIFY_TEAM": f"webhook+http://127.0.0.1:{free_port()}/x"}
    sending.raised()

    (first,) = sending.notify().notifications
    assert (first.state, first.tries) == ("retry", 3)
    assert sending.pauses == [1.0, 4.0]
    (waiting,) = sending.notify().notifications
    assert (waiting.state, waiting.tries) == ("retry", 3)
    sending.records.clock.advance(timedelta(minutes=5))
    (again,) = sending.notify().notifications
    assert (again.state, again.tries) == ("retry", 6)


def test_what_fails_for_good_is_told_and_sent_on_demand(sending: Sending, web: WebServer) -> None:
    web.plans = [404]
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    incident = sending.raised()

    done = sending.notify()
    assert [(one.state, one.reason) for one in done.notifications] == [("failed", "it answered 404")]
    assert done.trouble
    assert sending.told() == []
    assert f"1 notification was not delivered: sevlog show {incident}" in sending.records.does("board")
    assert "failed to TEAM" in sending.records.does("show", incident)
    (shown,) = sending.records.tells("show", incident)["notifications"]
    assert (shown["to"], shown["state"], shown["reason"]) == ("TEAM", "failed", "it answered 404")

    assert sending.told(retry=True) == [("TEAM", "sent")]
    assert "not delivered" not in sending.records.does("board")


@pytest.mark.parametrize(("to", "state", "requests"), [("SUBSCRIBERS", "unknown", 1), ("TEAM", "retry", 3)])
def test_without_an_answer_customers_hear_once_and_colleagues_again(
    sending: Sending, web: WebServer, to: str, state: str, requests: int
) -> None:
    web.plans = ["gone"] * 3
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.environment = {f"SEVLOG_NOTIFY_{to}": hook(web)}

    assert (to, state) in sending.told()
    assert len(web.asked) == requests
    web.plans = []
    sending.records.clock.advance(timedelta(minutes=30))
    assert (to, "sent" if state == "retry" else state) in [*sending.told(), (to, "unknown")]
    assert len(web.asked) == (1 if state == "unknown" else requests + 1)


def test_two_clones_and_a_rewritten_history_send_nothing_twice(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    hub = sending.hub(tmp_path)
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    sending.raised()
    git(tmp_path, "clone", "-q", str(hub), "other")
    sending.records.git("push", "-q", "origin", "HEAD:main")
    git(tmp_path / "other", "pull", "-q")

    assert sending.told(root=tmp_path / "other") == [("TEAM", "sent")]
    assert sending.told() == []
    git(tmp_path / "other", "commit", "-q", "--amend", "-m", "squashed")
    git(tmp_path / "other", "push", "-q", "--force")
    assert sending.told(root=tmp_path / "other") == []
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{hub}", "shallow")
    assert sending.told(root=tmp_path / "shallow") == []
    assert len(web.asked) == 1


def test_the_first_run_sends_nothing_that_is_history(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.clock.advance(timedelta(hours=2))
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}

    assert sending.told() == []
    sending.records.does("severity", "SEV2", "--reason", "worse")
    assert sending.told() == [("TEAM", "sent")]
    assert json.loads(web.asked[0].body)["events"] == ["severity", "severity_changed"]


def test_with_a_revision_the_first_run_sends_what_that_did_not_have(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.clock.advance(timedelta(hours=2))
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}

    assert sending.told(since="HEAD^") == [("TEAM", "sent")]


@pytest.mark.demand("S67")
def test_a_correction_goes_to_those_who_got_the_old_text_and_to_nobody_else(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "It is over at noon.")
    first = sending.records.tells("show")["updates"][0]["id"]
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    sending.notify()
    sending.records.does("correct", first, "text=It is over at two.", "--reason", "wrong time")

    assert ("SUBSCRIBERS", "sent") in sending.told()
    assert json.loads(web.asked[1].body)["incident"]["incident_updates"][0]["body"] == "It is over at two."
    sending.records.does(*UPDATE, "Nobody has seen this.")
    second = sending.records.tells("show")["updates"][1]["id"]
    sending.records.does("correct", second, "text=Nobody has seen that.")
    assert sorted(sending.told()) == [("SUBSCRIBERS", "sent"), ("TEAM", "left")]
    assert len(web.asked) == 3


def test_what_was_taken_back_before_it_was_sent_is_not_sent(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "It is over at noon.")
    sending.notify()
    sending.records.does("retract", sending.records.tells("show")["updates"][0]["id"], "--reason", "wrong incident")
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}

    assert sending.told() == [("TEAM", "left")]
    assert web.asked == []


def test_a_restricted_incident_is_told_only_where_that_is_allowed(sending: Sending, web: WebServer) -> None:
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    sending.raised()
    card = sending.records.folder() / "incident.yaml"
    text = card.read_text("utf-8")
    assert "visibility" not in text
    card.write_text(text + "visibility: restricted\n", "utf-8")
    sending.records.git("commit", "-qam", "restrict")

    assert sending.told() == []
    assert web.asked == []


def test_an_address_that_cannot_be_used_is_told_without_its_value(sending: Sending) -> None:
    sending.environment = {"SEVLOG_NOTIFY_TEAM": "smtp://user:s3cret@mail.example"}
    sending.raised()

    done = sending.notify()
    assert [(one.to, one.state) for one in done.notifications] == [("TEAM", "left")]
    assert done.warnings and "SEVLOG_NOTIFY_TEAM cannot be used" in done.warnings[0]
    assert "s3cret" not in repr(done)
    assert "s3cret" not in sending.records.git("log", "-p", "refs/sevlog/ledger")


def test_a_sender_that_died_after_its_claim_is_settled_by_the_promise(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web), "SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    kill_after_the_claim(sending)
    sending.records.clock.advance(timedelta(minutes=11))

    assert sorted(sending.told()) == [("TEAM", "sent")]
    assert len(web.asked) == 1
    states = {row["to"]: row["state"] for row in sending.records.tells("show")["notifications"]}
    assert states == {"TEAM": "sent", "SUBSCRIBERS": "unknown"}


def kill_after_the_claim(sending: Sending) -> None:
    """Run it with a machine that dies when it should send."""
    from sevlog.services.notifying import run

    class Died(Exception):
        pass

    def die(*_: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run._Run, "_deliver", die)
        with pytest.raises(Died):
            sending.notify()
