"""The ledger: one ref that many want to move at once, and only one does."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.repositories import git
from sevlog.errors import GitTrouble, InvalidRecord
from sevlog.model.comms.ledger import Baseline, Row, Sheet
from sevlog.stores.git.command import Git
from sevlog.stores.ledger import BASELINE, Ledger

REF = "refs/sevlog/ledger"
NOW = datetime(2026, 11, 23, 14, 7, 30, tzinfo=UTC)
INCIDENT = "2026-11-23-checkout-fails"


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "--bare", "hub.git")
    first = clone(tmp_path, "first")
    git(first, "commit", "-q", "--allow-empty", "-m", "start")
    git(first, "push", "-q", "origin", "HEAD:main")
    return tmp_path / "hub.git"


def clone(root: Path, name: str) -> Path:
    git(root, "clone", "-q", "hub.git", name)
    return root / name


def ledger(folder: Path, where: str | None = "origin", ref: str = REF) -> Ledger:
    return Ledger(Git(folder), ref, where)


def seen(*names: str) -> Sheet:
    return Sheet(seen=names)


def test_what_one_clone_writes_another_reads(hub: Path) -> None:
    one, other = ledger(clone(hub.parent, "a")), ledger(clone(hub.parent, "b"))
    row = Row(state="sent", promise="most_once", at=NOW, tries=1)

    assert one.swap(one.fetched(), {INCIDENT: Sheet(seen=("x",), rows={"x:MAIL": row})}, NOW, "Sent") is not None

    view = other.fetched()
    assert view.sheet(INCIDENT) == Sheet(seen=("x",), rows={"x:MAIL": row})
    assert view.sheet("2026-11-24-other") == Sheet()
    assert view.incidents() == [INCIDENT]
    assert view.baseline is None


def test_of_two_who_saw_the_same_only_the_first_writes(hub: Path) -> None:
    one, other = ledger(clone(hub.parent, "a")), ledger(clone(hub.parent, "b"))
    for _ in range(2):  # first where there is no ledger yet, then where there is one
        mine, theirs = one.fetched(), other.fetched()
        assert one.swap(mine, {INCIDENT: seen("mine")}, NOW, "Mine") is not None
        assert other.swap(theirs, {INCIDENT: seen("theirs")}, NOW, "Theirs") is None
        assert other.fetched().sheet(INCIDENT) == seen("mine")


def test_other_sheets_stay_as_they_are(hub: Path) -> None:
    one = ledger(clone(hub.parent, "a"))
    view = one.swap(one.fetched(), {INCIDENT: seen("x")}, NOW, "One")
    assert view is not None
    baseline = Baseline(at=NOW, since=NOW, entries={INCIDENT: ("y",)})
    one.swap(view, {"2025-01-01-old": seen("z"), BASELINE: baseline}, NOW, "Other")

    view = one.fetched()
    assert (view.sheet(INCIDENT), view.sheet("2025-01-01-old"), view.baseline) == (seen("x"), seen("z"), baseline)


def test_it_is_no_branch_needs_no_identity_and_asks_no_hook(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    folder = clone(hub.parent, "a")
    hook = folder / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    before = git(folder, "status", "--porcelain", "--branch")

    assert ledger(folder).swap(ledger(folder).fetched(), {INCIDENT: seen("x")}, NOW, "Sent") is not None

    assert git(hub, "for-each-ref", "--format=%(refname)") == f"refs/heads/main\n{REF}"
    assert git(folder, "status", "--porcelain", "--branch") == before
    assert git(hub, "log", "-1", "--format=%an <%ae> %s %cI", REF) == (
        "sevlog <notify@sevlog.invalid> Sent 2026-11-23T14:07:30+00:00"
    )
    assert git(hub, "fsck", "--strict") == ""


def test_without_a_remote_the_ref_here_decides(hub: Path) -> None:
    folder = clone(hub.parent, "a")
    one, other = ledger(folder, None), ledger(folder, None)
    mine, theirs = one.fetched(), other.fetched()

    assert one.swap(mine, {INCIDENT: seen("mine")}, NOW, "Mine") is not None
    assert other.swap(theirs, {INCIDENT: seen("theirs")}, NOW, "Theirs") is None
    assert other.fetched().sheet(INCIDENT) == seen("mine")
    assert git(hub, "for-each-ref", REF) == ""


def test_a_branch_does_as_well(hub: Path) -> None:
    folder = clone(hub.parent, "a")
    mine = ledger(folder, ref="refs/heads/sevlog/ledger")

    assert mine.swap(mine.fetched(), {INCIDENT: seen("x")}, NOW, "Sent") is not None
    assert mine.fetched().sheet(INCIDENT) == seen("x")


def test_a_remote_that_cannot_be_reached_or_does_not_let_us_is_told(hub: Path) -> None:
    folder = clone(hub.parent, "a")
    view = ledger(folder).fetched()
    hook = hub / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no refs but branches >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(GitTrouble, match="rejected refs/sevlog/ledger") as refused:
        ledger(folder).swap(view, {INCIDENT: seen("x")}, NOW, "Sent")
    assert "ledger: refs/heads/sevlog/ledger" in refused.value.hints[1]

    git(folder, "remote", "set-url", "origin", str(hub.parent / "nowhere.git"))
    with pytest.raises(GitTrouble, match="cannot be reached"):
        ledger(folder).fetched()


def test_a_ledger_that_somebody_broke_is_told(hub: Path) -> None:
    folder = clone(hub.parent, "a")
    blob = git(folder, "hash-object", "-w", str(folder / ".git/HEAD"))
    (folder / "tree").write_text("")
    sub = git_in(folder, "mktree", f"100644 blob {blob}\t{INCIDENT}.json\n")
    tree = git_in(folder, "mktree", f"040000 tree {sub}\t2026\n")
    git(folder, "update-ref", REF, git(folder, "commit-tree", "-m", "x", tree))

    with pytest.raises(InvalidRecord, match=f"2026/{INCIDENT}.json of the ledger cannot be read"):
        ledger(folder, None).fetched().sheet(INCIDENT)


def test_one_of_a_newer_version_is_left_alone(hub: Path) -> None:
    one = ledger(clone(hub.parent, "a"))
    one.swap(one.fetched(), {INCIDENT: Sheet(schema=2)}, NOW, "Sent")

    with pytest.raises(InvalidRecord, match="newer sevlog"):
        one.fetched().sheet(INCIDENT)


def git_in(folder: Path, command: str, text: str) -> str:
    return Git(folder).run(command, data=text.encode()).stdout.decode().strip()


def _append(folder: str, name: str, times: int) -> None:
    mine = ledger(Path(folder))
    for number in range(times):
        while True:
            view = mine.fetched()
            entry = f"{name}{number}"
            if mine.swap(view, {INCIDENT: Sheet(seen=(*view.sheet(INCIDENT).seen, entry))}, NOW, entry) is not None:
                break


def test_processes_in_clones_of_their_own_lose_nothing(hub: Path) -> None:
    folders = [str(clone(hub.parent, name)) for name in ("a", "b")]
    folders.append(folders[0])  # and one that shares a clone
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_append, args=(folder, f"p{n}-", 2)) for n, folder in enumerate(folders)]
    for process in running:
        process.start()
    for process in running:
        process.join()

    found = ledger(clone(hub.parent, "c")).fetched().sheet(INCIDENT).seen
    assert sorted(found) == [f"p{n}-{number}" for n in range(3) for number in range(2)]
    assert git(hub, "rev-list", "--count", REF) == "6"
