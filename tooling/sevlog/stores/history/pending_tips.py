"""Branches beside the one that is checked out: what they changed that is not in here yet."""

from __future__ import annotations

from collections.abc import Iterator

from .. import layout
from ..git.command import Git


def unmerged(git: Git) -> Iterator[tuple[str, str]]:
    """(branch, incident id) for every branch, here or of a remote as last seen, with a change that HEAD has not got."""
    if git.head() is None:
        return
    done = git.run(
        "log",
        "--branches",
        "--remotes",
        "--not",
        "HEAD",
        "--source",
        "--no-renames",
        "--format=%x01%S",
        "-z",
        "--name-only",
        "--",
        f":(literal){layout.INCIDENTS}",
        check=False,
    )
    told: set[tuple[str, str]] = set()
    for part in done.stdout.decode("utf-8", "surrogateescape").split("\x01")[1:]:
        source, *names = part.replace("\n", "\0").split("\0")
        branch = source.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        for name in names:
            below = name.removeprefix(git.prefix).split("/")
            if len(below) > 3 and below[0] == layout.INCIDENTS and (branch, below[2]) not in told:
                told.add((branch, below[2]))
                yield branch, below[2]
