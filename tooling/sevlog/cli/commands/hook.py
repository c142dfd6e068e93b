"""sevlog hook: the commands of one's own that run after acts."""

from __future__ import annotations

import click

from ...errors import Exit
from ..options import acting, looking
from ..output import hook_tables
from ..screen import say
from ..shared import Shared


@click.group(epilog="\b\nExamples:\n  sevlog hook list\n  sevlog hook run raised -i checkout")
def hook() -> None:
    """Commands of your own (sevlog.yaml, hooks) that run after an act, with the incident as JSON on standard input."""


@hook.command("list", epilog="\b\nExamples:\n  sevlog hook list\n  sevlog hook list --json")
@looking
def list_(shared: Shared) -> None:
    """The hooks, what they wait for, and whether each would run here."""
    from ...services.automation import hooks as automation_hooks
    from ...services.common import documents

    document = automation_hooks.listed(shared.workspace)
    say(documents.as_json(document) if shared.json else hook_tables.listed(document))


@hook.command(epilog="\b\nExamples:\n  sevlog hook run raised\n  sevlog hook run resolved -i checkout --dry-run")
@click.argument("event", metavar="EVENT")
@acting(reason=False, guarded=False)
def run(shared: Shared, event: str) -> Exit:
    """Run the hooks of EVENT now: to try one, or again after it failed. Exit code 1 where one did not work."""
    from ...services.automation import hooks as automation_hooks
    from ...services.common import documents

    document = automation_hooks.again(shared.workspace, shared.incident, event, shared.acting)
    say(documents.as_json(document) if shared.json else hook_tables.ran(document.runs))
    if not shared.dry_run and any(one.code != 0 for one in document.runs):
        return Exit.FINDINGS
    return Exit.OK
