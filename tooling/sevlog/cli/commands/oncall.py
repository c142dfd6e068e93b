"""sevlog oncall: who is on call now and next, who would be paged, and overrides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ...errors import Exit
from ..options import acting, looking
from ..output import render
from ..output.reaching import oncall_tables
from ..output.reporters import REPORTERS, ReportStyle
from ..parameters import COMPONENT, PERSON, SCHEDULE, SEVERITY, TEAM
from ..screen import say, send
from ..shared import SharedOptions

D = TypeVar("D")
_BY_TODAY = click.option("--by-today", is_flag=True, help="Use today's files for a time in the past too.")
_AT = click.option("--at", metavar="TIME", help="Time to look at, or to start from (default: now).")
_SCHEDULE = click.option("--schedule", type=SCHEDULE, help="Only this schedule.")
_EXAMPLES = """\b
Examples:
  sevlog oncall who --component checkout
  sevlog oncall who --component checkout --at "sunday 02:00"
  sevlog oncall check

\b
A schedule in oncall.yaml (set `owner: payments` at the components of the team in sevlog.yaml):
  people:
    - {key: ana, name: Ana, contact: [ANA_PAGER]}
    - {key: bo, name: Bo, contact: [BO_PAGER]}
  teams:
    - {key: payments, members: [ana, bo], schedule: payments}
  schedules:
    - key: payments
      time_zone: Europe/Berlin
      layers:
        - {key: weekly, members: [ana, bo], start: 2026-01-05T09:00, rotate: weekly}
