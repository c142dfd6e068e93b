"""sevlog runbook: finds runbooks, shows them as checklists, and checks off steps."""

from __future__ import annotations

import click

from ...errors import Exit
from ..options import acting, looking
from ..output import render
from ..parameters import COMPONENT, INCIDENT, RUNBOOK, SEVERITY, STEP, TYPE
from ..screen import say
from ..shared import SharedOptions
from ..text_input import text_or_editor

_ID = click.option(
    "-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id (default: the only live one)."
)


@click.group(
    epilog="\b\nExamples:\n  sevlog runbook find\n  sevlog runbook show pickup-codes\n"
    '  sevlog runbook done pickup-codes 2 "the old key is back"\n\n'
    "\b\nA runbook, runbooks/pickup-codes.md; its steps are the tasks or the numbered headings:\n"
    "  ---\n  title: Pickup codes are refused\n  components: [pickup]\n  symptoms: [Codes are refused]\n  ---\n"
    "  - [ ] Put the old key back\n  - [ ] Collect a test parcel"
)
def runbook() -> None:
    """Find a runbook, follow it as a checklist, and check off its steps."""


@runbook.command("list", epilog="\b\nExamples:\n  sevlog runbook list\n  sevlog runbook list --json")
@looking
def list_(shared: SharedOptions) -> None:
    """List all runbooks with their steps, owner and last review."""
    from ...services.common import documents
    from ...services.response import runbooks
    from ..output import runbook_tables

    document = runbooks.listed(shared.workspace)
    say(documents.as_json(document) if shared.json else runbook_tables.listed(document))


@runbook.command(
    epilog="\b\nExamples:\n  sevlog runbook find\n  sevlog runbook find codes are refused\n"
    "  sevlog runbook find --component checkout --severity SEV1"
)
@click.argument("text", nargs=-1)
@_ID
@click.option("--component", type=COMPONENT, help="Filter by component.")
@click.option("--severity", type=SEVERITY, help="Filter by severity.")
@click.option("--type", "kind", type=TYPE, help="Filter by incident type.")
@looking
def find(
    shared: SharedOptions,
    text: tuple[str, ...],
    named: str | None,
    component: str | None,
    severity: str | None,
    kind: str | None,
) -> None:
    """Find runbooks for an incident, or by words, component, severity or type. The best match comes first."""
    from ...services.common import documents
    from ...services.response import runbooks
    from ..output import runbook_tables

    document = runbooks.find(
        shared.workspace, named, " ".join(text) or None, component=component, severity=severity, kind=kind
    )
    say(documents.as_json(document) if shared.json else runbook_tables.found(document))


@runbook.command(epilog="\b\nExamples:\n  sevlog runbook show pickup-codes\n  sevlog runbook show lockers -i doors")
@click.argument("runbook", type=RUNBOOK)
@_ID
@looking
def show(shared: SharedOptions, runbook: str, named: str | None) -> None:
    """Show a runbook as a checklist: the steps that are done or skipped in the incident, by which person, and when."""
    from ...services.common import documents
    from ...services.response import runbooks
    from ..output import runbook_tables

    document = runbooks.shown(shared.workspace, runbook, named)
    say(documents.as_json(document) if shared.json else runbook_tables.checklist(document))


@runbook.command(
    epilog="\b\nExamples:\n  sevlog runbook done pickup-codes 2\n"
    '  sevlog runbook done pickup-codes 3 "all stations by 09:40" --at 09:40\n'
    '  sevlog runbook done pickup-codes 4 "still 5 %" --failed'
)
@click.argument("runbook", type=RUNBOOK)
@click.argument("step", type=STEP)
@click.argument("result", nargs=-1)
@click.option("--failed", is_flag=True, help="Mark the step as failed.")
@acting()
def done(shared: SharedOptions, runbook: str, step: str, result: tuple[str, ...], failed: bool) -> None:
    """Check off a step. STEP is its number or a part of its name; RESULT is the outcome."""
    from ...services.response import runbooks

    words = text_or_editor(result, required=False)
    render.outcome(
        shared,
        runbooks.tick(
            shared.workspace,
            shared.incident,
            runbook,
            step,
            shared.acting,
            state="failed" if failed else "done",
            result=words,
        ),
    )


@runbook.command(
    epilog="\b\nExamples:\n  sevlog runbook run pool 1 -- pooler connections --by state\n"
    "  sevlog runbook run pool 2 --timeout 5m -- ./drain web-3"
)
@click.argument("runbook", type=RUNBOOK)
@click.argument("step", type=STEP)
@click.argument("command", nargs=-1, required=True)
@click.option("--timeout", default="60s", show_default=True, metavar="TIME", help="Stop the command after this time.")
@acting()
def run(shared: SharedOptions, runbook: str, step: str, command: tuple[str, ...], timeout: str) -> Exit:
    """Run COMMAND for a step and check it off, with its output as evidence. Exit code 1 if the command fails.

    It runs without a shell and without a terminal. At most 64 KiB of output are kept, with secrets removed.
    """
    from ...services.common.time_input import span
    from ...services.response import runbooks

    done, output = runbooks.run_step(
        shared.workspace, shared.incident, runbook, step, command, shared.acting, seconds=span(timeout).total_seconds()
    )
    if output and not shared.json:
        say(output)
    render.outcome(shared, done)
    return Exit.OK if runbooks.worked(done) else Exit.FINDINGS


@runbook.command(epilog='\b\nExamples:\n  sevlog runbook skip pickup-codes 1 "the reason is known from the alert"')
@click.argument("runbook", type=RUNBOOK)
@click.argument("step", type=STEP)
@click.argument("why", nargs=-1, required=True)
@acting()
def skip(shared: SharedOptions, runbook: str, step: str, why: tuple[str, ...]) -> None:
    """Skip a step. WHY is the reason."""
    from ...services.response import runbooks

    words = text_or_editor(why)
    render.outcome(
        shared,
        runbooks.tick(shared.workspace, shared.incident, runbook, step, shared.acting, state="skipped", result=words),
    )
