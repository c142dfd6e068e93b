"""sevlog sync: what was recorded offline goes out, what others recorded comes in."""

from __future__ import annotations

import click

from .. import render
from ..options import Shared, looking


@click.command(epilog="\b\nExamples:\n  sevlog sync")
@looking
def sync(shared: Shared) -> None:
    """Send what was recorded here, on top of what others recorded meanwhile."""
    from ...services import syncing
    from ...services.viewing import as_json

    done = syncing.sync_now(shared.workspace)
    for text in done.warnings:
        render.warn(text)
    for old, new in {**done.incidents, **done.entries}.items():
        render.warn(f"someone else took the name {old} meanwhile; yours is {new}")
    if done.dropped:
        raise done.dropped[0].refusal()
    if shared.json:
        click.echo(as_json(done))
        return
    if done.pushed:
        click.echo(f"in step with the remote{'; others had recorded something' if done.received else ''}")
