"""What is new, and for whom: the first run, checkouts that are older than the ledger, and what was corrected since."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from fixtures.repositories import git
from fixtures.sending import UPDATE, Sending, both, hook, ledger, row
from fixtures.servers import MailServer, WebServer
from sevlog.model.comms.ledger import Sheet
from sevlog.stores.ledger import View

# ---- the first run


def test_the_first_run_for_one_incident_makes_the_others_history_too(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.clock.advance(timedelta(hours=2))
    sending.records.does("raise", "Search is slow", "--severity", "SEV3", "--component", "search", "--summary", "x")
    sending.environment = both(web)
    (second,) = (path.name for path in sorted(sending.records.root.glob("incidents/*/*search-is-slow")))

    assert sending.told(only=[second]) == [("TEAM", "sent")]
    assert sending.told() == []


def test_the_first_run_since_a_revision_makes_older_entries_history_too(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.records.clock.advance(timedelta(hours=2))
    sending.records.does("raise", "Search is slow", "--severity", "SEV3", "--component", "search", "--summary", "x")
    sending.environment = both(web)

    assert sending.told(since="HEAD^") == [("TEAM", "sent")]
    assert sending.told() == []


# ---- checkouts that are older than the ledger, and configurations that change


def test_an_older_checkout_leaves_alone_what_it_does_not_have(sending: Sending, web: WebServer, tmp_path: Path) -> None:
    """As when CI repeats the run of an old commit."""
    hub = sending.hub(tmp_path)
    sending.raised()
    sending.records.git("push", "-q", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", str(hub), "old")
    sending.records.does(*UPDATE, "We look into it.")
    sending.notify()
    sending.environment = both(web)

    assert sending.told(root=tmp_path / "old") == [("TEAM", "sent")]
    assert row(sending, "SUBSCRIBERS").state == "owed"
    assert sending.told() == [("SUBSCRIBERS", "sent")]


def test_what_nobody_has_any_more_is_given_up_after_a_week(sending: Sending) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.notify()
    sending.records.git("reset", "-q", "--hard", "HEAD^")
    sending.records.clock.advance(timedelta(days=6))
    sending.notify()
    assert row(sending, "SUBSCRIBERS").state == "owed"

    sending.records.clock.advance(timedelta(days=2))
    sending.notify()

    assert (row(sending, "SUBSCRIBERS").state, row(sending, "SUBSCRIBERS").reason) == ("moot", "its entry was removed")


def test_a_route_that_was_removed_sends_nothing_and_is_given_up_after_an_hour(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.notify()
    config = sending.records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("to: TEAM", "to: OTHERS"), "utf-8")
    sending.environment = both(web)

    assert sending.told() == []
    assert row(sending, "TEAM").state == "owed"
    sending.records.clock.advance(timedelta(minutes=61))
    assert sending.told() == []
    assert (row(sending, "TEAM").state, web.asked) == ("moot", [])


def test_a_promise_that_changed_holds_for_what_was_not_tried_yet(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.notify()
    config = sending.records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("to: TEAM", "to: TEAM, at: most_once"), "utf-8")
    sending.environment = both(web)
    web.plans = ["gone"]

    assert sending.told() == [("TEAM", "unknown")]
    assert len(web.asked) == 1


# ---- corrections


def checkout_with_update(sending: Sending, tmp_path: Path) -> Path:
    """Another checkout of the records, in which an update says that it is over at noon."""
    hub = sending.hub(tmp_path)
    sending.raised()
    sending.records.does(*UPDATE, "It is over at noon.")
    sending.records.git("push", "-q", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", str(hub), "other")
    return tmp_path / "other"


def corrected(sending: Sending, was: str, becomes: str) -> None:
    update = next(one for one in sending.records.tells("show")["updates"] if one["text"] == was)
    sending.records.does("correct", update["id"], f"text={becomes}", "--reason", "wrong")


def bodies(web: WebServer) -> list[str]:
    return [json.loads(one.body)["incident"]["incident_updates"][0]["body"] for one in web.asked]


def test_a_correction_that_a_sender_did_not_know_goes_out_although_it_was_recorded_before_the_text_was_sent(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    other = checkout_with_update(sending, tmp_path)
    corrected(sending, "It is over at noon.", "It is over at two.")
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    assert ("SUBSCRIBERS", "sent") in sending.told(root=other)

    assert ("SUBSCRIBERS", "sent") in sending.told()
    assert bodies(web) == ["It is over at noon.", "It is over at two."]


def test_a_correction_that_is_owed_goes_out_after_an_older_checkout_sent_the_old_text(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    old = checkout_with_update(sending, tmp_path)
    corrected(sending, "It is over at noon.", "It is over at two.")
    sending.notify()
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    sending.notify(root=old)

    assert ("SUBSCRIBERS", "sent") in sending.told()
    assert bodies(web) == ["It is over at noon.", "It is over at two."]


def test_a_correction_that_is_seen_only_after_the_original_was_sent_as_corrected_is_not_sent(
    sending: Sending, web: WebServer
) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "It is over at noon.")
    corrected(sending, "It is over at noon.", "It is over at two.")
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    sending.notify()
    without = ledger(sending).known()
    incident = sending.records.incident()
    forget_the_correction(sending, without, incident)

    assert sending.told() == [("TEAM", "left")]
    assert bodies(web) == ["It is over at two."]
    assert "was sent as corrected" in str(row(sending, "SUBSCRIBERS", "correction").reason)


def forget_the_correction(sending: Sending, view: View, incident: str) -> None:
    """As where it had no route when the original was sent, and has one now."""
    sheet = view.sheet(incident)
    kept = Sheet(
        seen=tuple(name for name in sheet.seen if "correction" not in name),
        rows={key: row for key, row in sheet.rows.items() if "correction" not in key},
    )
    assert ledger(sending).swap(view, {incident: kept}, sending.records.clock(), "forget") is not None


def test_what_was_taken_back_reaches_those_who_got_it_from_a_sender_that_did_not_know(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    other = checkout_with_update(sending, tmp_path)
    update = sending.records.tells("show")["updates"][0]["id"]
    sending.records.does("retract", update, "--reason", "wrong incident")
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    sending.notify(root=other)

    assert ("SUBSCRIBERS", "sent") in sending.told()
    assert len(web.asked) == 2


# ---- mail


def test_of_two_mails_that_are_claimed_together_the_first_begins_the_thread(sending: Sending, mail: MailServer) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.records.does(*UPDATE, "--phase", "identified", "A certificate ended.")
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": mail.address("list@cart.example")}
    sending.notify()

    first, second = mail.mails
    assert (first["In-Reply-To"], second["In-Reply-To"]) == (None, first["Message-ID"])
