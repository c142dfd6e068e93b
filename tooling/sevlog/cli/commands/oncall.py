"""sevlog oncall: who is on call, who comes next, who would be paged, and who stands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ...errors import Exit
from ..options import acting, looking
from ..output import oncall_tables, render
from ..output.reporters import REPORTERS, Frame
from ..parameters import COMPONENT, PERSON, SCHEDULE, SEVERITY, TEAM
from ..screen import say, send
from ..shared import Shared

D = TypeVar("D")
_BY_TODAY = click.option("--by-today", is_flag=True, help="Ask today's files, also about the past.")
_AT = click.option("--at", metavar="TIME", help="At this time, or from it on (default: now).")
_SCHEDULE = click.option("--schedule", type=SCHEDULE, help="Of this schedule.")
_EXAMPLES = """\b
Examples:
  sevlog oncall who --component checkout
  sevlog oncall who --component checkout --at "sunday 02:00"
  sevlog oncall check
"""


@click.group(epilog=_EXAMPLES)
def oncall() -> None:
    """Say who is on call, now, at any time ahead, and as it was at any time in the past; and change it.

    In these commands a time without an offset is read by the clock of the schedule (of the page, where there is none).
    Besides RFC 3339 there are: 02:00, sunday, "sunday 02:00", 2026-12-25, 2026-12-25T02:00, "25 December", tomorrow.
    """


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall who\n  sevlog oncall who --component checkout --at 02:00\n"
    '  sevlog oncall who --team payments --at "25 December"\n'
    "  sevlog oncall who --schedule payments --at 2026-03-01T02:00      (as it was then)"
)
@click.option("--component", type=COMPONENT, help="For this component: by its owner's schedule, else policy.")
@click.option("--team", type=TEAM, help="Of this team.")
@_SCHEDULE
@_AT
@_BY_TODAY
@looking
def who(
    shared: Shared, component: str | None, team: str | None, schedule: str | None, at: str | None, by_today: bool
) -> None:
    """Who is on call: now, or --at a time or a day.

    About the past the files answer that the main branch held then: editing a rota never changes who was on call.
    """
    from ...services.oncall import shifts as asking

    document = asking.who(shared.workspace, component=component, team=team, schedule=schedule, at=at, by_today=by_today)
    _print(shared, document, oncall_tables.who)
    if shared.verbose and not shared.json:
        say(oncall_tables.source(document.commit, document.committed_at), err=True)


@oncall.command(
    "next",
    epilog="\b\nExamples:\n  sevlog oncall next\n  sevlog oncall next --person ana --days 60\n"
    "  sevlog oncall next --schedule payments",
)
@_SCHEDULE
@click.option("--person", "whom", type=PERSON, help="Where this person takes over or gives away.")
@click.option("--days", type=click.IntRange(1, 1000), default=14, show_default=True, help="How far ahead.")
@_AT
@looking
def next_(shared: Shared, schedule: str | None, whom: str | None, days: int, at: str | None) -> None:
    """The hand-overs of the next days."""
    from ...services.oncall import shifts as asking

    document = asking.coming(shared.workspace, days=days, schedule=schedule, person=whom, at=at)
    _print(shared, document, oncall_tables.coming)


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall simulate --component checkout --severity SEV1 --at 02:00\n"
    '  sevlog oncall simulate --component checkout --severity SEV3 --at "sunday 02:00"'
)
@click.option("--component", type=COMPONENT, required=True, help="What fails.")
@click.option("--severity", type=SEVERITY, help="How badly (default: a page at once that is no major's).")
@_AT
@_BY_TODAY
@looking
def simulate(shared: Shared, component: str, severity: str | None, at: str | None, by_today: bool) -> None:
    """Who would be paged when, step by step, if nobody acknowledged. Nobody is."""
    from ...services.oncall import shifts as asking

    document = asking.simulate(shared.workspace, component, severity, at=at, by_today=by_today)
    _print(shared, document, lambda d: oncall_tables.simulated(d, contacts=shared.verbose))


@oncall.command(epilog="\b\nExamples:\n  sevlog oncall check\n  sevlog oncall check --days 180 --format github")
@click.option("--days", type=click.IntRange(1, 1000), default=90, show_default=True, help="How far ahead.")
@click.option("--format", "style", type=click.Choice(list(REPORTERS)), default="text", help="How to print it.")
@looking
def check(shared: Shared, days: int, style: str) -> int:
    """Look ahead: gaps, double bookings, clashes with time off, people who cannot be reached, pages that reach nobody.

    Exit code 1 where there are errors.
    """
    from ...services.oncall.checking import check_ahead

    workspace = shared.workspace
    result = check_ahead(workspace, days)
    frame = Frame(workspace.git.prefix if workspace.git.present else "", oncall_tables.styled, "schedule")
    say(REPORTERS["json" if shared.json else style](result, frame))
    return Exit.FINDINGS if result.errors else Exit.OK


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall override payments --person bo --from 18:00 --to 23:00 --reason dentist\n"
    '  sevlog oncall override payments --person bo --shift "25 December"\n'
    "  sevlog oncall override payments --shift 2026-12-24T12:00 --swap 2026-12-31T12:00 --dry-run"
)
@click.argument("schedule", type=SCHEDULE)
@click.option("--person", "whom", type=PERSON, help="Who stands in (default: who acts).")
@click.option("--from", "since", metavar="TIME", help="From (default: now).")
@click.option("--to", "until", metavar="TIME", help="To.")
@click.option("--shift", metavar="TIME", help="All of the shift at this time.")
@click.option("--swap", metavar="TIME", help="With --shift: the two people swap it for the shift at this time.")
@click.option("--reason", metavar="TEXT", help="Why; it is kept with the override.")
@acting(reason=False, incident=False, without={"--at": "say from when to when: --from TIME --to TIME"})
def override(
    shared: Shared,
    schedule: str,
    whom: str | None,
    since: str | None,
    until: str | None,
    shift: str | None,
    swap: str | None,
    reason: str | None,
) -> None:
    """Let someone stand in for a while, or swap two shifts: a line in oncall.yaml, and a commit.

    Refused for a person who is away, on call elsewhere or without a contact point; --override CODE passes it.
    """
    from ...services.oncall.covering import Wish
    from ...services.oncall.overrides import override as stand_in

    wish = Wish(schedule=schedule, person=whom, since=since, until=until, shift=shift, swap=swap, reason=reason)
    document = stand_in(shared.workspace, wish, shared.acting)
    _print(shared, document, oncall_tables.overridden)
    for text in () if shared.json else document.warnings:
        render.warn(text)
    for text in () if shared.json else document.hints:
        render.hint(text)


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall ics --person ana --out ana.ics\n  sevlog oncall ics --schedule payments"
)
@_SCHEDULE
@click.option("--person", "whom", type=PERSON, help="The shifts of this person.")
@click.option("--days", type=click.IntRange(1, 1000), default=90, show_default=True, help="How far ahead.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write (default: standard output).",
)
@looking
def ics(shared: Shared, schedule: str | None, whom: str | None, days: int, out: Path | None) -> None:
    """The shifts ahead as a calendar file (iCalendar), to subscribe to or to import."""
    from ...services.common.documents import as_json
    from ...services.oncall.calendar import exported

    document = exported(shared.workspace, schedule=schedule, person=whom, days=days, out=out)
    if shared.json:
        say(as_json(document))
    elif document.text is not None:
        send(document.text.encode())
    else:
        say(f"{document.out}: {document.events} shifts")


def _print(shared: Shared, document: D, text: Callable[[D], str]) -> None:
    from ...services.common.documents import as_json

    say(as_json(document) if shared.json else text(document))
