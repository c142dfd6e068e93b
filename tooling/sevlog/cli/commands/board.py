"""sevlog board, list, show, timeline."""

from __future__ import annotations

from typing import get_args

import click

from ...model.vocabulary import IncidentKind
from ..options import looking
from ..output import incident_tables
from ..parameters import INCIDENT, PAST_COMPONENT, SEVERITY, STATUS
from ..screen import say
from ..shared import Shared

_ID = click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an id.")


@click.command(epilog="\b\nExamples:\n  sevlog board\n  sevlog board --watch\n  sevlog board --json")
@click.option("--watch", is_flag=True, help="Stay, and show it anew every few seconds; Ctrl-C ends it.")
@click.option(
    "--every",
    metavar="SECONDS",
    type=click.FloatRange(min=0.2),
    default=5.0,
    show_default=True,
    help="With --watch: how often.",
)
@looking
def board(shared: Shared, watch: bool, every: float) -> None:
    """The live incidents, the most pressing first: by priority, severity, scope and start."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    def text() -> str:
        return incident_tables.board(views_incidents.board(shared.workspace), shared.workspace.clock())

    if watch:
        from ..output.watching import watched

        watched(text, every, as_json=shared.json, clock=shared.workspace.clock)
        return
    document = views_incidents.board(shared.workspace)
    say(documents.as_json(document) if shared.json else incident_tables.board(document, shared.workspace.clock()))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(
    "list",
    epilog="\b\nExamples:\n  sevlog list --status live --component checkout\n"
    "  sevlog list --since 2026-10-01 --text database",
)
@click.option("--status", multiple=True, type=STATUS, help="A status or a category (live, learning …).")
@click.option("--severity", multiple=True, type=SEVERITY, help="Of this severity.")
@click.option("--component", multiple=True, type=PAST_COMPONENT, help="That hit this component.")
@click.option("--kind", multiple=True, type=click.Choice(get_args(IncidentKind)), help="What kind of record.")
@click.option("--since", metavar="TIME", help="Begun at or after: 2026-10-01, yesterday, -7d …")
@click.option("--until", metavar="TIME", help="Begun before.")
@click.option("--tag", multiple=True, metavar="WORD", help="With this tag.")
@click.option("--text", metavar="WORDS", help="Somewhere in titles, summary or entries.")
@looking
def list_(
    shared: Shared,
    status: tuple[str, ...],
    severity: tuple[str, ...],
    component: tuple[str, ...],
    kind: tuple[str, ...],
    since: str | None,
    until: str | None,
    tag: tuple[str, ...],
    text: str | None,
) -> None:
    """All incidents, newest first, or those that match every option."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    wanted = views_incidents.Filter(
        status=status,
        severity=severity,
        component=component,
        kind=kind,
        tag=tag,
        text=text,
        since=shared.time("--since", since, past=True, days=True),
        until=shared.time("--until", until, past=True, days=True),
    )
    document = views_incidents.listed(shared.workspace, wanted)
    say(documents.as_json(document) if shared.json else incident_tables.listing(document))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(
    epilog="\b\nExamples:\n  sevlog show\n  sevlog show checkout --as-of 14:30\n  sevlog show checkout --known-at 14:30"
)
@click.argument("incident_id", type=INCIDENT, required=False)
@_ID
@click.option("--as-of", metavar="TIME", help="As it was then, by what is known today.")
@click.option("--known-at", metavar="TIME", help="As it was known then.")
@looking
def show(shared: Shared, incident_id: str | None, named: str | None, as_of: str | None, known_at: str | None) -> None:
    """One incident as it stands, as it stood, or as it was known."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    document = views_incidents.shown(
        shared.workspace,
        incident_id or named,
        as_of=shared.time("--as-of", as_of, past=True),
        known_by=shared.time("--known-at", known_at, past=True),
    )
    say(documents.as_json(document) if shared.json else incident_tables.incident(document, shared.workspace.clock()))
    incident_tables.warn_of(document.problems, shared.json)


@click.command(epilog="\b\nExamples:\n  sevlog timeline\n  sevlog timeline checkout --json")
@click.argument("incident_id", type=INCIDENT, required=False)
@_ID
@click.option("--as-of", metavar="TIME", help="Only what had happened by then.")
@looking
def timeline(shared: Shared, incident_id: str | None, named: str | None, as_of: str | None) -> None:
    """The entries of one incident, oldest first, with what was corrected or taken back."""
    from ...services.common import documents
    from ...services.views import incidents as views_incidents

    document = views_incidents.timeline(
        shared.workspace, incident_id or named, as_of=shared.time("--as-of", as_of, past=True)
    )
    say(documents.as_json(document) if shared.json else incident_tables.timeline(document))
