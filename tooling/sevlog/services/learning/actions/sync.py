"""Brings action items up to date: with the commits that do them, and with their issues (`sevlog action sync`).

A commit does an item once: after somebody reopened it by hand, only another commit does it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ....adapters.forges.requests import place_of
from ....errors import SevlogError
from ....model.learning.trailers import TRAILER, Commit, Work, work, wrong_trailers
from ....model.timeline.incident import ActionItem
from ....model.vocabulary import AUTOMATION
from ....stores.git.commit_messages import Branch, branch_of
from ...common.documents import SCHEMA
from ...recording.recorder import Options
from . import action_acts
from .synced import ActionSync, Synced

if TYPE_CHECKING:
    from ...workspace.workspace import Workspace

RECORDS = "."
_WORDS = (f"^[ *>-]{{0,4}}{TRAILER}[ ]*:", "This reverts (commit|merge request) ", "^See merge request ")
_FINISHED = ("done", "verified")


def sync(workspace: Workspace, options: Options) -> ActionSync:
    """Move items that commits did to done, and those whose commits were reverted back to accepted; then sync trackers.

    Raises what acts raise. A repository that cannot be read is a warning, and the others are read.
    """
    made = ActionSync(schema=SCHEMA, dry_run=options.dry_run, items=[])
    for repository, branch in _branches(workspace, made.warnings):
        _of_branch(workspace, repository, branch, options, made)
    if workspace.config.follow_up.trackers:
        from .tracker_sync import sync_trackers

        sync_trackers(workspace, options, made)
    return made


def _branches(workspace: Workspace, warnings: list[str]) -> Iterator[tuple[str, Branch]]:
    named = [(RECORDS, None), *((r.url, r.branch) for r in workspace.config.follow_up.repositories)]
    for url, branch in dict.fromkeys(named):
        try:
            yield url, branch_of(workspace.git, url, branch, workspace.root)
        except (SevlogError, OSError) as error:
            warnings.append(f"{url} cannot be read: {error}")


def _of_branch(workspace: Workspace, repository: str, branch: Branch, options: Options, made: ActionSync) -> None:
    try:
        rows = branch.with_words(*_WORDS)
    except SevlogError as error:
        made.warnings.append(f"{repository} cannot be read: {error.message}")
        return
    commits = [Commit(sha=r.sha, parents=r.parents, author=r.author, message=r.message) for r in rows]
    for wrong in wrong_trailers(commits):
        made.warnings.append(
            f"{repository} {wrong.commit.sha[:10]}: `{TRAILER}: {wrong.text}` names no item; write INCIDENT/A1"
        )
    web = _web_address(branch)
    for (incident, item), found in work(commits, branch.brought_by).items():
        _of_item(workspace, (incident, item), found, _Evidence(repository, web), options, made)


class _Evidence(Struct, frozen=True):
    """How a commit of a repository is written down."""

    repository: str
    web: str | None

    def of(self, commit: Commit) -> str:
        """Its page at the forge; without one, its repository and id."""
        if self.web:
            return f"{self.web}{commit.sha}"
        return commit.sha if self.repository == RECORDS else f"{self.repository}@{commit.sha}"


def _web_address(branch: Branch) -> str | None:
    origin = branch.origin
    place = place_of(origin) if origin else None
    if place is None or place.kind == "unknown":
        return None
    step = {"gitlab": "-/commit", "bitbucket": "commits", "bitbucket-server": "commits"}.get(place.kind, "commit")
    return f"{place.address}/{place.path}/{step}/"


def _of_item(
    workspace: Workspace, name: tuple[str, str], found: Work, evidence: _Evidence, options: Options, made: ActionSync
) -> None:
    incident, item_id = name
    fresh = workspace.anew()
    item = _item(fresh, incident, item_id)
    if item is None:
        told = [*found.done_by, *found.undone.values()][0]
        made.warnings.append(f"{evidence.repository} {told.sha[:10]} names {incident}/{item_id}, which does not exist")
        return
    step = _done(item, found, evidence) or _undone(item, found)
    if step is None:
        return
    did, why, ref, commit = step
    if did == "done" and item.status == "idea":
        made.warnings.append(f"{incident}/{item_id} is an idea that nobody accepted, but {why}")
        return
    if not options.dry_run:
        act = Options(person=options.person or AUTOMATION, push=options.push, any_branch=options.any_branch)
        command = "done" if did == "done" else "reopen"
        outcome = action_acts.take(
            fresh, incident, item_id, command, act, reason=why if did == "reopened" else None, by=(ref,) if ref else ()
        )
        workspace.acted += fresh.acted
        made.commits += [outcome.commit] if outcome.commit else []
    made.items.append(Synced(incident=incident, id=item_id, did=did, why=why, ref=ref or commit))


_Step = tuple[Literal["done", "reopened"], str, str | None, str]


def _done(item: ActionItem, found: Work, evidence: _Evidence) -> _Step | None:
    """A commit that did it and is not written down: it is done."""
    new = [commit for commit in found.done_by if not _has(item, commit.sha)]
    if not new or item.status in (*_FINISHED, "wont_do"):
        return None
    commit = new[-1]
    return "done", f"{commit.sha[:10]} did it ({commit.subject})", evidence.of(commit), commit.sha


def _undone(item: ActionItem, found: Work) -> _Step | None:
    """The commit that it was done by was reverted, and nothing else is known to have done it: it is open again."""
    if item.status not in _FINISHED or not item.done_by or found.done_by:
        return None
    gone = [
        (sha, by, row)
        for sha, by in found.undone.items()
        for row in item.done_by
        if any(_names(row, carrier) for carrier in found.carried_by.get(sha, {sha}))
    ]
    if not gone or {row for _, _, row in gone} != set(item.done_by):
        return None
    sha, by, _ = gone[-1]
    return "reopened", f"{sha[:10]} was reverted by {by.sha[:10]} ({by.subject})", None, by.sha


def _has(item: ActionItem, sha: str) -> bool:
    return any(_names(row, sha) for row in item.done_by)


_SHORTEST = 7
"""The fewest characters with which git names a commit."""


def _names(row: str, sha: str) -> bool:
    """Whether an evidence names a commit: in its address, or in short as people type it."""
    return sha in row or (len(row) >= _SHORTEST and sha.startswith(row))


def _item(workspace: Workspace, incident: str, item: str) -> ActionItem | None:
    if not workspace.has(incident):
        return None
    return next((one for one in workspace.record(incident).actions if one.id == item), None)


def reported(rows: Iterable[Synced]) -> list[str]:
    """A line for each item."""
    return [f"{row.incident}/{row.id} {row.did}: {row.why}" for row in rows]
