"""sevlog page: whoever is on call for it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import Exit
from ..options import acting
from ..output import render
from ..parameters import WHOM
from ..screen import say, style
from ..shared import Shared

if TYPE_CHECKING:
    from ...services.paging.documents import Pages

_WITHOUT = {
    "--at": "a page goes out now; of one that was sent by hand: sevlog note --at TIME …",
    "--no-commit": "a page is recorded at once; to see who it would reach: sevlog page --dry-run",
}


@click.command(epilog="\b\nExamples:\n  sevlog page --dry-run\n  sevlog page --now\n  sevlog page --to team:payments")
@click.option("--to", "whom", type=WHOM, help="A person, team:KEY or schedule:KEY (default: by the policies).")
@click.option("--now", "ahead", is_flag=True, help="Take the next step although the last one still waits.")
@acting(reason=False, without=_WITHOUT)
def page(shared: Shared, whom: str | None, ahead: bool) -> int:
    """Page who is on call for what is hit, by the escalation policies; type it again when nobody answers.

    Exit code 1: somebody was not reached on any contact point. The record says so, and what to do by hand is told.
    """
    from ...services.common.documents import as_json
    from ...services.paging import page as paging_page

    done = paging_page.page(shared.workspace, shared.incident, whom, shared.acting, ahead=ahead)
    if shared.json:
        say(as_json(done))
    else:
        _told(shared, done)
    return Exit.FINDINGS if done.unreached and not shared.dry_run else Exit.OK


def _told(shared: Shared, done: Pages) -> None:
    for row in done.deliveries:
        step = f", policy {row.policy}, step {row.step}" if row.policy else ""
        reason = f": {row.reason}" if row.reason else ""
        verb = {"sent": "paged", "failed": "not paged", "would": "would page"}[row.result]
        colour = "red" if row.result == "failed" else "green"
        say(f"{style(verb, fg=colour, bold=True)} {row.person} by {row.contact or '-'}{reason} ({row.asked}{step})")
    for held in done.waiting:
        due = f", due {held.next_at:%H:%M:%SZ}; at once: sevlog page -i {done.incident} --now" if held.next_at else ""
        say(f"{held.policy}: {held.why}{due}")
    if shared.dry_run:
        say(f"\n{done.text}\nnothing was sent or written (--dry-run)")
        return
    if done.commit:
        say(f"{done.incident}  recorded (commit {done.commit[:10]}{', pushed' if done.pushed else ''})")
    for text in done.warnings:
        render.warn(text)
    for person in done.unreached:
        contacts = [row.contact for row in done.deliveries if row.person == person and row.contact]
        where = f"the number behind {', '.join(contacts)}" if contacts else "they have no contact point in oncall.yaml"
        render.warn(f"{person} was not reached: telephone them now ({where})")
        render.hint(f"nobody there? sevlog page -i {done.incident}")
