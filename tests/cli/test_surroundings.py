"""Acts work wherever a records repository is, and are refused with a hint where a commit would do harm."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.repositories import CONFIG, ONCALL, Repository, git

Place = Callable[[Repository, Path], Path]


def worktree(records: Repository, spare: Path) -> Path:
    records.git("worktree", "add", "--quiet", "-b", "other", str(spare / "tree"))
    return spare / "tree"


def sub_folder(records: Repository, spare: Path) -> Path:
    folder = records.root / "ops" / "status"
    folder.mkdir(parents=True)
    for name in ("sevlog.yaml", "oncall.yaml"):
        shutil.move(records.root / name, folder / name)
    records.git("add", ".")
    records.git("commit", "--quiet", "-m", "records lie below")
    return folder


def spaces_and_umlauts(records: Repository, spare: Path) -> Path:
    return Path(shutil.copytree(records.root, spare / "Störungen und Wartung" / "der Kasse"))


def submodule(records: Repository, spare: Path) -> Path:
    outer = spare / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(records.root), "records")
    return outer / "records"


def autocrlf(records: Repository, spare: Path) -> Path:
    records.git("config", "core.autocrlf", "true")
    records.git("config", "core.safecrlf", "true")
    return records.root


def ignoring_yaml(records: Repository, spare: Path) -> Path:
    (records.root / ".gitignore").write_text("*.yaml\nincidents/\n", "utf-8")
    records.git("add", ".gitignore")
    records.git("commit", "--quiet", "-m", "ignore")
    return records.root


def shallow_clone(records: Repository, spare: Path) -> Path:
    git(spare, "clone", "--quiet", "--depth=1", f"file://{records.root}", "shallow")
    return spare / "shallow"


def unborn(records: Repository, spare: Path) -> Path:
    folder = spare / "new"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "sevlog.yaml").write_text(CONFIG, "utf-8")
    (folder / "oncall.yaml").write_text(ONCALL, "utf-8")
    return folder


PLACES = [worktree, sub_folder, spaces_and_umlauts, submodule, autocrlf, ignoring_yaml, shallow_clone, unborn]


@pytest.mark.parametrize("hooks", [False, True], ids=["object by object", "git commit"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_an_act_is_one_commit_of_its_files_wherever_the_records_lie(
    records: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Place, hooks: bool
) -> None:
    records.root = place(records, tmp_path)
    monkeypatch.chdir(records.root)
    if hooks:
        install_hook(records)
    before, status = records.commits(), records.status()

    incident = records.raised("--no-push", "--any-branch")
    records.does("note", "-i", incident, "Zeilen\nmit Umlauten: äöü", "--no-push", "--any-branch")

    assert len(records.commits()) == len(before) + 2
    prefix = records.git("rev-parse", "--show-prefix")
    folder = f"{prefix}incidents/{incident[:4]}/{incident}/"
    assert [len(records.committed(commit)) for commit in ("HEAD~1", "HEAD")] == [2, 1]
    assert all(path.startswith(folder) for commit in ("HEAD~1", "HEAD") for path in records.committed(commit))
    assert records.status() == status
    assert records.tells("show", incident)["timeline"][-1]["text"] == "Zeilen\nmit Umlauten: äöü"
    git(records.root, "fsck", "--full")


def install_hook(records: Repository) -> None:
    folder = Path(records.git("rev-parse", "--path-format=absolute", "--git-path", "hooks"))
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "pre-commit").write_text("#!/bin/sh\nexit 0\n", "utf-8")
    (folder / "pre-commit").chmod(0o755)


def test_a_card_with_windows_line_ends_keeps_them(records: Repository) -> None:
    records.git("config", "core.autocrlf", "true")
    incident = records.raised()
    card = records.folder() / "incident.yaml"
    card.unlink()
    records.git("checkout", "--", ".")
    assert b"\r\n" in card.read_bytes()

    records.does("update", "We are on it", "--title", "Cards are refused")

    assert b"public_title: Cards are refused\r\n" in card.read_bytes()
    assert records.status() == ""
    assert records.git("diff", "--stat", "HEAD~1", "--", f"incidents/2026/{incident}/incident.yaml").endswith(
        "1 insertion(+)"
    )


def test_from_a_folder_below_the_records_are_found(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    incident = records.raised()
    monkeypatch.chdir(records.folder() / "timeline")

    records.does("note", "from below")

    assert records.committed()[0].startswith(f"incidents/{incident[:4]}/{incident}/timeline/")


def test_what_a_git_hook_around_us_says_of_its_repository_is_not_ours(
    records: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    before = len(records.commits())
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", str(other / ".git"))
        patch.setenv("GIT_WORK_TREE", str(other))
        patch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
        records.raised()

    assert len(records.commits()) == before + 1
    assert git(other, "status", "--porcelain") == ""


def conflict(records: Repository) -> None:
    """Two branches that do not merge."""
    records.git("branch", "theirs")
    for branch in ("main", "theirs"):
        records.git("switch", "--quiet", branch)
        (records.root / "README").write_text(branch, "utf-8")
        records.git("add", "README")
        records.git("commit", "--quiet", "-m", branch)
    records.git("switch", "--quiet", "main")


@pytest.mark.parametrize(
    ("command", "what", "cure"),
    [
        ("merge", "a merge is in progress", "git merge --continue"),
        ("rebase", "a rebase is in progress", "git rebase --abort"),
        ("cherry-pick", "a cherry-pick is in progress", "git cherry-pick --continue"),
    ],
)
def test_in_the_middle_of_something_it_refuses_with_the_cure(
    records: Repository, command: str, what: str, cure: str
) -> None:
    records.raised()
    conflict(records)
    records.git(command, "theirs", check=False)

    said = records.refuses(5, "note", "-i", "checkout", "in the middle")

    assert what in said
    assert cure in said


def test_in_the_middle_of_a_revert_too(records: Repository) -> None:
    records.raised()
    conflict(records)
    (records.root / "README").write_text("later", "utf-8")
    records.git("commit", "--quiet", "-am", "later")
    records.git("revert", "HEAD~1", check=False)

    assert "git revert --abort" in records.refuses(5, "note", "in the middle")


@pytest.mark.parametrize("hooks", [False, True], ids=["object by object", "git commit"])
def test_unmerged_files_of_someone_stay_unmerged(records: Repository, hooks: bool) -> None:
    records.raised()
    if hooks:
        records.hook("pre-commit", "exit 0")
    records.git("branch", "theirs")
    (records.root / "README").write_text("mine", "utf-8")
    records.git("add", "README")
    records.git("stash")
    (records.root / "README").write_text("theirs", "utf-8")
    records.git("add", "README")
    records.git("commit", "--quiet", "-m", "theirs")
    records.git("stash", "pop", check=False)
    unmerged = records.git("ls-files", "--unmerged")
    assert unmerged

    records.does("note", "meanwhile")

    assert records.git("ls-files", "--unmerged") == unmerged
    assert len(records.committed()) == 1


def test_on_a_detached_head_it_refuses_with_the_cure(records: Repository) -> None:
    records.raised()
    records.git("checkout", "--quiet", "--detach")

    said = records.refuses(5, "note", "where would this go")

    assert "detached HEAD" in said
    assert "git switch main" in said


def test_outside_of_git_it_says_so_and_no_commit_works_all_the_same(
    tmp_path: Path, records: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(records.root / ".git")
    words = ("raise", "Checkout fails", "--severity", "SEV3", "--component", "checkout", "--summary", "Slow")
    done = records.sevlog(*words)
    assert done.code == 5
    assert "is not in a git repository" in done.err
    assert "git init" in done.err
    assert not (records.root / "incidents").exists()

    records.does(*words, "--no-commit")

    assert "Slow" in (records.folder() / "incident.yaml").read_text("utf-8")


def test_where_there_are_no_records_it_says_how_to_begin(tmp_path: Path, records: Repository) -> None:
    (records.root / "sevlog.yaml").unlink()

    done = records.sevlog("board")

    assert done.code == 4
    assert "sevlog init" in done.err


def test_without_git_on_the_path_it_says_so(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    records.raised()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        done = records.sevlog("note", "x")

    assert done.code == 5
    assert "git is not installed" in done.err


@pytest.mark.parametrize("command", [("site", "build"), ("check",)])
@pytest.mark.parametrize("kept", ["runbooks", "incidents/2025"])
def test_what_a_sparse_checkout_leaves_out_is_not_passed_over(
    records: Repository, command: tuple[str, ...], kept: str
) -> None:
    records.raised()
    records.git("sparse-checkout", "set", kept)

    said = records.refuses(5, *command)

    assert "this sparse checkout leaves out 2 files of incidents/" in said
    assert "git sparse-checkout add incidents" in said
    records.git("sparse-checkout", "set", "incidents")
    records.does(*command)
