"""Records are pushed unless it is switched off; a failing remote never loses a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import Repository, git


@pytest.fixture
def hub(records: Repository, tmp_path: Path) -> Path:
    """A bare repository that the records are pushed to."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "hub.git")
    records.git("remote", "add", "origin", str(tmp_path / "hub.git"))
    records.git("push", "--quiet", "origin", "main")
    return tmp_path / "hub.git"


def at(hub: Path, branch: str = "main") -> str:
    return git(hub, "rev-parse", branch, check=False)


def test_with_a_remote_each_act_is_pushed(records: Repository, hub: Path) -> None:
    done = records.sevlog("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s")
    assert ", pushed)" in done.out

    assert records.tells("note", "x")["pushed"] is True
    assert at(hub) == records.commits()[0]


def test_an_act_can_stay_here(records: Repository, hub: Path) -> None:
    before = at(hub)

    records.raised("--no-push")

    assert at(hub) == before


def test_the_configuration_can_say_so_and_the_command_can_say_otherwise(records: Repository, hub: Path) -> None:
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + "git: {push: never}\n", "utf-8")
    records.git("commit", "--quiet", "-am", "stay")
    before = at(hub)

    assert (
        records.tells("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s")["pushed"] is None
    )
    assert at(hub) == before
    records.does("note", "x", "--push")
    assert at(hub) == records.commits()[0]


def test_without_a_remote_nothing_is_pushed_and_asking_for_it_is_a_warning(records: Repository) -> None:
    records.raised()
    assert records.tells("note", "x")["pushed"] is None

    done = records.sevlog("note", "y", "--push")

    assert done.code == 0
    assert "warning: cannot push: remote `origin` is not configured: git remote add origin URL" in done.err


def test_a_remote_that_cannot_be_reached_is_a_warning_and_the_commit_stays(records: Repository, hub: Path) -> None:
    records.git("remote", "set-url", "origin", str(hub.parent / "gone.git"))
    before = records.commits()

    done = records.sevlog("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s")

    assert done.code == 0
    assert done.err.startswith("warning: ")
    assert "sevlog sync" in done.err
    assert records.commits()[1:] == before
    assert records.tells("note", "x")["pushed"] is False


def test_pull_requests_get_a_branch_of_their_own(records: Repository, hub: Path) -> None:
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + "git: {flow: pull-request}\n", "utf-8")
    records.git("commit", "--quiet", "-am", "ask")
    before = at(hub)

    done = records.sevlog("raise", "x", "--severity", "SEV3", "--component", "search", "--summary", "s")

    assert done.code == 0
    assert at(hub) == before
    branch = records.git("for-each-ref", "--format=%(refname:short)", "refs/heads/incident/")
    assert at(hub, branch) == records.git("rev-parse", branch)
    assert f"open a pull request: from `{branch}` into `main`" in done.err
    assert records.git("branch", "--show-current") == "main"
    assert records.status() == ""
