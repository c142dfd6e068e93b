"""Sending works wherever git does: each way round once directly and once by pull request, with others in between."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.clocks import Clock
from fixtures.repositories import git
from fixtures.teams import BY_REQUEST, CONFIG, Team

Place = Callable[[Team], str]
"""Makes bo's clone, and says where it is (relative to all clones)."""


def plain(team: Team) -> str:
    team.clone("bo")
    return "bo"


def worktree(team: Team) -> str:
    clone = team.clone("chi")
    git(clone, "switch", "-q", "-c", "parked")
    git(clone, "worktree", "add", "-q", str(team.root / "bo"), "main")
    return "bo"


def submodule(team: Team) -> str:
    git(team.root, "init", "-q", "bo")
    git(team.root / "bo", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(team.hub), "status")
    git(team.root / "bo" / "status", "switch", "-q", "main")
    return "bo/status"


def odd_path(team: Team) -> str:
    name = "bo/it's a “näme”; $HOME * [x] \\ -rf"
    (team.root / "bo").mkdir()
    git(team.root, "clone", "-q", "hub.git", name)
    return name


def windows_line_ends(team: Team) -> str:
    git(team.root, "clone", "-q", "-c", "core.autocrlf=true", "hub.git", "bo")
    return "bo"


def passing_hooks(team: Team) -> str:
    clone = team.clone("bo")
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-push", "post-rewrite"):
        hook = clone / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\necho {name} >> '{team.root}/hooks-that-ran'\n", "utf-8")
        hook.chmod(0o755)
    return "bo"


def hooks_path_and_template(team: Team) -> str:
    clone = team.clone("bo")
    (clone / ".git" / "template").write_text("# fill this in\nTicket:\n", "utf-8")
    git(clone, "config", "commit.template", str(clone / ".git" / "template"))
    git(clone, "config", "core.hooksPath", str(team.root / "hooks"))
    (team.root / "hooks").mkdir()
    (team.root / "hooks" / "commit-msg").write_text('#!/bin/sh\necho "Checked: yes" >> "$1"\n', "utf-8")
    (team.root / "hooks" / "commit-msg").chmod(0o755)
    return "bo"


def signing(team: Team) -> str:
    clone = team.clone("bo")
    key = team.root / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", f"{key}.pub"), ("commit.gpgSign", "true")):
        git(clone, "config", name, value)
    return "bo"


def shallow(team: Team) -> str:
    team.clone("bo", "--depth=1")
    git(team.root / "bo", "remote", "set-branches", "origin", "*")
    git(team.root / "bo", "fetch", "-q", "--depth=1")
    return "bo"


def partial(team: Team) -> str:
    git(team.hub, "config", "uploadpack.allowFilter", "true")
    team.clone("bo", "--filter=blob:none")
    return "bo"


def other_repository_in_the_environment(team: Team) -> str:
    team.clone("bo")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        team.patch.setenv(name, str(team.root / "nowhere"))
    return "bo"


def changes_of_ones_own(team: Team) -> str:
    clone = team.clone("bo")
    (clone / "staged.md").write_text("staged", "utf-8")
    git(clone, "add", "staged.md")
    (clone / "new.md").write_text("new", "utf-8")
    return "bo"


PLACES: tuple[Place, ...] = (
    plain,
    worktree,
    submodule,
    odd_path,
    windows_line_ends,
    passing_hooks,
    hooks_path_and_template,
    signing,
    shallow,
    partial,
    other_repository_in_the_environment,
    changes_of_ones_own,
)


