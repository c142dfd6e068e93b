"""sevlog page: pages the people on call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import Exit, UsageError
from ..options import acting
from ..output import render
from ..output.reaching.notify_tables import line, page_line
from ..parameters import RECIPIENT
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.paging.documents import Pages
    from ...services.workspace.workspace import Workspace

_WITHOUT = {
    "--at": "a page goes out now; to record one that you made by hand: sevlog note --at TIME …",
    "--no-commit": "a page is always recorded; to see who it would reach: sevlog page --dry-run",
}


@click.command(
    epilog="\b\nExamples:\n  sevlog page --dry-run\n  sevlog page --now\n  sevlog page --to team:payments\n"
    "  sevlog page --follow"
)
@click.option(
    "--to", "target", type=RECIPIENT, help="Person, team:KEY or schedule:KEY (default: by the escalation policies)."
)
@click.option(
    "--now", "ahead", is_flag=True, help="Take the next step now, without waiting for an answer to the last one."
)
@click.option(
    "--follow",
    "keep_on",
    is_flag=True,
    help="Go on: page the next step when it is due, until somebody answers. Can be stopped and started again.",
)
@acting(reason=False, evidence=False, without=_WITHOUT)
def page(shared: SharedOptions, target: str | None, ahead: bool, keep_on: bool) -> int:
    """Page the people on call for the affected components, by their escalation policies. Repeat if nobody answers.

    Raising an incident pages the first step by itself, as far as addresses are set on this machine; CI pages the rest
    when it runs `sevlog notify`. With --follow, this machine pages step after step.

    Exit code 1 if a person could not be reached on any contact point; the output then says what to do by hand.
    """
    from ...services.common.documents import as_json
    from ...services.paging import page as paging_page

    if keep_on:
        return _follow(shared, target, ahead)
    done = paging_page.page(shared.workspace, shared.incident, target, shared.acting, ahead=ahead)
    if shared.json:
        say(as_json(done))
    else:
        _report(shared, done)
    return Exit.FINDINGS if done.unreached and not shared.dry_run else Exit.OK


def _follow(shared: SharedOptions, target: str | None, ahead: bool) -> int:
    from ...services.common.documents import as_json
    from ...services.paging import follow as paging_follow

    if target is not None or ahead or shared.dry_run:
        raise UsageError(
            "--follow pages by the escalation policies: leave out --to, --now and --dry-run", "sevlog page --follow"
        )
    watch = paging_follow.Watch(
        paged=lambda done: None if shared.json else _paged(done),
        waits=lambda at, who: say(f"next: {who} at {at:%H:%M:%SZ}, if nobody answers", err=True),
        warns=render.warn,
        looked=lambda workspace: _remind(shared, workspace),
    )
    done = paging_follow.follow(shared.workspace, shared.incident, shared.acting, watch=watch)
    if shared.json:
        say(as_json(done))
        return Exit.OK if done.ended != "nobody_left" else Exit.FINDINGS
    if done.ended == "nobody_left":
        render.warn(f"nobody answered, and nobody is left to page ({done.why}): call somebody now")
        render.hint(f"to page a person by name: sevlog page -i {done.incident} --to PERSON")
        return Exit.FINDINGS
    say(done.why)
    return Exit.OK


def _remind(shared: SharedOptions, workspace: Workspace) -> None:
    """Send the reminders that are due, and say so."""
    from ...services.notifying.reminding import remind
    from ...services.workspace import lookup

    done = remind(workspace, lookup.resolve(workspace, shared.incident))
    for row in done.notifications if done and not shared.json else ():
        if row.state in ("sent", "failed", "unknown"):
            say(line(row))


def _paged(done: Pages) -> None:
    _deliveries(done)
    for person in done.unreached:
        render.warn(f"{person} was not reached: call them now")


def _deliveries(done: Pages) -> None:
    for row in done.deliveries:
        say(page_line(row))


def _report(shared: SharedOptions, done: Pages) -> None:
    _deliveries(done)
    for wait in done.waiting:
        when = f"{wait.next_at:%a %H:%M:%SZ}" if wait.next_at else ""
        due = f", due {when}; to page now: sevlog page -i {done.incident} --now" if when else ""
        say(f"{wait.policy}: {wait.why}{due}")
    if shared.dry_run:
        say(f"\n{done.text}\nnothing was sent or written (--dry-run)")
        for text in done.warnings:
            render.warn(text)
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
