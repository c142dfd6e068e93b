"""Which incidents may have something to send: those that changed lately, and those with deliveries not settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import NotFound
from ...model.comms.ledger import RECENT
from ...model.notices.reviews import LATE
from ...model.timeline.entries import entry_id
from ...stores import layout
from ...stores.git.scratch import Space
from ...stores.ledger import View
from ...stores.records import records
from ..workspace.catalog import Catalog

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_MARGIN = timedelta(days=1)
"""Clocks differ, and a commit may be made long after its first entry."""


def candidates(workspace: Workspace, view: View, now: datetime, since: str | None) -> list[str]:
    """The ids of those incidents, sorted. since: a git revision; then only what changed since it counts as lately.

    Raises NotFound for a revision that git does not know.
    """
    changed = _since(workspace, since) if since else _lately(workspace, now) | _due(workspace, now)
    there = {name for name in (*changed, *view.open.unsettled, *view.open.troubled) if workspace.has(name)}
    return sorted(there)


def _lately(workspace: Workspace, now: datetime) -> set[str]:
    """Changed by a commit of the last days, whatever time its entries say. In a shallow clone that may be all."""
    git = workspace.git
    if git.head() is None:
        return set()
    after = f"--since={(now - RECENT - _MARGIN).isoformat()}"
    output = git.run("log", after, "--format=", "--name-only", "-z", "HEAD", "--", layout.INCIDENTS).stdout
    return _ids(workspace, output)


def _due(workspace: Workspace, now: datetime) -> set[str]:
    """Those of which something may be due, however long ago somebody wrote: an update, or the review afterwards."""
    return {
        summary.path.rpartition("/")[2]
        for summary in Catalog(workspace).notable()
        if summary.live or any(deadline.due_at < now <= deadline.due_at + LATE for deadline in summary.deadlines)
    }


def _since(workspace: Workspace, since: str) -> set[str]:
    git = workspace.git
    commit = git.commit_of(since)
    if commit is None:
        raise NotFound(
            f"unknown git revision `{since}`", "in a shallow clone, fetch more: git fetch --unshallow; or omit --since"
        )
    output = git.run("diff", "--name-only", "-z", "--no-renames", commit, "HEAD", "--", layout.INCIDENTS).stdout
    return _ids(workspace, output)


def _ids(workspace: Workspace, output: bytes) -> set[str]:
    prefix, found = f"{workspace.git.prefix}{layout.INCIDENTS}/", set()
    for row in output.decode("utf-8", "replace").replace("\n", "\0").split("\0"):
        parts = row.removeprefix(prefix).split("/") if row.startswith(prefix) else []
        if len(parts) > 2 and layout.INCIDENT_ID.fullmatch(parts[1]):
            found.add(parts[1])
    return found


def news_since(workspace: Workspace, names: list[str], since: str) -> dict[str, frozenset[str]]:
    """Incident -> the ids of the entries that a revision did not have, for these incidents."""
    from ...stores.history.history import History  # GitPython takes 40 ms, and what is typed never needs it

    with History(workspace.root) as history, Space(workspace.git) as space:
        commit = history.commit(since)
        history.export(commit, (str(layout.folder_of(name)) for name in names), space)
        return {name: _entries(workspace.root, name) - _entries(space, name) for name in names}


def _entries(root: Path, name: str) -> frozenset[str]:
    reading = records.read_incident(root, name) if (root / layout.folder_of(name)).is_dir() else None
    return frozenset(entry_id(entry) for _, entries in (reading.files if reading else ()) for entry in entries)
