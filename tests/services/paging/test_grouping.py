"""Pages to one person within two minutes: one message, nothing lost, and what comes first always goes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.oncalls import put_bo_on_call
from fixtures.repositories import Repository, git
from fixtures.servers import WebServer, running
from sevlog.services.notifying.everything import send_everything
from sevlog.services.paging.documents import Pages
from sevlog.services.paging.follow import follow
from sevlog.services.paging.page import page
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running(WebServer()) as server:
        yield server


@pytest.fixture
def rota(records: Repository) -> Repository:
    """Bo is on call for checkout, Chi comes after five minutes."""
    put_bo_on_call(records)
    return records


def here(rota: Repository, web: WebServer, root: Path | None = None) -> Workspace:
    """A machine that reaches Bo and Chi."""
    pagers = {f"SEVLOG_NOTIFY_{name.upper()}_PAGER": web.address("webhook+http", f"/{name}") for name in ("bo", "chi")}
    return Workspace(root or rota.root, clock=rota.clock, environment={**pagers, "SEVLOG_PERSON": "ana"})


def paged(rota: Repository, web: WebServer, incident: str, *, ahead: bool = False) -> Pages:
    return page(here(rota, web), incident, None, Options(), ahead=ahead, pause=lambda _: None)


def results(done: Pages) -> list[tuple[str, str]]:
    return [(row.person, row.result) for row in done.deliveries]


def messages(web: WebServer) -> list[tuple[str, list[str]]]:
    """The incident of each message, and the others that it names."""
    sent = [json.loads(asked.body) for asked in web.asked]
    return [(one["incident"], one["also_waiting"]) for one in sent]


@pytest.mark.demand("S22")
def test_a_second_incident_within_two_minutes_is_grouped_and_its_clock_runs(rota: Repository, web: WebServer) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    paged(rota, web, first)

    done = paged(rota, web, second)

    assert results(done) == [("bo", "grouped")]
    assert [name for name, _ in messages(web)] == [first]
    assert f"grouped: paged for {first} at 14:0" in rota.does("show", second)
    assert f"! {second}: the page to bo was grouped with an earlier one" in rota.does("board")
    rota.clock.advance(timedelta(minutes=5))
    assert ("chi", "sent") in results(paged(rota, web, second))


@pytest.mark.demand("S22")
def test_an_incident_that_comes_first_is_never_grouped(rota: Repository, web: WebServer) -> None:
    first = rota.raised(title="Cards fail")
    paged(rota, web, first)
    worse = rota.raised("--severity", "SEV1", title="All is down")

    done = paged(rota, web, worse)

    assert (results(done), done.rank) == ([("bo", "sent")], "top priority")
    assert messages(web)[-1] == (worse, [first])
    assert results(paged(rota, web, rota.raised(title="Refunds fail"))) == [("bo", "grouped")]


def test_when_the_time_is_over_one_page_names_all_that_wait(rota: Repository, web: WebServer) -> None:
    first, second, third = (rota.raised(title=f"{what} fail") for what in ("Cards", "Refunds", "Payouts"))
    for incident in (first, second, third):
        paged(rota, web, incident)
    assert len(web.asked) == 1
    rota.clock.advance(timedelta(minutes=2))

    send_everything(here(rota, web), pause=lambda _: None)
    send_everything(here(rota, web), pause=lambda _: None)

    assert [name for name, _ in messages(web)] == [first, second]
    assert messages(web)[1][1] == [first, third]


def test_what_somebody_answered_in_between_is_not_paged_again(rota: Repository, web: WebServer) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    paged(rota, web, first)
    paged(rota, web, second)
    rota.does("assign", "-i", second, "incident_manager", "chi", "--as", "ana")
    rota.clock.advance(timedelta(minutes=2))

    send_everything(here(rota, web), pause=lambda _: None)

    assert [asked.path for asked in web.asked if asked.path == "/bo"] == ["/bo"]


def test_a_grouped_page_of_a_policy_that_another_person_answered_is_over(rota: Repository, web: WebServer) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    paged(rota, web, first)
    paged(rota, web, second)
    rota.clock.advance(timedelta(minutes=6))
    web.plans = [200, 404]
    assert results(paged(rota, web, second)) == [("chi", "sent"), ("bo", "failed")]
    rota.does("note", "I look into it", "-i", second, "--as", "chi")

    done = page(here(rota, web), second, None, Options(), pause=lambda _: None)

    assert done.deliveries == []


def test_a_grouped_page_is_named_later_also_if_the_next_step_would_page_the_person_who_raised_it(
    rota: Repository, web: WebServer
) -> None:
    paged(rota, web, rota.raised("--as", "chi", title="Cards fail"))
    second = rota.raised("--as", "chi", title="Refunds fail")
    paged(rota, web, second)
    rota.clock.advance(timedelta(minutes=2))

    assert results(paged(rota, web, second)) == [("bo", "sent")]


def test_follow_sends_the_page_that_names_all(rota: Repository, web: WebServer) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    paged(rota, web, first)
    start = rota.clock()

    done = follow(
        here(rota, web), second, Options(), pause=lambda seconds: rota.clock.advance(timedelta(seconds=seconds))
    )

    assert [asked.path for asked in web.asked] == ["/bo", "/bo", "/chi"]
    assert messages(web)[1] == (second, [first])
    assert (done.ended, done.paged) == ("nobody_left", ["bo", "chi"])
    assert timedelta(minutes=15) <= rota.clock() - start <= timedelta(minutes=16)


def test_a_page_that_somebody_asks_for_now_is_sent(rota: Repository, web: WebServer) -> None:
    first, second, third = (rota.raised(title=f"{what} fail") for what in ("Cards", "Refunds", "Payouts"))
    paged(rota, web, first)

    assert results(paged(rota, web, second, ahead=True)) == [("bo", "sent")]
    assert results(page(here(rota, web), third, "bo", Options(), pause=lambda _: None)) == [("bo", "sent")]


def test_a_page_that_failed_groups_nothing(rota: Repository, web: WebServer) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    web.plans = [404]
    assert results(paged(rota, web, first)) == [("bo", "failed")]

    assert results(paged(rota, web, second)) == [("bo", "sent")]


def test_a_dry_run_says_what_would_be_grouped(rota: Repository, web: WebServer) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    paged(rota, web, first)
    before = rota.snapshot()

    done = page(here(rota, web), second, None, Options(dry_run=True))

    assert results(done) == [("bo", "grouped")]
    assert rota.snapshot() == before
    again = page(here(rota, web), first, None, Options(dry_run=True))
    assert again.waiting[0].why == "next is chi (person:chi)"
    assert re.fullmatch(r"bo was paged at 14:0\d:\d\dZ, no answer yet", again.waiting[1].why)


def test_with_grouping_off_each_page_is_sent(rota: Repository, web: WebServer) -> None:
    config = rota.root / "sevlog.yaml"
    config.write_text(
        config.read_text("utf-8").replace("policies: {", "policies: {page: {group_within: null}, "), "utf-8"
    )
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")

    assert results(paged(rota, web, first)) == results(paged(rota, web, second)) == [("bo", "sent")]


def test_a_page_that_another_clone_sent_groups_too(rota: Repository, web: WebServer, tmp_path: Path) -> None:
    first, second = rota.raised(title="Cards fail"), rota.raised(title="Refunds fail")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    rota.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    rota.git("push", "-q", "-u", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", "hub.git", "other")
    page(here(rota, web), first, None, Options(push=False))

    done = page(here(rota, web, tmp_path / "other"), second, None, Options())

    assert results(done) == [("bo", "grouped")]


def test_a_restricted_incident_is_not_named(rota: Repository, web: WebServer) -> None:
    first = rota.raised("--type", "security", title="A leak")
    second = rota.raised(title="Refunds fail")
    paged(rota, web, first)

    done = paged(rota, web, second)

    assert "paged for a restricted incident" in done.deliveries[0].reason
    assert first not in done.deliveries[0].reason
