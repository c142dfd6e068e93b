"""Trackers against servers on this machine that keep to the documented APIs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from fixtures.clocks import Clock
from fixtures.servers import free_port
from fixtures.trackers import github, gitlab, jira
from fixtures.trackers.github import GitHubServer
from fixtures.trackers.gitlab import GitLabServer
from fixtures.trackers.jira import JiraServer
from fixtures.trackers.server import TOKEN, Reply, TrackerServer, up
from sevlog.adapters.trackers import opening
from sevlog.adapters.trackers.base import Later, NewIssue, Rejected, Standing, Tracker, TrackerTrouble, Unknown
from sevlog.errors import SevlogError
from sevlog.model.config.follow_up import Tracker as Settings

pytestmark = pytest.mark.demand("S86")
MARKER = "2026-11-18-checkout-fails/A1"
KINDS = ("github", "gitlab", "jira", "jira-server")
PROJECTS = {"github": github.PROJECT, "gitlab": gitlab.PROJECT, "jira": jira.PROJECT, "jira-server": jira.PROJECT}


class Side(NamedTuple):
    """A server, the adapter for it, and the pauses that the adapter made."""

    server: TrackerServer
    tracker: Tracker
    pauses: list[float]


def server_of(kind: str) -> TrackerServer:
    made = {"github": GitHubServer, "gitlab": GitLabServer}
    return made[kind]() if kind in made else JiraServer("3" if kind == "jira" else "2")


def settings(kind: str, url: str, **more: object) -> Settings:
    return Settings(kind=kind, project=PROJECTS[kind], url=url, **more)  # type: ignore[arg-type]


def adapter(found: Settings, pauses: list[float], token: str = TOKEN) -> Tracker:
    value = f"{jira.MAIL}:{token}" if found.kind == "jira" else token
    environment = {f"SEVLOG_{found.token}": value}
    return opening.opened(found, "follow_up.trackers[0]", environment, Clock(), pauses.append)


@pytest.fixture(params=KINDS)
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    pauses: list[float] = []
    with up(server_of(request.param)) as server:
        yield Side(server, adapter(settings(request.param, server.url), pauses), pauses)


@pytest.fixture
def hub() -> Iterator[tuple[GitHubServer, Tracker]]:
    server = GitHubServer()
    with up(server):
        yield server, adapter(settings("github", server.url), [])


def issue(marker: str = MARKER, title: str = "Alert on refused cards") -> NewIssue:
    return NewIssue(title=title, facts=(("Owner", "ana"),), marker=marker, link="https://git.example/records")


def test_an_issue_is_created_found_by_its_marker_and_read(side: Side) -> None:
    side.tracker.check()
    assert side.tracker.find(MARKER) is None
    ref = side.tracker.create(issue())

    assert side.tracker.owns(ref)
    assert side.tracker.find(MARKER) == ref
    assert side.tracker.read(ref).kind == "open"
    assert not side.tracker.owns("https://elsewhere.example/cart/web/issues/1")


def test_the_marker_of_another_item_is_not_taken_for_it(side: Side) -> None:
    side.tracker.create(issue(f"{MARKER}0"))

    assert side.tracker.find(MARKER) is None


def test_a_long_title_is_cut_to_what_the_tracker_takes(side: Side) -> None:
    assert side.tracker.owns(side.tracker.create(issue(title="x" * 300)))


def test_an_issue_gets_another_title_and_other_facts_and_keeps_what_people_wrote(side: Side) -> None:
    ref = side.tracker.create(issue())
    assert side.tracker.read(ref).content == side.tracker.written(issue())
    said = written_there(side.server)
    changed = NewIssue(
        title="Alert on  refused cards, at night", facts=(("Due", "2026-12-01"), ("Owner", "@bo")), marker=MARKER
    )

    side.tracker.edit(ref, changed)

    there = side.tracker.read(ref).content
    assert there == side.tracker.written(changed)
    assert there is not None and dict(there.facts)["Due"] == "2026-12-01"
    assert side.tracker.find(MARKER) == ref
    assert [line for line in said if "Owner" not in line] == [
        line for line in written_there(side.server) if "Owner" not in line and "Due" not in line
    ]


def written_there(server: TrackerServer) -> list[str]:
    """The lines of the text of the only issue."""
    (kept,) = server.issues.values()  # type: ignore[attr-defined]
    text = kept["fields"]["description"] if "fields" in kept else kept.get("body") or kept.get("description")
    return text.splitlines() if isinstance(text, str) else [json.dumps(part) for part in text["content"]]


def test_an_issue_that_does_not_exist_is_gone(side: Side) -> None:
    ref = side.tracker.create(issue())

    assert side.tracker.read(f"{ref}99").kind == "gone"


def test_a_wrong_token_is_named_by_its_variable_and_never_shown(side: Side) -> None:
    kind = next(kind for kind in KINDS if type(server_of(kind)) is type(side.server))
    kind = "jira-server" if getattr(side.server, "version", "") == "2" else kind
    tracker = adapter(settings(kind, side.server.url, token="OPS_TOKEN"), [], token="wr0ng-token")

    with pytest.raises(TrackerTrouble) as raised:
        tracker.find(MARKER)
    said = " ".join((raised.value.message, *raised.value.hints))
    assert "does not accept the token in SEVLOG_OPS_TOKEN" in said
    assert "then: sevlog action sync" in said
    assert "wr0ng" not in said
    assert "wr0ng" not in repr(tracker)


def test_a_project_that_is_not_found_names_the_setting(side: Side) -> None:
    side.server.plans = [("GET", Reply(404)), ("POST", Reply(404))]

    with pytest.raises(TrackerTrouble, match="was not found, or the token may not see it") as raised:
        side.tracker.check()
    assert "check `follow_up.trackers[0]` in sevlog.yaml" in raised.value.hints[0]


def test_a_short_pause_that_it_asks_for_is_made(side: Side) -> None:
    side.server.plans = [("POST", Reply(429, {}, {"Retry-After": "7"}))]

    assert side.tracker.owns(side.tracker.create(issue()))
    assert side.pauses == [7.0]


def test_a_long_pause_is_left_to_a_later_run(side: Side) -> None:
    side.server.plans = [("POST", Reply(429, {}, {"Retry-After": "900"}))]

    with pytest.raises(Later, match="asks for a pause of 900 s"):
        side.tracker.create(issue())
    assert side.pauses == []
    assert side.tracker.find(MARKER) is None


@pytest.mark.parametrize("plan", ["gone", "stored, gone", Reply(500), Reply(504)])
def test_a_creation_without_an_answer_is_unknown_and_not_sent_again(side: Side, plan: Reply | str) -> None:
    side.server.plans = [("POST", plan)]

    with pytest.raises(Unknown):
        side.tracker.create(issue())
    assert side.server.posts() == 1


def test_a_tracker_that_has_an_error_of_its_own_is_for_later(side: Side) -> None:
    ref = side.tracker.create(issue())
    side.server.plans = [("GET", Reply(503))]
    with pytest.raises(Later, match="an error of its own"):
        side.tracker.read(ref)


def test_a_tracker_that_is_not_up_got_no_request() -> None:
    tracker = adapter(settings("github", f"http://127.0.0.1:{free_port()}"), [])

    with pytest.raises(Later, match="does not answer"):
        tracker.create(issue())


def test_what_it_says_of_a_rejected_issue_is_told(side: Side) -> None:
    body = {"message": f"no {TOKEN}", "errors": {"summary": "is reserved"}, "errorMessages": []}
    side.server.plans = [("POST", Reply(400, body))]

    with pytest.raises(Rejected) as raised:
        side.tracker.create(issue())
    assert "summary: is reserved" in raised.value.message
    assert TOKEN not in raised.value.message


def test_a_marker_is_found_on_a_late_page(side: Side) -> None:
    ref = side.tracker.create(issue())
    for number in range(205):
        if isinstance(side.server, GitHubServer):
            side.server.add(f"x{number}", "", ["action-item"])
        elif isinstance(side.server, GitLabServer):
            side.server.add(f"x{number}", f"<!-- sevlog-action: {MARKER}{number} -->")
    if isinstance(side.server, JiraServer):
        side.server.size = 1
        copies = [side.tracker.create(issue()) for _ in range(2)]
        assert len(copies) == 2

    assert side.tracker.find(MARKER) == ref


def test_github_says_why_an_issue_was_closed(hub: tuple[GitHubServer, Tracker]) -> None:
    server, tracker = hub
    ref = tracker.create(issue())
    kinds = {}
    for reason in ("completed", "not_planned", "duplicate", "something_new"):
        server.close(1, reason)
        kinds[reason] = tracker.read(ref).kind
    server.reopen(1)

    assert list(kinds.values()) == ["completed", "dropped", "dropped", "other"]
    assert tracker.read(ref).kind == "open"


def test_github_issues_that_were_deleted_or_moved_are_gone(hub: tuple[GitHubServer, Tracker]) -> None:
    server, tracker = hub
    refs = [tracker.create(issue()), tracker.create(issue("b/A1"))]
    del server.issues[1]
    server.deleted, server.moved = {1}, {2}

    assert [tracker.read(ref) for ref in refs] == [Standing("gone", "answer 410"), Standing("gone", "answer 301")]


def test_github_without_issues_is_an_error_of_the_setting(hub: tuple[GitHubServer, Tracker]) -> None:
    server, tracker = hub
    server.has_issues = False

    with pytest.raises(TrackerTrouble, match="has no issues any more"):
        tracker.create(issue())


def test_github_finds_an_issue_whose_label_was_dropped_and_no_pull_request(hub: tuple[GitHubServer, Tracker]) -> None:
    server, tracker = hub
    server.pushes = False
    body = f"<!-- sevlog-action: {MARKER} -->"
    server.add("Alert on refused cards", body, [], pull_request={"url": "x"})
    assert tracker.find(MARKER) is None

    assert tracker.create(issue()) == tracker.find(MARKER)


@pytest.mark.parametrize(
    "limit",
    [
        Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "3600"}),
        Reply(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9e9"}),
        Reply(403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}),
    ],
)
def test_a_limit_of_github_that_comes_as_403_is_for_later(hub: tuple[GitHubServer, Tracker], limit: Reply) -> None:
    server, tracker = hub
    server.plans = [("POST", limit)] * 20

    with pytest.raises(Later, match="limit on requests"):
        tracker.create(issue())


def test_a_token_of_github_that_may_not_write_is_no_limit(hub: tuple[GitHubServer, Tracker]) -> None:
    server, tracker = hub
    server.plans = [("POST", Reply(403, {"message": "Resource not accessible by personal access token"}))]

    with pytest.raises(TrackerTrouble, match="refuses the token in SEVLOG_TRACKER: Resource not") as raised:
        tracker.create(issue())
    assert "Issues: read and write" in raised.value.hints[0]


def test_gitlab_closed_moved_and_duplicate() -> None:
    server = GitLabServer()
    with up(server):
        tracker = adapter(settings("gitlab", server.url), [])
        ref = tracker.create(issue())
        server.issues[1]["state"] = "closed"
        closed = tracker.read(ref).kind
        server.issues[1]["_links"]["closed_as_duplicate_of"] = "https://x.example"
        duplicate = tracker.read(ref).kind
        server.issues[1]["moved_to_id"] = 7

        assert (closed, duplicate, tracker.read(ref).kind) == ("completed", "dropped", "other")
        assert tracker.owns(ref.replace("/-/issues/", "/-/work_items/"))


@pytest.mark.parametrize(
    ("category", "resolution", "kind"),
    [
        ("new", None, "open"),
        ("indeterminate", None, "open"),
        ("done", None, "completed"),
        ("done", "Done", "completed"),
        ("done", "Won't Do", "dropped"),
        ("done", "Duplicate", "dropped"),
        ("done", "Parked", "other"),
        ("undefined", None, "other"),
    ],
)
def test_jira_states_by_category_and_resolution(category: str, resolution: str | None, kind: str) -> None:
    server = JiraServer("3")
    with up(server):
        tracker = adapter(settings("jira", server.url), [])
        ref = tracker.create(issue())
        server.move("OPS-1", "Whatever", category, resolution)

        assert tracker.read(ref).kind == kind


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://tracker.example"}, "unencrypted"),
        ({"url": "https://bot:pw@tracker.example"}, "not an address"),
        ({"project": "web"}, "is not a project"),
        ({"kind": "jira", "project": "OPS", "url": None}, "has no address"),
        ({"token": "NOT_SET"}, "SEVLOG_NOT_SET is not set"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(change: dict[str, str | None], said: str) -> None:
    keys = {"kind": "github", "project": "cart/web", "url": "https://api.github.com", **change}

    with pytest.raises(SevlogError, match=said):
        opening.opened(Settings(**keys), "follow_up.trackers[0]", {"SEVLOG_TRACKER": "t"}, Clock())  # type: ignore[arg-type]
