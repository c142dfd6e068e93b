"""Editing a rota never changes who was on call: the past is answered by what the main branch held then."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fixtures.oncalls import CONFIG, ONCALL, when
from fixtures.repositories import git
from sevlog.errors import GitTrouble, InvalidRecord, NotFound
from sevlog.services.oncall.shifts import simulate, who
from sevlog.services.workspace.workspace import Workspace

NOW = "2026-06-01T12:00:00+00:00"


def commit(root: Path, at: str, oncall: str | None, *, config: str = CONFIG) -> str:
    """Commit both files at a time; its id."""
    (root / "sevlog.yaml").write_text(config, "utf-8")
    if oncall is not None:
        (root / "oncall.yaml").write_text(oncall, "utf-8")
    git(root, "add", ".")
    dated(root, at, "commit", "--quiet", "--allow-empty", "-m", "rota")
    return git(root, "rev-parse", "HEAD")


def dated(root: Path, at: str, *words: str) -> None:
    dates = {"GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z"}
    subprocess.run(["git", *words], cwd=root, env={**os.environ, **dates}, check=True, capture_output=True)


def asked(root: Path, at: str, *, by_today: bool = False) -> tuple[list[str], str | None]:
    """Who is on call for the checkout at a time, and the commit that says so."""
    found = who(Workspace(root, clock=lambda: when(NOW)), component="checkout", at=at, by_today=by_today)
    return found.people, found.commit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


BO_FIRST = ONCALL.replace("members: [ana, bo], start", "members: [bo, ana], start")


@pytest.mark.demand("S20")
def test_the_past_is_as_it_was_committed_then_and_the_future_as_the_file_is(root: Path) -> None:
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    second = commit(root, "2026-03-01T00:00:00Z", BO_FIRST)

    assert asked(root, "2026-02-03T12:00:00Z") == (["ana"], first)
    assert asked(root, "2026-03-03T12:00:00Z") == (["bo"], second)
    assert asked(root, "2026-02-03T12:00:00Z", by_today=True) == (["bo"], None)
    assert asked(root, "2026-06-03T12:00:00Z") == (["ana"], None)


def test_the_day_that_is_running_is_as_the_file_is(root: Path) -> None:
    commit(root, "2026-06-01T08:00:00Z", ONCALL)  # the records begin this morning
    tonight = "    overrides: [{from: 2026-06-01T20:00, to: 2026-06-02T00:00, person: chi}]\n  - key: managers"
    commit(root, "2026-06-01T10:00:00Z", ONCALL.replace("  - key: managers", tonight))
    for words in ("today", "monday", "2026-06-01"):
        found = who(Workspace(root, clock=lambda: when(NOW)), component="checkout", at=words)
        assert [s.people for s in found.stretches][-1] == ["chi"], words
        assert found.commit is None
    with pytest.raises(NotFound):
        asked(root, "yesterday")


def test_a_commit_holds_from_its_second_on(root: Path) -> None:
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    second = commit(root, "2026-03-01T00:00:00Z", BO_FIRST)
    assert [asked(root, at)[1] for at in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z")] == [first, second]


def test_an_override_that_is_recorded_afterwards_does_not_count(root: Path) -> None:
    commit(root, "2026-01-01T00:00:00Z", ONCALL)
    late = "    overrides: [{from: 2026-02-03T00:00, to: 2026-02-04T00:00, person: chi}]\n  - key: managers"
    commit(root, "2026-02-05T00:00:00Z", ONCALL.replace("  - key: managers", late))
    assert asked(root, "2026-02-03T12:00:00Z")[0] == ["ana"]


def test_an_edit_that_is_not_committed_says_nothing_of_the_past(root: Path) -> None:
    commit(root, "2026-01-01T00:00:00Z", ONCALL)
    (root / "oncall.yaml").write_text(BO_FIRST, "utf-8")
    assert asked(root, "2026-05-12T12:00:00Z")[0] == ["ana"]
    assert asked(root, "2026-06-09T12:00:00Z")[0] == ["bo"]


def test_what_a_branch_said_counts_from_its_merge_on(root: Path) -> None:
    """Committed in February on a branch, merged in April: first-parent history."""
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    git(root, "switch", "--quiet", "-c", "rota")
    commit(root, "2026-02-01T00:00:00Z", BO_FIRST)
    git(root, "switch", "--quiet", "main")
    dated(root, "2026-04-01T00:00:00Z", "merge", "--quiet", "--no-ff", "-m", "merge", "rota")
    assert asked(root, "2026-03-03T12:00:00Z") == (["ana"], first)
    assert asked(root, "2026-04-14T12:00:00Z")[0] == ["bo"]


def test_another_branch_that_is_checked_out_does_not_count(root: Path) -> None:
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    git(root, "switch", "--quiet", "-c", "rota")
    commit(root, "2026-02-01T00:00:00Z", BO_FIRST)
    assert asked(root, "2026-03-03T12:00:00Z") == (["ana"], first)


def test_the_remote_s_main_branch_counts_where_it_is_ahead(root: Path, tmp_path: Path) -> None:
    commit(root, "2026-01-01T00:00:00Z", ONCALL)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(root), str(clone))
    newest = commit(root, "2026-03-01T00:00:00Z", BO_FIRST)
    git(clone, "fetch", "--quiet")
    assert asked(clone, "2026-03-03T12:00:00Z") == (["bo"], newest)


def test_clocks_that_disagree_do_not_hide_a_later_commit(root: Path) -> None:
    commit(root, "2026-04-01T00:00:00Z", ONCALL)
    newest = commit(root, "2026-02-01T00:00:00Z", BO_FIRST)  # on top, by a clock two months slow
    assert asked(root, "2026-04-14T12:00:00Z") == (["bo"], newest)
    with pytest.raises(NotFound, match="the records begin at 2026-04-01"):
        asked(root, "2026-03-03T12:00:00Z")


def test_before_the_first_commit_there_is_no_answer_but_todays(root: Path) -> None:
    commit(root, "2026-03-01T00:00:00Z", ONCALL)
    with pytest.raises(NotFound, match="nothing was committed yet at 2026-02-03T12:00:00Z") as caught:
        asked(root, "2026-02-03T12:00:00Z")
    assert any("--by-today" in hint for hint in caught.value.hints)


def test_a_commit_without_configuration_has_no_answer(root: Path) -> None:
    (root / "README.md").write_text("x", "utf-8")
    git(root, "add", ".")
    dated(root, "2026-01-01T00:00:00Z", "commit", "--quiet", "-m", "empty")
    commit(root, "2026-03-01T00:00:00Z", ONCALL)
    with pytest.raises(NotFound, match=r"sevlog\.yaml did not exist yet in .* of 2026-01-01"):
        asked(root, "2026-02-03T12:00:00Z")


def test_a_shallow_clone_says_what_it_cannot_see(root: Path, tmp_path: Path) -> None:
    commit(root, "2026-01-01T00:00:00Z", ONCALL)
    commit(root, "2026-03-01T00:00:00Z", BO_FIRST)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), str(clone))
    assert asked(clone, "2026-03-03T12:00:00Z")[0] == ["bo"]
    with pytest.raises(GitTrouble, match="this clone is shallow: it begins at 2026-03-01") as caught:
        asked(clone, "2026-02-03T12:00:00Z")
    assert "git fetch --unshallow" in caught.value.hints[0]


def test_records_below_the_top_of_a_repository_have_a_past_too(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    inside = tmp_path / "ops" / "records"
    inside.mkdir(parents=True)
    first = commit(inside, "2026-01-01T00:00:00Z", ONCALL)
    commit(inside, "2026-03-01T00:00:00Z", BO_FIRST)
    assert asked(inside, "2026-02-03T12:00:00Z") == (["ana"], first)


def test_who_owned_a_component_then_counts_as_well(root: Path) -> None:
    commit(root, "2026-01-01T00:00:00Z", ONCALL, config=CONFIG.replace(", owner: payments", ""))
    commit(root, "2026-03-01T00:00:00Z", ONCALL)
    assert asked(root, "2026-02-03T12:00:00Z")[0] == ["chi"]
    assert asked(root, "2026-03-03T12:00:00Z")[0] == ["ana"]


def test_a_past_file_that_is_broken_is_named_with_its_commit(root: Path) -> None:
    broken = commit(root, "2026-01-01T00:00:00Z", "schema: 1\npeople: {}\n")
    commit(root, "2026-03-01T00:00:00Z", ONCALL)
    with pytest.raises(InvalidRecord, match=f"as committed in {broken[:10]}"):
        asked(root, "2026-02-03T12:00:00Z")


def test_without_git_the_file_is_all_there_is(tmp_path: Path) -> None:
    (tmp_path / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (tmp_path / "oncall.yaml").write_text(ONCALL, "utf-8")
    assert asked(tmp_path, "2026-02-03T12:00:00Z") == (["ana"], None)


def test_a_simulation_of_the_past_asks_the_past(root: Path) -> None:
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    commit(root, "2026-03-01T00:00:00Z", BO_FIRST)
    found = simulate(Workspace(root, clock=lambda: when(NOW)), "checkout", None, at="2026-02-03T12:00:00Z")
    assert (found.commit, found.steps[0].people) == (first, ["ana"])


def test_a_commit_that_is_dated_back_changes_nothing_about_the_time_before_its_parent(root: Path) -> None:
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    second = commit(root, "2026-03-01T00:00:00Z", ONCALL + "# the same\n")
    back = commit(root, "2026-02-01T00:00:00Z", BO_FIRST)

    assert asked(root, "2026-02-03T12:00:00Z") == (["ana"], first)
    assert asked(root, "2026-02-28T23:59:59Z")[1] == first
    assert asked(root, "2026-03-03T12:00:00Z") == (["bo"], back)
    assert second != back


def test_an_old_commit_that_is_pushed_late_counts_from_its_parent_on(root: Path) -> None:
    first = commit(root, "2026-01-01T00:00:00Z", ONCALL)
    commit(root, "2026-01-01T00:00:01Z", ONCALL + "# b\n")
    late = commit(root, "2025-06-01T00:00:00Z", BO_FIRST)
    newest = commit(root, "2026-04-01T00:00:00Z", ONCALL)

    assert asked(root, "2026-01-01T00:00:00Z")[1] == first
    assert asked(root, "2026-02-03T12:00:00Z")[1] == late
    assert asked(root, "2026-04-03T12:00:00Z")[1] == newest
