"""sevlog notify: sends what the ledger does not have."""

from __future__ import annotations

import click

from ...errors import Exit
from ..options import writing
from ..output import notify_tables, render
from ..parameters import INCIDENT
from ..screen import say
from ..shared import SharedOptions

_WITHOUT = {
    "--at": "a notification goes out now",
    "--as": "the sender is the status page, not a person",
    "--no-commit": "nothing is committed to the records; to see what would be sent: sevlog notify --dry-run",
    "--push": "the ledger is pushed wherever the records have a remote",
    "--any-branch": "it reads the records that are checked out",
}


@click.command(
    epilog="\b\nExamples:\n  sevlog notify\n  sevlog notify --dry-run\n  sevlog notify --since HEAD^\n"
    "  sevlog notify --retry -i checkout"
)
@click.option("--since", metavar="REV", help="Only incidents that changed since this revision.")
@click.option("-i", "--incident", "incidents", multiple=True, type=INCIDENT, help="Only this incident; repeatable.")
@click.option("--retry", is_flag=True, help="Send again what failed, or may not have arrived.")
@writing(without=_WITHOUT)
def notify(shared: SharedOptions, since: str | None, incidents: tuple[str, ...], retry: bool) -> int:
    """Send notifications that were not sent yet, by the routes of sevlog.yaml, and the pages that are due. CI runs it.

    What was sent is stored in a git ref, the ledger, so no message goes out twice, from whatever machine. An address is
    an environment variable: SEVLOG_NOTIFY_PAGER for `to: PAGER`. Exit code 1 if a message could not be delivered.
    """
    from ...services.common.documents import as_json
    from ...services.notifying.everything import send_everything
    from ...services.workspace import lookup

    workspace = shared.workspace
    only = [lookup.resolve(workspace, name) for name in incidents]
    done = send_everything(workspace, since=since, only=only, retry=retry, dry_run=shared.dry_run)
    if shared.json:
        say(as_json(done))
    else:
        for text in notify_tables.notified(done):
            say(text)
        for text in notify_tables.pages(done):
            say(text)
        if not done.notifications and not done.pages:
            say("nothing to send")
        for text in done.warnings:
            render.warn(text)
        for text in notify_tables.hints(done) if not shared.dry_run else ():
            render.hint(text)
    return Exit.FINDINGS if done.trouble else Exit.OK
