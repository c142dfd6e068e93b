"""What branches that wait for a pull request add to the checkout: an incident as all that is known here has it.

The checkout stays where it is. An incident that the main branch (as last fetched) or a branch of its own knows more of
is put together in a temporary folder: the checkout's files, with those that the branches added, changed or removed.
Where two sides changed one file, the later in this order counts: checkout, main branch, remote branch, branch here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from .. import layout
from ..git import journal, replay_commits, scratch
from ..git.command import Git

OWN = "incident/"
"""What the name of a branch begins with that belongs to an incident."""

_LANDED = "landed"


class Views:
    """The incidents that branches know more of than the checkout. remote, main: names, as in sevlog.yaml."""

    def __init__(self, git: Git, remote: str, main: str) -> None:
        self._git, self._remote, self._main = git, remote, main
        self._made: dict[str, Path] = {}

    @cached_property
    def changes(self) -> dict[str, dict[str, str | None]]:
        """Incident id -> path from the top of the repository -> what the branches hold there (None: no file)."""
        found: dict[str, dict[str, str | None]] = {}
        here, head = self._git.branch, self._git.head()
        done = landed(self._git)
        for incident, ref, tip in self._tips():
            if tip == head or tip in done or head is None:
                continue
            below = f"{layout.INCIDENTS}/" if incident is None else f"{layout.folder_of(incident)}/"
            checked_out = incident is not None and here == f"{OWN}{incident}"
            if checked_out and ref.startswith("refs/heads/"):
                continue
            for path, (before, after) in self._between(head, tip, below).items():
                if checked_out and before is not None:
                    continue  # the checkout is newer
                owner = path.removeprefix(self._git.prefix).split("/")[2:3]
                if owner and layout.INCIDENT_ID.fullmatch(owner[0]):
                    found.setdefault(owner[0], {})[path] = after
        return found

    def root_of(self, incident: str) -> Path | None:
        """The folder below which the incident lies as the branches have it; None where the checkout has it all."""
        if incident not in self.changes:
            return None
        if incident not in self._made:
            self._made[incident] = self._make(incident, self.changes[incident])
        return self._made[incident]

    def _tips(self) -> list[tuple[str | None, str, str]]:
        """Incident (None: the main branch), ref and commit, in the order in which they count."""
        remote, main = f"refs/remotes/{self._remote}", f"refs/remotes/{self._remote}/{self._main}"
        rows = self._git.text(
            "for-each-ref", "--format=%(refname) %(objectname)", main, f"{remote}/{OWN}", f"refs/heads/{OWN}"
        ).splitlines()
        found: list[tuple[str | None, str, str]] = []
        for ref, _, tip in (row.partition(" ") for row in rows):
            incident = ref.partition(f"/{OWN}")[2] or None
            if ref == main or (incident and layout.INCIDENT_ID.fullmatch(incident)):
                found.append((incident, ref, tip))
        return sorted(found, key=lambda row: (row[0] is not None, row[1].startswith("refs/heads/")))

    def _between(self, head: str, tip: str, below: str) -> Mapping[str, tuple[str | None, str | None]]:
        """What a branch changed since it left the checkout's: path -> before and after."""
        base = replay_commits.base(self._git, head, tip)
        if base == tip:
            return {}
        return replay_commits.changed_between(self._git, base, tip, self._git.prefix + below)

    def _make(self, incident: str, changes: Mapping[str, str | None]) -> Path:
        root = self._space.path / incident
        target = root / layout.folder_of(incident)
        source = self._git.root / layout.folder_of(incident)
        if source.is_dir() and not source.is_symlink():
            shutil.copytree(source, target, copy_function=_link, ignore=_links)
        held = {path.removeprefix(self._git.prefix): blob for path, blob in changes.items()}
        for path in held:
            (root / path).unlink(missing_ok=True)  # never written through: it may be the same file as in the checkout
        replay_commits.materialise(
            self._git, {path: blob for path, blob in held.items() if blob is not None}, root, prefix=self._git.prefix
        )
        target.mkdir(parents=True, exist_ok=True)
        return root

    @cached_property
    def _space(self) -> scratch.Space:
        return scratch.Space(self._git)


def _links(where: str, names: list[str]) -> list[str]:
    """Symbolic links are left out: records are plain files, and nothing is ever written through one."""
    return [name for name in names if Path(where, name).is_symlink()]


def _link(source: str, target: str) -> None:
    """The same file once more, where that costs nothing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def landed(git: Git) -> frozenset[str]:
    """Tips of branches of which the main branch has everything, though not their commits (squashed or rebased)."""
    try:
        return frozenset((journal.folder(git) / _LANDED).read_text("ascii").split())
    except (OSError, ValueError):
        return frozenset()


def note_landed(git: Git, tips: frozenset[str]) -> None:
    """Remember them; what is forgotten costs only time."""
    from .. import files

    path = journal.folder(git) / _LANDED
    if tips != landed(git):
        files.write_whole(path, "".join(f"{tip}\n" for tip in sorted(tips)).encode())
