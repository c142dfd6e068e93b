"""The other side: fetching from and pushing to a remote, with answers instead of exit codes."""

from __future__ import annotations

import re
import time
from enum import Enum

from msgspec import Struct

from ...errors import GitTrouble
from ..git.command import Git

PATIENCE = 20.0
"""Seconds that a remote has to answer before the record is kept here and sent later."""


class Answer(Enum):
    """What became of a push."""

    TAKEN = "taken"
    BEHIND = "behind"
    """Someone else was faster: fetch, and put ours on top."""
    REFUSED = "refused"
    """The remote does not let us: a protected branch, a hook, missing rights."""
    HELD = "held"
    """A hook of this clone (pre-push) does not let it go."""
    UNREACHABLE = "unreachable"


class Reply(Struct, frozen=True):
    """An answer and what was said with it, by git, by a hook, or by the remote (`told`, one item a line)."""

    answer: Answer
    said: str = ""
    told: tuple[str, ...] = ()


_BEHIND = re.compile(
    r"\((?:fetch first|non-fast-forward|stale info|needs force)\)|cannot lock ref|failed to update ref"
    r"|reference already exists|incorrect old value|failed to lock|unable to create '[^']*\.lock'",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\[remote rejected\]|protected branch|hook declined|not allowed|GH0\d\d|GL-HOOK", re.IGNORECASE)
_MET = re.compile(r"cannot lock ref|unable to create '[^']*\.lock'|shallow file has changed", re.IGNORECASE)
"""What a git says that met another one in the same clone."""

_CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What could make a terminal do something else than show words."""

_NOISE = ("To ", "hint:", "Done", "error: failed to push some refs")
_MOST_SAID = 3
_TRIES, _PAUSE = 6, 0.1


def push(git: Git, remote: str, commit: str, branch: str, *, over: str | None = None) -> Reply:
    """Send `commit` to be the tip of the remote's `branch`; by force only over the commit `over`, and no other."""
    lease = [f"--force-with-lease=refs/heads/{branch}:{over}"] if over else []
    return _push(git, *lease, remote, f"{commit}:refs/heads/{branch}")


def swap(git: Git, remote: str, ref: str, old: str | None, new: str) -> Reply:
    """Move a ref of the remote from one commit to another, or make it where `old` is None: all or nothing.

    People do not work on this branch, so their pre-push hook does not run.
    """
    return _push(git, "--no-verify", f"--force-with-lease={ref}:{old or ''}", remote, f"{new}:{ref}")


def _push(git: Git, *arguments: str) -> Reply:
    try:
        done = git.run("push", "--porcelain", "--quiet", *arguments, timeout=PATIENCE, check=False)
    except GitTrouble as trouble:
        return Reply(Answer.UNREACHABLE, trouble.message)
    status, words = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    lines = (_CONTROL.sub("", line) for line in words.splitlines())
    told = tuple(line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:"))
    if done.returncode == 0:
        return Reply(Answer.TAKEN, told=told)
    return Reply(_answer(status, words), _brief(status, words), told)


def _answer(status: str, words: str) -> Answer:
    said = f"{status}\n{words}"
    if "[remote rejected]" in said and "(non-fast-forward)" in said:  # it was forced, and force is not allowed there
        return Answer.REFUSED
    if _BEHIND.search(said):
        return Answer.BEHIND
    if _REFUSED.search(said):
        return Answer.REFUSED
    asked = "failed to push some refs" in words and "fatal:" not in words
    return Answer.HELD if asked and not status.lstrip().startswith("!") else Answer.UNREACHABLE


def _brief(status: str, words: str) -> str:
    """The lines that say why, without what git always says."""
    lines = [_CONTROL.sub("", line).strip() for line in f"{status}\n{words}".splitlines() if line.strip()]
    telling = [line.replace("\t", " ") for line in lines if not line.startswith(_NOISE)]
    return "; ".join(telling[:_MOST_SAID])


def fetch(git: Git, remote: str, branch: str) -> str | None:
    """Fetch the remote's branch; its commit, or None where the remote has no such branch.

    Raises GitTrouble where the remote cannot be reached.
    """
    target = tracking(remote, branch)
    said = _fetch(git, remote, f"+refs/heads/{branch}:{target}")
    if said is not None:
        return None
    return git.text("rev-parse", "--verify", target)


def fetch_ref(git: Git, remote: str, ref: str) -> str | None:
    """Fetch a ref of the remote under its own name, whatever it was here; its commit, None where there is none.

    Raises GitTrouble where the remote cannot be reached.
    """
    if _fetch(git, remote, f"+{ref}:{ref}") is not None:
        return None
    return git.commit_of(ref)


def fetch_all(git: Git, remote: str, *names: str) -> None:
    """Fetch branches by name or pattern (`incident/*`), and forget those of a pattern that the remote has no more.

    A name that the remote does not have is passed over. Raises GitTrouble where the remote cannot be reached.
    """
    patterns = [name for name in names if "*" in name]
    fixed = [name for name in names if "*" not in name]
    specs = [f"+refs/heads/{name}:{tracking(remote, name)}" for name in (*patterns, *fixed)]
    if _fetch(git, remote, "--prune", *specs) is not None:  # one that has a name is not there
        _fetch(git, remote, "--prune", *specs[: len(patterns)])


def deepen(git: Git, remote: str, branch: str, by: int) -> None:
    """Ask for `by` more commits of the past, in a shallow clone. Raises GitTrouble."""
    _fetch(git, remote, f"--deepen={by}", f"+refs/heads/{branch}:{tracking(remote, branch)}")


def tracking(remote: str, branch: str) -> str:
    """The ref that remembers where a remote's branch was when we last asked."""
    return f"refs/remotes/{remote}/{branch}"


def _fetch(git: Git, remote: str, *arguments: str) -> str | None:
    """Fetch, again where another git of this clone was in the way; what was said where a branch is not there.

    `--prune` and the like come first among the arguments, then what to fetch. Raises GitTrouble.
    """
    options = [word for word in arguments if word.startswith("--")]
    specs = [word for word in arguments if not word.startswith("--")]
    said = ""
    for _ in range(_TRIES):
        done = git.run(
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--recurse-submodules=no",
            *options,
            remote,
            *specs,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode == 0:
            return None
        said = done.stderr.decode("utf-8", "replace").strip()
        if "couldn't find remote ref" in said:
            return said
        if not _MET.search(said):
            break
        time.sleep(_PAUSE)
    raise GitTrouble(f"{remote} cannot be reached", *(f"git says: {line}" for line in said.splitlines()[:_MOST_SAID]))
