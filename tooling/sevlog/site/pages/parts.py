"""Parts of several pages: marks of states, an update, a record in a list, the time of the next update."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, lru_cache
from urllib.parse import quote

from ...model.public.site import Affected, PublicIncident, PublicUpdate
from ...model.vocabulary import Impact
from ..markup.html import EMPTY, Html, escape, join, link, tag
from ..markup.markdown import plain, update_html
from ..markup.times import machine
from ..markup.words import Words
from .page import PageLocation
from .view import STATE_OF_IMPACT, SiteView, component_path, record_path, starts_at

# A shape for each state, so that color is never the only sign: disc, square, triangle, diamond, octagon.
_OUTLINE: dict[Impact, str] = {
    "operational": "M8 1.7a6.3 6.3 0 1 0 0 12.6A6.3 6.3 0 0 0 8 1.7z",
    "under_maintenance": "M2.4 2.4h11.2v11.2H2.4z",
    "degraded_performance": "M8 2.2l6.4 11.4H1.6z",
    "partial_outage": "M8 1.4L14.6 8 8 14.6 1.4 8z",
    "major_outage": "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z",
}
_INSIDE: dict[Impact, str] = {
    "operational": "M5 8.3l2.2 2.2L11.2 6",
    "under_maintenance": "M6.1 5.2v5.6M9.9 5.2v5.6",
    "degraded_performance": "M8 6v3.4M8 11.7v.1",
    "partial_outage": "M8 4.6v4M8 11.2v.1",
    "major_outage": "M5.5 5.5l5 5M10.5 5.5l-5 5",
}

SHAPES: dict[Impact, tuple[str, str]] = {state: (_OUTLINE[state], _INSIDE[state]) for state in _OUTLINE}
"""The paths of each mark, for those who draw it themselves: outline, and sign inside."""


@cache
def glyph(state: Impact) -> Html:
    """The mark of a state. Decoration: its word is always beside it."""
    return Html(
        f'<svg class="glyph is-{state}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
        f'<path class="glyph-out" d="{_OUTLINE[state]}"/><path class="glyph-in" d="{_INSIDE[state]}"/></svg>'
    )


def state_word(words: Words, state: Impact) -> Html:
    """The mark and word of a component's state."""
    return _state(state, words.impact[state])


@lru_cache(maxsize=1024)
def _state(state: Impact, word: str) -> Html:
    return tag("span", glyph(state), " ", word, class_=f"state is-{state}")


def impact_word(view: SiteView, record: PublicIncident, *, labeled: bool = False) -> Html:
    """The mark and word of an incident's impact; a drill is marked as one. labeled: the label "Impact" is beside it."""
    words = view.words
    word = words("drill") if record.drill else (words.level if labeled else words.page_impact)[record.impact]
    return _state(STATE_OF_IMPACT[record.impact], word)


def phase_word(words: Words, record: PublicIncident) -> str:
    """Its current phase; `postmortem` shows as resolved."""
    if record.cancelled:
        return words("canceled")
    return words.phase["resolved" if record.phase == "postmortem" else record.phase]


def lasted(words: Words, record: PublicIncident) -> str | None:
    """Its duration; None if it is open, canceled or has impossible times."""
    start = record.began_at or starts_at(record) if record.maintenance else record.started_at
    if record.ended_at is None or record.ended_at < start or record.cancelled:
        return None
    return words.duration(record.ended_at - start)


def due(view: SiteView, record: PublicIncident) -> Html:
    """The promised time of the next update; the script marks it when it is late."""
    if record.next_update_at is None or not record.open:
        return EMPTY
    said = view.words.html("record.due", time=view.zone.moment(record.next_update_at))
    return tag("p", said, class_="due", data_due=True)


def since(view: SiteView, record: PublicIncident) -> Html:
    """The start of an open incident; the script adds its age, which changes while the page is open."""
    said = view.words.html("record.since", time=view.zone.moment(record.started_at))
    return tag("span", said, class_="since", data_age=True)


def update_anchor(update: PublicUpdate) -> str:
    """The fragment that names an update on its incident's page."""
    name = update.id
    return f"update-{name if name.isascii() and name.isalnum() else quote(name, safe='')}"


