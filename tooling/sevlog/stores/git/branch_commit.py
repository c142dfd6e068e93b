"""Commits on a branch that is not checked out: the checkout, its index and its branch stay as they are.

Everything is made from objects, and one step makes it count: the branch moves to the new commit, or it does not.
Where commit hooks want to see a commit, a second checkout in the git directory gives them a tree to look at.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from ...errors import GitTrouble, InvalidRecord
from .. import files
from . import fast_commit, journal, replay_commits, scratch, transaction
from .command import Git
from .transaction import NewCommit


def commit(git: Git, branch: str, parent: str, new: NewCommit) -> str:
    """Make a commit on top of `parent`, and let `branch` be that commit; its id.

    new: as for transaction.commit, with what `parent` has in the place of the working tree.
    Call it while holding `exclusive`. Raises GitTrouble or InvalidRecord; nothing is changed then.
    """
    message, contents, replaced, removed = new
    require_free(git, branch)
    for name in contents:
        files.inside(git.root, name)
    _check(git, parent, contents, replaced, removed)
    configured = fast_commit.settings(git)
    if fast_commit.commit_hooks(git, configured):
        made = _with_hooks(git, parent, new)
    else:
        blobs = store(git, {git.prefix + name: data for name, data in contents.items()})
        made = replay_commits.commit_on(
            git,
            parent,
            blobs,
            message,
            git.text("var", "GIT_AUTHOR_IDENT"),
            durable=transaction.DURABLE,
            sign=fast_commit.is_true(configured.get("commit.gpgsign")),
            gone=[git.prefix + name for name in removed],
        )
        fast_commit.tidy_when_due(git, configured)
    set_branch(git, branch, made, git.commit_of(f"refs/heads/{branch}"), message.partition("\n")[0])
    return made


def set_branch(git: Git, branch: str, new: str | None, old: str | None, reason: str) -> None:
    """Move a branch that nobody has checked out from `old` (None: not there yet) to `new` (None: away with it).

    Raises GitTrouble where it is somewhere else than `old` by now.
    """
    zero = "0" * len(new or old or "")
    target = (new, old or zero) if new else ("-d", None)
    where = f"refs/heads/{branch}"
    if target[0] == "-d":
        git.run("update-ref", "-d", where, old or zero)
    else:
        git.run(
            *transaction.DURABLE,
            "update-ref",
            "--create-reflog",
            "-m",
            f"sevlog: {reason}",
            where,
            new or "",
            old or zero,
        )


def require_free(git: Git, branch: str) -> None:
    """Raise GitTrouble where another worktree has the branch checked out: it would not notice that it moved."""
    place = git.text("for-each-ref", "--format=%(worktreepath)", f"refs/heads/{branch}")
    if place and Path(place) != git.top:
        raise GitTrouble(f"`{branch}` is checked out in {place}", f"work there: cd '{place}'")


def store(git: Git, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Put files into the object store as git would store them at their paths; path -> blob."""
    special = replay_commits.filtered(git, list(contents))
    found = {
        name: git.run(*transaction.DURABLE, "hash-object", "-w", "--stdin", f"--path={name}", data=contents[name])
        .stdout.decode()
        .strip()
        for name in special
    }
    plain = [name for name in contents if name not in special]
    with scratch.Space(git) as place:
        for number, name in enumerate(plain):
            (place / str(number)).write_bytes(contents[name])
        listing = "".join(f"{place}/{number}\n" for number in range(len(plain))).encode()
        blobs = git.run(*transaction.DURABLE, "hash-object", "-w", "--no-filters", "--stdin-paths", data=listing)
    return found | dict(zip(plain, blobs.stdout.decode().split(), strict=True))


def _check(
    git: Git, parent: str, contents: Mapping[str, bytes], replaced: frozenset[str], removed: frozenset[str]
) -> None:
    there = replay_commits.blobs_at(git, parent, [git.prefix + name for name in (*contents, *removed)])
    for name in contents:
        if name not in replaced and git.prefix + name in there:
            raise InvalidRecord(f"{name} already exists", "run the command again")
    for name in (*replaced, *removed):
        if git.prefix + name not in there:
            raise GitTrouble(f"{name} is not on the branch that this commit goes to", "git status; sevlog sync")


def _with_hooks(git: Git, parent: str, new: NewCommit) -> str:
    """Make the commit in a checkout of its own, where `git commit` runs the user's hooks."""
    place = journal.folder(git) / "desk"
    quiet = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")
    desk = Git(place)
    if git.run("-C", str(place), *quiet, "reset", "--quiet", "--hard", parent, check=False).returncode != 0 or (
        not (place / ".git").is_file()
    ):
        shutil.rmtree(place, ignore_errors=True)
        git.run("worktree", "prune")
        git.run(*quiet, "worktree", "add", "--quiet", "--force", "--detach", str(place), parent)
    desk = Git(place / git.prefix)
    return transaction.commit(desk, new, on_branch=False)
