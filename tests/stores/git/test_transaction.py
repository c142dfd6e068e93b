"""One act, one commit of exactly its files; whatever else is there stays as it was. With hooks and without."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
import zlib
from pathlib import Path

import pytest

from fixtures.repositories import Repository, git
from sevlog.errors import GitTrouble, InvalidRecord
from sevlog.stores.git import transaction
from sevlog.stores.git.command import Git
from sevlog.stores.git.transaction import NewCommit

MESSAGE = "incident(x): what\n\nIncident: x\nEntry: y\n"
NAME = "incidents/2026/2026-11-23-x/timeline/20261123T120000Z-note.yaml"


def commit(records: Repository, contents: dict[str, bytes], replace: frozenset[str] = frozenset()) -> str:
    repository = Git(records.root)
    with transaction.exclusive(repository):
        return transaction.commit(repository, NewCommit(MESSAGE, contents, replaced=replace))


@pytest.fixture(params=["object by object", "git commit"])
def either_way(records: Repository, request: pytest.FixtureRequest) -> Repository:
    """Without hooks the commit is made object by object; a hook makes git's own command run."""
    if request.param == "git commit":
        records.hook("pre-commit", "exit 0")
    return records


@pytest.mark.demand("S59")
def test_a_commit_has_exactly_its_files_on_top_of_head_and_the_message_as_given(either_way: Repository) -> None:
    before = either_way.commits()

    made = commit(either_way, {NAME: b"kind: note\n", "incidents/2026/2026-11-23-x/incident.yaml": b"schema: 1\n"})

    assert either_way.commits() == [made, *before]
    assert either_way.committed() == ["incidents/2026/2026-11-23-x/incident.yaml", NAME]
    assert either_way.git("log", "-1", "--format=%B") == MESSAGE.rstrip("\n")
    assert either_way.git("log", "-1", "--format=%an %ae, %cn %ce") == ", ".join(["Ana Test ana@example.org"] * 2)
    assert either_way.git("show", f"HEAD:{NAME}") == "kind: note"
    assert either_way.status() == ""


def test_what_is_staged_dirty_untracked_or_ignored_stays_as_it_was(either_way: Repository) -> None:
    root = either_way.root
    (root / ".gitignore").write_text("*.log\n", "utf-8")
    (root / "oncall.yaml").write_text("schema: 1 # staged\n", "utf-8")
    (root / "sevlog.yaml").write_text("schema: 1 # staged and\n", "utf-8")
    (root / "staged.txt").write_text("new\n", "utf-8")
    either_way.git("add", ".gitignore", "oncall.yaml", "sevlog.yaml", "staged.txt")
    either_way.git("add", "--intent-to-add", ".gitignore")
    (root / "sevlog.yaml").write_text("schema: 1 # staged and dirty\n", "utf-8")
    for name in ("untracked.txt", "ignored.log"):
        (root / name).write_text(name, "utf-8")
    before, status = either_way.snapshot(), either_way.status()

    commit(either_way, {NAME: b"kind: note\n"})

    after = either_way.snapshot()
    assert either_way.committed() == [NAME]
    assert [row for row in after.staged.split("\n") if NAME not in row] == before.staged.split("\n")
    assert {name: data for name, data in after.files.items() if name != NAME} == before.files
    assert after.config == before.config
    assert either_way.status() == status


def test_a_file_that_is_replaced_must_be_clean(either_way: Repository) -> None:
    (either_way.root / "oncall.yaml").write_text("schema: 1 # mine\n", "utf-8")
    before = either_way.snapshot()

    with pytest.raises(GitTrouble, match=r"oncall\.yaml has uncommitted changes") as error:
        commit(either_way, {"oncall.yaml": b"schema: 1\n"}, replace=frozenset({"oncall.yaml"}))

    assert "git -C" in error.value.hints[0]
    assert either_way.snapshot() == before


def test_a_replaced_file_keeps_its_mode(either_way: Repository) -> None:
    (either_way.root / "oncall.yaml").chmod(0o640)

    commit(either_way, {"oncall.yaml": b"schema: 1\n"}, replace=frozenset({"oncall.yaml"}))

    assert (either_way.root / "oncall.yaml").stat().st_mode & 0o777 == 0o640
    assert either_way.status() == ""


def test_a_new_file_never_overwrites(either_way: Repository) -> None:
    path = either_way.root / NAME
    path.parent.mkdir(parents=True)
    path.write_text("mine", "utf-8")
    before = either_way.snapshot()

    with pytest.raises(InvalidRecord, match="already exists"):
        commit(either_way, {NAME: b"kind: note\n"})

    assert either_way.snapshot() == before


def test_a_path_never_leads_out_of_the_repository(records: Repository, tmp_path: Path) -> None:
    (records.root / "incidents").symlink_to(tmp_path)

    with pytest.raises(InvalidRecord, match="incidents is a symbolic link"):
        commit(records, {"incidents/x.yaml": b""})
    with pytest.raises(InvalidRecord, match="is outside the repository"):
        commit(records, {"../x.yaml": b""})

    assert not (tmp_path / "x.yaml").exists()


def test_the_first_commit_of_a_repository(either_way: Repository) -> None:
    either_way.git("checkout", "--quiet", "--orphan", "fresh")

    made = commit(either_way, {NAME: b"kind: note\n"})

    assert either_way.commits() == [made]
    assert either_way.git("ls-tree", "-r", "--name-only", "HEAD") == NAME


