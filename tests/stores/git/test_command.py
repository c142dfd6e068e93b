"""What is asked of git, and how its failures are told."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fixtures.repositories import Repository, git, living_git
from sevlog.errors import GitTrouble
from sevlog.stores.git.command import Git, IndexLocked


def test_the_git_directory_of_a_plain_checkout_a_worktree_and_a_submodule(records: Repository, tmp_path: Path) -> None:
    records.git("worktree", "add", "--quiet", str(tmp_path / "tree"))
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(records.root), "sub")

    for root in (records.root, tmp_path / "tree", outer / "sub"):
        own = Path(git(root, "rev-parse", "--absolute-git-dir"))
        shared = Path(git(root, "rev-parse", "--path-format=absolute", "--git-common-dir"))
        assert (Git(root).folder.resolve(), Git(root).common_folder.resolve()) == (own, shared)
        assert Git(root).top == root


def test_the_branch_and_the_head(records: Repository) -> None:
    assert Git(records.root).branch == "main"
    assert Git(records.root).head() == records.commits()[0]
    records.git("switch", "--quiet", "-c", "feature/x")
    assert Git(records.root).branch == "feature/x"
    records.git("switch", "--quiet", "--orphan", "empty")
    assert (Git(records.root).branch, Git(records.root).head()) == ("empty", None)
    records.git("checkout", "--quiet", "--detach", "main")
    assert Git(records.root).branch is None


def test_from_below_the_top_paths_count_from_there(records: Repository) -> None:
    below = records.root / "ops" / "status"
    below.mkdir(parents=True)

    assert (Git(records.root).prefix, Git(below).prefix) == ("", "ops/status/")


def test_outside_of_git_it_says_so(tmp_path: Path) -> None:
    assert not Git(tmp_path).present
    with pytest.raises(GitTrouble, match="is not in a git repository") as error:
        Git(tmp_path).require_ready()

    assert "git init" in error.value.hints[0]


def test_a_git_directory_without_a_head_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    with pytest.raises(GitTrouble, match="is no longer a git directory"):
        Git(tmp_path).require_ready()


def test_a_failure_has_gits_own_words(records: Repository) -> None:
    with pytest.raises(GitTrouble, match=r"git rev-parse failed \(exit 128\)") as error:
        Git(records.root).run("rev-parse", "nowhere")

    assert error.value.hints[0].startswith("git says: ")


def test_a_git_that_does_not_answer_is_ended_with_all_that_it_started(records: Repository) -> None:
    pipe = records.root / ".git" / "never"
    os.mkfifo(pipe)
    records.git("config", "alias.hang", f"!exec cat '{pipe}'")

    with pytest.raises(GitTrouble, match=r"git hang did not answer within 0\.2 s"):
        Git(records.root).run("hang", timeout=0.2)

    with pytest.raises(OSError, match="No such device"):  # nobody reads it any more
        os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)


def test_an_index_that_is_locked_is_told_apart(records: Repository) -> None:
    (records.root / ".git/index.lock").touch()

    with living_git(records.root), pytest.raises(IndexLocked, match="another git process"):
        Git(records.root).run("update-index", "--add", "sevlog.yaml")


def test_hooks_and_filters_get_no_literal_paths_and_no_foreign_repository(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    with (records.root / ".git/config").open("a") as config:
        config.write("[alias]\n\tseen = !env\n")

    seen = Git(records.root).run("seen").stdout.decode()

    assert "GIT_LITERAL_PATHSPECS" not in seen
    assert "/nowhere" not in seen
    assert "GIT_TERMINAL_PROMPT=0" in seen


def test_changed_paths_are_those_that_differ_from_head(records: Repository) -> None:
    (records.root / "oncall.yaml").write_text("schema: 1\n", "utf-8")
    (records.root / "new*").touch()

    assert Git(records.root).changed("oncall.yaml", "sevlog.yaml", "new*") == ["oncall.yaml", "new*"]


def test_asking_what_changed_leaves_the_index_alone(records: Repository) -> None:
    (records.root / "oncall.yaml").touch()
    before = (records.root / ".git/index").read_bytes()

    Git(records.root).changed("oncall.yaml")

    assert (records.root / ".git/index").read_bytes() == before


def test_remotes_and_identity(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Git(records.root).remote_url("origin") is None
    records.git("remote", "add", "origin", "/somewhere")
    assert Git(records.root).remote_url("origin") == "/somewhere"
    assert Git(records.root).mail_address() == "ana@example.org"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    records.git("config", "user.useConfigOnly", "true")
    assert Git(records.root).mail_address() is None


def test_a_repository_of_someone_else_is_told_in_gits_words(
    records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git refuses a checkout that belongs to another user, and says how to trust it."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    done = subprocess.run(["git", "status"], cwd=records.root, capture_output=True, check=False)
    if done.returncode == 0:
        pytest.skip("this git does not know the switch")

    with pytest.raises(GitTrouble) as error:
        Git(records.root).run("status")

    assert any("safe.directory" in hint for hint in error.value.hints)


@pytest.mark.parametrize("language", ["de", "de_DE:fr"])
def test_git_speaks_words_that_we_can_match_whatever_language_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.setenv("LANGUAGE", language)

    said = Git(tmp_path).run("-c", "alias.say=!echo $LANGUAGE:$LC_ALL", "say").stdout.decode().strip()

    assert said == ":C.UTF-8"
