"""The other side: fetching from and pushing to a remote, with answers instead of exit codes."""

from __future__ import annotations

import re
from enum import Enum

from msgspec import Struct

from ..errors import GitTrouble
from .git import Git

PATIENCE = 20.0
"""Seconds that a remote has to answer before the record is kept here and sent later."""


class Answer(Enum):
    """What became of a push."""

    TAKEN = "taken"
    BEHIND = "behind"
    """Someone else was faster: fetch, and put ours on top."""
    REFUSED = "refused"
    """The remote does not let us: a protected branch, a hook, missing rights."""
    UNREACHABLE = "unreachable"


class Reply(Struct, frozen=True):
    """An answer and the remote's own words."""

    answer: Answer
    said: str = ""


_BEHIND = re.compile(
    r"\((?:fetch first|non-fast-forward|stale info|needs force)\)|cannot lock ref|failed to update ref"
    r"|reference already exists|incorrect old value|failed to lock|unable to (?:create|lock)",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\[remote rejected\]|protected branch|hook declined|not allowed|GH006|GL-HOOK", re.IGNORECASE)


def push(git: Git, remote: str, commit: str, branch: str) -> Reply:
    """Send `commit` to be the tip of the remote's `branch`; never by force."""
    try:
        done = git.run(
            "push", "--porcelain", "--quiet", remote, f"{commit}:refs/heads/{branch}",
            timeout=PATIENCE, check=False,
        )  # fmt: skip
    except GitTrouble as trouble:
        return Reply(Answer.UNREACHABLE, trouble.message)
    said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
    words = "; ".join(line.strip() for line in said.splitlines() if line.strip() and not line.startswith("To "))
    if done.returncode == 0:
        return Reply(Answer.TAKEN)
    if _BEHIND.search(said):
        return Reply(Answer.BEHIND, words)
    if _REFUSED.search(said):
        return Reply(Answer.REFUSED, words)
    return Reply(Answer.UNREACHABLE, words)


def fetch(git: Git, remote: str, branch: str) -> str | None:
    """Fetch the remote's branch; its commit, or None where the remote has no such branch.

    Raises GitTrouble where the remote cannot be reached.
    """
    target = f"refs/remotes/{remote}/{branch}"
    done = git.run(
        "fetch", "--quiet", "--no-tags", remote, f"+refs/heads/{branch}:{target}", timeout=PATIENCE, check=False
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        if "couldn't find remote ref" in said:
            return None
        raise GitTrouble(f"{remote} cannot be reached", *(f"git says: {line}" for line in said.splitlines()[:3]))
    return git.text("rev-parse", "--verify", target)
