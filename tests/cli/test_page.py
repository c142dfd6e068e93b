"""sevlog page: sends pages over real servers, and records each delivery without addresses."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from fixtures.oncalls import put_bo_on_call
from fixtures.repositories import Repository, validator
from fixtures.servers import WebServer, running
from sevlog.cli.commands.raise_ import raise_
from sevlog.cli.commands.roles import escalate

CARDS = ("raise", "Cards fail", "--severity", "SEV2", "--component", "checkout", "--summary", "No card", "--as", "ana")


@pytest.fixture
def rota(records: Repository) -> Repository:
    """Bo is on call for checkout, Chi comes next."""
    put_bo_on_call(records, contacts="BO_PAGER, BO_CHAT")
    records.raised("--as", "ana")
    return records


@pytest.mark.demand("S27", "S28", "S6")
def test_who_is_on_call_is_paged_and_told_how_bad_it_is_and_how_to_answer(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        assert "paged bo by BO_PAGER" in rota.does("page")

    sent = json.loads(pager.asked[0].body)
    assert (sent["severity"], sent["rank"]) == ("SEV2", "top priority")
    assert "Cards are refused" in sent["text"]
    assert f"sevlog ack -i {rota.incident()}" in sent["text"]
    assert len(pager.asked) == 1
    assert "t0ken" not in rota.git("log", "-1", "-p")
    assert "kind: paged" in rota.git("log", "-1", "-p")


@pytest.mark.demand("S32")
def test_what_fails_is_recorded_and_the_next_contact_point_is_tried(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WebServer()) as pager:
        pager.plans = [404]
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_CHAT", pager.address("webhook+http"))
        answer = json.loads(rota.does("page", "--json"))

    validator("page").validate(answer)
    assert [(d["contact"], d["result"]) for d in answer["deliveries"]] == [("BO_PAGER", "failed"), ("BO_CHAT", "sent")]
    said = rota.git("log", "-1", "-p")
    assert "it answered 404" in said
    assert said.count("+kind: paged") == 2


def test_where_nothing_can_be_sent_the_record_is_made_and_what_to_do_by_hand_is_told(rota: Repository) -> None:
    before = rota.commits()
    done = rota.sevlog("page")

    assert done.code == 1
    assert "bo was not reached: call them now (the number behind BO_PAGER, BO_CHAT)" in done.err
    assert len(rota.commits()) == len(before) + 1
    assert rota.git("log", "-1", "-p").count("+result: failed") == 2


def test_typed_again_it_does_not_page_twice_and_now_takes_the_next_step(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http", "/bo"))
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_CHAT", pager.address("webhook+http", "/bo"))
        monkeypatch.setenv("SEVLOG_NOTIFY_CHI_PAGER", pager.address("webhook+http", "/chi"))
        rota.does("page")
        head = rota.commits()
        again = rota.sevlog("page")
        assert (again.code, rota.commits()) == (0, head), again
        assert "payments: next is chi" in again.out
        assert len(pager.asked) == 1
        rota.does("page", "--now")
        assert [asked.path for asked in pager.asked] == ["/bo", "/chi"]


def test_a_dry_run_says_what_would_go_where_and_sends_nothing(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        before = rota.snapshot()
        said = rota.does("page", "--dry-run")
        assert rota.snapshot() == before
        assert pager.asked == []
    assert "would page bo by BO_PAGER: webhook" in said


@pytest.mark.demand("S12")
def test_a_page_for_what_can_wait_names_what_comes_first(rota: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rota.raised("--priority", "P1", "--scope", "all", title="All is down")
    other = next(i.name for i in sorted((rota.root / "incidents").glob("*/*")) if i.name != first)
    rota.does("severity", "SEV3", "-i", other, "--reason", "few are affected")
    said = rota.sevlog("page", "-i", other, "--to", "bo", "--dry-run")

    assert f"can wait: {first} (SEV2 P1) comes first" in said.out


def test_triage_pages_nobody(records: Repository) -> None:
    records.does("raise", "Odd latency", "--triage", "--source", "monitoring")
    assert "in triage" in records.refuses(3, "page")


@pytest.mark.demand("S27")
def test_raising_says_who_is_on_call_until_when_and_what_to_do_where_no_address_is_set(rota: Repository) -> None:
    done = rota.sevlog(*CARDS)

    assert done.code == 0, done.err
    assert "hint: on call: Bo (payments). BO_PAGER, BO_CHAT is not set here; call Bo now\n" in done.err
    assert "kind: paged" not in rota.git("log", "-1", "-p")
    incident = rota.folder("cards-fail").name
    assert "BO_PAGER is not set in the environment" in rota.sevlog("page", "-i", incident, "--dry-run").out


@pytest.mark.demand("S6")
@pytest.mark.demand("S27")
def test_raising_pages_who_is_on_call_and_says_who_is_next(rota: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        done = rota.sevlog(*CARDS)
        assert len(pager.asked) == 1
        again = rota.sevlog("notify", "-i", "cards-fail")
        assert len(pager.asked) == 1

    incident = rota.folder("cards-fail").name
    assert done.code == 0, done.err
    assert "hint: paged bo by BO_PAGER (schedule:payments)\n" in done.err
    assert f"without an answer, chi is paged in 5 min while this runs: sevlog page -i {incident} --follow" in done.err
    assert again.out == "nothing to send\n"
    assert rota.tells("show", incident)["timeline"][-1]["kind"] == "paged"


def test_a_page_of_a_drill_says_that_it_is_one(rota: Repository) -> None:
    rota.does(*CARDS, "--kind", "drill")
    incident = rota.folder("cards-fail").name

    assert "DRILL SEV2" in rota.does("page", "-i", incident, "--to", "bo", "--dry-run")
    assert "[drill] Cards fail" in rota.does("show", incident)
    assert "[drill] Cards fail" in rota.does("next", incident)


@pytest.mark.demand("S28")
def test_a_page_has_the_link_to_the_record(rota: Repository) -> None:
    rota.git("remote", "add", "origin", "git@github.com:cart/records.git")

    said = rota.does("page", "--to", "bo", "--dry-run")

    assert f"Record: https://github.com/cart/records/tree/main/incidents/2026/{rota.incident()}\n" in said


def test_ci_pages_who_has_no_address_on_the_laptop_and_records_it_as_its_own(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    rota.does(*CARDS)
    monkeypatch.delenv("SEVLOG_PERSON")
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_CHAT", pager.address("webhook+http"))
        said = rota.does("notify")
        assert "paged bo by BO_CHAT" in said
        first = json.loads(pager.asked[0].body)
        assert len(pager.asked) == 1  # for the incident of the fixture; it names this one too
        assert first["also_waiting"] == [rota.folder("cards-fail").name]
        assert rota.does("notify") == "nothing to send\n"

    assert rota.git("log", "-1", "-p").count("+by: sevlog") == 1
    assert rota.sevlog("check").code == 0


def test_a_step_that_reached_nobody_is_tried_again_after_its_wait(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rota.sevlog("page").code == 1
    assert rota.sevlog("page").code == 1
    assert "bo" in rota.does("page")
    rota.clock.advance(timedelta(minutes=6))
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        assert "paged bo by BO_PAGER" in rota.does("page")


def test_raising_what_no_team_owns_says_that_nobody_was_paged_and_how_to_page_a_person(rota: Repository) -> None:
    done = rota.sevlog("raise", "Search fails", "--severity", "SEV3", "--component", "search", "--summary", "None")

    incident = rota.folder("search-fails").name
    assert f"To page someone: sevlog page -i {incident} --to PERSON" in done.err
    assert "hint: nobody was paged: no team owns search (`owner` in sevlog.yaml). To page" in done.err


@pytest.mark.demand("S55")
def test_asking_for_help_pages_those_who_are_asked(rota: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_CHI_PAGER", pager.address("webhook+http"))
        done = rota.sevlog("escalate", "--to", "chi", "--reason", "the database")

    assert "hint: paged chi by CHI_PAGER (person:chi)\n" in done.err
    assert "Reason: the database" in json.loads(pager.asked[0].body)["text"]


@pytest.mark.parametrize(
    "more", [("--triage", "--source", "monitoring"), ("--severity", "SEV3", "--kind", "retrospective")]
)
def test_what_pages_nobody_in_any_case_says_nothing_of_paging(rota: Repository, more: tuple[str, ...]) -> None:
    done = rota.sevlog("raise", "Cards fail", "--component", "checkout", "--summary", "No card", *more)

    assert done.code == 0, done.err
    assert "paged" not in done.err


def test_the_help_says_what_pages_whom() -> None:
    assert raise_.help is not None
    assert "It pages the people on call" in raise_.help
    assert escalate.help is not None
    assert "It pages them" in escalate.help


@pytest.mark.demand("S55")
def test_asking_for_help_names_others_who_may_know_more(rota: Repository) -> None:
    before = rota.incident()
    rota.does("act", "Rolled web back to 4f2c1e", "--type", "rollback", "--as", "chi")
    rota.does("decline", "--reason", "a test of the pager")
    rota.does(*CARDS, "--reporter", "ana")
    incident = rota.folder("cards-fail").name

    said = rota.sevlog("escalate", "--to", "person:bo", "--reason", "the pool").err

    assert f"hint: chi may know more (mitigated {before}): sevlog escalate -i {incident} --to chi" in said
    assert "hint: bo may know more" not in said
    assert "hint: ana may know more" not in said


@pytest.mark.demand("S55")
def test_a_policy_that_is_asked_again_pages_its_first_step_again(
    rota: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        rota.does("page")
        rota.clock.advance(timedelta(minutes=3))
        rota.does("ack", "--channel", "chat=#room", "--as", "ana")
        asked = rota.sevlog("escalate", "--to", "policy:payments", "--reason", "nobody here knows", "--as", "ana")
        again = rota.does("page")

    assert "paged bo by BO_PAGER" in asked.err
    assert "next is chi" in again
    assert len(pager.asked) == 2


@pytest.mark.demand("S46")
def test_a_worse_severity_pages_again_and_at_once(rota: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(WebServer()) as pager:
        monkeypatch.setenv("SEVLOG_NOTIFY_BO_PAGER", pager.address("webhook+http"))
        incident = json.loads(
            rota.does(
                "raise",
                "Refunds",
                "--severity",
                "SEV3",
                "--component",
                "checkout",
                "--summary",
                "x",
                "--as",
                "ana",
                "--json",
            )
        )["id"]
        before = len(pager.asked)  # in working hours a SEV3 pages too
        rota.clock.advance(timedelta(minutes=3))
        worse = rota.sevlog("severity", "SEV1", "--reason", "all shops", "-i", incident, "--as", "ana")

    assert "paged bo by BO_PAGER" in worse.err
    assert len(pager.asked) == before + 1
