"""sevlog board, list, show, timeline."""

from __future__ import annotations

from typing import get_args

import click

from ...model.vocabulary import IncidentKind
from .. import tables
from ..options import Shared, looking

_ID = click.option("-i", "--incident", "named", metavar="ID", help="Any part of an id.")


@click.command(epilog="\b\nExamples:\n  sevlog board\n  sevlog board --json")
@looking
def board(shared: Shared) -> None:
    """The live incidents, the most pressing first: by priority, severity, scope and start."""
    from ...services import viewing

    document = viewing.board(shared.workspace)
    click.echo(viewing.as_json(document) if shared.json else tables.board(document, shared.workspace.clock()))
    tables.warn_of(document.problems, shared.json)


@click.command(
    "list",
    epilog="\b\nExamples:\n  sevlog list --status live --component checkout\n"
    "  sevlog list --since 2026-10-01T00:00:00Z --text database",
)
@click.option("--status", multiple=True, metavar="STATUS", help="A status or a category (live, learning …).")
@click.option("--severity", multiple=True, metavar="LEVEL", help="Of this severity.")
@click.option("--component", multiple=True, metavar="KEY", help="That hit this component.")
@click.option("--kind", multiple=True, type=click.Choice(get_args(IncidentKind)), help="What kind of record.")
@click.option("--since", metavar="TIME", help="Begun at or after.")
@click.option("--until", metavar="TIME", help="Begun before.")
@click.option("--tag", multiple=True, metavar="WORD", help="With this tag.")
@click.option("--text", metavar="WORDS", help="Somewhere in titles, summary or entries.")
@looking
def list_(
    shared: Shared, status: tuple[str, ...], severity: tuple[str, ...], component: tuple[str, ...],
    kind: tuple[str, ...], since: str | None, until: str | None, tag: tuple[str, ...], text: str | None,
) -> None:  # fmt: skip
    """All incidents, newest first, or those that match every option."""
    from ...services import viewing

    wanted = viewing.Filter(
        status=status, severity=severity, component=component, kind=kind, tag=tag, text=text,
        since=shared.time(since, past=True), until=shared.time(until, past=True),
    )  # fmt: skip
    document = viewing.listed(shared.workspace, wanted)
    click.echo(viewing.as_json(document) if shared.json else tables.listing(document))
    tables.warn_of(document.problems, shared.json)


@click.command(
    epilog="\b\nExamples:\n  sevlog show\n  sevlog show checkout --as-of 14:30\n  sevlog show checkout --known-at 14:30"
)
@click.argument("incident_id", metavar="ID", required=False)
@_ID
@click.option("--as-of", metavar="TIME", help="As it was then, by what is known today.")
@click.option("--known-at", metavar="TIME", help="As it was known then.")
@looking
def show(shared: Shared, incident_id: str | None, named: str | None, as_of: str | None, known_at: str | None) -> None:
    """One incident as it stands, as it stood, or as it was known."""
    from ...services import viewing

    document = viewing.shown(
        shared.workspace, incident_id or named, as_of=shared.time(as_of, past=True),
        known_by=shared.time(known_at, past=True),
    )  # fmt: skip
    click.echo(viewing.as_json(document) if shared.json else tables.incident(document, shared.workspace.clock()))
    tables.warn_of(document.problems, shared.json)


@click.command(epilog="\b\nExamples:\n  sevlog timeline\n  sevlog timeline checkout --json")
@click.argument("incident_id", metavar="ID", required=False)
@_ID
@click.option("--as-of", metavar="TIME", help="Only what had happened by then.")
@looking
def timeline(shared: Shared, incident_id: str | None, named: str | None, as_of: str | None) -> None:
    """The entries of one incident, oldest first, with what was corrected or taken back."""
    from ...services import viewing

    document = viewing.timeline(shared.workspace, incident_id or named, as_of=shared.time(as_of, past=True))
    click.echo(viewing.as_json(document) if shared.json else tables.timeline(document))
