"""sevlog page: pages the people on call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import Exit
from ..options import acting
from ..output import render
from ..parameters import RECIPIENT
from ..screen import say, style
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.paging.documents import Pages

_WITHOUT = {
    "--at": "a page goes out now; to record one that you made by hand: sevlog note --at TIME …",
    "--no-commit": "a page is always recorded; to see who it would reach: sevlog page --dry-run",
}


@click.command(epilog="\b\nExamples:\n  sevlog page --dry-run\n  sevlog page --now\n  sevlog page --to team:payments")
@click.option(
    "--to", "target", type=RECIPIENT, help="Person, team:KEY or schedule:KEY (default: by the escalation policies)."
)
@click.option(
    "--now", "ahead", is_flag=True, help="Take the next step now, without waiting for an answer to the last one."
)
@acting(reason=False, evidence=False, without=_WITHOUT)
def page(shared: SharedOptions, target: str | None, ahead: bool) -> int:
    """Page the people on call for the affected components, by their escalation policies. Repeat if nobody answers.

    Exit code 1 if a person could not be reached on any contact point; the output then says what to do by hand.
    """
    from ...services.common.documents import as_json
    from ...services.paging import page as paging_page

    done = paging_page.page(shared.workspace, shared.incident, target, shared.acting, ahead=ahead)
    if shared.json:
        say(as_json(done))
    else:
        _report(shared, done)
    return Exit.FINDINGS if done.unreached and not shared.dry_run else Exit.OK


def _report(shared: SharedOptions, done: Pages) -> None:
    for row in done.deliveries:
        step = f", policy {row.policy}, step {row.step}" if row.policy else ""
        reason = f": {row.reason}" if row.reason else ""
        verb = {"sent": "paged", "failed": "not paged", "would": "would page"}[row.result]
        color = "red" if row.result == "failed" else "green"
        say(f"{style(verb, fg=color, bold=True)} {row.person} by {row.contact or '-'}{reason} ({row.asked}{step})")
    for wait in done.waiting:
        due = (
            f", due {wait.next_at:%H:%M:%SZ}; to page now: sevlog page -i {done.incident} --now" if wait.next_at else ""
        )
        say(f"{wait.policy}: {wait.why}{due}")
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
        render.warn(f"{person} was not reached: call them now ({where})")
        render.hint(f"if nobody answers: sevlog page -i {done.incident}")
