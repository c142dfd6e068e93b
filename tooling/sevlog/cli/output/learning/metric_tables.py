"""Prints the figures of past incidents at 80 columns: a block for each, its definition, and a line of dots."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from math import log
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ....model.vocabulary import in_words
from ...screen import style, visible
from ..table import columns

if TYPE_CHECKING:
    from ....services.learning.metrics.documents import Duration, Figures, Metrics, Share

_WIDTH = 78
_STRIP = 60
_LEAST, _MOST = 10.0, 30 * 86400.0
"""Ends of the axis of all strips, in seconds; what lies beyond is at the end."""
_TICKS = ((60.0, "1m"), (3600.0, "1h"), (86400.0, "1d"), (7 * 86400.0, "7d"))


_COUNTED = {
    "relapses": "in all",
    "handovers": "in all",
    "unknown": "without a known time, not in the share",
    "ended": "ended with the response",
    "idea": "not accepted yet",
}


def text(document: Metrics, *, plain: bool = False) -> str:
    """All figures. plain: without styles, for a file."""
    bold = visible if plain else _bold
    blocks = ["\n".join(_head(document))]
    total = document.total
    if total.incidents:
        blocks.append(_axis())
        blocks += [_duration(row, bold(row.title)) for row in total.durations]
        blocks.append(_levels(total, bold("Time in each severity")))
        blocks += [_share(row, bold(row.title)) for row in total.shares]
        blocks.append(_quality(total, bold("Data quality")))
    blocks += [_group_table(document, bold(f"By {document.by}"))] if document.groups else []
    if document.component_uptime:
        blocks.append(_uptime(document, bold("Uptime")))
    blocks.append("\n".join(_wrapped(f"{key}: {rule}", "") for key, rule in _rules(document)))
    return "\n\n".join(block for block in blocks if block)


def _bold(words: str) -> str:
    return style(words, bold=True)


def length(seconds: float | None) -> str:
    """12s, 4m 30s, 3h 5m, 8d 2h: two units at most."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    for size, unit, smaller, inner in ((86400, "d", 3600, "h"), (3600, "h", 60, "m"), (60, "m", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size}{unit} {rest}{inner}" if rest else f"{whole // size}{unit}"
    return f"{whole}s"


def _head(document: Metrics) -> Iterator[str]:
    total, left = document.total, document.left_out
    count = f"{total.incidents} incident{'' if total.incidents == 1 else 's'}"
    zone = ZoneInfo(document.time_zone)
    period = f"{document.since.astimezone(zone):%Y-%m-%d} to {document.until.astimezone(zone):%Y-%m-%d}"
    yield f"{count}, raised {period}, as of {document.as_of:%Y-%m-%d %H:%MZ}"
    for name, words in document.filters.items():
        yield f"only {name}: {', '.join(words)}"
    if left:
        yield _wrapped("Left out: " + ", ".join(f"{number} {reason}" for reason, number in left.items()), "")
    if not total.incidents:
        earlier = document.since - timedelta(days=365)
        yield f"No incidents in this period. For a longer one: sevlog metrics --since {earlier:%Y-%m-%d}"
    if total.errors:
        yield _wrapped(f"With errors in the record, and counted as far as they can be: {', '.join(total.errors)}", "")
    for row in document.unreadable:
        yield _wrapped(f"Cannot be read, not counted: {row}", "")
    for note in document.notes:
        yield _wrapped(f"Note: {note}", "")


def _wrapped(words: str, indent: str = "  ") -> str:
    return textwrap.fill(
        visible(words), _WIDTH, initial_indent=indent, subsequent_indent=indent or "  ", break_on_hyphens=False
    )


def _axis() -> str:
    marks = [" "] * _STRIP
    for seconds, name in _TICKS:
        place = _place(seconds)
        marks[place : place + len(name)] = name
    return f"  {''.join(marks).rstrip()}   (. 1, o 2-4, O 5+)"


def _place(seconds: float) -> int:
    share = log(min(max(seconds, _LEAST), _MOST) / _LEAST) / log(_MOST / _LEAST)
    return round(share * (_STRIP - 1))


def _strip(row: Duration) -> str:
    counts = Counter(_place(dot.seconds) for dot in row.dots)
    marks = ["." if counts[n] == 1 else "o" if 1 < counts[n] <= 4 else "O" if counts[n] else " " for n in range(_STRIP)]
    if row.median is not None and marks[_place(row.median)] == " ":
        marks[_place(row.median)] = "|"
    return "".join(marks).rstrip()


