"""sevlog hook: lists and runs the commands that sevlog.yaml runs after acts."""

from __future__ import annotations

import click

from ...errors import Exit
from ..options import acting, looking
from ..output import hook_tables
from ..screen import say
from ..shared import SharedOptions


@click.group(epilog="\b\nExamples:\n  sevlog hook list\n  sevlog hook run raised -i checkout")
def hook() -> None:
    """List and run hooks: commands in sevlog.yaml that run after an act and get the incident as JSON."""


@hook.command("list", epilog="\b\nExamples:\n  sevlog hook list\n  sevlog hook list --json")
@looking
def list_(shared: SharedOptions) -> None:
    """List the hooks, their events, and whether each would run here."""
    from ...services.automation import hooks as automation_hooks
    from ...services.common import documents

    document = automation_hooks.listed(shared.workspace)
    say(documents.as_json(document) if shared.json else hook_tables.listed(document))


@hook.command(epilog="\b\nExamples:\n  sevlog hook run raised\n  sevlog hook run resolved -i checkout --dry-run")
@click.argument("event", metavar="EVENT")
@acting(reason=False, guarded=False, evidence=False)
def run(shared: SharedOptions, event: str) -> Exit:
    """Run the hooks of EVENT now, to test or to retry them. Exit code 1 if one fails."""
    from ...services.automation import hooks as automation_hooks
    from ...services.common import documents

    document = automation_hooks.again(shared.workspace, shared.incident, event, shared.acting)
    say(documents.as_json(document) if shared.json else hook_tables.ran(document.runs))
    if not shared.dry_run and any(run.code != 0 for run in document.runs):
        return Exit.FINDINGS
    return Exit.OK
