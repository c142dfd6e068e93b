"""sevlog drill: start, inject, hint, score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import acting, looking, or_as_argument
from ..output import render
from ..output.learning import drill_tables
from ..parameters import INCIDENT
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.learning.drills.drill_acts import Released

_GROUP_EXAMPLES = """\b
Examples:
  sevlog drill start pickup-codes
  sevlog drill inject --follow
  sevlog drill hint
  sevlog drill score
"""


@click.group(epilog=_GROUP_EXAMPLES)
def drill() -> None:
    """Practice with a past incident: the responders see what was seen then, at its time.

    A drill is never public. Its pages and messages say that it is one.
    """


@drill.command(
    epilog="\b\nExamples:\n  sevlog drill start pickup-codes\n"
    '  sevlog drill start 2026-06-14-pickup-codes-rejected --title "Drill: codes at the stations"'
)
@click.argument("source", metavar="FROM", type=INCIDENT)
@click.option("--title", metavar="TEXT", help="Title of the drill (default: the public title of the incident).")
@acting(reason=False, incident=False, guarded=False, evidence=False)
def start(shared: SharedOptions, source: str, title: str | None) -> None:
    """Start a drill from a closed incident. What was seen first is released at once."""
    from ...services.learning.drills import drill_acts

    render.outcome(shared, drill_acts.start(shared.workspace, source, title, shared.acting))


@drill.command(
    epilog="\b\nExamples:\n  sevlog drill inject\n  sevlog drill inject --next\n  sevlog drill inject --follow"
)
@click.option("--next", "ahead", is_flag=True, help="Release the next one now if none is due.")
@click.option(
    "--follow", "keep_on", is_flag=True, help="Go on: release each one at its time. Can be stopped and started again."
)
@acting(reason=False, guarded=False, evidence=False)
def inject(shared: SharedOptions, ahead: bool, keep_on: bool) -> None:
    """Tell the responders what was seen in the original by now: alerts, observations, what customers said.

    Each is recorded as an observation of the drill. It appears as long after the start of the drill as it was seen
    after the first alert of the original.
    """
    from ...services.common.documents import as_json
    from ...services.learning.drills import drill_acts

    if not keep_on:
        done = drill_acts.release(shared.workspace, shared.incident, shared.acting, ahead=ahead)
        _report(shared, done)
        if shared.json:
            say(as_json(done))
        return
    if ahead or shared.dry_run or shared.at_text is not None:
        raise UsageError("--follow releases each inject at its time: leave out --next, --at and --dry-run")
    try:
        done = drill_acts.follow(
            shared.workspace, shared.incident, shared.acting, told=lambda each: _report(shared, each, quiet=True)
        )
    except KeyboardInterrupt:
        say()
        return
    say(as_json(done) if shared.json else f"DRILL {done.id}: nothing is left to release")


def _report(shared: SharedOptions, done: Released, *, quiet: bool = False) -> None:
    if shared.json:
        return
    if done.injects or not quiet:
        say(drill_tables.released(done))
    for text in done.warnings:
        render.warn(text)


@drill.command(epilog="\b\nExamples:\n  sevlog drill hint")
@acting(reason=False, guarded=False, evidence=False)
def hint(shared: SharedOptions) -> None:
    """Give the next hint: what the responders of the original found, decided or did. It is counted."""
    from ...services.learning.drills import drill_acts

    done = drill_acts.hint(shared.workspace, shared.incident, shared.acting)
    if not shared.json:
        item = done.state.item(done.entries[0])
        say(item.entry.text or "" if item else "")
    render.outcome(shared, done)


@drill.command(epilog="\b\nExamples:\n  sevlog drill score\n  sevlog drill score checkout --json")
@click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
@or_as_argument("named")
@looking
def score(shared: SharedOptions, named: str | None) -> None:
    """Show how a drill goes or went, beside its original and the targets of its severity. It gives no grade."""
    from ...services.common.documents import as_json
    from ...services.learning.drills import score as drill_score

    done = drill_score.score(shared.workspace, named)
    say(as_json(done) if shared.json else drill_tables.score(done))
