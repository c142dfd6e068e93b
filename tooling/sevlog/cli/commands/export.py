"""sevlog export: all incidents as one document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import looking
from ..output import incident_tables
from ..parameters import filtering
from ..screen import say, send
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.views.export import ExportFormat


@click.command(
    epilog="\b\nExamples:\n  sevlog export -o incidents.json\n"
    "  sevlog export --to csv --since 2026-01-01 -o incidents.csv\n"
    "  sevlog export --to ics --kind maintenance -o maintenance.ics"
)
@click.option(
    "--to",
    "form",
    type=click.Choice(("json", "csv", "ics")),
    default="json",
    show_default=True,
    help="json: everything; csv: a table; ics: a calendar.",
)
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to this file."
)
@filtering
@looking
def export(
    shared: SharedOptions,
    form: ExportFormat,
    out: Path | None,
    status: tuple[str, ...],
    severity: tuple[str, ...],
    component: tuple[str, ...],
    kind: tuple[str, ...],
    since: str | None,
    until: str | None,
) -> None:
    """Export the incidents with everything that is recorded, for programs elsewhere.

    The export has internal data, and incidents of restricted visibility. For what readers may see, use the API of the
    status page. To export a postmortem: sevlog postmortem export.
    """
    from ...services.common.documents import SCHEMA, as_json
    from ...services.views import export as views_export
    from ...services.views.incidents import Filter

    criteria = Filter(
        status=status,
        severity=severity,
        component=component,
        kind=kind,
        since=shared.time("--since", since, past=True, days=True),
        until=shared.time("--until", until, past=True, days=True),
    )
    found = views_export.gathered(shared.workspace, criteria)
    text = views_export.rendered(shared.workspace, form, found)
    if out is not None:
        _write(out, text)
    if shared.json:
        done = views_export.IncidentsExported(
            schema=SCHEMA,
            format=form,
            incidents=len(found.incidents),
            out=str(out) if out else None,
            text=None if out else text,
            problems=found.problems,
        )
        say(as_json(done))
        return
    if out is None:
        send(text.encode())
    else:
        say(f"{out}: {len(found.incidents)} incidents", err=True)
    incident_tables.warn_of(found.problems, shared.json)


def _write(out: Path, text: str) -> None:
    try:
        out.write_bytes(text.encode())
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}", "give another file: -o FILE") from None
