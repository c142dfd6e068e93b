"""The page of figures: pictures, and beside each a table that says the same. The body fits any page of the site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ...model.learning.metrics.definitions import OTHERS
from ...model.public.uptime import percent
from ...model.vocabulary import in_words
from ..markup.html import EMPTY, Html, join, tag
from ..markup.times import duration
from . import plots

if TYPE_CHECKING:
    from ...services.learning.metrics.documents import Duration, Figures, Metrics, Share

_PICTURES = {
    "durations": plots.durations,
    "incidents": plots.incidents,
    "actions": plots.actions,
    "promises": plots.promises,
}


def picture(document: Metrics, plot: str) -> str:
    """One picture as a file of its own."""
    return _PICTURES[plot](document, standalone=True)


def standalone(document: Metrics) -> str:
    """A whole page that needs nothing else: no script, no other file."""
    head = join(
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html('<meta name="color-scheme" content="light dark">'),
        tag("title", "Incident metrics"),
        Html(f"<style>{_STYLE}{STYLE}</style>"),
    )
    main = tag("main", tag("h1", "Incident metrics"), body(document))
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{main}</body></html>'


def body(document: Metrics) -> Html:
    """All of the page below its heading."""
    total = document.total
    if not total.incidents:
        return join(_summary(document), tag("p", "No incidents in this period."), _uptime(document))
    said = tag("p", OTHERS["time_in_severity"])
    return join(
        _summary(document),
        _section("Durations", plots.durations(document), _duration_table(total.durations), _definitions(total)),
        _groups(document),
        _section("Incidents by month", plots.incidents(document), _month_table(document)),
        _section("Time in each severity", EMPTY, _duration_table(total.severities, "Time in each severity"), said),
        _section("Shares", EMPTY, _share_table(total), _share_definitions(total)),
        _section("Promises kept", plots.promises(document), _promise_table(document)),
        _section("Open action items", plots.actions(document), _action_table(document), _left_out(document)),
        _uptime(document),
        _section("Data quality", EMPTY, _quality(total), tag("p", OTHERS["data_quality"])),
        _section("How to read this", EMPTY, _terms((in_words(key), words) for key, words in document.rules.items())),
    )


def _summary(document: Metrics) -> Html:
    count = document.total.incidents
    zone = ZoneInfo(document.time_zone)
    period = f"{document.since.astimezone(zone):%Y-%m-%d} to {document.until.astimezone(zone):%Y-%m-%d}"
    lines = [f"{count} incident{'' if count == 1 else 's'}, raised {period}, as of {document.as_of:%Y-%m-%d %H:%MZ}."]
    lines += [f"Only {name}: {', '.join(chosen)}." for name, chosen in document.filters.items()]
    if document.left_out:
        lines.append("Left out: " + ", ".join(f"{n} {why}" for why, n in document.left_out.items()) + ".")
    if document.total.errors:
        lines.append(f"With errors in the record: {', '.join(document.total.errors)}.")
    lines += [f"Cannot be read, not counted: {row}" for row in document.unreadable]
    return join([tag("p", line) for line in (*lines, *document.notes)])


def _section(title: str, drawn: Html, *rest: Html) -> Html:
    figure = tag("figure", drawn) if drawn else EMPTY
    return tag("section", tag("h2", title), figure, *rest, class_="metrics")


def _table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    head = tag("tr", [tag("th", heading, scope="col") for heading in headings])
    lines = [tag("tr", tag("th", row[0], scope="row"), [tag("td", cell) for cell in row[1:]]) for row in rows]
    table = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", lines))
    return tag("div", table, class_="metrics-scroll", tabindex=0, role="region", aria_label=caption)


def _length(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return duration(timedelta(seconds=seconds)) if seconds >= 60 else f"{seconds:.0f} s"


def _duration_table(rows: Iterable[Duration], caption: str = "Durations") -> Html:
    cells = [
        (
            row.title,
            str(row.n),
            _length(row.median),
            f"{_length(row.low)} to {_length(row.high)}" if row.low is not None else "n < 6: none",
            _length(row.p90),
            (f"at most {_length(row.p90_bound)}" if row.p90_bound is not None else "n < 29: none") if row.n else "–",
            f"{_length(row.min)} to {_length(row.max)}" if row.n else "–",
            str(row.open),
            str(row.missing),
            ", ".join(row.impossible) or "0",
        )
        for row in rows
    ]
    headings = ("Figure", "n", "Median", "95 % interval", "p90", "95 % bound", "Smallest to largest", "Open", "Missing")
    return _table(caption, (*headings, "Impossible"), cells)


def _definitions(total: Figures) -> Html:
    return _terms((row.title, f"{row.definition} {_trend(row)}".rstrip()) for row in total.durations)


def _trend(row: Duration) -> str:
    """Against the period before; empty where nothing can be said."""
    trend = row.trend
    if trend is None or trend.direction is None:
        return ""
    words = {"shorter": "Shorter than", "longer": "Longer than", "unclear": "No clear difference from"}
    before = f"median {_length(trend.median)} (95 %: {_length(trend.low)} to {_length(trend.high)}), n {trend.n}"
    return f"{words[trend.direction]} the period before: {before}."


def _share_definitions(total: Figures) -> Html:
    return _terms((row.title, row.definition) for row in total.shares)


def _terms(rows: Iterable[tuple[str, str]]) -> Html:
    return tag(
        "dl",
        [
            join(tag("dt", name if name == "p90" else name[:1].upper() + name[1:]), tag("dd", words))
            for name, words in rows
        ],
    )


def _groups(document: Metrics) -> Html:
    if not document.groups:
        return EMPTY
    tables = [
        join(
            tag("h3", group.name),
            _duration_table(group.durations, f"Durations, {group.name}"),
            _share_table(group, f"Shares, {group.name}"),
        )
        for group in document.groups
    ]
    return tag("section", tag("h2", f"By {document.by}"), tables, class_="metrics")


def _month_table(document: Metrics) -> Html:
    rows = document.series.incidents
    names = plots.levels(document)
    cells = [(row.month, *(str(row.counts.get(name, 0)) for name in names)) for row in rows]
    return _table("Incidents by month and severity", ("Month", *names), cells)


def _share_table(total: Figures, caption: str = "Shares") -> Html:
    return _table(
        caption,
        ("Figure", "Share", "95 % interval", "Of", "Others"),
        [(row.title, *_share(row)) for row in total.shares],
    )


def _share(row: Share) -> tuple[str, str, str, str]:
    others = ", ".join(f"{count} {in_words(name)}" for name, count in row.counts.items()) or "–"
    if row.share is None or row.low is None or row.high is None:
        return "–", "–", "0", others
    interval = f"{row.low * 100:.0f} to {row.high * 100:.0f} %"
    return f"{row.share * 100:.0f} %", interval, f"{row.part} of {row.whole}", others


def _promise_table(document: Metrics) -> Html:
    rows = [(row.month, str(row.kept), str(row.late)) for row in document.series.promises]
    return _table("Promises by month", ("Month", "In time", "Late"), rows)


def _action_table(document: Metrics) -> Html:
    points = document.series.actions
    chosen = [*points[:: max(1, len(points) // 12)], *points[-1:]] if points else []
    zone = ZoneInfo(document.time_zone)
    rows = dict.fromkeys((f"{point.at.astimezone(zone):%Y-%m-%d}", str(point.open)) for point in chosen)
    return _table("Open action items", ("Day", "Open"), list(rows))


def _left_out(document: Metrics) -> Html:
    count = document.series.actions_left_out
    words = f"{count} finished action items are left out, since their timelines do not say when they were done. "
    words += "So the line is too low in the past."
    return tag("p", words) if count else EMPTY


def _uptime(document: Metrics) -> Html:
    rows = [
        (row.name, f"{percent(row.uptime, 3)} %" if row.uptime is not None else "–", str(row.days))
        for row in document.component_uptime
    ]
    table = _table("Uptime of components", ("Component", "Uptime", "Days"), rows)
    return _section("Uptime", EMPTY, table, tag("p", OTHERS["uptime"])) if rows else EMPTY


def _quality(total: Figures) -> Html:
    rows = [
        (
            in_words(row.milestone.removesuffix("_at")).capitalize(),
            f"{row.known} of {total.incidents}",
            str(row.known - row.derived),
            str(row.derived),
        )
        for row in total.quality
    ]
    return _table("Milestones", ("Milestone", "Known", "Recorded", "Derived"), rows)


STYLE = (
    ".metrics figure{margin:0 0 1rem;max-width:34rem}.metrics-picture{display:block;width:100%;height:auto}"
    ".metrics-scroll{overflow-x:auto}.metrics table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    ".metrics caption{text-align:start;font-weight:600;padding:.25rem 0;white-space:nowrap}"
    ".metrics th,.metrics td{padding:.25rem .75rem .25rem 0;text-align:start;white-space:nowrap}"
    ".metrics th[scope=row]{white-space:normal;min-width:6.5rem}"
    ".metrics tr{border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}"
    ".metrics dt{font-weight:600}.metrics dd{margin:0 0 .5rem}"
)
"""The style of the body, for any page."""
_STYLE = (
    ":root{color-scheme:light dark;color:#1b1b1b;background:#ffffff}"
    "@media (prefers-color-scheme:dark){:root{color:#e8e8e8;background:#1e2129}}"
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:72rem}h1{line-height:1.2}"
    "h2{margin:2rem 0 .5rem}@media print{:root{color:#000;background:#fff}}"
)