def test_a_name_with_odd_characters_is_taken_as_it_is(either_way: Repository) -> None:
    names = [f"incidents/2026/{name}.yaml" for name in ("*", "ü ö", "[a-z]", ":(glob)x", 'quo"te', "back\\slash")]
    (either_way.root / "incidents/2026").mkdir(parents=True)
    (either_way.root / "incidents/2026/other.yaml").write_text("not ours", "utf-8")

    commit(either_way, {name: name.encode() for name in names})

    listed = either_way.git("-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--name-only", "HEAD", "incidents/")
    assert sorted(listed.rstrip("\0").split("\0")) == sorted(names)
    assert either_way.status() == "?? incidents/2026/other.yaml"


def test_passing_hooks_run_and_see_git_as_they_expect_it(records: Repository) -> None:
    """Literal path specs in the environment would make `git diff -- '*.yaml'` in a hook find nothing."""
    records.hook("pre-commit", f"git diff --cached --name-only -- '*.yaml' > '{records.root}/seen.txt'")
    records.hook("prepare-commit-msg", 'echo "Prepared: yes" >> "$1"')
    records.hook("commit-msg", 'echo "Checked: yes" >> "$1"')
    records.hook("post-commit", f"touch '{records.root}/after.txt'")

    commit(records, {NAME: b"kind: note\n"})

    assert (records.root / "seen.txt").read_text("utf-8").split() == [NAME]
    assert (records.root / "after.txt").exists()
    assert records.trailers() == ["Incident: x", "Entry: y", "Prepared: yes", "Checked: yes"]


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "prepare-commit-msg"])
def test_a_failing_hook_refuses_with_its_own_words_and_the_tree_is_as_before(records: Repository, hook: str) -> None:
    records.hook(hook, "echo 'the moon is wrong' >&2; exit 1")
    (records.root / "staged.txt").write_text("mine\n", "utf-8")
    records.git("add", "staged.txt")
    before = records.snapshot()

    with pytest.raises(GitTrouble, match=rf"a commit hook \({hook}\) may have rejected it") as error:
        commit(records, {NAME: b"kind: note\n", "oncall.yaml": b"schema: 1\n"}, replace=frozenset({"oncall.yaml"}))

    assert "git says: the moon is wrong" in error.value.hints
    assert records.snapshot() == before
    assert not (records.root / "incidents").exists()
    assert not (records.root / ".git/sevlog/journal.json").exists()


@pytest.mark.parametrize("below", [False, True])
def test_hooks_are_found_where_core_hookspath_says(records: Repository, below: bool) -> None:
    """A relative path counts from the top of the checkout, also for records that lie below it."""
    (records.root / "my-hooks").mkdir()
    hook = records.root / "my-hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    records.git("config", "core.hooksPath", "my-hooks")
    root = records.root / "below" if below else records.root
    root.mkdir(exist_ok=True)

    with pytest.raises(GitTrouble, match="pre-commit"):
        transaction.commit(Git(root), NewCommit(MESSAGE, {NAME: b"kind: note\n"}))

    assert not (root / "incidents").exists()


@pytest.mark.parametrize("hooks", [False, True])
def test_commits_are_signed_where_the_configuration_says_so(records: Repository, tmp_path: Path, hooks: bool) -> None:
    key = tmp_path / "key"
    ssh_key(key)
    for name, value in (
        ("gpg.format", "ssh"),
        ("user.signingKey", f"{key}.pub"),
        ("commit.gpgSign", "true"),
        ("gpg.ssh.allowedSignersFile", f"{tmp_path}/signers"),
    ):
        records.git("config", name, value)
    (tmp_path / "signers").write_text(f"ana@example.org {Path(f'{key}.pub').read_text('utf-8')}", "utf-8")
    if hooks:
        records.hook("pre-commit", "exit 0")

    commit(records, {NAME: b"kind: note\n"})

    assert records.git("log", "-1", "--format=%G? %GS") == "G ana@example.org"


def test_a_signature_that_cannot_be_made_refuses(either_way: Repository) -> None:
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", "/nowhere/key"), ("commit.gpgSign", "true")):
        either_way.git("config", name, value)
    before = either_way.snapshot()

    with pytest.raises(GitTrouble, match="could not sign the commit"):
        commit(either_way, {NAME: b"kind: note\n"})

    assert either_way.snapshot() == before


def ssh_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)


def test_nothing_lies_around_in_the_git_directory_afterwards(either_way: Repository) -> None:
    commit(either_way, {NAME: b"kind: note\n"})

    assert [p.name for p in sorted((either_way.root / ".git/sevlog").iterdir())] == ["lock"]
    fsck = git(either_way.root, "fsck", "--full", "--unreachable")
    assert [line for line in fsck.split("\n") if "commit" in line] == []


@pytest.mark.parametrize("wanted", ["true", "false"])
def test_git_packs_when_many_objects_have_gathered_unless_told_not_to(records: Repository, wanted: str) -> None:
    for name, value in (("gc.auto", "100"), ("gc.autoDetach", "false"), ("maintenance.auto", wanted)):
        records.git("config", name, value)
    write_loose_objects(records.root / ".git/objects/17", 30)

    commit(records, {NAME: b"kind: note\n"})

    packs = sorted((records.root / ".git/objects/pack").glob("*.pack"))
    assert bool(packs) == (wanted == "true")


def write_loose_objects(folder: Path, count: int) -> None:
    """Blobs whose ids begin with the folder's name: git reckons from one such folder how many objects there are."""
    folder.mkdir(exist_ok=True)
    numbers = itertools.count()
    while count:
        blob = f"{next(numbers)}".encode()
        blob = b"blob %d\0%s" % (len(blob), blob)
        name = hashlib.sha1(blob).hexdigest()
        if name.startswith(folder.name):
            (folder / name[2:]).write_bytes(zlib.compress(blob))
            count -= 1
