"""The ledger of a repository: what was sent and what is being sent, at its remote where it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import GitTrouble
from ...stores.ledger import Ledger

if TYPE_CHECKING:
    from .workspace import Workspace


def ledger_of(workspace: Workspace) -> Ledger:
    """The ledger of a repository: at its remote, or here where it has none."""
    how, git = workspace.config.git, workspace.git
    if not git.present:
        raise GitTrouble(f"{workspace.root} is not in a git repository, which stores what was sent", "git init")
    where = how.remote if git.remote_url(how.remote) else None
    return Ledger(git, workspace.config.notify.ledger, where)
