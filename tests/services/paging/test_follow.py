"""`page --follow`: step after step, each when it is due, until somebody answers or nobody is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.oncalls import put_bo_on_call
from fixtures.repositories import Repository, git
from fixtures.servers import WebServer, running
from sevlog.services.paging.follow import Followed, follow
from sevlog.services.paging.page import page
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running(WebServer()) as server:
        yield server


@pytest.fixture
def rota(records: Repository) -> Repository:
    """Bo is on call for checkout, Chi comes after five minutes; Ana raised an incident."""
    put_bo_on_call(records)
    records.raised("--as", "ana")
    return records


def run(
    rota: Repository,
    web: WebServer,
    *who: str,
    root: Path | None = None,
    between: Callable[[float], None] = lambda _: None,
) -> Followed:
    """Follow on a machine with the addresses of these people. Waiting moves the clock. between: what others do then."""
    environment = {f"SEVLOG_NOTIFY_{name.upper()}_PAGER": web.address("webhook+http", f"/{name}") for name in who}
    start = rota.clock()

    def wait(seconds: float) -> None:
        rota.clock.advance(timedelta(seconds=seconds))
        between((rota.clock() - start).total_seconds())

    workspace = Workspace(root or rota.root, clock=rota.clock, environment={**environment, "SEVLOG_PERSON": "ana"})
    return follow(workspace, None, Options(), pause=wait)


@pytest.mark.demand("S21")
@pytest.mark.demand("S55")
def test_the_next_step_is_paged_when_it_is_due_and_at_the_end_it_says_that_nobody_is_left(
    rota: Repository, web: WebServer
) -> None:
    start = rota.clock()
    done = run(rota, web, "bo", "chi")

    assert [asked.path for asked in web.asked] == ["/bo", "/chi"]
    assert (done.ended, done.paged, done.unreached) == ("nobody_left", ["bo", "chi"], [])
    first, second = (page for page in rota.tells("show")["timeline"] if page["kind"] == "paged")
    assert first["at"] < second["at"]
    assert timedelta(minutes=15) <= rota.clock() - start <= timedelta(minutes=16)


def test_an_answer_ends_it(rota: Repository, web: WebServer) -> None:
    def answer(seconds: float) -> None:
        if 60 < seconds < 80:
            rota.does("note", "I look into it", "--as", "bo")

    done = run(rota, web, "bo", "chi", between=answer)

    assert (done.ended, done.why) == ("answered", "bo answered")
    assert [asked.path for asked in web.asked] == ["/bo"]


def test_taking_command_elsewhere_ends_it(rota: Repository, web: WebServer, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    rota.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    rota.git("push", "-q", "-u", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", "hub.git", "watch")

    def answer(seconds: float) -> None:
        if 60 < seconds < 80:
            rota.does("sync")
            rota.does("ack", "--channel", "chat=#room", "--as", "chi")

    done = run(rota, web, "bo", "chi", root=tmp_path / "watch", between=answer)

    assert (done.ended, done.why) == ("answered", "chi answered")
    assert [asked.path for asked in web.asked] == ["/bo"]


def test_it_can_be_started_again_and_two_at_once_page_once(rota: Repository, web: WebServer, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(_: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        run(rota, web, "bo", "chi", between=stop)
    ended: list[Followed] = []

    def second(_: float) -> None:
        if not ended:
            ended.append(run(rota, web, "bo", "chi"))

    done = run(rota, web, "bo", "chi", between=second)

    assert [asked.path for asked in web.asked] == ["/bo", "/chi"]
    assert (done.ended, ended[0].ended) == ("nobody_left", "nobody_left")


def test_who_was_not_reached_is_named_and_the_next_is_paged_at_once(rota: Repository, web: WebServer) -> None:
    start = rota.clock()

    def answer(seconds: float) -> None:
        if 60 < seconds < 80:
            rota.does("ack", "--channel", "chat=#room", "--as", "chi")

    done = run(rota, web, "chi", between=answer)

    assert done.unreached == ["bo"]
    assert done.paged == ["chi"]
    assert rota.clock() - start < timedelta(minutes=2)


def test_an_incident_that_is_over_ends_it(rota: Repository, web: WebServer) -> None:
    rota.does("decline", "--reason", "a false alarm")
    workspace = Workspace(rota.root, clock=rota.clock, environment={"SEVLOG_PERSON": "ana"})

    done = follow(workspace, rota.incident(), Options())

    assert done.ended == "over"
    assert web.asked == []


def test_two_clones_that_do_not_know_of_each_other_page_once(rota: Repository, web: WebServer, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "hub.git")
    rota.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    rota.git("push", "-q", "-u", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", "hub.git", "other")
    environment = {"SEVLOG_NOTIFY_BO_PAGER": web.address("webhook+http"), "SEVLOG_PERSON": "ana"}

    first, second = (
        page(Workspace(root, clock=rota.clock, environment=environment), None, None, Options())
        for root in (rota.root, tmp_path / "other")
    )

    assert [row.result for row in first.deliveries] == ["sent"]
    assert second.deliveries == []
    assert [row.why for row in second.waiting] == ["bo is paged from another machine"]
    assert len(web.asked) == 1


def test_a_remote_out_of_reach_does_not_stop_a_page(rota: Repository, web: WebServer, tmp_path: Path) -> None:
    rota.git("remote", "add", "origin", str(tmp_path / "nothing.git"))
    environment = {"SEVLOG_NOTIFY_BO_PAGER": web.address("webhook+http"), "SEVLOG_PERSON": "ana"}

    done = page(Workspace(rota.root, clock=rota.clock, environment=environment), None, None, Options(push=False))

    assert [row.result for row in done.deliveries] == ["sent"]
    assert "the ledger of pages is out of reach" in done.warnings[0]
