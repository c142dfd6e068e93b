"""Day bars: days as one small drawing, the days with incidents as text below it, and data for the keyboard script.

A worse state has a taller bar, so that color is never the only sign. Days without incidents are one dashed line for
the whole strip, which keeps a page with hundreds of components small.
"""

from __future__ import annotations

from datetime import timedelta

from ...model.public.site import PublicComponent
from ...model.public.uptime import Day
from ...model.vocabulary import IMPACTS, Impact
from ..markup.html import EMPTY, Html, escape, link, tag
from ..markup.times import day_element
from ..markup.words import Words
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
    words, days = view.words, view.days(component, count)
    affected = [found for found in days if found.uptime is not None and found.worst != "operational"]
    share = view.uptime(component, count)
    first = next((found.date for found in days if found.uptime is not None), None)
    if share is None or first is None:
        return tag("p", words("bars.none"), class_="quiet")
    summary = words.count("bars.over", (view.today - first).days + 1, percent=words.percent(share))
    incidents = counted(words, affected) if affected else words("bars.no_incidents")
    return tag(
        "div",
        tag("div", _drawing(words, days, words.comma([summary, incidents])), class_="strip-bars"),
        _in_words(view, location, affected) if affected else None,
        class_="strip",
        data_first=days[0].date.isoformat(),
        data_from=first.isoformat(),
        data_count=len(days),
        data_name=component.name,
    )


def _drawing(words: Words, days: tuple[Day, ...], label: str) -> Html:
    known = next((index for index, found in enumerate(days) if found.uptime is not None), len(days))
    middle = _FULL - HEIGHT["operational"] / 2
    shapes = [f'<path class="bar-none" d="M0 {_FULL - 1}H{known}"/>'] if known else []
    shapes.append(f'<path class="bar-up" d="M{known} {middle:g}H{len(days)}"/>')
    shapes += [_bar(words, index, found) for index, found in enumerate(days) if found.worst != "operational"]
    return Html(
        f'<svg viewBox="0 0 {len(days)} {_FULL}" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f"{''.join(shapes)}</svg>"
    )


def _bar(words: Words, index: int, found: Day) -> str:
    height = HEIGHT[found.worst]
    title = words("pair", name=words.day(found.date), text=_state_in_words(words, found))
    return (
        f'<rect class="is-{found.worst}" x="{index}" y="{_FULL - height}" width=".7" height="{height}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _state_in_words(words: Words, found: Day) -> str:
    lengths = [
        f"{words.inline[state]} {words.duration(timedelta(seconds=found.seconds[state]))}"
        for state in reversed(IMPACTS)
        if found.seconds.get(state)
    ]
    return words.comma(lengths) or words.inline["operational"]


def _in_words(view: SiteView, location: PageLocation, affected: list[Day]) -> Html:
    """Days with incidents, newest first: the facts of the drawing as text, with links."""
    return tag(
        "details",
        tag("summary", counted(view.words, affected)),
        tag("ul", (_day_item(view, location, found) for found in reversed(affected))),
        class_="days",
    )


def counted(words: Words, affected: list[Day]) -> str:
    """How many days had incidents, maintenance, or one of both."""
    planned = [found for found in affected if found.worst == "under_maintenance"]
    if not planned:
        return words.count("bars.incidents", len(affected))
    return words.count("bars.maintenance" if len(planned) == len(affected) else "bars.both", len(affected))


def _day_item(view: SiteView, location: PageLocation, found: Day) -> Html:
    words, facts = view.words, _state_in_words(view.words, found)
    is_full = found.uptime is None or found.uptime >= 1
    if not is_full:
        facts = words.comma([words("bars.uptime", percent=words.percent(found.uptime or 0.0)), facts])
    records = [view.incidents[i] for i in found.incidents if i in view.incidents]
    links = [Html(f" · {link(location.to(record_path(r)), tag('bdi', r.name))}") for r in records]
    said = words.html("pair", name=day_element(words, found.date), text=facts)
    return tag("li", said, links, data_day=found.date.isoformat(), data_full=is_full)


def legend(words: Words) -> Html:
    """The legend of the bars."""
    items = [
        Html(
            f'<li class="is-{state}"><svg viewBox="0 0 4 {_FULL}" width="4" height="{_FULL}" aria-hidden="true">'
            f'<rect class="is-{state}" x="0" y="{_FULL - HEIGHT[state]}" width="4" height="{HEIGHT[state]}"/></svg>'
            f"{escape(words.impact[state])}</li>"
        )
        for state in IMPACTS
    ]
    return tag("ul", items, class_="legend", aria_label=words("bars.legend")) if items else EMPTY
