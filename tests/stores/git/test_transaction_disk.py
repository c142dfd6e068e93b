"""A disk that does not take what is written: the act is refused with a reason, and everything is as before."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from fixtures.repositories import Repository
from sevlog.errors import GitTrouble
from sevlog.stores.git import transaction
from sevlog.stores.git.command import Git
from sevlog.stores.git.transaction import NewCommit

Call = ParamSpec("Call")
Answer = TypeVar("Answer")
MESSAGE = "incident(x): what\n"
NAME = "incidents/2026/2026-11-23-x/timeline/20261123T120000Z-note.yaml"


def commit(root: Path) -> str:
    repository = Git(root)
    contents = {NAME: b"kind: note\n", "oncall.yaml": b"schema: 1\n"}
    with transaction.exclusive(repository):
        return transaction.commit(repository, NewCommit(MESSAGE, contents, replaced=frozenset({"oncall.yaml"})))


def settle(root: Path) -> None:
    """What the next command does before anything else."""
    with transaction.exclusive(Git(root)):
        pass


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process or its children may grow: each write fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture
def git_that_gets_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that is told of a failed write instead of being killed by a signal, as on a full disk."""
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f"#!/bin/sh\ntrap '' {signal.SIGXFSZ.value}\nexec '{shutil.which('git')}' \"$@\"\n", "utf-8")
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("git_that_gets_errors")
def test_a_full_disk_refuses_and_leaves_everything_as_before(records: Repository) -> None:
    before = records.snapshot()

    with full_disk(), pytest.raises(GitTrouble, match=r"cannot be written: File too large"):
        commit(records.root)

    assert records.snapshot() == before
    assert not (records.root / "incidents").exists()
    commit(records.root)


@pytest.mark.usefixtures("git_that_gets_errors")
@pytest.mark.parametrize("command", ["hash-object", "update-index", "fast-import", "update-ref"])
def test_a_disk_that_fills_up_under_git_refuses_too(
    records: Repository, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    before = records.snapshot()

    def out_of_space(run: Callable[Call, Answer]) -> Callable[Call, Answer]:
        def running(*arguments: Call.args, **more: Call.kwargs) -> Answer:
            with full_disk() if command in arguments else contextlib.nullcontext():
                return run(*arguments, **more)

        return running

    with monkeypatch.context() as patch:
        patch.setattr(Git, "run", out_of_space(Git.run))
        with pytest.raises(GitTrouble):
            commit(records.root)
    settle(records.root)

    assert records.snapshot() == before
    assert [p.name for p in sorted((records.root / ".git").glob("fast_import_crash*"))] == []


def test_a_timeline_that_cannot_be_written_is_told_and_nothing_is_left(records: Repository) -> None:
    folder = (records.root / NAME).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("this is no folder", "utf-8")
    before = records.snapshot()

    with pytest.raises(GitTrouble, match="cannot be written"):
        commit(records.root)

    assert records.snapshot() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission_is_told_and_nothing_is_left(records: Repository) -> None:
    folder = records.root / "incidents"
    folder.mkdir(mode=0o500)

    with pytest.raises(GitTrouble, match="Permission denied"):
        commit(records.root)

    assert sorted(folder.iterdir()) == []


def test_without_a_commit_a_failure_takes_away_what_was_written(records: Repository) -> None:
    before = records.snapshot()
    contents = {NAME: b"kind: note\n", "oncall.yaml": b"schema: 1\n", "sevlog.yaml/x": b""}

    with pytest.raises(GitTrouble, match="cannot be written"):
        transaction.write_only(records.root, contents)

    assert records.snapshot() == before
    assert not (records.root / "incidents").exists()
