"""The four pictures: durations, incidents by month, open action items, and promises kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ...model.learning.metrics.selection import NO_SEVERITY
from ..markup.html import Html
from . import drawing

if TYPE_CHECKING:
    from ...services.learning.metrics.documents import Duration, Metrics

_LEAST, _MOST = 30.0, 30 * 86400.0
_TICKS = ((60.0, "1 min"), (600.0, "10 min"), (3600.0, "1 h"), (86400.0, "1 d"), (7 * 86400.0, "7 d"), (_MOST, "30 d"))
_ROW, _PLOT = 48, 130


def durations(document: Metrics, *, standalone: bool = False) -> Html:
    """A row of dots for each duration, on one logarithmic axis, with ticks at the median and the 90th percentile."""
    rows = document.total.durations
    names = levels(document)
    bottom = 18 + _ROW * len(rows)
    parts: list[Html] = []
    for seconds, name in _TICKS:
        anchor = "end" if seconds == _MOST else "middle"
        parts += [
            drawing.guide(_place(seconds), 14, _place(seconds), bottom),
            drawing.text(_place(seconds), 10, name, anchor),
        ]
    for number, row in enumerate(rows):
        parts += _strip(row, 18 + _ROW * number, names)
    marks, end = drawing.legend(bottom + 18, names, "mark", "durations")
    parts += [*marks, *_tick_legend(end + 8)]
    name = f"Durations of {document.total.incidents} incidents. The table below has the figures."
    return drawing.picture(end + 16, name, parts, key="durations", standalone=standalone)


def levels(document: Metrics) -> list[str]:
    """The severities in the pictures: as configured, then others."""
    total = document.total
    found = {dot.severity or NO_SEVERITY for row in total.durations for dot in row.dots}
    found |= {name for row in document.series.incidents for name in row.counts}
    known = [row.key for row in total.severities if row.key in found]
    return [*known, *sorted(found.difference(known))]


def _place(seconds: float) -> float:
    share = log(min(max(seconds, _LEAST), _MOST) / _LEAST) / log(_MOST / _LEAST)
    return drawing.LEFT + 4 + share * (drawing.RIGHT - drawing.LEFT - 8)


def _strip(row: Duration, top: float, names: Sequence[str]) -> list[Html]:
    middle = top + 31
    parts = [drawing.text(drawing.LEFT, top + 13, f"{row.title} (n {row.n})", strong=True)]
    parts.append(drawing.guide(drawing.LEFT, middle, drawing.RIGHT, middle))
    if row.median is not None:
        parts.append(drawing.line(_place(row.median), middle - 12, _place(row.median), middle + 12, width=2.5))
    if row.p90 is not None:
        parts.append(drawing.line(_place(row.p90), middle - 12, _place(row.p90), middle + 12, width=2, dashes="3 3"))
    for dot in row.dots:
        y = middle + drawing.jitter(dot.incident, 7)
        parts.append(drawing.mark(_place(dot.seconds), y, names.index(dot.severity or NO_SEVERITY), 3.5))
    return parts


def _tick_legend(y: float) -> list[Html]:
    return [
        drawing.line(13, y - 9, 13, y + 3, width=2.5),
        drawing.text(22, y, "median"),
        drawing.line(83, y - 9, 83, y + 3, width=2, dashes="3 3"),
        drawing.text(92, y, "90th percentile"),
    ]


def incidents(document: Metrics, *, standalone: bool = False) -> Html:
    """Stacked bars: incidents raised in each month, by severity."""
    months = [(row.month, row.counts) for row in document.series.incidents]
    title = "Incidents raised in each month, by severity."
    return _bars("incidents", title, months, levels(document), standalone=standalone)


def promises(document: Metrics, *, standalone: bool = False) -> Html:
    """Stacked bars: promised updates that came in time and late."""
    months = [(row.month, {"late": row.late, "in time": row.kept}) for row in document.series.promises]
    title = "Promised updates that came in time and late, by the month of the incident."
    return _bars("promises", title, months, ["late", "in time"], standalone=standalone)


def _bars(
    key: str, title: str, months: Sequence[tuple[str, dict[str, int]]], names: Sequence[str], *, standalone: bool
) -> Html:
    scale = drawing.steps(max((sum(counts.values()) for _, counts in months), default=0))
    left, top = 30, 10
    height = _height(scale, top)
    parts = [drawing.patterns(key), *_grid(scale, left, top)]
    room = (drawing.RIGHT - left) / max(len(months), 1)
    every = -(-len(months) // 6)
    for number, (month, counts) in enumerate(months):
        x, y = left + room * number, float(top + _PLOT)
        for place, name in enumerate(names):
            size = top + _PLOT - height(counts.get(name, 0))
            if size:
                y -= size
                parts.append(drawing.block(key, place, x + room * 0.15, y, room * 0.7, size))
        if number % every == 0:
            parts.append(drawing.text(x + room / 2, top + _PLOT + 15, _month(month), "middle"))
    marks, end = drawing.legend(top + _PLOT + 36, names, "block", key)
    parts += [drawing.line(left, top + _PLOT, drawing.RIGHT, top + _PLOT), *marks]
    return drawing.picture(end, f"{title} The table below has the figures.", parts, key=key, standalone=standalone)


def _height(scale: Sequence[int], top: float) -> Callable[[float], float]:
    return lambda count: top + _PLOT * (1 - count / scale[-1])


def _grid(scale: Sequence[int], left: float, top: float) -> list[Html]:
    height = _height(scale, top)
    return [
        part
        for count in scale
        for part in (
            drawing.guide(left, height(count), drawing.RIGHT, height(count)),
            drawing.text(left - 5, height(count) + 4, str(count), "end"),
        )
    ]


def actions(document: Metrics, *, standalone: bool = False) -> Html:
    """A line of the open action items over time."""
    points, zone = document.series.actions, ZoneInfo(document.time_zone)
    scale = drawing.steps(max((point.open for point in points), default=0))
    left, top = 30, 10
    height = _height(scale, top)
    room = (drawing.RIGHT - left) / max(len(points) - 1, 1)
    way = "".join(
        f"{'M' if number == 0 else 'H'}{left + room * number:.1f}{' ' if number == 0 else 'V'}{height(point.open):.1f}"
        for number, point in enumerate(points)
    )
    parts = _grid(scale, left, top)
    if way:
        parts.append(drawing.element("path", d=way, fill="none", stroke=drawing.COLORS[1], stroke_width=2.5))
    for number in {0, len(points) // 2, len(points) - 1} if points else ():
        anchor = "start" if number == 0 else "end" if number == len(points) - 1 else "middle"
        day = points[number].at.astimezone(zone)
        words = f"{day.day} {_month(f'{day:%Y-%m}')} {day.year}"
        parts.append(drawing.text(left + room * number, top + _PLOT + 15, words, anchor))
    parts.append(drawing.line(left, top + _PLOT, drawing.RIGHT, top + _PLOT))
    name = "Open action items over time. The table below has the figures."
    return drawing.picture(top + _PLOT + 24, name, parts, key="actions", standalone=standalone)


def _month(month: str) -> str:
    from ..markup.words import english

    return english().short_months[int(month[5:]) - 1]
