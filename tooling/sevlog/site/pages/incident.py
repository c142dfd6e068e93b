"""The page of an incident or a maintenance, with all public updates."""

from __future__ import annotations

from datetime import datetime, timedelta

from ...model.public.site import PublicIncident
from ...model.vocabulary import Impact
from ..markup.html import EMPTY, Html, escape, join, link, outside, tag
from ..markup.markdown import plain
from ..markup.words import Words
from .bars import HEIGHT
from .page import PageLocation, SitePage
from .parts import (
    component_link,
    due,
    glyph,
    impact_word,
    lasted,
    notice,
    phase_mark,
    phase_word,
    state_word,
    touched,
    trail,
    update_item,
    window_data,
)
from .view import STATE_OF_IMPACT, SiteView, component_path, month_path, postmortem_path, record_path, starts_at

Spans = list[tuple[datetime, datetime | None, Impact]]
_FULL = HEIGHT["major_outage"]


def record_page(view: SiteView, index: str, record: PublicIncident) -> SitePage:
    """The page of an incident or a maintenance."""
    location = view.location(record_path(record), index)
    phase = phase_word(view.words, record)
    last = record.updates[0] if record.updates else None
    return SitePage(
        kind="incident",
        path=location.path,
        title=record.name,
        description=view.words("pair", name=phase, text=plain(last.body, 150)) if last else phase,
        body=join(
            _back(view, location, record),
            tag(
                "article",
                _head(view, location, record),
                _phases(view, record),
                _postmortem(view, location, record),
                _updates(view, location, record),
                _components(view, location, record),
                class_=f"record is-{STATE_OF_IMPACT[record.impact]}",
                **window_data(record),
            ),
            _source(view, record),
        ),
        updated_at=record.updated_at,
        is_open=record.open,
    )


