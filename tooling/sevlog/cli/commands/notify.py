"""sevlog notify: sends what the ledger does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import Exit, UsageError
from ..options import writing
from ..output import render
from ..output.reaching import notify_tables
from ..parameters import INCIDENT
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.notifying.documents import Notified

_WITHOUT = {
    "--at": "a notification goes out now",
    "--as": "the sender is the status page, not a person",
    "--no-commit": "nothing is committed to the records; to see what would be sent: sevlog notify --dry-run",
    "--push": "the ledger is pushed wherever the records have a remote",
    "--any-branch": "it reads the records that are checked out",
}


@click.command(
    epilog="\b\nExamples:\n  sevlog notify\n  sevlog notify --dry-run\n  sevlog notify --since HEAD^\n"
    "  sevlog notify --retry -i checkout\n  sevlog notify --follow"
)
@click.option("--since", metavar="REV", help="Only incidents that changed since this revision.")
@click.option("-i", "--incident", "incidents", multiple=True, type=INCIDENT, help="Only this incident; repeatable.")
@click.option("--retry", is_flag=True, help="Send again what failed, or may not have arrived.")
@click.option(
    "--follow",
    "keep_on",
    is_flag=True,
    help="Go on: fetch what others recorded and send what is due, every 30 seconds, until you stop it.",
)
@writing(without=_WITHOUT)
def notify(shared: SharedOptions, since: str | None, incidents: tuple[str, ...], retry: bool, keep_on: bool) -> int:
    """Send what was not sent yet: notifications, role cards, reminders, and the pages that are due. CI runs it.

    What was sent is stored in a git ref, the ledger, so no message goes out twice, from whatever machine. An address is
    an environment variable: SEVLOG_NOTIFY_PAGER for `to: PAGER`. Exit code 1 if a message could not be delivered.
    """
    from ...services.notifying.everything import send_everything
    from ...services.workspace import lookup

    workspace = shared.workspace
    only = [lookup.resolve(workspace, name) for name in incidents]
    if keep_on:
        if since is not None or retry or shared.dry_run:
            raise UsageError("--follow sends all that is due: leave out --since, --retry and --dry-run")
        from ...services.notifying.watching import watch

        watch(workspace, lambda done: _show(shared, done), only=only)
    done = send_everything(workspace, since=since, only=only, retry=retry, dry_run=shared.dry_run)
    if not shared.json and not done.notifications and not done.pages:
        say("nothing to send")
    _show(shared, done)
    return Exit.FINDINGS if done.trouble else Exit.OK


def _show(shared: SharedOptions, done: Notified) -> None:
    from ...services.common.documents import as_json

    if shared.json:
        say(as_json(done))
        return
    for text in notify_tables.notified(done):
        say(text)
    for text in notify_tables.pages(done):
        say(text)
    for text in done.warnings:
        render.warn(text)
    for text in notify_tables.hints(done) if not shared.dry_run else ():
        render.hint(text)
