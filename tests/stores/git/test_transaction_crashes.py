"""A commit that dies, or that two want at once: whole, or as before."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from fixtures.repositories import Repository, git, living_git
from sevlog.errors import GitTrouble
from sevlog.stores.git import journal, lock, stale_locks, transaction
from sevlog.stores.git.command import Git
from sevlog.stores.git.transaction import NewCommit

MESSAGE = "incident(x): what\n"
NAME = "incidents/2026/2026-11-23-x/timeline/20261123T120000Z-note.yaml"
SCRIPT = f"""
import sys
from pathlib import Path
from sevlog.stores.git import transaction
from sevlog.stores.git.command import Git
repository = Git(Path(sys.argv[1]))
with transaction.exclusive(repository):
    transaction.commit(
        repository,
        transaction.NewCommit(
            "x", {{"{NAME}": b"kind: note", "oncall.yaml": b"schema: 1"}}, replaced=frozenset({{"oncall.yaml"}})
        ),
    )
"""


def commit(root: Path, *, replace: bool = True) -> str:
    repository = Git(root)
    contents = {NAME: b"kind: note\n", **({"oncall.yaml": b"schema: 1\n"} if replace else {})}
    with transaction.exclusive(repository):
        replaced = frozenset({"oncall.yaml"} if replace else ())
        return transaction.commit(repository, NewCommit(MESSAGE, contents, replaced=replaced))


def start(root: Path) -> subprocess.Popen[bytes]:
    """A process of its own that commits the note."""
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(root)], stderr=subprocess.PIPE)


def wait_for(path: Path) -> None:
    """Wait until a file is there, as a hook or a process makes it."""
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        threading.Event().wait(0.01)


def settle(root: Path) -> None:
    """What the next command does before anything else."""
    with transaction.exclusive(Git(root)):
        pass


class Held(NamedTuple):
    """A process whose commit hook has begun; `let_go` ends the hook."""

    process: subprocess.Popen[bytes]
    let_go: Callable[[], object]


@contextlib.contextmanager
def held_in_hook(records: Repository) -> Iterator[Held]:
    """A process that commits and whose hook waits until it is let go."""
    pipe = records.root / ".git/go"
    os.mkfifo(pipe)
    ours = os.open(pipe, os.O_RDWR)
    records.hook("pre-commit", f"touch '{records.root}/.git/begun'; read line < '{pipe}'")
    process = start(records.root)
    wait_for(records.root / ".git/begun")
    try:
        yield Held(process, lambda: os.write(ours, b"go\n"))
    finally:
        process.wait()
        os.close(ours)


def killed_before(records: Repository, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Die, with nothing cleaned up, when git is about to run this command."""
    script = SCRIPT.replace(
        "repository = Git",
        f"""
import os, signal
run = Git.run
def dying(self, *arguments, **more):
    if "{step}" in arguments:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(self, *arguments, **more)
Git.run = dying
repository = Git""",
    )
    done = subprocess.run([sys.executable, "-c", script, str(records.root)], check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", ["config", "hash-object", "update-index", "fast-import", "update-ref"])
def test_a_process_killed_before_its_commit_leaves_nothing(
    records: Repository, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = records.snapshot()
    killed_before(records, step, monkeypatch)
    assert records.snapshot() != before

    settle(records.root)

    assert records.snapshot() == before
    assert not (records.root / "incidents").exists()
    assert sorted(p.name for p in (records.root / ".git/sevlog").iterdir()) == ["lock"]
    git(records.root, "fsck", "--full")


@pytest.mark.parametrize("step", ["add", "commit"])
def test_the_same_where_git_commit_runs_for_the_hooks(
    records: Repository, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    records.hook("pre-commit", "exit 0")
    before = records.snapshot()
    killed_before(records, step, monkeypatch)

    settle(records.root)

    assert records.snapshot() == before


def test_a_process_killed_while_its_hook_runs_has_committed_whole_once_git_is_done(records: Repository) -> None:
    """git outlives its parent; the next command waits for it instead of taking its files away."""
    with held_in_hook(records) as held:
        held.process.kill()
        held.process.wait()
        waiting = threading.Thread(target=settle, args=(records.root,))
        waiting.start()
        assert (records.root / NAME).exists()
        held.let_go()
        waiting.join()

    assert records.committed() == [NAME, "oncall.yaml"]
    assert records.status() == ""
    git(records.root, "fsck", "--full")


def test_where_git_died_too_its_locks_are_taken_away(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale_locks, "AFTER", 0.0)
    before = records.snapshot()
    killed_before(records, "update-ref", monkeypatch)
    for name in ("index.lock", "HEAD.lock", "next-index-4711.lock", "refs/heads/main.lock"):
        (records.root / ".git" / name).touch()

    settle(records.root)

    assert records.snapshot() == before
    assert sorted((records.root / ".git").rglob("*.lock")) == []


def test_a_lock_that_a_living_git_may_hold_is_left_alone_and_explained(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale_locks, "AFTER", 0.0)
    monkeypatch.setattr(journal, "_PATIENCE", 0.1)
    killed_before(records, "update-ref", monkeypatch)
    (records.root / ".git/index.lock").touch()

    with living_git(records.root), pytest.raises(GitTrouble, match="an unfinished entry is waiting") as error:
        settle(records.root)

    assert str(records.root / ".git/index.lock") in error.value.hints[0]
    assert (records.root / ".git/index.lock").exists()
    assert journal.open_one(Git(records.root))


def test_what_someone_changed_since_the_crash_is_theirs(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_before(records, "update-index", monkeypatch)
    (records.root / NAME).write_text("kind: note # mended by hand", "utf-8")
    (records.root / "oncall.yaml").write_text("schema: 1 # mine", "utf-8")

    settle(records.root)

    assert (records.root / NAME).read_text("utf-8") == "kind: note # mended by hand"
    assert (records.root / "oncall.yaml").read_text("utf-8") == "schema: 1 # mine"
    assert "oncall.yaml" in records.status()


def test_what_someone_committed_since_the_crash_stays(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_before(records, "update-index", monkeypatch)
    records.git("add", ".")
    records.git("commit", "--quiet", "-m", "found these lying about")

    settle(records.root)

    assert (records.root / NAME).exists()
    assert records.status() == ""


def test_a_half_written_draft_is_taken_away(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_before(records, "config", monkeypatch)
    draft = (records.root / NAME).with_name(f".{Path(NAME).name}.0a1b2c3d.tmp")
    draft.write_text("kin", "utf-8")

    settle(records.root)

    assert not draft.exists()


def test_a_journal_that_cannot_be_read_is_explained(records: Repository) -> None:
    path = records.root / ".git/sevlog/journal.json"
    path.parent.mkdir()
    path.write_text("{", "utf-8")

    with pytest.raises(GitTrouble, match="cannot be read") as error:
        settle(records.root)

    assert "git status" in error.value.hints[0]


def test_a_repair_waits_for_nobody_and_raises_nothing(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    before = records.snapshot()
    killed_before(records, "update-index", monkeypatch)

    with lock.take(records.root / ".git/sevlog/lock"):
        transaction.repair(Git(records.root))
    assert records.snapshot() != before

    transaction.repair(Git(records.root))
    assert records.snapshot() == before


def test_an_interruption_puts_everything_back(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    before = records.snapshot()

    def interrupted(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "_commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        commit(records.root)

    assert records.snapshot() == before


def test_an_interruption_after_the_commit_landed_counts_as_done(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = transaction._commit

    def interrupted(git: Git, names: list[str], fresh: list[str], gone: list[str], message: str) -> str:
        really(git, names, fresh, gone, message)
        raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "_commit", interrupted)

    assert commit(records.root) == records.commits()[0]
    assert records.status() == ""


def test_two_at_once_come_one_after_the_other(records: Repository) -> None:
    with held_in_hook(records) as held:
        second = start(records.root)
        assert len(records.commits()) == 1
        held.let_go()
        assert held.process.wait() == 0
        assert second.wait() == 1

    assert second.stderr is not None
    assert b"already exists" in second.stderr.read()
    assert records.committed() == [NAME, "oncall.yaml"]
    assert records.status() == ""


def test_a_lock_that_is_never_released_is_told_with_its_holder(records: Repository) -> None:
    path = records.root / ".git/sevlog/lock"
    path.parent.mkdir()

    with lock.take(path), pytest.raises(GitTrouble, match=rf"for 0.1 s \(process {os.getpid()}\)"):
        lock.take(path, patience=0.1)

    with lock.take(path, patience=0):
        pass


def test_a_git_process_that_holds_the_index_for_a_moment_is_waited_for(records: Repository) -> None:
    held = records.root / ".git/index.lock"
    held.touch()
    threading.Timer(0.2, held.unlink).start()

    commit(records.root)

    assert records.status() == ""


def test_an_index_that_stays_locked_refuses_and_names_the_lock(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sevlog.stores.git.command._PAUSES", (0.01,))
    monkeypatch.setattr(journal, "_PATIENCE", 0.1)
    held = records.root / ".git/index.lock"
    held.touch()

    with living_git(records.root), pytest.raises(GitTrouble, match="another git process") as error:
        commit(records.root)

    assert "index.lock" in error.value.hints[-1]
    held.unlink()
    settle(records.root)
    assert not (records.root / "incidents").exists()
