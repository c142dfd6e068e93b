"""sevlog correct, retract: new entries that change what an earlier entry says."""

from __future__ import annotations

import click

from ..options import acting
from ..output import render
from ..parameters import CHANGE, ENTRY
from ..shared import SharedOptions


@click.command(
    epilog="\b\nExamples:\n  sevlog correct 140730 at=14:02\n"
    "  sevlog correct raised severity=SEV2 components.checkout=partial_outage"
)
@click.argument("entry", type=ENTRY)
@click.argument("changes", nargs=-1, required=True, type=CHANGE)
@click.option("--reason", metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False)
def correct(shared: SharedOptions, entry: str, changes: tuple[str, ...], reason: str | None) -> None:
    """Correct keys of an ENTRY (any part of its id). Both versions stay visible internally."""
    from ...services.response import corrections as response_corrections

    done = response_corrections.correct(shared.workspace, shared.incident, entry, changes, reason, shared.acting)
    render.outcome(shared, done)


@click.command(epilog='\b\nExamples:\n  sevlog retract 140730Z-note --reason "that was the other incident"')
@click.argument("entry", type=ENTRY)
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False)
def retract(shared: SharedOptions, entry: str, reason: str) -> None:
    """Retract an ENTRY. It stays visible internally but no longer counts."""
    from ...services.response import corrections as response_corrections

    render.outcome(
        shared, response_corrections.retract(shared.workspace, shared.incident, entry, reason, shared.acting)
    )
