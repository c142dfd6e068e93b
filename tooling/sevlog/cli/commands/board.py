"""sevlog board, list, show, timeline."""

from __future__ import annotations

import click

from ..options import looking
from ..output import board_tables, incident_tables, render
from ..parameters import INCIDENT, filtering
from ..screen import say
from ..shared import SharedOptions

_ID = click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")


@click.command(epilog="\b\nExamples:\n  sevlog board\n  sevlog board --watch\n  sevlog board --json")
@click.option("--watch", is_flag=True, help="Refresh every few seconds, until Ctrl-C.")
@click.option(
    "--every",
    metavar="SECONDS",
    type=click.FloatRange(min=0.2),
    default=5.0,
    show_default=True,
    help="Refresh interval of --watch.",
)
@looking
def board(shared: SharedOptions, watch: bool, every: float) -> None:
    """Show the live incidents, most urgent first: by priority, severity, scope and start.

    Below the table: what is overdue, with the command, and who joined as responder, observer or stakeholder.
    """
    from ...services.common import documents
    from ...services.views import board as views_board

    render.config_mistake(shared)

    def text() -> str:
        return board_tables.board(views_board.board(shared.workspace), shared.workspace.clock())

    if watch:
        from ..output.watching import watched

        watched(text, every, as_json=shared.json, clock=shared.workspace.clock)
        return
    document = views_board.board(shared.workspace)
    say(documents.as_json(document) if shared.json else board_tables.board(document, shared.workspace.clock()))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(
    "list",
    epilog="\b\nExamples:\n  sevlog list --status live --component checkout\n"
    "  sevlog list --since 2026-10-01 --text database",
)
@filtering
@click.option("--tag", multiple=True, metavar="WORD", help="Filter by tag.")
@click.option("--text", metavar="WORDS", help="Search in titles, summaries and entries.")
@looking
def list_(
    shared: SharedOptions,
    status: tuple[str, ...],
    severity: tuple[str, ...],
    component: tuple[str, ...],
    kind: tuple[str, ...],
    since: str | None,
    until: str | None,
    tag: tuple[str, ...],
    text: str | None,
) -> None:
    """List incidents, newest first. Filters combine: each incident matches all of them."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    render.config_mistake(shared)
    criteria = views_incidents.Filter(
        status=status,
        severity=severity,
        component=component,
        kind=kind,
        tag=tag,
        text=text,
        since=shared.time("--since", since, past=True, days=True),
        until=shared.time("--until", until, past=True, days=True),
    )
    document = views_incidents.listed(shared.workspace, criteria)
    say(documents.as_json(document) if shared.json else board_tables.listing(document))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(
    epilog="\b\nExamples:\n  sevlog show\n  sevlog show checkout --as-of 14:30\n  sevlog show checkout --known-at 14:30"
)
@click.argument("incident_id", type=INCIDENT, required=False)
@_ID
@click.option("--as-of", metavar="TIME", help="Show its state at this time, as known today.")
@click.option("--known-at", metavar="TIME", help="Show only what was recorded by this time.")
@looking
def show(
    shared: SharedOptions, incident_id: str | None, named: str | None, as_of: str | None, known_at: str | None
) -> None:
    """Show one incident: now, at a past time, or as it was known then."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    render.config_mistake(shared)
    document = views_incidents.shown(
        shared.workspace,
        incident_id or named,
        as_of=shared.time("--as-of", as_of, past=True),
        known_by=shared.time("--known-at", known_at, past=True),
    )
    asked = document.as_of or document.known_at or shared.workspace.clock()
    say(documents.as_json(document) if shared.json else incident_tables.incident(document, asked))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(epilog="\b\nExamples:\n  sevlog timeline\n  sevlog timeline checkout --json")
@click.argument("incident_id", type=INCIDENT, required=False)
@_ID
@click.option("--as-of", metavar="TIME", help="Only entries up to this time.")
@looking
def timeline(shared: SharedOptions, incident_id: str | None, named: str | None, as_of: str | None) -> None:
    """Show the entries of one incident, oldest first, with corrections and retractions."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    render.config_mistake(shared)
    document = views_incidents.timeline(
        shared.workspace, incident_id or named, as_of=shared.time("--as-of", as_of, past=True)
    )
    say(documents.as_json(document) if shared.json else incident_tables.timeline(document))