def _duration(row: Duration, title: str) -> str:
    lines = [title, _wrapped(row.definition), f"  n {row.n}{_median(row)}"]
    if row.n:
        lines += [f"  {_strip(row)}", f"  from {length(row.min)} to {length(row.max)}, {_p90(row)}"]
    rest = [
        f"{row.open} open" if row.open else "",
        f"{row.missing} without a milestone" if row.missing else "",
        f"{len(row.impossible)} impossible, left out: {', '.join(row.impossible)}" if row.impossible else "",
    ]
    if any(rest):
        lines.append(_wrapped("; ".join(part for part in rest if part)))
    lines += _trend(row)
    return "\n".join(lines)


def _trend(row: Duration) -> list[str]:
    trend = row.trend
    if trend is None or trend.direction is None:
        return []
    words = {"shorter": "shorter than", "longer": "longer than", "unclear": "no clear difference from"}
    before = f"median {length(trend.median)} (95 %: {length(trend.low)} to {length(trend.high)}), n {trend.n}"
    return [_wrapped(f"{words[trend.direction]} the period before: {before}")]


def _median(row: Duration) -> str:
    if row.median is None:
        return ""
    interval = f"95 %: {length(row.low)} to {length(row.high)}" if row.low is not None else "n < 6: no interval"
    return f", median {length(row.median)} ({interval})"


def _p90(row: Duration) -> str:
    bound = f"95 %: at most {length(row.p90_bound)}" if row.p90_bound is not None else "n < 29: no upper bound"
    return f"p90 {length(row.p90)} ({bound})"


def _levels(total: Figures, title: str) -> str:
    if not total.severities:
        return ""
    table = _table((row.title, row) for row in total.severities)
    return "\n".join([title, _wrapped(total.severities[0].definition), table])


def _table(rows: Iterable[tuple[str, Duration]]) -> str:
    cells = [
        (
            name,
            str(row.n),
            length(row.median),
            f"{length(row.low)} to {length(row.high)}" if row.low is not None else "-",
            length(row.p90) + ("*" if row.n and row.p90_bound is None else ""),
            f"{length(row.min)} to {length(row.max)}" if row.n else "-",
            str(row.open),
        )
        for name, row in rows
    ]
    starred = "\n  * n < 29: no upper bound" if any(row[4].endswith("*") for row in cells) else ""
    return _indented(columns(cells, ("", "N", "MEDIAN", "95 %", "P90", "FROM TO", "OPEN"), cut=False)) + starred


def _share(row: Share, title: str) -> str:
    return "\n".join([title, _wrapped(row.definition), _wrapped(f"{share(row)}{_counts(row.counts)}")])


def share(row: Share) -> str:
    """3 of 12: 25 % (95 %: 5 to 57 %)."""
    if row.share is None or row.low is None or row.high is None:
        return "nothing to count"
    return f"{row.part} of {row.whole}: {row.share * 100:.0f} % (95 %: {row.low * 100:.0f} to {row.high * 100:.0f} %)"


def _counts(counts: dict[str, int]) -> str:
    return "".join(f"; {count} {_COUNTED.get(name, in_words(name))}" for name, count in counts.items())


def _quality(total: Figures, title: str) -> str:
    rows = [
        (
            in_words(row.milestone.removesuffix("_at")),
            f"{row.known} of {total.incidents}",
            f"{row.known - row.derived} recorded, {row.derived} derived" if row.known else "-",
        )
        for row in total.quality
    ]
    from ....model.learning.metrics.definitions import OTHERS

    return "\n".join(
        [title, _wrapped(OTHERS["data_quality"]), _indented(columns(rows, ("", "KNOWN", "HOW"), cut=False))]
    )


def _group_table(document: Metrics, title: str) -> str:
    parts = [title]
    for place, row in enumerate(document.total.durations):
        parts.append(f"{row.title}\n{_table((group.name, group.durations[place]) for group in document.groups)}")
    for place, kept in enumerate(document.total.shares):
        lines = [(group.name, share(group.shares[place])) for group in document.groups]
        parts.append(f"{kept.title}\n{_indented(columns(lines, ('', 'SHARE'), cut=False))}")
    return "\n\n".join(parts)


def _uptime(document: Metrics, title: str) -> str:
    from ....model.learning.metrics.definitions import OTHERS
    from ....model.public.uptime import percent

    rows = [
        (row.key, f"{percent(row.uptime, 3)} %" if row.uptime is not None else "-", f"{row.days} days")
        for row in document.component_uptime
    ]
    return "\n".join([title, _wrapped(OTHERS["uptime"]), _indented(columns(rows, ("", "UPTIME", "OF"), cut=False))])


def _rules(document: Metrics) -> Iterable[tuple[str, str]]:
    return document.rules.items() if document.total.incidents else ()


def _indented(table: str) -> str:
    return textwrap.indent(table, "  ")
