"""Moves the checked-out branch to another commit, as `git pull` would, with the user's own changes kept.

A note in the git directory describes the move before it begins: a process that dies half-way leaves it, and the next
command finishes the move.
"""

from __future__ import annotations

import json

from ...errors import GitTrouble
from .. import files
from .command import Git
from .journal import folder, wait_for_git


def move(git: Git, old: str, new: str) -> None:
    """Branch, index and working tree from `old` (HEAD) to `new`.

    Raises GitTrouble where a change of the user's own is in the way; nothing is moved then.
    """
    note = folder(git) / "move.json"
    files.write_whole(note, json.dumps({"old": old, "new": new}).encode())
    try:
        git.run_patiently("read-tree", "-m", "-u", old, new)
    except GitTrouble as trouble:
        note.unlink(missing_ok=True)
        raise GitTrouble(
            "fetched the records of others, but your uncommitted change conflicts with them",
            *trouble.hints,
            "commit or stash it, then: sevlog sync",
        ) from None
    git.run("update-ref", "-m", "sevlog: on top of what others recorded", "HEAD", new, old)
    note.unlink(missing_ok=True)


def settle(git: Git) -> None:
    """Finish a move that a dead process began."""
    note = folder(git) / "move.json"
    if not note.exists():
        return
    wait_for_git(git)
    try:
        plan = json.loads(note.read_text("utf-8"))
        old, new = str(plan["old"]), str(plan["new"])
    except (ValueError, KeyError):
        note.unlink(missing_ok=True)
        return
    if git.head() == old:
        git.run_patiently("read-tree", "-m", "-u", old, new)
        git.run("update-ref", "-m", "sevlog: on top of what others recorded", "HEAD", new, old)
    note.unlink(missing_ok=True)
