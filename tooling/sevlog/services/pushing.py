"""Sends commits to the remote after an act. A failed push never undoes the record: the commit stays and says so."""

from __future__ import annotations

from ..errors import GitTrouble
from ..stores.remote import PATIENCE
from .replanting import Sync
from .syncing import sync
from .workspace import Workspace


def push_after(workspace: Workspace, wanted: bool | None, incident: str | None = None) -> Sync:
    """Send the current branch where that is asked for or configured.

    wanted: --push / --no-push; None takes `git.push` of sevlog.yaml, which pushes when there is a remote.
    incident: with `git.flow: pull-request`, the branch `incident/<id>` is pushed and never the main one.
    The answer's `pushed` is None where it was not tried.
    """
    settings = workspace.config.git
    if wanted is False or (wanted is None and settings.push == "never"):
        return Sync()
    if workspace.git.remote_url(settings.remote) is None:
        missing = f"there is no remote `{settings.remote}` to push to: git remote add {settings.remote} URL"
        return Sync(pushed=False, warnings=(missing,)) if wanted else Sync()
    if settings.flow == "direct":
        return sync(workspace)
    if incident is None:
        said = "git.flow is pull-request: push this to a branch of its own and open a pull request"
        return Sync(warnings=(said,))
    return _ask(workspace, f"incident/{incident}")


def _ask(workspace: Workspace, target: str) -> Sync:
    """Push to a branch of its own, from which a pull request can be opened."""
    settings = workspace.config.git
    try:
        workspace.git.run("push", "--quiet", settings.remote, f"HEAD:refs/heads/{target}", timeout=PATIENCE)
    except GitTrouble as trouble:
        said = "; ".join(h.removeprefix("git says: ") for h in trouble.hints[:2]) or trouble.message
        again = f"git push {settings.remote} HEAD:refs/heads/{target}"
        return Sync(pushed=False, warnings=(f"recorded here, but not pushed ({said}); later: {again}",))
    return Sync(pushed=True, warnings=(f"pushed to {target}: open a pull request from it into {settings.branch}",))
