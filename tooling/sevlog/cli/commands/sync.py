"""sevlog sync: what was recorded offline goes out, what others recorded comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import GitTrouble
from ..options import writing
from ..output import render
from ..screen import say
from ..shared import Shared

if TYPE_CHECKING:
    from ...services.sync.sync_result import Sync


_RECORDED = "sync sends what was recorded as it is: leave it out"
_WITHOUT = {
    "--at": _RECORDED,
    "--as": _RECORDED,
    "--no-commit": _RECORDED,
    "--any-branch": _RECORDED,
    "--dry-run": "to see what waits: git log @{upstream}..",
    "--push": "sync always pushes; to record without: --no-push with the command that records",
}


@click.command(epilog="\b\nExamples:\n  sevlog sync\n  sevlog sync --json")
@writing(without=_WITHOUT)
def sync(shared: Shared) -> None:
    """Send what was recorded here, on top of what others recorded meanwhile.

    With `git.flow: pull-request` it sends every branch incident/<id> that waits here, asks for it where no request is
    open, takes in what others sent, and lets the main branch follow the remote's. After the remote's history was
    rewritten it puts what was recorded here on top of the new one, and nothing of the old.
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
        render.warn(f"someone else took the name {old} meanwhile; yours is {new}")
    for lost in done.dropped[1:]:
        render.warn(lost.told())
    _refuse(done)
    if done.pushed:
        say(f"in step with the remote{'; others had recorded something' if done.received else ''}")
    for text in done.hints:
        render.hint(text)


def _refuse(done: Sync) -> None:
    """Raise Refused for the first act that was dropped, GitTrouble where something was not sent."""
    if done.dropped:
        raise done.dropped[0].refusal()
    if done.pushed is False:
        raise GitTrouble(
            "not everything was sent; what was recorded here is safe",
            "when the cause is gone: sevlog sync",
            details={"warnings": list(done.warnings)},
        )
