"""sevlog maintenance: planned work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import acting
from ..output import render
from ..parameters import COMPONENT
from ..shared import Shared
from ..text_input import text_or_editor

if TYPE_CHECKING:
    from ...services.response.maintenance import MaintenanceAct


@click.group(
    epilog='\b\nExamples:\n  sevlog maintenance schedule "Database upgrade" --start 2026-12-01T22:00:00Z \\\n'
    "      --end 2026-12-01T23:30:00Z --component api\n  sevlog maintenance start"
)
def maintenance() -> None:
    """Plan a maintenance, then begin, verify, complete or cancel it."""


@maintenance.command(
    epilog='\b\nExamples:\n  sevlog maintenance schedule "Database upgrade" --start 2026-12-01T22:00:00Z \\\n'
    "      --end 2026-12-01T23:30:00Z --component api"
)
@click.argument("title")
@click.option("--start", required=True, metavar="TIME", help="When it begins.")
@click.option("--end", required=True, metavar="TIME", help="When it should be over.")
@click.option("--component", "components", multiple=True, type=COMPONENT, help="What it touches.")
@click.option("--text", metavar="TEXT", help="What customers read.")
@click.option("--summary", metavar="TEXT", help="What it is about, internally.")
@click.option("--public-title", metavar="TEXT", help="What customers read as the title.")
@click.option("--manual", is_flag=True, help="It begins and ends by your steps alone, not by its window.")
@click.option("--internal", is_flag=True, help="Customers do not see it.")
@acting(incident=False)
def schedule(
    shared: Shared,
    title: str,
    start: str,
    end: str,
    components: tuple[str, ...],
    text: str | None,
    summary: str | None,
    public_title: str | None,
    manual: bool,
    internal: bool,
) -> None:
    """Plan a maintenance; customers see it at once, unless it is --internal."""
    from ...services.response import maintenance as response_maintenance

    starts, ends = shared.time("--start", start), shared.time("--end", end)
    if starts is None or ends is None:
        raise UsageError("a maintenance needs --start and --end")
    done = response_maintenance.schedule(
        shared.workspace,
        title,
        starts,
        ends,
        components,
        text=text,
        summary=summary,
        internal=internal,
        public_title=public_title,
        manual=manual,
        options=shared.acting,
    )
    render.outcome(shared, done)


def _step(name: MaintenanceAct, help_text: str) -> None:
    @maintenance.command(name, help=help_text, epilog=f"\b\nExamples:\n  sevlog maintenance {name} -i database-upgrade")
    @click.argument("text", nargs=-1)
    @acting()
    def command(shared: Shared, text: tuple[str, ...]) -> None:
        from ...services.response import maintenance as response_maintenance

        done = response_maintenance.step(
            shared.workspace,
            shared.incident,
            name,
            text=text_or_editor(text, required=False),
            reason=shared.reason,
            options=shared.acting,
        )
        render.outcome(shared, done)


_step("start", "The work begins; TEXT is what customers read.")
_step("verify", "The work is done; verify that all is well.")
_step("complete", "It is over.")
_step("cancel", "It will not take place, or not be finished; needs --reason.")