@pytest.fixture(params=[CONFIG, BY_REQUEST], ids=["direct", "by request"])
def team(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Team:
    return Team(tmp_path, monkeypatch, capsys, request.param)


def clean_git(folder: Path, *words: str) -> str:
    """git, whatever the environment says of another repository."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            patch.delenv(name, raising=False)
        return git(folder, *words)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_two_who_add_at_once_both_end_up_at_the_remote(team: Team, place: Place) -> None:
    by_request = "pull-request" in (team.root / "ana" / "sevlog.yaml").read_text("utf-8")
    incident = team.raises("ana")
    bo = place(team)
    if by_request and place is submodule:
        git(team.root / bo, "fetch", "-q", "origin")
    root = team.root / bo
    before = clean_git(root, "status", "--porcelain", "--untracked-files=all")
    main = clean_git(root, "rev-parse", "HEAD")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            patch.delenv(name, raising=False)
        team.does("ana", "note", "-i", incident, "from ana")

    team.does(bo, "note", "-i", incident, "from bo")
    team.does(bo, "ack", "-i", incident, "--channel", "chat=https://chat.example/1")

    branch = f"incident/{incident}" if by_request else "main"
    assert [path.rpartition("-")[2] for path in sorted(clean_at(team, branch)) if "timeline" in path] == [
        "raised.yaml",
        "note.yaml",
        "note.yaml",
        "assigned.yaml",
        "channel.yaml",
        "status.yaml",
    ]
    assert clean_git(root, "status", "--porcelain", "--untracked-files=all") == before
    here = clean_git(root, "rev-parse", "HEAD")
    assert here == (main if by_request else clean_git(team.hub, "rev-parse", "main"))
    assert team.notes(bo, incident) == ["from ana", "from bo"]
    text = clean_git(team.hub, "log", "-2", "--format=%B", branch)
    assert f"Incident: {incident}" in text and "Ticket:" not in text
    blobs = [path for path in clean_at(team, branch) if "timeline" in path]
    assert not any("\r" in clean_git(team.hub, "cat-file", "blob", f"{branch}:{path}") for path in blobs)


def clean_at(team: Team, branch: str) -> list[str]:
    return clean_git(team.hub, "ls-tree", "-r", "--name-only", branch).splitlines()


def test_what_is_put_on_top_is_signed_again_and_keeps_its_author_and_time(team: Team) -> None:
    incident = team.raises("ana")
    bo = signing(team)
    team.patch.setenv("GIT_AUTHOR_NAME", "Bo on call")
    Clock().set("2026-11-23T15:30:00+01:00")
    team.does(bo, "note", "-i", incident, "from bo", "--no-push")
    team.patch.setenv("GIT_AUTHOR_NAME", "Someone else")
    Clock().set("2026-11-23T15:00:00Z")
    team.does("ana", "note", "-i", incident, "from ana")

    team.does(bo, "sync")

    branch = "main" if git(team.hub, "for-each-ref", "refs/heads/incident") == "" else f"incident/{incident}"
    half_past = int(datetime(2026, 11, 23, 14, 30, tzinfo=UTC).timestamp())
    assert git(team.hub, "log", "-1", "--format=%an %ad", "--date=raw", branch) == f"Bo on call {half_past + 1} +0100"
    assert "gpgsig -----BEGIN SSH SIGNATURE" in git(team.hub, "cat-file", "commit", branch)


@pytest.mark.parametrize(
    ("state", "cure"),
    [(("bisect", "start"), "git bisect reset"), (("checkout", "--detach"), "git switch main")],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_in_the_middle_of_something_nothing_is_recorded_or_sent(team: Team, state: tuple[str, ...], cure: str) -> None:
    incident = team.raises("ana")
    before = git(team.hub, "for-each-ref")
    git(team.root / "ana", *state)

    for words in (("note", "-i", incident, "x"), ("sync",)):
        code, said = team.say("ana", *words)
        assert code == 5 and cure in said, said

    assert git(team.hub, "for-each-ref") == before


def test_where_git_believes_that_there_are_no_files_the_cure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team = Team(tmp_path, monkeypatch, capsys)
    team.raises("ana")
    git(team.root / "ana", "config", "core.bare", "true")

    code, said = team.say("ana", "note", "x")

    assert code == 5 and "hint: git config core.bare false" in said


def test_a_repository_with_sha256_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    team = Team(tmp_path, monkeypatch, capsys, BY_REQUEST)
    incident = team.raises("ana")
    team.clone("bo")
    team.does("ana", "note", "-i", incident, "from ana")

    team.does("bo", "note", "-i", incident, "from bo")

    assert len(git(team.hub, "rev-parse", f"incident/{incident}")) == 64
    assert team.notes("bo", incident) == ["from ana", "from bo"]


def test_refs_in_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Since git 2.45 refs can be kept in a reftable."""
    version = git(tmp_path, "--version").split()[2].split(".")
    if (int(version[0]), int(version[1])) < (2, 45):
        pytest.skip("this git has no reftable")
    monkeypatch.setenv("GIT_DEFAULT_REF_FORMAT", "reftable")
    team = Team(tmp_path, monkeypatch, capsys)
    incident = team.raises("ana")
    team.clone("bo")
    team.does("ana", "note", "from ana")

    team.does("bo", "note", "from bo")

    assert team.notes("bo", incident) == ["from ana", "from bo"]


def test_a_filter_of_the_repository_is_applied_on_branches_too(team: Team) -> None:
    """Such as git-crypt: what lies in the object store is not what is read."""
    root = team.root / "ana"
    (root / ".gitattributes").write_text("incidents/** filter=upper\n", "utf-8")
    git(root, "add", ".gitattributes")
    git(root, "commit", "-qm", "Attributes")
    git(root, "push", "-q", "origin", "main")
    git(root, "config", "filter.upper.clean", "sed 's/p95 is/P95 IS/'")
    git(root, "config", "filter.upper.smudge", "sed 's/P95 IS/p95 is/'")

    incident = team.raises("ana")

    branch = "main" if git(team.hub, "for-each-ref", "refs/heads/incident") == "" else f"incident/{incident}"
    card = f"incidents/{incident[:4]}/{incident}/incident.yaml"
    assert "P95 IS 4 s" in git(team.hub, "cat-file", "blob", f"{branch}:{card}")
    assert team.tells("ana", "show", incident)["summary"] == "p95 is 4 s"


def test_a_tree_for_hooks_that_was_left_half_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    team = Team(tmp_path, monkeypatch, capsys, BY_REQUEST)
    incident = team.raises("ana")
    hook = team.root / "ana" / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    hook.chmod(0o755)
    team.does("ana", "note", "one")
    desk = team.root / "ana" / ".git" / "sevlog" / "desk"

    (team.root / "ana" / ".git" / "worktrees" / "desk" / "index.lock").touch()
    team.does("ana", "note", "two")
    (desk / ".git").unlink()
    team.does("ana", "note", "three")
    shutil.rmtree(desk)
    team.does("ana", "note", "four")

    assert team.notes("ana", incident) == ["one", "two", "three", "four"]
    assert team.status("ana") == ""
