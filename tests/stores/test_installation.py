"""Where others get the sevlog that runs: read from what pip recorded, and never a name that anybody may register."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sevlog.stores.installation import Origin, is_at_home, is_unpublished, named_in, origin_of

COMMIT = "4f2c1ea0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6"


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def vcs(url: str) -> Origin:
    return origin_of({"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT}})


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("https://git.example.com/x/sevlog", f"git+https://git.example.com/x/sevlog@{COMMIT}"),
        ("https://ana:pw@git.example.com/x/sevlog.git", f"git+https://git.example.com/x/sevlog.git@{COMMIT}"),
        ("ssh://git@git.example.com/x/sevlog", f"git+https://git.example.com/x/sevlog@{COMMIT}"),
        ("git@git.example.com:x/sevlog.git", f"git+https://git.example.com/x/sevlog.git@{COMMIT}"),
    ],
)
def test_a_sevlog_from_git_is_got_by_its_commit_and_without_what_its_user_proves(url: str, line: str) -> None:
    assert vcs(url).requirement("site") == f"sevlog[site] @ {line}"


def test_an_archive_from_the_web_is_got_with_its_hash() -> None:
    found = origin_of({"url": "https://x.example/sevlog.whl", "archive_info": {"hash": "sha256=ab"}})

    assert found.requirement("site") == "sevlog[site] @ https://x.example/sevlog.whl#sha256=ab"


@pytest.mark.parametrize(
    "recorded",
    [
        None,
        {"url": "file:///home/ana/sevlog.whl", "archive_info": {}},
        {"url": "file:///home/ana/sevlog", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        {"url": "file:///nowhere/at/all", "dir_info": {"editable": True}},
    ],
)
def test_what_nobody_else_can_reach_has_no_line_and_says_why(recorded: dict[str, object] | None) -> None:
    found = origin_of(recorded)

    assert found.requirement("site") is None
    assert found.why
    assert "ana" not in found.why


def test_a_checkout_is_got_from_its_remote_once_its_commit_is_there(tmp_path: Path) -> None:
    def found() -> Origin:
        return origin_of({"url": work.as_uri(), "dir_info": {"editable": True}})

    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    git(work, "commit", "-q", "--allow-empty", "-m", "x")
    assert found().why == "it was installed from a checkout that has no remote"
    git(tmp_path, "init", "-q", "--bare", "remote")
    git(work, "remote", "add", "origin", str(tmp_path / "remote"))
    assert found().why == "it was installed from a checkout whose commit was not pushed yet"
    git(work, "push", "-q", "origin", "main")
    assert found().why == "it was installed from a file of one machine"
    git(work, "remote", "set-url", "origin", "https://git.example.com/x/sevlog")
    commit = git(work, "rev-parse", "HEAD")

    assert found().requirement("site") == f"sevlog[site] @ git+https://git.example.com/x/sevlog@{commit}"
    assert found().install_command("notify").startswith("pip install 'sevlog[notify] @ git+https://")


@pytest.mark.parametrize(
    ("line", "unpublished", "at_home"),
    [
        ("sevlog", True, False),
        ("sevlog[site]==0.1.0", True, False),
        ("sevlog [site, notify] >= 0.1 # ours", True, False),
        ("sevlog[site] @ git+https://x.example/s@ab", False, False),
        ("sevlog[site] @ file:///home/ana/sevlog", False, True),
        ("sevlog[site] @ git+file:///home/ana/sevlog", False, True),
        ("-e ../sevlog", False, True),
        ("/home/ana/sevlog[site]", False, True),
    ],
)
def test_lines_that_pipelines_cannot_use_are_told_from_others(line: str, unpublished: bool, at_home: bool) -> None:
    assert (is_unpublished(line), is_at_home(line)) == (unpublished, at_home)


def test_the_line_of_a_requirements_file_that_counts_is_no_comment() -> None:
    assert (
        named_in("# sevlog[site]\nruamel.yaml\nsevlog @ https://x.example/s.whl\n")
        == "sevlog @ https://x.example/s.whl"
    )
    assert named_in("# sevlog[site]\n") is None
