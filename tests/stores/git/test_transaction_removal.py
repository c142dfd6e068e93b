"""Files that go with a commit: gone for good once it is made, back in their place where it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures.repositories import Repository, git
from sevlog.errors import GitTrouble, InvalidRecord
from sevlog.stores.git import fast_commit, journal, transaction
from sevlog.stores.git.command import Git
from sevlog.stores.git.transaction import NewCommit

FOLDER = "incidents/2026/2026-11-23-x"
NOTE = f"{FOLDER}/timeline/20261123T120000Z-note.yaml"
LIST = f"{FOLDER}/evidence/customer list.csv"
NEW = f"{FOLDER}/timeline/20261123T130000Z-redaction.yaml"


@pytest.fixture
def attached(records: Repository) -> Repository:
    """A record with an attached file."""
    for name in (NOTE, LIST):
        path = records.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("kind: note\n", "utf-8")
    records.git("add", ".")
    records.git("commit", "-qm", "a note")
    return records


@pytest.fixture(params=["object by object", "git commit"])
def either_way(attached: Repository, request: pytest.FixtureRequest) -> Repository:
    """Without hooks a commit is made object by object; a hook makes git's own run."""
    if request.param == "git commit":
        attached.hook("pre-commit", "exit 0")
    return attached


def commit(records: Repository, *, remove: str = LIST) -> str:
    repository = Git(records.root)
    contents = {NOTE: b"kind: note\ntext: (redacted)\n", NEW: b"kind: redaction\n"}
    with transaction.exclusive(repository):
        return transaction.commit(
            repository, NewCommit("x\n", contents, replaced=frozenset({NOTE}), removed=frozenset({remove}))
        )


def test_a_file_goes_with_the_same_commit_and_its_empty_folder_too(either_way: Repository) -> None:
    (either_way.root / "oncall.yaml").write_text("schema: 1 # staged\n", "utf-8")
    either_way.git("add", "oncall.yaml")
    made = commit(either_way)
    assert either_way.git("show", "--format=", "--name-status", made).split("\n") == [
        f"D\t{LIST}",
        f"M\t{NOTE}",
        f"A\t{NEW}",
    ]
    assert not (either_way.root / LIST).parent.exists()
    assert either_way.status() == "M  oncall.yaml"
    either_way.git("fsck", "--strict")


def test_a_file_with_changes_of_the_users_own_does_not_go(either_way: Repository) -> None:
    (either_way.root / LIST).write_text("mine\n", "utf-8")
    before = either_way.snapshot()
    with pytest.raises(GitTrouble, match="has uncommitted changes"):
        commit(either_way)
    assert either_way.snapshot() == before


def test_a_file_that_is_not_there_cannot_go(either_way: Repository) -> None:
    with pytest.raises(InvalidRecord, match="no longer exists"):
        commit(either_way, remove=f"{FOLDER}/evidence/other.csv")
    assert either_way.status() == ""


def test_a_hook_that_refuses_leaves_everything_as_it_was(either_way: Repository) -> None:
    either_way.hook("pre-commit", "exit 1")
    before = either_way.snapshot()
    with pytest.raises(GitTrouble):
        commit(either_way)
    assert either_way.snapshot() == before
    assert not journal.open_one(Git(either_way.root))


@pytest.mark.parametrize(
    ("step", "hook"), [("commit_hooks", False), ("commit_hooks", True), ("_draft", False), ("tidy_when_due", False)]
)
def test_what_dies_half_way_is_settled_by_the_next_command(
    attached: Repository, step: str, hook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hook:
        attached.hook("pre-commit", "exit 0")
    before = attached.snapshot()
    child = os.fork()
    if child == 0:  # dies at the step, as by kill -9: nothing is put right on the way out
        monkeypatch.setattr(fast_commit, step, lambda *_, **__: os._exit(9))
        commit(attached)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert not (attached.root / LIST).exists()
    repository = Git(attached.root)
    with transaction.exclusive(repository):
        pass
    if step == "tidy_when_due":
        assert attached.status() == "" and not (attached.root / LIST).exists()
    else:
        assert attached.snapshot() == before
    git(attached.root, "fsck", "--strict")


def test_what_someone_put_there_meanwhile_is_not_written_over(either_way: Repository) -> None:
    repository = Git(either_way.root)
    with transaction.exclusive(repository):
        journal.begin(repository, {}, frozenset(), [LIST])
        Path(either_way.root / LIST).write_text("theirs\n", "utf-8")
        assert not journal.settle(repository)
    assert (either_way.root / LIST).read_text("utf-8") == "theirs\n"


def test_a_great_many_go_at_once(records: Repository) -> None:
    names = [f"{FOLDER}/timeline/n{number:04}.yaml" for number in range(700)]
    (records.root / names[0]).parent.mkdir(parents=True)
    for name in names:
        (records.root / name).write_text("kind: note\n", "utf-8")
    records.git("add", ".")
    records.git("commit", "-qm", "notes")
    repository = Git(records.root)
    with transaction.exclusive(repository):
        transaction.commit(repository, NewCommit("x\n", {NEW: b"[]\n"}, removed=frozenset(names)))
    assert records.status() == ""
    assert records.git("ls-files", FOLDER) == NEW
