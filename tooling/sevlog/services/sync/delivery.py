"""Where an act goes: into the checked-out branch or one of its own, then to the remote.

A failed push never undoes the record: the commit stays and says so.
"""

from __future__ import annotations

from msgspec.structs import replace

from ...errors import GitTrouble
from ...stores.git import transaction
from ...stores.git.transaction import NewCommit
from ..workspace.workspace import Workspace
from .sync_result import Recorded, Sync


def record(workspace: Workspace, new: NewCommit, *, topic: str) -> Recorded:
    """Make a commit: on the checked-out branch, or with `git.flow: pull-request` on the branch `topic`.

    topic: `incident/<id>`, or what else the commit is about.
    Raises GitTrouble or InvalidRecord; nothing is changed then.
    """
    with transaction.exclusive(workspace.git):
        if workspace.config.git.flow == "pull-request":
            from .pull_request.record import record_beside

            return record_beside(workspace, new, topic)
        made = transaction.commit(workspace.git, new)
    return Recorded(commit=made)


def push_after(workspace: Workspace, wanted: bool | None, done: Recorded) -> Sync:
    """Send what was recorded where that is asked for or configured.

    wanted: --push / --no-push; None takes `git.push` of sevlog.yaml, which pushes when there is a remote.
    The answer's `pushed` is None where it was not tried. Earlier acts that cannot be sent are its warnings.
    """
    from .direct import sync

    settings = workspace.config.git
    if wanted is False or (wanted is None and settings.push == "never"):
        return Sync()
    if workspace.git.remote_url(settings.remote) is None:
        missing = f"cannot push: remote `{settings.remote}` is not configured: git remote add {settings.remote} URL"
        return Sync(pushed=False, warnings=(missing,)) if wanted else Sync()
    if settings.flow == "pull-request":
        from .pull_request.push import ask_for

        sent = ask_for(workspace, done)
    else:
        sent = sync(workspace, mine=done.commit)
    names = (done.commit, sent.commits.get(done.commit))
    others = [lost for lost in sent.dropped if lost.commit not in names]
    taken = [
        f"someone else used the name {old.rpartition('/')[2]} first; yours is now {new}"
        for old, new in sent.refs.items()
    ]
    return replace(sent, warnings=(*sent.warnings, *(lost.told() for lost in others)), hints=(*taken, *sent.hints))


def sync_now(workspace: Workspace) -> Sync:
    """Sync because someone asked for it. Raises GitTrouble where there is no remote, or the checkout is in the way."""
    name = workspace.config.git.remote
    if workspace.git.remote_url(name) is None:
        raise GitTrouble(f"cannot sync: remote `{name}` is not configured", f"git remote add {name} URL")
    if workspace.config.git.flow == "pull-request":
        from .pull_request.push import sync_requests

        return sync_requests(workspace)
    from .direct import sync

    return sync(workspace, recover=True)
