"""The figures of past incidents for other programs: CSV, and OpenMetrics 1.0."""

from __future__ import annotations

import csv as csv_writer
import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ....services.learning.metrics.documents import Duration, Figures, Metrics, Share

_COLUMNS = (
    *("group", "figure", "unit", "n", "median", "median_low", "median_high", "p90", "p90_bound", "min", "max"),
    *("part", "whole", "share", "share_low", "share_high", "open", "missing", "impossible", "definition"),
)


def csv(document: Metrics) -> str:
    """A row for each figure, of all incidents (group empty) and of each group. Durations are in seconds."""
    file = io.StringIO()
    rows = csv_writer.DictWriter(file, _COLUMNS, restval="", lineterminator="\n")
    rows.writeheader()
    for figures in (document.total, *document.groups):
        for row in figures.durations:
            rows.writerow(_duration(figures.name, row.key, row))
        for row in figures.severities:
            rows.writerow(_duration(figures.name, f"time_in_severity {row.key}", row))
        for share in figures.shares:
            rows.writerow(_share(figures.name, share))
    for component in document.component_uptime:
        figure = f"uptime {component.key}"
        rows.writerow({"figure": figure, "unit": "ratio", "n": component.days, "share": component.uptime})
    return file.getvalue().rstrip("\n")


def _duration(group: str, figure: str, row: Duration) -> dict[str, object]:
    return {
        "group": group,
        "figure": figure,
        "unit": "seconds",
        "n": row.n,
        "median": row.median,
        "median_low": row.low,
        "median_high": row.high,
        "p90": row.p90,
        "p90_bound": row.p90_bound,
        "min": row.min,
        "max": row.max,
        "open": row.open,
        "missing": row.missing,
        "impossible": len(row.impossible),
        "definition": row.definition,
    }


def _share(group: str, row: Share) -> dict[str, object]:
    return {
        "group": group,
        "figure": row.key,
        "unit": "ratio",
        "n": row.whole,
        "part": row.part,
        "whole": row.whole,
        "share": row.share,
        "share_low": row.low,
        "share_high": row.high,
        "open": row.counts.get("open", ""),
        "definition": row.definition,
    }


class _Family(NamedTuple):
    """A metric family. kind: gauge or info. rows: labels and value."""

    name: str
    kind: str
    unit: str
    help: str
    rows: list[tuple[dict[str, str], float]]


def openmetrics(document: Metrics) -> str:
    """OpenMetrics 1.0: gauges, since medians of a period are neither counters nor summaries; no incident ids."""
    lines: list[str] = []
    for family in _families(document):
        if not family.rows:
            continue
        lines.append(f"# TYPE {family.name} {family.kind}")
        lines += [f"# UNIT {family.name} {family.unit}"] if family.unit else []
        lines.append(f"# HELP {family.name} {_escaped(family.help)}")
        suffix = "_info" if family.kind == "info" else ""
        lines += [f"{family.name}{suffix}{_labels(labels)} {_number(value)}" for labels, value in family.rows]
    return "\n".join([*lines, "# EOF"])


def _families(document: Metrics) -> Iterator[_Family]:
    everything = [(_group(document, figures), figures) for figures in (document.total, *document.groups)]
    period = {"since": f"{document.since:%Y-%m-%dT%H:%M:%SZ}", "until": f"{document.until:%Y-%m-%dT%H:%M:%SZ}"}
    yield _Family("sevlog_metrics_period", "info", "", "The period of the figures.", [(period, 1)])
    yield _Family(
        "sevlog_incidents", "gauge", "", "Incidents raised in the period.", [(g, f.incidents) for g, f in everything]
    )
    left_out = [({"reason": reason}, float(count)) for reason, count in document.left_out.items()]
    yield _Family("sevlog_records_left_out", "gauge", "", "Records of the period that do not count.", left_out)
    for place, row in enumerate(document.total.durations):
        found = [(group, figures.durations[place]) for group, figures in everything]
        yield from _durations(f"sevlog_{row.key}", row.definition, found)
    levels = [({**group, "level": row.key}, row) for group, figures in everything for row in figures.severities]
    if levels:
        yield from _durations("sevlog_time_in_severity", levels[0][1].definition, levels)
    for place, share in enumerate(document.total.shares):
        yield from _shares(share, [(group, figures.shares[place]) for group, figures in everything])
    ups = [({"component": row.key}, row.uptime) for row in document.component_uptime if row.uptime is not None]
    yield _Family("sevlog_component_uptime_ratio", "gauge", "ratio", "Share of the time it was up.", ups)


def _group(document: Metrics, figures: Figures) -> dict[str, str]:
    return {document.by: figures.name} if document.by and figures.name else {}


def _durations(name: str, definition: str, found: Iterable[tuple[dict[str, str], Duration]]) -> Iterator[_Family]:
    rows = list(found)
    parts: tuple[tuple[str, str, Callable[[Duration], float | None]], ...] = (
        ("median", "Median.", lambda row: row.median),
        ("median_low", "Lower end of the exact 95 % interval of the median.", lambda row: row.low),
        ("median_high", "Upper end of the exact 95 % interval of the median.", lambda row: row.high),
        ("p90", "90th percentile, nearest rank.", lambda row: row.p90),
        ("p90_bound", "95 % upper bound of the 90th percentile.", lambda row: row.p90_bound),
    )
    for part, words, value_of in parts:
        values = [(labels, value) for labels, row in rows if (value := value_of(row)) is not None]
        yield _Family(f"{name}_{part}_seconds", "gauge", "seconds", f"{words} {definition}", values)
    yield _Family(f"{name}_values", "gauge", "", f"Number of values. {definition}", [(g, row.n) for g, row in rows])
    yield _Family(
        f"{name}_open", "gauge", "", "Incidents that have not reached it yet.", [(g, r.open) for g, r in rows]
    )


def _shares(share: Share, rows: list[tuple[dict[str, str], Share]]) -> Iterator[_Family]:
    name = f"sevlog_{share.key}"
    parts: tuple[tuple[str, str, Callable[[Share], float | None]], ...] = (
        ("", share.definition, lambda row: row.share),
        ("_low", "Lower end of the exact 95 % interval.", lambda row: row.low),
        ("_high", "Upper end of the exact 95 % interval.", lambda row: row.high),
    )
    for part, words, value_of in parts:
        values = [(labels, value) for labels, row in rows if (value := value_of(row)) is not None]
        yield _Family(f"{name}{part}_ratio", "gauge", "ratio", words, values)
    yield _Family(f"{name}_whole", "gauge", "", "Of how many.", [(labels, row.whole) for labels, row in rows])


def _labels(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