def update_item(
    view: SiteView, location: PageLocation, record: PublicIncident, update: PublicUpdate, level: int = 3
) -> Html:
    """An update: phase, time with permalink, text, and changed components."""
    address = location.to(f"{record_path(record)}#{update_anchor(update)}")
    words, edited, changed = view.words, EMPTY, affected_list(view, update.affected)
    if update.updated_at - update.created_at > timedelta(minutes=1):
        edited = tag("p", words.html("record.edited", time=view.zone.moment(update.updated_at)), class_="edited")
    return Html(
        f'<li class="update phase-{update.phase}" id="update-{escape(update.id)}">'
        f"<h{level}>{phase_mark(words.phase[update.phase])} "
        f"{link(address, view.zone.moment(update.at), class_='permalink')}</h{level}>"
        f'<div class="said" dir="auto">{update_html(update.body)}</div>{changed}{edited}</li>'
    )


@cache
def phase_mark(word: str) -> Html:
    """The word of a phase."""
    return tag("span", word, class_="phase")


def affected_list(view: SiteView, affected: tuple[Affected, ...] | None) -> Html:
    """The components that an update changed, with old and new state."""
    changed = [one for one in affected or () if one.old_status != one.new_status]
    if not changed:
        return EMPTY
    return tag(
        "ul",
        (_change(view.words, _named(view, one), one.old_status, one.new_status) for one in changed),
        class_="changes",
    )


def _named(view: SiteView, one: Affected) -> str:
    """The name of a changed component as the rest of the page has it; of one that no longer exists, as it was."""
    component = view.components.get(one.code)
    return view.name(component) if component is not None else one.name


@lru_cache(maxsize=4096)
def _change(words: Words, name: str, old: Impact, new: Impact) -> Html:
    return tag(
        "li",
        tag("bdi", name),
        ": ",
        words.impact[old],
        tag("span", " → ", aria_hidden="true"),
        tag("span", " ", words("record.to"), " ", class_="aside"),
        state_word(words, new),
    )


def touched(view: SiteView, location: PageLocation, record: PublicIncident, now: bool = False) -> Html:
    """Its components as links; with `now`, each with its current state."""
    spans = view.spans_by_incident.get(record.id, {}) if now else {}
    parts: list[Html] = []
    for identifier in record.components:
        component = view.components.get(identifier)
        if component is None:
            continue
        name = component_link(location.to(component_path(component)), view.name(component))
        held = spans.get(identifier, [])
        state = state_word(view.words, held[-1][2]) if held and held[-1][1] is None else None
        parts.append(tag("li", name, " " if state else None, state))
    return tag("ul", parts, class_="touched", aria_label=view.words("record.touched")) if parts else EMPTY


@lru_cache(maxsize=4096)
def component_link(address: str, name: str) -> Html:
    """A component's name as a link to its page."""
    return link(address, tag("bdi", name))


def facts(view: SiteView, record: PublicIncident) -> Html:
    """One line: phase, impact, time and duration."""
    parts: list[Html | str] = [phase_mark(phase_word(view.words, record))]
    if record.maintenance:
        parts.append(view.zone.window(starts_at(record), record.scheduled_until))
    else:
        parts += [
            impact_word(view, record),
            view.zone.moment(record.started_at) if not record.open else since(view, record),
        ]
        length = lasted(view.words, record)
        parts += [view.words("record.lasted", length=length)] if length else []
    return tag("p", *(tag("span", part, class_="fact") for part in parts), class_="facts")


def record_entry(view: SiteView, location: PageLocation, record: PublicIncident, level: int = 3) -> Html:
    """A record in a list: name, facts and the start of its last update."""
    last = record.updates[0] if record.updates else None
    if record.postmortem:
        last = next((update for update in record.updates if update.phase != "postmortem"), last)
    state = "operational" if record.cancelled else STATE_OF_IMPACT[record.impact]
    return tag(
        "article",
        tag(f"h{level}", link(location.to(record_path(record)), tag("bdi", record.name))),
        facts(view, record),
        tag("p", plain(last.body, 220), class_="excerpt", dir="auto") if last else None,
        class_=f"entry is-{state}",
        **window_data(record),
    )


def window_data(record: PublicIncident) -> dict[str, str]:
    """The window of a maintenance that starts and ends automatically, for the script; empty for other records."""
    if not record.auto or not record.open or record.scheduled_for is None or record.scheduled_until is None:
        return {}
    return {"data_from": machine(record.scheduled_for), "data_until": machine(record.scheduled_until)}


def trail(view: SiteView, location: PageLocation, *steps: tuple[str, str]) -> Html:
    """Links to the pages above: the home page, then the steps (path, word)."""
    items = [tag("li", link(location.to(path), word)) for path, word in (("", view.words("nav.status")), *steps)]
    return tag("nav", tag("ol", items), class_="trail", aria_label=view.words("nav.trail"))


def notice(text: str, *more: Html) -> Html:
    """A sentence in place of an empty list."""
    return tag("p", join(text, *more), class_="quiet")
