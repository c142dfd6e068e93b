"""People in the response hear of it: their role card, an offer, a reminder, and that they can stand down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from fixtures.repositories import Repository, write_postmortem
from fixtures.sending import Sending, row
from fixtures.servers import MailServer, WebServer
from sevlog.services.notifying.reminding import remind
from sevlog.services.workspace.workspace import Workspace

PEOPLE = """\
schema: 1
people:
  - {key: ana, name: Ana, contact: [ANA_MAIL]}
  - {key: bo, name: Bo, contact: [BO_PAGER], messages: [BO_MAIL]}
  - {key: chi, name: Chi}
"""


@pytest.fixture
def people(records: Repository, mail: MailServer) -> Iterator[Sending]:
    """A SEV2 that Ana leads; she and Bo have mail."""
    (records.root / "oncall.yaml").write_text(PEOPLE, "utf-8")
    sending = Sending(records, "notify: {routes: []}\n")
    sending.environment = {
        "SEVLOG_NOTIFY_ANA_MAIL": mail.address("ana@cart.example"),
        "SEVLOG_NOTIFY_BO_MAIL": mail.address("bo@cart.example"),
    }
    records.fixing()
    yield sending


def about(people: Sending, audience: str) -> list[str]:
    """Run `notify`; what becomes of reminders of an update to this audience."""
    return [one.state for one in people.notify().notifications if one.event.split(".")[2:3] == [audience]]


@pytest.mark.demand("S63")
def test_a_role_brings_its_card_to_who_gets_it(people: Sending, mail: MailServer) -> None:
    assert people.told() == []  # Ana took command herself
    people.records.does("assign", "communications_manager", "bo")
    people.records.does("assign", "scribe", "chi")

    assert people.told() == [("BO_MAIL", "sent")]
    (card,) = mail.taken
    assert card.recipients == ("bo@cart.example",)
    assert "you are Communications manager" in str(card.mail["Subject"])
    assert "Tell customers that we know about the problem" in card.text
    assert "https://chat.example/room" in card.text
    assert "incident manager: ana (leads)" in card.text
    assert people.told() == []


@pytest.mark.demand("S75")
def test_who_is_offered_a_role_hears_how_to_accept_it(people: Sending, mail: MailServer) -> None:
    people.records.does("handover", "incident_manager", "bo")

    assert people.told() == [("BO_MAIL", "sent")]
    assert f"sevlog handover --accept -i {people.records.incident()}" in mail.taken[0].text
    people.records.does("handover", "--accept", "--as", "bo")
    assert people.told() == []  # Bo accepted it himself, and nobody tells him


@pytest.mark.demand("S78")
def test_when_it_is_over_everybody_in_it_hears_that_they_can_stand_down(people: Sending, mail: MailServer) -> None:
    records = people.records
    records.does("assign", "scribe", "bo")
    records.does("task", "--assignee", "bo", "--cleanup", "Delete the copies")
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "some", "--confirmed")
    people.notify()
    records.does("resolve", "--attestation", "No error for an hour", "--ended-at", "now")

    assert people.told() == [("BO_MAIL", "sent")]
    last = mail.taken[-1]
    assert "resolved, you can stand down" in str(last.mail["Subject"])
    assert "Delete the copies" in last.text
    assert "ana owns the postmortem" in last.text


@pytest.mark.demand("S66")
def test_an_update_that_is_due_is_a_reminder_before_and_after_to_the_lead_and_who_sends_it(
    people: Sending, mail: MailServer
) -> None:
    records = people.records
    records.does("assign", "communications_manager", "bo")
    people.notify()
    records.does("update", "--audience", "internal", "--next-in", "30m", "We look into it")
    records.does("update", "--title", "Payments fail", "--next-in", "2h", "We look into it")
    start = len(mail.taken)

    records.clock.advance(timedelta(minutes=12))
    assert people.told() == []
    records.clock.advance(timedelta(minutes=10))
    assert sorted(people.told()) == [("ANA_MAIL", "sent"), ("BO_MAIL", "sent")]
    assert people.told() == []
    records.clock.advance(timedelta(minutes=10))
    assert sorted(people.told()) == [("ANA_MAIL", "sent"), ("BO_MAIL", "sent")]
    records.does("update", "--audience", "internal", "--next-in", "2h", "Still looking")
    assert people.told() == []

    subjects = [str(taken.mail["Subject"]) for taken in mail.taken[start:]]
    assert sum("the update to colleagues is due in" in subject for subject in subjects) == 2
    assert sum("the update to colleagues is overdue" in subject for subject in subjects) == 2
    assert "sevlog update -i" in mail.taken[-1].text


def test_a_reminder_that_nobody_sent_in_time_is_not_sent(people: Sending) -> None:
    records = people.records
    records.does("update", "--audience", "internal", "--next-in", "30m", "We look into it")
    people.environment = {}
    records.clock.advance(timedelta(minutes=31))
    assert about(people, "internal") == ["left"]

    records.does("update", "--audience", "internal", "--next-in", "2h", "Still looking")
    people.environment = {"SEVLOG_NOTIFY_ANA_MAIL": "smtp://127.0.0.1:1/?from=a@cart.example&to=b@cart.example"}
    assert about(people, "internal") == []
    assert about(people, "public") == ["retry"]  # the first update to customers is overdue too


@pytest.mark.demand("S1")
def test_a_message_about_a_drill_says_so(people: Sending, mail: MailServer) -> None:
    people.records.raised("--kind", "drill", title="Region loss")
    people.records.does("assign", "-i", "region", "scribe", "bo")

    people.notify()
    assert "DRILL" in str(mail.taken[-1].mail["Subject"])


@pytest.mark.demand("S66")
def test_who_follows_a_page_sends_reminders_too_and_each_once(people: Sending, mail: MailServer) -> None:
    records = people.records
    records.does("update", "--audience", "internal", "--next-in", "30m", "We look into it")
    records.does("update", "--title", "Payments fail", "--next-in", "2h", "We look into it")
    people.notify()
    start = len(mail.taken)

    def look() -> list[str]:
        workspace = Workspace(records.root, clock=records.clock, environment=people.environment)
        done = remind(workspace, records.incident())
        return [one.to for one in done.notifications] if done else []

    assert look() == []
    records.clock.advance(timedelta(minutes=22))
    assert look() == ["ANA_MAIL"]
    records.clock.advance(timedelta(minutes=1))
    assert look() == []
    assert len(mail.taken) == start + 1


def test_a_pager_gets_no_card_and_that_is_said(people: Sending, web: WebServer) -> None:
    pager = f"events+http://127.0.0.1:{web.server_address[1]}/v2/enqueue?routing_key=R0"
    people.environment["SEVLOG_NOTIFY_BO_MAIL"] = pager
    people.records.does("assign", "scribe", "bo")

    (one,) = people.notify().notifications
    assert (one.state, one.to) == ("moot", "BO_MAIL")
    assert "`messages`" in (one.reason or "")
    assert web.asked == []


REVIEWERS = PEOPLE.replace("{key: chi, name: Chi}", "{key: chi, name: Chi, messages: [CHI_MAIL]}") + (
    "teams: [{key: payments, members: [ana, bo]}]\n"
)


def submitted(people: Sending, mail: MailServer) -> str:
    """A postmortem that Ana wrote and submitted; Chi and the team payments review it. Nothing was sent of it yet."""
    records = people.records
    (records.root / "oncall.yaml").write_text(REVIEWERS, "utf-8")
    people.environment["SEVLOG_NOTIFY_CHI_MAIL"] = mail.address("chi@cart.example")
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "some", "--confirmed")
    records.does("resolve", "--attestation", "No error for an hour", "--ended-at", "now")
    path = records.folder() / "postmortem.md"
    path.write_text(path.read_text("utf-8").replace("\n---\n", "\nreviewers: [chi, payments, ana]\n---\n", 1), "utf-8")
    write_postmortem(records.folder())
    people.notify()
    records.does("postmortem", "submit")
    return records.incident()


@pytest.mark.demand("S85")
def test_the_reviewers_hear_that_a_postmortem_waits_for_them_and_its_author_does_not(
    people: Sending, mail: MailServer
) -> None:
    incident, start = submitted(people, mail), len(mail.taken)

    assert sorted(people.told()) == [("BO_MAIL", "sent"), ("CHI_MAIL", "sent")]
    assert people.told() == []
    said = mail.taken[start]
    assert "the postmortem waits for your review" in str(said.mail["Subject"])
    assert f"sevlog postmortem approve -i {incident}" in said.text and "ana owns it" in said.text

    people.records.clock.advance(timedelta(days=6))
    assert people.told() == []
    people.records.clock.advance(timedelta(days=3, hours=12))
    assert sorted(people.told()) == [("BO_MAIL", "sent"), ("CHI_MAIL", "sent")]
    assert "the review of the postmortem is overdue" in str(mail.taken[-1].mail["Subject"])
    assert "Its approval was due on" in mail.taken[-1].text
    assert people.told() == []


def test_a_message_that_nobody_sent_before_the_approval_is_not_sent(people: Sending, mail: MailServer) -> None:
    submitted(people, mail)
    people.environment = {}
    assert sorted(people.told()) == [("BO_MAIL", "left"), ("CHI_MAIL", "left")]
    people.records.does("postmortem", "approve", "--as", "bo")

    assert people.told() == []
    assert (row(people, "CHI_MAIL").state, row(people, "CHI_MAIL").reason) == (
        "moot",
        "the postmortem is not in review any more",
    )
