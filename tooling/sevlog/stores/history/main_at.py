"""What the main branch held at a time: the newest commit of its first-parent line by then, and files of that commit."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from msgspec import Struct

from ...errors import GitTrouble, NotFound
from ..git.command import Git


class MainCommit(Struct, frozen=True, kw_only=True):
    """A commit, and when it was committed."""

    commit: str
    committed_at: datetime


def held_at(git: Git, branch: str, remote: str, at: datetime) -> MainCommit:
    """The newest commit that the main branch held by `at`.

    A commit counts from its committer time on, and never before the one that it stands on: one that was dated back, or
    pushed late, changes nothing about the time before its parent.

    branch, remote: names as configured; the one of the local and the remote-tracking branch that is ahead counts, HEAD
    where there is neither. Raises NotFound where nothing was committed by then, and GitTrouble where a shallow clone
    cannot tell.
    """
    tip = _tip(git, branch, remote)
    wanted, latest, held = int(at.timestamp()), 0, ""
    for row in git.text("rev-list", "--first-parent", "--timestamp", "--reverse", tip).splitlines():
        seconds, commit = row.split()
        if max(latest, int(seconds)) > wanted:
            break
        latest, held = max(latest, int(seconds)), commit
    if not held:
        raise _nothing(git, tip, at)
    return MainCommit(commit=held, committed_at=datetime.fromtimestamp(latest, UTC))


def content(git: Git, commit: str, path: str) -> bytes | None:
    """A file of a commit, its path relative to the records; None where the commit has none."""
    done = git.run("cat-file", "blob", f"{commit}:{git.prefix}{path}", check=False)
    return done.stdout if done.returncode == 0 else None


def contents(git: Git, commit: str, folder: str, name: str) -> dict[str, bytes]:
    """Every file of this name below a folder of a commit: path relative to the records -> content."""
    rows = git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{git.prefix}{folder}").stdout.split(b"\0")
    blobs: dict[str, bytes] = {}
    for row in rows:
        facts, _, path = row.partition(b"\t")
        if path.rpartition(b"/")[2] == name.encode() and facts.startswith(b"100"):
            blobs[os.fsdecode(path).removeprefix(git.prefix)] = facts.split()[2]
    answer = git.run("cat-file", "--batch", data=b"\n".join([*blobs.values(), b""])).stdout if blobs else b""
    found: dict[str, bytes] = {}
    for place in blobs:
        head, _, answer = answer.partition(b"\n")
        size = int(head.split()[2])
        found[place], answer = answer[:size], answer[size + 1 :]
    return found


def _tip(git: Git, branch: str, remote: str) -> str:
    names = (f"refs/heads/{branch}", f"refs/remotes/{remote}/{branch}")
    there = [name for name in names if _is_there(git, name)]
    if len(there) == 2:
        behind = git.run("merge-base", "--is-ancestor", *there, check=False).returncode == 0
        return there[1] if behind else there[0]
    return there[0] if there else "HEAD"


def _is_there(git: Git, name: str) -> bool:
    return git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False).returncode == 0


def _nothing(git: Git, tip: str, at: datetime) -> GitTrouble | NotFound:
    first = git.text("rev-list", "--first-parent", "--timestamp", "--reverse", tip).partition("\n")[0].split()
    begins = f"{datetime.fromtimestamp(int(first[0]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    if (git.common_folder / "shallow").exists():
        return GitTrouble(
            f"this clone is shallow: it begins at {begins}, after {at:%Y-%m-%dT%H:%M:%SZ}",
            "fetch the full history: git fetch --unshallow (in a pipeline: fetch-depth: 0)",
        )
    return NotFound(f"nothing was committed yet at {at:%Y-%m-%dT%H:%M:%SZ}: the records begin at {begins}")
