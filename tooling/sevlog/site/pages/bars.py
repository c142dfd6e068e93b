"""Day bars: days as one small drawing, the days with incidents as text below it, and data for the keyboard script.

A worse state has a taller bar, so that color is never the only sign. Days without incidents are one dashed line for
the whole strip, which keeps a page with hundreds of components small.
"""

from __future__ import annotations

from datetime import timedelta

from ...model.public.site import PublicComponent
from ...model.public.uptime import Day, percent
from ...model.vocabulary import IMPACTS, Impact
from ..markup import words
from ..markup.html import EMPTY, Html, link, tag
from ..markup.times import day, day_element, duration
from .page import PageLocation
from .view import SiteView, record_path

HEIGHT: dict[Impact, int] = {
    "operational": 8,
    "under_maintenance": 11,
    "degraded_performance": 14,
    "partial_outage": 19,
    "major_outage": 24,
}
_FULL = HEIGHT["major_outage"]


def strip(view: SiteView, location: PageLocation, component: PublicComponent, count: int = 90) -> Html:
    """The days of a component up to today. Without a script: the drawing, and the days with incidents as text."""
    days = view.days(component, count)
    affected = [found for found in days if found.uptime is not None and found.worst != "operational"]
    share = view.uptime(component, count)
    first = next((found.date for found in days if found.uptime is not None), None)
    if share is None or first is None:
        return tag("p", "No data yet.", class_="quiet")
    summary = f"{percent(share)}% uptime over {words.count((view.today - first).days + 1, 'day')}"
    incidents = counted(affected) if affected else "no incidents"
    return tag(
        "div",
        tag("div", _drawing(days, f"{summary}, {incidents}"), class_="strip-bars"),
        _in_words(view, location, affected) if affected else None,
        class_="strip",
        data_first=days[0].date.isoformat(),
        data_from=first.isoformat(),
        data_count=len(days),
        data_name=component.name,
    )


def _drawing(days: tuple[Day, ...], label: str) -> Html:
    known = next((index for index, found in enumerate(days) if found.uptime is not None), len(days))
    middle = _FULL - HEIGHT["operational"] / 2
    shapes = [f'<path class="bar-none" d="M0 {_FULL - 1}H{known}"/>'] if known else []
    shapes.append(f'<path class="bar-up" d="M{known} {middle:g}H{len(days)}"/>')
    shapes += [_bar(index, found) for index, found in enumerate(days) if found.worst != "operational"]
    return Html(
        f'<svg viewBox="0 0 {len(days)} {_FULL}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(shapes)}</svg>"
    )


def _bar(index: int, found: Day) -> str:
    height = HEIGHT[found.worst]
    return (
        f'<rect class="is-{found.worst}" x="{index}" y="{_FULL - height}" width=".7" height="{height}">'
        f"<title>{day(found.date)}: {_state_in_words(found)}</title></rect>"
    )


def _state_in_words(found: Day) -> str:
    lengths = [
        f"{words.IMPACT[state].lower()} {duration(timedelta(seconds=found.seconds[state]))}"
        for state in reversed(IMPACTS)
        if found.seconds.get(state)
    ]
    return ", ".join(lengths) or words.IMPACT["operational"].lower()


def _in_words(view: SiteView, location: PageLocation, affected: list[Day]) -> Html:
    """Days with incidents, newest first: the facts of the drawing as text, with links."""
    return tag(
        "details",
        tag("summary", counted(affected)),
        tag("ul", (_day_item(view, location, found) for found in reversed(affected))),
        class_="days",
    )


def counted(affected: list[Day]) -> str:
    """How many days had incidents, maintenance, or one of both."""
    planned = [found for found in affected if found.worst == "under_maintenance"]
    what = (
        "incidents" if not planned else "maintenance" if len(planned) == len(affected) else "incidents or maintenance"
    )
    return f"{words.count(len(affected), 'day')} with {what}"


def _day_item(view: SiteView, location: PageLocation, found: Day) -> Html:
    share = f"{percent(found.uptime or 0.0)}% uptime, " if found.uptime is not None and found.uptime < 1 else ""
    records = [view.incidents[i] for i in found.incidents if i in view.incidents]
    links = [Html(f" · {link(location.to(record_path(r)), tag('bdi', r.name))}") for r in records]
    return tag(
        "li", day_element(found.date), f": {share}{_state_in_words(found)}", links, data_day=found.date.isoformat()
    )


def legend() -> Html:
    """The legend of the bars."""
    items = [
        Html(
            f'<li class="is-{state}"><svg viewBox="0 0 4 {_FULL}" width="4" height="{_FULL}" aria-hidden="true">'
            f'<rect class="is-{state}" x="0" y="{_FULL - HEIGHT[state]}" width="4" height="{HEIGHT[state]}"/></svg>'
            f"{words.IMPACT[state]}</li>"
        )
        for state in IMPACTS
    ]
    return tag("ul", items, class_="legend", aria_label="What the bars mean") if items else EMPTY
