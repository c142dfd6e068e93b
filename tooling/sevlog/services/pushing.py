"""Sends commits to the remote after an act. A failed push never undoes the record: the commit stays and says so."""

from __future__ import annotations

from ..errors import GitTrouble
from .workspace import Workspace

_PATIENCE = 20.0


def push_after(workspace: Workspace, wanted: bool | None) -> tuple[bool | None, tuple[str, ...]]:
    """Push the current branch where that is asked for or configured.

    wanted: --push / --no-push; None takes `git.push` of sevlog.yaml, which pushes when there is a remote.
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
    again = f"git pull --rebase {settings.remote} {branch} && git push {settings.remote} {branch}"
    try:
        workspace.git.run("push", "--quiet", settings.remote, f"HEAD:refs/heads/{branch}", timeout=_PATIENCE)
    except GitTrouble as trouble:
        said = "; ".join(h.removeprefix("git says: ") for h in trouble.hints[:2]) or trouble.message
        return False, (f"recorded here, but not pushed ({said}); later: {again}",)
    return True, ()
