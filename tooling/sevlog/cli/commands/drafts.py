"""sevlog drafts, approve: texts that wait for approval."""

from __future__ import annotations

import click

from ..options import acting, looking
from ..output import render
from ..parameters import DRAFT, INCIDENT
from ..screen import say
from ..shared import SharedOptions


@click.command(epilog="\b\nExamples:\n  sevlog drafts\n  sevlog drafts -i checkout --all --json")
@click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
@click.option("--all", "everything", is_flag=True, help="Include drafts that were sent or dropped.")
@looking
def drafts(shared: SharedOptions, named: str | None, everything: bool) -> None:
    """List the drafts that wait for approval, and since when."""
    from ...services.common import documents
    from ...services.comms import drafts as comms_drafts
    from ...services.comms.documents import DraftList
    from ..output.reaching import comms_tables

    found = comms_drafts.listed(shared.workspace, named, everything=everything)
    document = DraftList(schema=documents.SCHEMA, drafts=found)
    say(documents.as_json(document) if shared.json else comms_tables.drafts(document))


@click.command(
    epilog="\b\nExamples:\n  sevlog approve\n  sevlog approve D2 --edit\n"
    '  sevlog approve D2 --override approval --reason "nobody answers, and customers wait"\n'
    "  sevlog task D2 --state dropped"
)
@click.argument("ref", type=DRAFT, required=False)
@click.option("--edit", is_flag=True, help="Edit the text in $VISUAL or $EDITOR first.")
@click.option("-y", "--yes", is_flag=True, help="Publish without asking for confirmation.")
@acting()
def approve(shared: SharedOptions, ref: str | None, edit: bool, yes: bool) -> None:
    """Approve a draft and publish it as an update.

    After the waiting time of the communication plan anybody can approve it; the record then says so.
    """
    from ...services.comms import drafts as comms_drafts
    from ..writing import Writing

    incident, found, message, text = comms_drafts.opened(shared.workspace, shared.incident, ref)
    shared.incident = incident
    writing = Writing(shared, message, {})
    writing.text = text
    with writing.kept():
        if edit:
            writing.edit()
        writing.confirm(yes)
        changed = writing.text if writing.text != text else None
        done = comms_drafts.approve(shared.workspace, incident, found.ref, shared.acting, text=changed)
    render.outcome(shared, done)
