"""sevlog metrics: the figures of past incidents, each with its definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from ...errors import UsageError
from ..options import looking
from ..parameters import PAST_COMPONENT, SEVERITY, TEAM, TYPE
from ..screen import say, send
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...model.learning.metrics.selection import GroupBy
    from ...services.learning.metrics.documents import Metrics

FORMATS = ("text", "json", "csv", "openmetrics", "svg", "html")
GROUPS = ("month", "quarter", "severity", "component")
PLOTS = ("durations", "incidents", "actions", "promises")


class FilterOptions(TypedDict):
    """Options that limit or group the figures."""

    severities: tuple[str, ...]
    components: tuple[str, ...]
    types: tuple[str, ...]
    teams: tuple[str, ...]
    by: GroupBy | None


@click.command(
    epilog="\b\nExamples:\n  sevlog metrics\n  sevlog metrics --since 2026-01-01 --by quarter\n"
    "  sevlog metrics --component checkout --severity SEV1 --json\n"
    "  sevlog metrics --as-of 2026-06-30T23:59:00Z\n  sevlog metrics --format html -o metrics.html\n"
    "  sevlog metrics --format openmetrics -o metrics.txt"
)
@click.option("--since", metavar="TIME", help="Raised from then on (default: the last 12 months, this one included).")
@click.option("--until", metavar="TIME", help="Raised before then (default: now).")
@click.option("--severity", "severities", multiple=True, type=SEVERITY, help="Filter by severity; repeatable.")
@click.option("--component", "components", multiple=True, type=PAST_COMPONENT, help="Filter by component; repeatable.")
@click.option("--type", "types", multiple=True, type=TYPE, help="Filter by incident type; repeatable.")
@click.option("--team", "teams", multiple=True, type=TEAM, help="Filter by the team that owns a component; repeatable.")
@click.option("--by", type=click.Choice(GROUPS), help="The figures of each group too.")
@click.option("--as-of", metavar="TIME", help="The figures as they stood: what had been recorded by then.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format.")
@click.option(
    "--plot", type=click.Choice(PLOTS), default="durations", show_default=True, help="The picture of --format svg."
)
@click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write to this file."
)
@looking
def metrics(
    shared: SharedOptions,
    since: str | None,
    until: str | None,
    as_of: str | None,
    form: str,
    plot: str,
    out: Path | None,
    **chosen: Unpack[FilterOptions],
) -> None:
    """Show how past incidents went: times to detect, acknowledge, mitigate and resolve, promises kept, and more.

    Medians come with exact intervals, and every figure with its definition. It never prints a mean:
    a few long incidents would decide it.
    """
    from ...services.learning.metrics.figures import Asked
    from ...services.learning.metrics.figures import metrics as figures

    if shared.json and form not in ("text", "json"):
        raise UsageError(f"two formats given: --json and --format {form}", "leave one of them out")
    asked = Asked(
        since=shared.time("--since", since, days=True),
        until=shared.time("--until", until, days=True),
        as_of=shared.time("--as-of", as_of, past=True),
        **chosen,
    )
    text = _written(figures(shared.workspace, asked), "json" if shared.json else form, plot, is_file=out is not None)
    if out is None:
        say(text) if form == "text" else send(f"{text}\n".encode())
        return
    try:
        out.write_text(f"{text}\n", "utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}", "give another file: -o FILE") from None
    say(f"{out}: written", err=True)


def _written(document: Metrics, form: str, plot: str, *, is_file: bool) -> str:
    if form == "json":
        from ...services.common.documents import as_json

        return as_json(document)
    if form in ("csv", "openmetrics"):
        from ..output.learning import metric_exports

        return metric_exports.csv(document) if form == "csv" else metric_exports.openmetrics(document)
    if form in ("svg", "html"):
        from ...site.metrics import page

        return page.picture(document, plot) if form == "svg" else page.standalone(document)
    from ..output.learning import metric_tables

    return metric_tables.text(document, plain=is_file)
