"""sevlog problem: new, link, edit, require, review, list, show."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack, get_args

import click

from ...model.learning.problems import ProblemStatus
from ..options import looking, writing
from ..output import render
from ..output.learning import problem_tables
from ..parameters import COMPONENT, INCIDENT, PERSON, PROBLEM
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.learning.problem_acts import ProblemActed

_GROUP_EXAMPLES = """\b
Examples:
  sevlog problem new "One sender, many victims" --incident checkout-fails --incident search-slow
  sevlog problem link one-sender labels-slow
  sevlog problem require one-sender "A share per merchant at the edge" --ref https://git.example/pull/7
  sevlog problem list
"""
_WITHOUT = {"--at": "a problem record has days of its own: --due, and the day of each act"}
_INCIDENTS = click.option(
    "--incident", "incidents", multiple=True, type=INCIDENT, help="One of its incidents. Repeatable."
)
_CAUSES = click.option("--cause", "causes", multiple=True, metavar="TEXT", help="A cause. Repeatable.")
_COMPONENTS = click.option("--component", "components", multiple=True, type=COMPONENT, help="Affects it. Repeatable.")
_OWNER = click.option("--owner", type=PERSON, help="The problem manager.")
_DUE = click.option("--due", metavar="DAY", help="By when the fix is promised: 2026-12-10, or 8w.")
_REASON = click.option("--reason", metavar="TEXT", help="Reason, kept in the record.")


class CardOptions(TypedDict, total=False):
    """The options of `problem new` and `problem edit`."""

    title: str | None
    owner: str | None
    status: ProblemStatus | None
    due: str | None
    components: tuple[str, ...]
    incidents: tuple[str, ...]
    causes: tuple[str, ...]
    reason: str | None


class ChangeOptions(TypedDict):
    """The options of `problem require`."""

    title: str
    state: str | None
    owner: str | None
    due: str | None
    ref: str | None
    action: str | None


@click.group(epilog=_GROUP_EXAMPLES)
def problem() -> None:
    """Group incidents that have a cause in common, and follow the changes that it takes."""


@problem.command(
    epilog='\b\nExamples:\n  sevlog problem new "One sender, many victims" --incident checkout-fails --due 8w'
)
@click.argument("title")
@_INCIDENTS
@_CAUSES
@_COMPONENTS
@_OWNER
@_DUE
@writing(without=_WITHOUT)
def new(shared: SharedOptions, **said: Unpack[CardOptions]) -> None:
    """Open a problem: a file below problems/ for what several incidents have in common."""
    from ...services.learning import problem_acts

    _done(shared, problem_acts.new(shared.workspace, problem_acts.Said(**said), shared.acting))


@problem.command(epilog="\b\nExamples:\n  sevlog problem link one-sender labels-slow search-slow")
@click.argument("key", type=PROBLEM)
@click.argument("incidents", nargs=-1, required=True, type=INCIDENT)
@writing(without=_WITHOUT)
def link(shared: SharedOptions, key: str, incidents: tuple[str, ...]) -> None:
    """Link incidents to a problem."""
    from ...services.learning import problem_acts

    said = problem_acts.Said(incidents=incidents)
    _done(shared, problem_acts.change_card(shared.workspace, key, said, shared.acting))


@problem.command(epilog='\b\nExamples:\n  sevlog problem edit one-sender --cause "Queues have no share per sender"')
@click.argument("key", type=PROBLEM)
@_CAUSES
@_COMPONENTS
@_OWNER
@_DUE
@click.option("--status", type=click.Choice(get_args(ProblemStatus)), help="fixed requires that all changes are done.")
@_REASON
@writing(without=_WITHOUT)
def edit(shared: SharedOptions, key: str, **said: Unpack[CardOptions]) -> None:
    """Add a cause or a component to a problem, or change its owner, its promise or its status."""
    from ...services.learning import problem_acts

    _done(shared, problem_acts.change_card(shared.workspace, key, problem_acts.Said(**said), shared.acting))


@problem.command(
    epilog='\b\nExamples:\n  sevlog problem require one-sender "A share per merchant" --owner ana --due 4w\n'
    "  sevlog problem require one-sender 1 --state done"
)
@click.argument("key", type=PROBLEM)
@click.argument("title", metavar="CHANGE")
@click.option("--state", metavar="TEXT", help="done, or how far it is.")
@_OWNER
@_DUE
@click.option("--ref", metavar="URL", help="The change record or the ticket.")
@click.option("--action", metavar="INCIDENT/A1", help="The action item that does it.")
@writing(without=_WITHOUT)
def require(shared: SharedOptions, key: str, **wish: Unpack[ChangeOptions]) -> None:
    """Add a change that the problem takes, or say how far one is. CHANGE is its title or its number."""
    from ...services.learning import problem_acts

    _done(shared, problem_acts.require(shared.workspace, key, problem_acts.Change(**wish), shared.acting))


@problem.command(epilog='\b\nExamples:\n  sevlog problem review one-sender --due 6w --reason "the share was too large"')
@click.argument("key", type=PROBLEM)
@click.option("--due", required=True, metavar="DAY", help="By when the fix is promised now: 2026-12-10, or 6w.")
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@writing(without=_WITHOUT)
def review(shared: SharedOptions, key: str, due: str, reason: str) -> None:
    """Decide after a recurrence: promise the fix again. Until then, `sevlog check` reports an error."""
    from ...services.learning import problem_acts

    _done(shared, problem_acts.review(shared.workspace, key, due, reason, shared.acting))


@problem.command("list", epilog="\b\nExamples:\n  sevlog problem list\n  sevlog problem list --status open --json")
@click.option("--status", "statuses", multiple=True, type=click.Choice(get_args(ProblemStatus)), help="By status.")
@click.option("--owner", type=PERSON, help="Only those of one problem manager.")
@looking
def list_(shared: SharedOptions, statuses: tuple[str, ...], owner: str | None) -> None:
    """List the problems: those that came back first, then by their newest incident."""
    from ...services.common import documents
    from ...services.views import problem_records as problem_views

    found = problem_views.listed(shared.workspace, statuses, owner)
    say(documents.as_json(found) if shared.json else problem_tables.table(found))


@problem.command(epilog="\b\nExamples:\n  sevlog problem show one-sender")
@click.argument("key", type=PROBLEM)
@looking
def show(shared: SharedOptions, key: str) -> None:
    """Show a problem: its incidents, causes and changes, and incidents that may belong to it."""
    from ...services.common import documents
    from ...services.views import problem_records as problem_views

    found = problem_views.shown(shared.workspace, key)
    say(documents.as_json(found) if shared.json else problem_tables.shown(found))


def _done(shared: SharedOptions, done: ProblemActed) -> None:
    from ...services.common.documents import as_json

    if shared.json:
        say(as_json(done))
        return
    if done.dry_run:
        say(f"{done.text}\nnothing was written (--dry-run)")
    else:
        sent = ", pushed" if done.pushed else ""
        say(f"{done.key}  {done.summary}  ({f'commit {done.commit[:10]}{sent}' if done.commit else 'not committed'})")
    for text in done.warnings:
        render.warn(text)
    for text in done.hints:
        render.hint(text)
