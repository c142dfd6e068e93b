"""Updates go where the communication plan says: to channels that have an address, to groups, and to the networks."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fixtures.repositories import Repository
from fixtures.sending import UPDATE, Sending
from fixtures.servers import MailServer, WebServer

PLAN = """\
comms:
  audiences:
    public: {channels: [page, email, sms], groups: [partners]}
    internal: {channels: [chat, email]}
    executive: {channels: [], groups: [board]}
    social: {channels: [mastodon]}
  plan:
    - {audiences: [social], major: false, approver: nobody}
    - {audiences: [internal], phases: [monitoring], channels: [email]}
  groups: {partners: [resellers], board: [bo, "team:payments", "group:partners", press]}
notify:
  channels:
    public: {email: SUBSCRIBERS}
    internal: {chat: ROOM, email: STAFF}
    social: {mastodon: TOOTS}
  lists: {resellers: RESELLERS}
"""
ONCALL = """\
schema: 1
people:
  - {key: ana, name: Ana, contact: [ANA_PAGER], messages: [ANA_MAIL]}
  - {key: bo, name: Bo, contact: [BO_PAGER]}
  - {key: chi, name: Chi}
teams: [{key: payments, members: [ana, bo]}]
"""


@pytest.fixture
def planned(records: Repository) -> Iterator[Sending]:
    (records.root / "oncall.yaml").write_text(ONCALL, "utf-8")
    sending = Sending(records, PLAN)
    sending.raised()
    yield sending


def went(sending: Sending) -> list[str]:
    """The addresses that a message is owed to now, after those of earlier acts were noted."""
    return sorted(to for to, state in sending.told() if state == "left")


@pytest.mark.demand("S16")
@pytest.mark.demand("S35")
@pytest.mark.demand("S52")
def test_an_update_goes_to_the_channels_and_groups_of_its_audience(planned: Sending) -> None:
    planned.records.does("update", "--audience", "internal", "The database is slow")
    assert went(planned) == ["ROOM", "STAFF"]

    planned.records.does("update", "--audience", "executive", "We expect no loss")
    assert went(planned) == ["ANA_MAIL", "BO_PAGER", "RESELLERS", "ROOM", "STAFF"]


def test_a_row_of_the_plan_for_a_phase_replaces_the_channels(planned: Sending) -> None:
    planned.records.does("update", "--audience", "internal", "--phase", "monitoring", "It works again")

    assert went(planned) == ["STAFF"]


@pytest.mark.demand("S37")
@pytest.mark.demand("S38")
def test_customers_get_one_update_by_mail_and_on_networks_cut_to_what_these_take(
    planned: Sending, mail: MailServer, web: WebServer
) -> None:
    planned.environment = {
        "SEVLOG_NOTIFY_SUBSCRIBERS": mail.address("list@cart.example"),
        "SEVLOG_NOTIFY_TOOTS": web.address("webhook+http", "/toots"),
        "SEVLOG_NOTIFY_RESELLERS": mail.address("resellers@partner.example"),
    }
    planned.records.does(*UPDATE, "We look into it. " * 60)

    assert sorted(planned.told()) == [("RESELLERS", "sent"), ("SUBSCRIBERS", "sent"), ("TOOTS", "sent")]
    assert sorted(taken.recipients[0] for taken in mail.taken) == ["list@cart.example", "resellers@partner.example"]
    assert all("We look into it." in taken.text for taken in mail.taken)
    (toot,) = web.asked
    assert "We look into it." in json.loads(toot.body)["incident"]["incident_updates"][0]["body"]
    assert planned.records.incident() not in mail.taken[0].text + toot.body.decode()


@pytest.mark.demand("S37")
def test_for_a_major_the_networks_get_a_draft_that_somebody_approves(records: Repository, web: WebServer) -> None:
    sending = Sending(records, PLAN)
    incident = records.fixing()
    records.does("assign", "communications_manager", "bo")
    records.does(*UPDATE, "Cards are refused")
    second = records.sevlog(*UPDATE[:1], *UPDATE[3:], "A fix is on its way")

    assert "for mastodon: bo can send it" in second.err
    sending.environment = {"SEVLOG_NOTIFY_TOOTS": web.address("webhook+http", "/toots")}
    assert ("TOOTS", "sent") not in sending.told()
    (waiting,) = records.tells("drafts")["drafts"]
    assert (waiting["ref"], waiting["asked"]) == ("D2", "bo")
    assert "A fix is on its way" in waiting["text"]
    records.does("approve", "--as", "bo", "-i", incident)
    assert [state for to, state in sending.told() if to == "TOOTS"] == ["sent"]
    assert "A fix is on its way" in web.asked[0].body.decode()


@pytest.mark.demand("S67")
def test_a_correction_goes_where_the_update_went_although_the_plan_is_another_by_now(
    planned: Sending, web: WebServer
) -> None:
    planned.environment = {"SEVLOG_NOTIFY_STAFF": web.address("webhook+http", "/staff")}
    planned.records.does("update", "--audience", "internal", "--phase", "monitoring", "It works again")
    planned.notify()
    planned.records.does("correct", planned.records.tells("show")["timeline"][-1]["id"], "text=It is slow again")

    assert ("STAFF", "sent") in planned.told()
    assert json.loads(web.asked[-1].body)["correction"] is True


def test_what_is_not_public_yet_reaches_no_channel(records: Repository) -> None:
    sending = Sending(records, PLAN)
    records.does(
        "raise", "Keys leaked", "--type", "security", "--severity", "SEV1", "--component", "checkout", "--summary", "x"
    )
    records.does("update", "--audience", "internal", "Keys leaked")

    assert sending.told() == []


def test_an_address_that_the_plan_does_not_use_is_a_finding(records: Repository) -> None:
    path = records.root / "sevlog.yaml"
    wrong = "notify: {channels: {public: {emial: A}, internal: {chat: A}}, lists: {pres: B}}\n"
    path.write_text(path.read_text("utf-8") + wrong, "utf-8")

    done = json.loads(records.sevlog("check", "--json").out)
    found = {row["pointer"]: row["code"] for row in done["problems"]}
    assert found["/notify/channels/public/emial"] in ("unused_address", "mixed_address")
    assert found["/notify/lists/pres"] == "unused_address"
