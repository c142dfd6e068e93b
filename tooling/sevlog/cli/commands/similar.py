"""sevlog similar: finds past incidents like this one."""

from __future__ import annotations

import click

from ..options import looking
from ..parameters import INCIDENT
from ..screen import say
from ..shared import SharedOptions


@click.command(
    epilog='\b\nExamples:\n  sevlog similar\n  sevlog similar checkout\n  sevlog similar "card payments time out"'
)
@click.argument("incident_id", metavar="[ID|TEXT]", type=INCIDENT, required=False)
@click.option(
    "-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id (default: the only live one)."
)
@click.option("--text", metavar="WORDS", help="Search by these words, also if they are part of an id.")
@click.option(
    "--limit", "most", type=click.IntRange(1, 50), default=5, show_default=True, help="Maximum number of results."
)
@looking
def similar(shared: SharedOptions, incident_id: str | None, named: str | None, text: str | None, most: int) -> None:
    """Find similar past incidents: their causes, what was tried, and unfinished action items."""
    from ...services.common import documents
    from ...services.views.similar import search as similar_search
    from ..output import similarity_tables

    if incident_id and named is None and text is None and similar_search.is_text(shared.workspace, incident_id):
        incident_id, text = None, incident_id
    document = similar_search.similar(shared.workspace, incident_id or named, text, most=most)
    say(documents.as_json(document) if shared.json else similarity_tables.similar(document, shared.workspace.clock()))