def _back(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    on = view.zone.date(starts_at(record))
    path = "maintenance/" if record.maintenance else month_path((on.year, on.month))
    word = view.words("nav.maintenance") if record.maintenance else view.words.month(on.year, on.month)
    return trail(view, location, (path, word))


def _head(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    words, phase = view.words, phase_word(view.words, record)
    now = phase_mark(phase) if record.auto else phase
    rows: list[tuple[str, Html | str | None]] = [("record.status", now)]
    if not record.maintenance:
        rows.append(("record.impact", impact_word(view, record, labeled=True)))
    else:
        rows.append(("record.window", view.zone.window(starts_at(record), record.scheduled_until)))
    began_at = record.began_at if record.maintenance else record.started_at
    if began_at is not None and not record.cancelled:
        rows.append(("record.started", view.zone.moment(began_at)))
    if record.ended_at and record.ended_at >= record.started_at:
        rows.append(("record.ended", view.zone.moment(record.ended_at)))
    rows.append(("record.duration", lasted(words, record)))
    going_on = view.incidents.get(record.continued_in or "")
    if going_on is not None:
        rows.append(("record.continued", link(location.to(record_path(going_on)), tag("bdi", going_on.name))))
    rows.append(("record.affects", touched(view, location, record) or None))
    listed = [Html(f"<div><dt>{escape(words(key))}</dt><dd>{escape(value)}</dd></div>") for key, value in rows if value]
    state = STATE_OF_IMPACT[record.impact]
    mark = glyph(state if record.open else "operational")
    return tag(
        "header",
        tag("p", mark, " ", _kind(words, record), class_=f"eyebrow is-{state if record.open else 'operational'}"),
        tag("h1", tag("bdi", record.name)),
        due(view, record),
        tag("dl", listed, class_="summary"),
    )


def _kind(words: Words, record: PublicIncident) -> str:
    if record.drill:
        return words("drill")
    if record.maintenance:
        return words("scheduled_maintenance" if record.phase == "scheduled" else "nav.maintenance")
    return words("open_incident" if record.open else "past_incident")


def _phases(view: SiteView, record: PublicIncident) -> Html:
    """The time of each phase; empty if there was only one."""
    reached: dict[str, datetime] = {}
    for update in reversed(record.updates):
        reached.setdefault(view.words.phase[update.phase], update.at)
    if len(reached) < 2:
        return EMPTY
    items = [Html(f"<li>{phase_mark(word)} {view.zone.moment(at)}</li>") for word, at in reached.items()]
    return tag("ol", items, class_="phases", aria_label=view.words("record.phases"))


def _postmortem(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    if not record.postmortem:
        return EMPTY
    published = view.zone.moment(record.postmortem.published_at)
    return tag(
        "aside",
        tag("h2", link(location.to(postmortem_path(record)), tag("bdi", record.postmortem.title))),
        tag("p", record.postmortem.summary, dir="auto") if record.postmortem.summary else None,
        tag("p", view.words.html("record.postmortem", time=published), class_="meta"),
        class_="to-postmortem",
    )


def _updates(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    items = [update_item(view, location, record, update) for update in record.updates]
    return tag(
        "section",
        tag("h2", view.words("record.updates"), class_="section-title"),
        tag("ol", items, class_="updates") if items else notice(view.words("record.no_updates")),
    )


def _components(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    """The states of each component during the incident, as a drawing and as text."""
    spans = {i: own for i, own in view.spans_by_incident.get(record.id, {}).items() if own and i in view.components}
    if not spans:
        return EMPTY
    start = min(own[0][0] for own in spans.values())
    end = max(until or view.as_of for own in spans.values() for _, until, _ in own)
    end = max(end, view.as_of) if record.open else end
    ordered = [identifier for identifier in view.components if identifier in spans]
    rows = [_component_row(view, location, identifier, spans[identifier], start, end) for identifier in ordered]
    title = tag("h2", view.words("record.courses"), class_="section-title")
    return tag("section", title, tag("div", rows, class_="courses"))


def _component_row(
    view: SiteView, location: PageLocation, identifier: str, own: Spans, start: datetime, end: datetime
) -> Html:
    component = view.components[identifier]
    return tag(
        "div",
        tag("h3", component_link(location.to(component_path(component)), view.name(component))),
        _course(own, start, max(end, start + timedelta(seconds=1)), view.as_of),
        tag("ul", (_span_item(view, span) for span in own), class_="spans"),
        class_="course",
    )


def _course(own: Spans, start: datetime, end: datetime, as_of: datetime) -> Html:
    scale = 400 / (end - start).total_seconds()
    shapes = ""
    for since, until, state in own:
        x = (since - start).total_seconds() * scale
        width = max(((until or max(as_of, since)) - since).total_seconds() * scale, 2)
        height = HEIGHT[state]
        shapes += f'<rect class="is-{state}" x="{x:.1f}" y="{_FULL - height}" width="{width:.1f}" height="{height}"/>'
    return Html(
        f'<svg class="course-drawing" viewBox="0 0 400 {_FULL}" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="course-base" d="M0 {_FULL - 1}H400"/>{shapes}</svg>'
    )


def _span_item(view: SiteView, span: tuple[datetime, datetime | None, Impact]) -> Html:
    words, (since, until, state) = view.words, span
    if until is None:
        said = words.html("record.span", state=state_word(view.words, state), time=view.zone.moment(since))
    else:
        window, length = view.zone.window(since, until), words.duration(until - since)
        said = words.html("record.past_span", state=state_word(view.words, state), window=window, length=length)
    return Html(f"<li>{said}</li>")


def _source(view: SiteView, record: PublicIncident) -> Html:
    """A link to the source of an imported record, if it is not this site."""
    if not record.shortlink or record.shortlink.startswith(view.page.url.rstrip("/") + "/"):
        return EMPTY
    shown = outside(record.shortlink, view.words("record.report"))
    return tag("p", view.words.html("record.source", report=shown), class_="source") if shown[:2] == "<a" else EMPTY
