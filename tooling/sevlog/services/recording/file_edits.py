"""Edits of one shared file, such as oncall.yaml: made on what the others have, and made again if they were faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from ...stores.git import fast_forward, replay_commits, transaction
from ...stores.git.transaction import NewCommit
from ..sync import delivery
from ..sync.sync_result import Sync
from ..workspace.workspace import Workspace
from .recorder import Options

_ATTEMPTS = 5


class _Edited(Protocol):
    """What an edit returns."""

    @property
    def commit(self) -> str | None: ...
    @property
    def pushed(self) -> bool | None: ...


Done = TypeVar("Done", bound=_Edited)


def edit(workspace: Workspace, options: Options, make: Callable[[Workspace], Done]) -> Done:
    """Make an edit with what others recorded at hand. make: reads the file, commits and sends the edit."""
    if not options.dry_run and options.commit:
        _take_in(workspace, options)
    for _ in range(_ATTEMPTS):
        done = make(workspace.anew())
        if done.pushed is not False or done.commit is None or not _dropped_for_another_try(workspace, done.commit):
            return done
    return done


def send(workspace: Workspace, new: NewCommit, topic: str, options: Options) -> tuple[str, Sync]:
    """Commit an edit and push it; its commit. Raises Refused where others made it impossible meanwhile."""
    made = delivery.record(workspace, new, topic=topic)
    workspace.close()
    sent = delivery.push_after(workspace, options.push, made)
    lost = next((d for d in sent.dropped if d.commit == made.commit), None)
    if lost is not None:
        raise lost.refusal()
    return sent.tip or made.commit, sent


def _take_in(workspace: Workspace, options: Options) -> None:
    """Be where the others are before reading, as far as the network lets us."""
    from ..sync.direct import sync

    settings = workspace.config.git
    sends = options.push is not False and (options.push or settings.push != "never") and settings.flow == "direct"
    if sends and workspace.git.present and workspace.git.remote_url(settings.remote) and workspace.git.head():
        sync(workspace)


def _dropped_for_another_try(workspace: Workspace, made: str) -> bool:
    """Whether others changed the file meanwhile and our commit, the only one not sent, could be taken back."""
    git, names = workspace.git, workspace.config.git
    tracking = f"refs/remotes/{names.remote}/{git.branch}"
    with transaction.exclusive(git):
        head = git.head()
        theirs = git.run("rev-parse", "--verify", "--quiet", tracking, check=False).stdout.decode().strip()
        if head != made or not theirs or replay_commits.contains(git, head, theirs):
            return False
        if [change.commit for change in replay_commits.unsent(git, theirs, head)] != [made]:
            return False
        fast_forward.move(git, head, theirs)
        return True
