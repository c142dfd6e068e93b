"""sevlog maintenance: planned work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import APPROVED_BY, acting
from ..output import render
from ..parameters import COMPONENT
from ..shared import SharedOptions
from ..text_input import text_or_editor

if TYPE_CHECKING:
    from ...services.response.maintenance import MaintenanceAct


@click.group(
    epilog='\b\nExamples:\n  sevlog maintenance schedule "Database upgrade" --start 2026-12-01T22:00:00Z \\\n'
    "      --end 2026-12-01T23:30:00Z --component api\n  sevlog maintenance start"
)
def maintenance() -> None:
    """Schedule, start, verify, complete or cancel maintenance."""


@maintenance.command(
    epilog='\b\nExamples:\n  sevlog maintenance schedule "Database upgrade" --start 2026-12-01T22:00:00Z \\\n'
    "      --end 2026-12-01T23:30:00Z --component api"
)
@click.argument("title")
@click.option("--start", required=True, metavar="TIME", help="Start of the window.")
@click.option("--end", required=True, metavar="TIME", help="End of the window.")
@click.option("--component", "components", multiple=True, type=COMPONENT, help="Affected component; repeatable.")
@click.option("--text", metavar="TEXT", help="Text for customers.")
@click.option("--summary", metavar="TEXT", help="Internal summary.")
@click.option("--public-title", metavar="TEXT", help="Public title.")
@click.option("--manual", is_flag=True, help="Start and complete it by command only, not at the times of the window.")
@click.option("--internal", is_flag=True, help="Do not show it to customers.")
@acting(incident=False)
def schedule(
    shared: SharedOptions,
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
    """Schedule maintenance. Customers see it immediately, unless it is --internal."""
    from ...services.response import maintenance as response_maintenance

    starts, ends = shared.time("--start", start), shared.time("--end", end)
    if starts is None or ends is None:
        raise UsageError("maintenance needs --start and --end")
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
    @APPROVED_BY
    @acting()
    def command(shared: SharedOptions, text: tuple[str, ...], approved_by: tuple[str, ...]) -> None:
        from ...services.response import maintenance as response_maintenance

        shared.approved_by = approved_by
        done = response_maintenance.step(
            shared.workspace,
            shared.incident,
            name,
            text=text_or_editor(text, required=False),
            reason=shared.reason,
            options=shared.acting,
        )
        render.outcome(shared, done)


_step("start", "Start the work. Customers read TEXT.")
_step("verify", "Mark the work as done and start verifying.")
_step("complete", "Complete the maintenance.")
_step("cancel", "Cancel the maintenance. Requires --reason.")
