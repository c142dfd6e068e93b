"""Sends commits to the remote after an act. A failed push never undoes the record: the commit stays and says so."""

from __future__ import annotations

from ..errors import GitTrouble
from .workspace import Workspace

_PATIENCE = 20.0


def push_after(
    workspace: Workspace, wanted: bool | None, incident: str | None = None
) -> tuple[bool | None, tuple[str, ...]]:
    """Push the current branch where that is asked for or configured.

    wanted: --push / --no-push; None takes `git.push` of sevlog.yaml, which pushes when there is a remote.
    incident: with `git.flow: pull-request`, the branch `incident/<id>` is pushed and never the main one.
    Returns whether it was pushed (None: not tried) and warnings.
    """
    settings = workspace.config.git
    if wanted is False or (wanted is None and settings.push == "never"):
        return None, ()
    if workspace.git.remote_url(settings.remote) is None:
        if wanted:
            return False, (f"there is no remote `{settings.remote}` to push to: git remote add {settings.remote} URL",)
        return None, ()
    branch = workspace.git.branch
    target, again = branch, f"git pull --rebase {settings.remote} {branch} && git push {settings.remote} {branch}"
    if settings.flow == "pull-request":
        if incident is None:
            return None, ("git.flow is pull-request: push this to a branch of its own and open a pull request",)
        target = f"incident/{incident}"
        again = f"git push {settings.remote} HEAD:refs/heads/{target}"
    try:
        workspace.git.run("push", "--quiet", settings.remote, f"HEAD:refs/heads/{target}", timeout=_PATIENCE)
    except GitTrouble as trouble:
        said = "; ".join(h.removeprefix("git says: ") for h in trouble.hints[:2]) or trouble.message
        return False, (f"recorded here, but not pushed ({said}); later: {again}",)
    if target != branch:
        return True, (f"pushed to {target}: open a pull request from it into {settings.branch}",)
    return True, ()