"""


@click.group(epilog=_EXAMPLES)
def oncall() -> None:
    """Show who is on call now, in the future or in the past, and change it.

    A time without an offset is in the time zone of the schedule, or of the status page if no schedule is named.
    Formats: RFC 3339, 02:00, sunday, "sunday 02:00", 2026-12-25, 2026-12-25T02:00, "25 December", tomorrow.
    """


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall who\n  sevlog oncall who --component checkout --at 02:00\n"
    '  sevlog oncall who --team payments --at "25 December"\n'
    "  sevlog oncall who --schedule payments --at 2026-03-01T02:00      (as it was then)"
)
@click.option("--component", type=COMPONENT, help="Component: uses the schedule of its owner, or the owner's policy.")
@click.option("--team", type=TEAM, help="Team.")
@_SCHEDULE
@_AT
@_BY_TODAY
@looking
def who(
    shared: SharedOptions, component: str | None, team: str | None, schedule: str | None, at: str | None, by_today: bool
) -> None:
    """Show who is on call: now, or --at a time or day.

    For a time in the past, the answer comes from the files on the main branch at that time: a later edit of a schedule
    does not change who was on call.
    """
    from ...services.oncall import shifts as asking

    document = asking.who(shared.workspace, component=component, team=team, schedule=schedule, at=at, by_today=by_today)
    _print(shared, document, oncall_tables.who)
    for text in () if shared.json else document.hints:
        render.hint(f"cover it: {text}")
    if shared.verbose and not shared.json:
        say(oncall_tables.source(document.commit, document.committed_at), err=True)


@oncall.command(
    "next",
    epilog="\b\nExamples:\n  sevlog oncall next\n  sevlog oncall next --person ana --days 60\n"
    "  sevlog oncall next --schedule payments",
)
@_SCHEDULE
@click.option("--person", "member", type=PERSON, help="Only handovers from or to this person.")
@click.option(
    "--days", type=click.IntRange(1, 1000), default=14, show_default=True, help="Number of days to look ahead."
)
@_AT
@looking
def next_(shared: SharedOptions, schedule: str | None, member: str | None, days: int, at: str | None) -> None:
    """Show the handovers of the next days."""
    from ...services.oncall import shifts as asking

    document = asking.coming(shared.workspace, days=days, schedule=schedule, person=member, at=at)
    _print(shared, document, oncall_tables.coming)


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall simulate --component checkout --severity SEV1 --at 02:00\n"
    '  sevlog oncall simulate --component checkout --severity SEV3 --at "sunday 02:00"'
)
@click.option("--component", type=COMPONENT, required=True, help="Component that fails.")
@click.option("--severity", type=SEVERITY, help="Severity (default: an immediate page, not a major).")
@_AT
@_BY_TODAY
@looking
def simulate(shared: SharedOptions, component: str, severity: str | None, at: str | None, by_today: bool) -> None:
    """Show who would be paged and when, step by step, if nobody acknowledged. This pages nobody."""
    from ...services.oncall import shifts as asking

    document = asking.simulate(shared.workspace, component, severity, at=at, by_today=by_today)
    _print(shared, document, lambda d: oncall_tables.simulated(d, contacts=shared.verbose))


@oncall.command(epilog="\b\nExamples:\n  sevlog oncall check\n  sevlog oncall check --days 180 --format github")
@click.option(
    "--days", type=click.IntRange(1, 1000), default=90, show_default=True, help="Number of days to look ahead."
)
@click.option("--format", "style", type=click.Choice(list(REPORTERS)), default="text", help="Output format.")
@looking
def check(shared: SharedOptions, days: int, style: str) -> int:
    """Check the coming schedules: gaps, double bookings, time off, missing contact points, pages that reach nobody.

    Exit code 1 if there are errors.
    """
    from ...services.oncall.checking import check_ahead

    workspace = shared.workspace
    result = check_ahead(workspace, days)
    frame = ReportStyle(workspace.git.prefix if workspace.git.present else "", render.styled, "schedule")
    say(REPORTERS["json" if shared.json else style](result, frame))
    return Exit.FINDINGS if result.errors else Exit.OK


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall override payments --person bo --from 18:00 --to 23:00 --reason dentist\n"
    '  sevlog oncall override payments --person bo --shift "25 December"\n'
    "  sevlog oncall override payments --shift 2026-12-24T12:00 --swap 2026-12-31T12:00 --dry-run"
)
@click.argument("schedule", type=SCHEDULE)
@click.option("--person", "member", type=PERSON, help="Person to put on call (default: you).")
@click.option("--from", "since", metavar="TIME", help="Start (default: now).")
@click.option("--to", "until", metavar="TIME", help="End.")
@click.option("--shift", metavar="TIME", help="Cover the whole shift at this time.")
@click.option("--swap", metavar="TIME", help="With --shift: swap it with the shift at this time.")
@click.option("--reason", metavar="TEXT", help="Reason, kept with the override.")
@acting(
    reason=False,
    incident=False,
    evidence=False,
    without={"--at": "an override has a start and an end: --from TIME --to TIME"},
)
def override(
    shared: SharedOptions,
    schedule: str,
    member: str | None,
    since: str | None,
    until: str | None,
    shift: str | None,
    swap: str | None,
    reason: str | None,
) -> None:
    """Put another person on call for a time, or swap two shifts. Writes a line in oncall.yaml and a commit.

    Refused if the person is away, on call elsewhere or has no contact point; pass --override CODE to do it anyway.
    """
    from ...services.oncall.covering import Wish
    from ...services.oncall.overrides import override as add_override

    wish = Wish(schedule=schedule, person=member, since=since, until=until, shift=shift, swap=swap, reason=reason)
    document = add_override(shared.workspace, wish, shared.acting)
    _print(shared, document, oncall_tables.overridden)
    for text in () if shared.json else document.warnings:
        render.warn(text)
    for text in () if shared.json else document.hints:
        render.hint(text)


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall load\n  sevlog oncall load --weeks 12\n"
    "  sevlog oncall load --from 2026-10-01 --until 2026-10-31 --json"
)
@click.option(
    "--weeks", type=click.IntRange(1, 520), default=4, show_default=True, help="Number of weeks, with this one."
)
@click.option("--from", "since", metavar="TIME", help="Start with the week of this time.")
@click.option("--until", metavar="TIME", help="End with the week of this time (default: now).")
@looking
def load(shared: SharedOptions, weeks: int, since: str | None, until: str | None) -> None:
    """Show how many pages each person got, week by week, and who got more than the budget.

    The budget is `policies.page.budget` in sevlog.yaml. It never stops a page. NIGHT is from 22:00 to 07:00 in the time
    zone of the person, OFF HOURS is outside their working hours, MEDIAN is the median time until they answered.
    """
    from ...services.oncall.load import load as page_load

    document = page_load(shared.workspace, count=weeks, since=since, until=until)
    _print(shared, document, oncall_tables.load)


@oncall.command(
    epilog="\b\nExamples:\n  sevlog oncall ics --person ana --out ana.ics\n  sevlog oncall ics --schedule payments"
)
@_SCHEDULE
@click.option("--person", "member", type=PERSON, help="Only shifts of this person.")
@click.option(
    "--days", type=click.IntRange(1, 1000), default=90, show_default=True, help="Number of days to look ahead."
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file (default: standard output).",
)
@looking
def ics(shared: SharedOptions, schedule: str | None, member: str | None, days: int, out: Path | None) -> None:
    """Export the coming shifts as a calendar file (iCalendar)."""
    from ...services.common.documents import as_json
    from ...services.oncall.calendar import exported

    document = exported(shared.workspace, schedule=schedule, person=member, days=days, out=out)
    if shared.json:
        say(as_json(document))
    elif document.text is not None:
        send(document.text.encode())
    else:
        say(f"{document.out}: {document.events} shifts")


def _print(shared: SharedOptions, document: D, text: Callable[[D], str]) -> None:
    from ...services.common.documents import as_json

    say(as_json(document) if shared.json else text(document))
