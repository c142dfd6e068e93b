"""sevlog action: add, change, accept, start, done, verify, wont-do, reopen, list, sync."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack, get_args

import click

from ...errors import Exit
from ...model.vocabulary import ActionClass, ActionIntent, ActionStatus
from ..options import F, acting, looking, writing
from ..output import render
from ..parameters import ACTION, INCIDENT, PERSON, TEAM
from ..screen import say
from ..shared import SharedOptions
from ..text_input import typed_text

if TYPE_CHECKING:
    from ...services.learning.actions.synced import ActionSync

_GROUP_EXAMPLES = """\b
Examples:
  sevlog action add "Alert on refused cards" --class priority --owner ana
  sevlog action accept A1 --due 4w
  sevlog action done checkout-fails/A1 --by https://git.example/pull/611
  sevlog action list --overdue
"""
_ITEM_OPTIONS = (
    click.option("--class", "class_", type=click.Choice(get_args(ActionClass)), help="priority, improvement, cleanup."),
    click.option("--intent", type=click.Choice(get_args(ActionIntent)), help="What it should achieve."),
    click.option("--owner", type=PERSON, help="The responsible person."),
    click.option("--team", type=TEAM, help="The responsible team."),
    click.option("--due", metavar="DAY", help="By when: 2026-12-10, or 4w from now."),
    click.option("--ref", metavar="URL", help="The ticket."),
    click.option("--addresses", multiple=True, metavar="FACTOR", help="A contributing factor: F1. Repeatable."),
)


class ItemOptions(TypedDict, total=False):
    """The values of _ITEM_OPTIONS."""

    class_: ActionClass | None
    intent: ActionIntent | None
    owner: str | None
    team: str | None
    due: str | None
    ref: str | None
    addresses: tuple[str, ...]


class ListOptions(TypedDict):
    """The filters of `action list`."""

    owner: str | None
    team: str | None
    classes: tuple[str, ...]
    statuses: tuple[str, ...]
    overdue: bool
    everything: bool


def _item_options(function: F) -> F:
    for option in reversed(_ITEM_OPTIONS):
        function = option(function)
    return function


@click.group(epilog=_GROUP_EXAMPLES)
def action() -> None:
    """Follow up: action items with owner, due date and status, until somebody verified that they work."""


@action.command(
    epilog='\b\nExamples:\n  sevlog action add "Alert on refused cards" --class priority --owner ana\n'
    '  sevlog action add -i search-slow "Delete the copies" --class cleanup --accept --owner bo --due 2w'
)
@click.argument("text", nargs=-1)
@_item_options
@click.option("--accept", is_flag=True, help="It is agreed already: it gets an owner and a due date at once.")
@acting(evidence=False)
def add(shared: SharedOptions, text: tuple[str, ...], accept: bool, **given: Unpack[ItemOptions]) -> None:
    """Add an action item. The title begins with a verb."""
    from ...services.learning.actions import action_acts
    from ...services.learning.actions.item_input import Item

    item = Item(title=typed_text(text) if text else None, **given)
    render.outcome(shared, action_acts.add(shared.workspace, shared.incident, item, shared.acting, accept=accept))


@action.command(epilog="\b\nExamples:\n  sevlog action accept A1 --owner ana --due 2026-12-10")
@click.argument("item", type=ACTION)
@_item_options
@acting(evidence=False)
def accept(shared: SharedOptions, item: str, **given: Unpack[ItemOptions]) -> None:
    """Accept an action item: it will be done. Without --due, `policies.actions` of sevlog.yaml gives the date."""
    from ...services.learning.actions import action_acts
    from ...services.learning.actions.item_input import Item

    done = action_acts.accept(shared.workspace, shared.incident, item, Item(**given), shared.acting)
    render.outcome(shared, done)


@action.command(
    epilog='\b\nExamples:\n  sevlog action change A1 --due 2027-01-15 --reason "the vendor ships in January"'
)
@click.argument("item", type=ACTION)
@_item_options
@click.option("--title", metavar="TEXT", help="Another title.")
@acting(evidence=False)
def change(shared: SharedOptions, item: str, title: str | None, **given: Unpack[ItemOptions]) -> None:
    """Change the owner, the date or another key of an action item. A later date needs a --reason."""
    from ...services.learning.actions import action_acts
    from ...services.learning.actions.item_input import Item

    said = Item(title=title, **given)
    done = action_acts.change(shared.workspace, shared.incident, item, said, shared.acting)
    render.outcome(shared, done)


@action.command(epilog="\b\nExamples:\n  sevlog action start A1")
@click.argument("item", type=ACTION)
@acting(evidence=False)
def start(shared: SharedOptions, item: str) -> None:
    """Say that work on an action item has begun."""
    _take(shared, item, "start")


@action.command(epilog="\b\nExamples:\n  sevlog action done A1 --by https://git.example/pull/611")
@click.argument("item", type=ACTION)
@click.option("--by", multiple=True, metavar="COMMIT|URL", help="The commit or pull request that did it. Repeatable.")
@acting(evidence=False)
def done(shared: SharedOptions, item: str, by: tuple[str, ...]) -> None:
    """Say that an action item is done. A commit trailer `Incident-Action: INCIDENT/A1` does the same."""
    _take(shared, item, "done", by=by)


@action.command(epilog="\b\nExamples:\n  sevlog action verify A1 --as chi")
@click.argument("item", type=ACTION)
@acting(evidence=False)
def verify(shared: SharedOptions, item: str) -> None:
    """Say that you have seen that a finished action item works."""
    _take(shared, item, "verify")


@action.command("wont-do", epilog='\b\nExamples:\n  sevlog action wont-do A3 --reason "A1 makes it unnecessary"')
@click.argument("item", type=ACTION)
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False, evidence=False)
def wont_do(shared: SharedOptions, item: str, reason: str) -> None:
    """Decide that an action item will not be done."""
    _take(shared, item, "wont-do", reason=reason)


@action.command(epilog='\b\nExamples:\n  sevlog action reopen A1 --reason "the alert never fired"')
@click.argument("item", type=ACTION)
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@acting(reason=False, evidence=False)
def reopen(shared: SharedOptions, item: str, reason: str) -> None:
    """Reopen an action item that was finished or dropped: it is accepted again."""
    _take(shared, item, "reopen", reason=reason)


def _take(
    shared: SharedOptions, item: str, command: str, *, reason: str | None = None, by: tuple[str, ...] = ()
) -> None:
    from ...services.learning.actions import action_acts

    done = action_acts.take(shared.workspace, shared.incident, item, command, shared.acting, reason=reason, by=by)
    render.outcome(shared, done)


@action.command(
    "list",
    epilog="\b\nExamples:\n  sevlog action list\n  sevlog action list --overdue\n"
    "  sevlog action list --team payments --class priority --all --json",
)
@click.option("-i", "--incident", "named", type=INCIDENT, help="Only those of one incident.")
@click.option("--owner", type=PERSON, help="Only those of one person.")
@click.option("--team", type=TEAM, help="Only those of a team or its members.")
@click.option("--class", "classes", multiple=True, type=click.Choice(get_args(ActionClass)), help="Filter by class.")
@click.option("--status", "statuses", multiple=True, type=click.Choice(get_args(ActionStatus)), help="By status.")
@click.option("--overdue", is_flag=True, help="Only those that are late.")
@click.option("--all", "everything", is_flag=True, help="Include those that are done, verified or dropped.")
@looking
def list_(shared: SharedOptions, named: str | None, **wanted: Unpack[ListOptions]) -> None:
    """List the open action items of all incidents: the overdue ones first, then by due date."""
    from ...services.common import documents
    from ...services.learning.actions import listing
    from ..output.learning import action_tables

    found = listing.listed(shared.workspace, listing.Wanted(incident=named, **wanted))
    say(documents.as_json(found) if shared.json else action_tables.table(found))
    for text in () if shared.json else found.problems:
        render.warn(text)


_WITHOUT = {
    "--at": "each commit has a time of its own",
    "--as": "the work is that of the authors of the commits",
    "--no-commit": "to see what would change: sevlog action sync --dry-run",
}


@action.command(epilog="\b\nExamples:\n  sevlog action sync --dry-run\n  sevlog action sync")
@writing(without=_WITHOUT)
def sync(shared: SharedOptions) -> int:
    """Bring action items up to date with the commits that do them and with their issues in trackers. CI runs it.

    A commit with the trailer `Incident-Action: INCIDENT/A1` moves the item to done. It counts in the repository of the
    records and in those of `follow_up.repositories` in sevlog.yaml. A revert of that commit reopens the item.

    Each item that is accepted or in progress gets one issue in a tracker of `follow_up.trackers`. The token is the
    environment variable SEVLOG_TRACKER. An issue that is closed as done moves the item to done, and one that is
    reopened reopens it. What changed in the item is sent to its issue. Exit code 1 if something could not be synced
    with a tracker.
    """
    from ...services.common import documents
    from ...services.learning.actions import sync as action_sync

    made = action_sync.sync(shared.workspace, shared.acting)
    if shared.json:
        say(documents.as_json(made))
    else:
        _show(made)
    return Exit.FINDINGS if made.failures else Exit.OK


def _show(made: ActionSync) -> None:
    from ...services.learning.actions import sync as action_sync

    for text in action_sync.reported(made.items):
        say(text)
    if not made.items:
        say("no action item changes")
    for text in (*made.warnings, *made.failures):
        render.warn(text)
    for text in made.hints:
        render.hint(text)
