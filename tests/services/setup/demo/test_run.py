"""`sevlog demo`: the made-up company's records up to yesterday, and a SEV1 that is under way."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sevlog.errors import NotFound, UsageError
from sevlog.model.timeline.state import State
from sevlog.services.checking.run import check
from sevlog.services.publishing.public_view import publishable
from sevlog.services.setup.demo.run import SUBJECT, Demonstration, demonstrate
from sevlog.services.workspace.catalog import Catalog
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores import layout
from sevlog.stores.records import records

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
URL = "http://127.0.0.1:8000/"


def make(folder: Path) -> Demonstration:
    return demonstrate(folder, URL, clock=lambda: NOW)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by an Ana who signs her commits and has a hook that refuses every one of them."""
    folder = tmp_path_factory.mktemp("demo")
    hook = folder / "hooks" / "pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    config = folder / "gitconfig"
    config.write_text(
        "[user]\n\tname = Ana\n\temail = ana@example.org\n"
        f"[core]\n\thooksPath = {hook.parent}\n[commit]\n\tgpgSign = true\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        make(folder / "filled")
    return folder / "filled"


@pytest.fixture(scope="module")
def workspace(demo: Path) -> Workspace:
    return Workspace(demo, clock=lambda: NOW)


@pytest.fixture(scope="module")
def states(workspace: Workspace) -> list[State]:
    return list(Catalog(workspace).states())


def test_its_records_have_no_finding(workspace: Workspace, states: list[State]) -> None:
    assert [p for reading in records.read_all(workspace.root) for p in reading.problems] == []
    assert [problem for state in states for problem in state.problems] == []


def test_check_finds_no_error_in_it(demo: Path) -> None:
    found = check(Workspace(demo, clock=lambda: NOW))

    assert [problem for problem in found.problems if problem.severity == "error"] == []


def test_everything_is_committed_and_each_live_act_is_a_commit(demo: Path) -> None:
    subjects = git(demo, "log", "--reverse", "--format=%s").splitlines()

    assert git(demo, "status", "--porcelain") == ""
    assert subjects[0] == SUBJECT
    assert len(subjects) > 30
    assert all(subject.startswith("incident(") for subject in subjects[1:])


def test_a_sev1_began_forty_minutes_ago_and_is_being_fixed(states: list[State]) -> None:
    live = [s for s in states if s.severity == "SEV1" and s.live]

    assert [s.status for s in live] == ["fixing"]
    assert live[0].major
    assert live[0].lead == "amara"
    assert live[0].milestones.raised_at == NOW - timedelta(minutes=41)
    assert live[0].next_update_due_at is not None
    assert live[0].next_update_due_at > NOW


def test_its_history_ends_yesterday(states: list[State]) -> None:
    told = [item.at for state in states for item in state.timeline if item.at < NOW - timedelta(hours=3)]

    assert max(told).date() == NOW.date() - timedelta(days=1)
    assert min(told) < NOW - timedelta(days=150)


def test_nothing_lies_in_the_future_but_a_planned_maintenance(states: list[State]) -> None:
    ahead = [s for s in states if s.milestones.started_at and s.milestones.started_at > NOW]

    assert [item.id for state in states for item in state.timeline if item.at > NOW] == []
    assert [(s.card.kind, s.status) for s in ahead] == [("maintenance", "scheduled")]


def test_folders_ids_and_links_moved_together(demo: Path, states: list[State]) -> None:
    known = {state.id for state in states}
    linked = {link.target for state in states for link in state.links if not link.target.startswith("https://")}
    merged = {state.merged_into for state in states if state.merged_into}

    assert linked | merged <= known
    assert all((demo / layout.folder_of(state.id)).is_dir() for state in states)
    assert not any(name.startswith("2026-06-09") for name in known)


def test_no_promise_to_customers_is_overdue(states: list[State]) -> None:
    promised = {s.id: s.next_update_due["public"] for s in states if s.live and "public" in s.next_update_due}

    assert len(promised) == 3
    assert [name for name, due in promised.items() if due < NOW] == []


def test_the_public_sees_three_open_incidents_and_five_postmortems(workspace: Workspace) -> None:
    site = publishable(workspace, NOW).site

    assert len([i for i in site.incidents if i.open]) == 3
    assert len([i for i in site.incidents if i.postmortem]) == 5
    assert site.page.url == URL


def test_whoever_makes_it_plays_the_incident_manager(workspace: Workspace) -> None:
    digest = hashlib.sha256(b"ana@example.org").hexdigest()

    assert [p.key for p in workspace.oncall.people if p.email_sha256 == digest] == ["amara"]


def test_a_demo_that_is_there_stays_as_it_was_left(demo: Path) -> None:
    before = git(demo, "rev-parse", "HEAD")

    assert make(demo).made is False
    assert git(demo, "rev-parse", "HEAD") == before


def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(UsageError, match="is not a demo"):
        make(tmp_path)

    assert [path.name for path in sorted(tmp_path.iterdir())] == ["thesis.txt"]


def test_it_needs_no_identity_and_writes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "gitconfig"
    empty.write_text("[user]\n\tuseConfigOnly = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(empty))

    make(tmp_path / "demo")

    assert empty.read_text() == "[user]\n\tuseConfigOnly = true\n"
    assert "user" not in git(tmp_path / "demo", "config", "--local", "--list")
    assert git(tmp_path / "demo", "log", "-1", "--format=%ae") == "demo@parcelwren.example"


def test_hooks_and_signing_of_the_user_are_not_for_made_up_people(demo: Path) -> None:
    assert set(git(demo, "log", "--format=%an %G?").splitlines()) == {"Ana N"}
    assert "gpgsign" not in git(demo, "config", "--local", "--list").lower()


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[4]
    source = tmp_path / "source"
    one = "incidents/2026/2026-07-14-text-messages-late-portugal"
    shutil.copytree(root / one, source / one)
    for name in ("sevlog.yaml", "oncall.yaml"):
        shutil.copy(root / name, source / name)

    with pytest.raises(NotFound, match="bookings-slow"):  # the script has nothing to tidy up there
        demonstrate(tmp_path / "demo", URL, clock=lambda: NOW, source=source)

    assert [path.name for path in sorted(tmp_path.iterdir())] == ["source"]
