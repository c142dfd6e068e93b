"""Locks that a git which was killed left behind are taken away; those of a living one, and of others, are not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fixtures.edits import age
from fixtures.repositories import Repository, git, living_git
from sevlog.errors import GitTrouble
from sevlog.stores.git import stale_locks, transaction
from sevlog.stores.git.command import Git

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which processes are alive where")
LOCKS = ("HEAD.lock", "refs/heads/main.lock", "index.lock")


def leave(path: Path) -> Path:
    """A lock that was left long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    age(path)
    return path


def test_an_act_is_recorded_though_git_died_with_all_its_locks(records: Repository) -> None:
    locks = [leave(records.root / ".git" / name) for name in LOCKS]

    records.raised()

    assert [path for path in locks if path.exists()] == []
    assert records.status() == ""


def test_locks_that_are_in_nobodys_way_go_with_the_next_act(records: Repository) -> None:
    names = ("packed-refs.lock", "refs/remotes/origin/main.lock", "refs/sevlog/replant.lock", "config.lock")
    old = [leave(records.root / ".git" / name) for name in names]
    young = records.root / ".git/shallow.lock"
    young.touch()

    records.raised()

    assert [path for path in (*old, young) if path.exists()] == [young]


def test_a_lock_becomes_old_enough_while_we_wait(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale_locks, "AFTER", 0.2)
    (records.root / ".git/index.lock").touch()

    records.raised()

    assert records.status() == ""


def test_a_lock_of_a_living_git_stays(records: Repository) -> None:
    lock = leave(records.root / ".git/HEAD.lock")

    with living_git(records.root), pytest.raises(GitTrouble, match="update-ref failed"):
        Git(records.root).run("update-ref", "HEAD", records.git("commit-tree", "-m", "x", "HEAD^{tree}"))

    assert lock.exists()


def test_a_lock_in_another_repository_stays(records: Repository, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "hub.git")
    records.git("push", "--quiet", str(tmp_path / "hub.git"), "main")
    lock = leave(tmp_path / "hub.git/refs/heads/main.lock")
    records.git("commit", "--quiet", "--allow-empty", "-m", "more")

    with pytest.raises(GitTrouble):
        Git(records.root).run("push", "--quiet", str(tmp_path / "hub.git"), "main")

    assert lock.exists()


def test_a_move_that_died_with_its_locks_is_finished(records: Repository) -> None:
    old = records.git("rev-parse", "HEAD")
    records.git("commit", "--quiet", "--allow-empty", "-m", "more")
    new = records.git("rev-parse", "HEAD")
    records.git("reset", "--quiet", "--hard", old)
    note = records.root / ".git/sevlog/move.json"
    note.parent.mkdir(exist_ok=True)
    note.write_text(f'{{"old": "{old}", "new": "{new}"}}', "utf-8")
    locks = [leave(records.root / ".git" / name) for name in LOCKS]

    with transaction.exclusive(Git(records.root)):
        pass

    assert records.git("rev-parse", "HEAD") == new
    assert [path for path in (*locks, note) if path.exists()] == []
