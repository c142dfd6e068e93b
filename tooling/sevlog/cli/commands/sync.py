"""sevlog sync: pushes local records and fetches those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import GitTrouble
from ..options import writing
from ..output import render
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.sync.sync_result import Sync


_RECORDED = "sync pushes existing commits unchanged; leave it out"
_WITHOUT = {
    "--at": _RECORDED,
    "--as": _RECORDED,
    "--no-commit": _RECORDED,
    "--any-branch": _RECORDED,
    "--dry-run": "to list commits that are not pushed: git log @{upstream}..",
    "--push": "sync always pushes; to record without a push, use --no-push with the command that records",
}


@click.command(epilog="\b\nExamples:\n  sevlog sync\n  sevlog sync --json")
@writing(without=_WITHOUT)
def sync(shared: SharedOptions) -> None:
    """Fetch the records of others, rebase your commits onto them, and push.

    With `git.flow: pull-request`, sync pushes each local branch incident/<id>, opens a pull request if none is open,
    fetches the commits of others, and fast-forwards the main branch. If the history of the remote was rewritten, only
    your unpushed commits are moved onto the new history.
    """
    from ...services.common.documents import as_json
    from ...services.sync import delivery as sync_delivery

    done = sync_delivery.sync_now(shared.workspace)
    if shared.json:
        _refuse(done)
        say(as_json(done))
        return
    for text in done.warnings:
        render.warn(text)
    for old, new in done.renamed.items():
        render.warn(f"someone else used the name {old} first; yours is now {new}")
    for lost in done.dropped[1:]:
        render.warn(lost.told())
    _refuse(done)
    if done.pushed:
        say(f"up to date with the remote{'; received new records' if done.received else ''}")
    for text in done.hints:
        render.hint(text)


def _refuse(done: Sync) -> None:
    """Raise Refused for the first dropped act, GitTrouble if something was not pushed."""
    if done.dropped:
        raise done.dropped[0].refusal()
    if done.pushed is False:
        raise GitTrouble(
            "not everything was pushed; your records are safe in this repository",
            "try again later: sevlog sync",
            details={"warnings": list(done.warnings)},
        )
