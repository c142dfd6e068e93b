"""The home page: current state, open incidents, planned maintenance, components and the last days."""

from __future__ import annotations

from datetime import date

from ...model.public.site import PublicComponent, PublicGroup, PublicIncident
from ...model.public.uptime import worst_of
from ...model.vocabulary import Impact
from ..markup.html import EMPTY, Html, join, link, outside, tag
from ..markup.times import day_element
from .bars import legend, strip
from .page import PageLocation, SitePage
from .parts import due, facts, glyph, notice, record_entry, state_word, touched, update_item, window_data
from .view import STATE_OF_IMPACT, SiteView, component_path, month_path, record_path

BAR_DAYS = 90
PAST_DAYS = 14
_NAMED_AT_MOST = 6
_LINKED_AT_MOST = 100
_LISTED_AT_MOST = 10
"""Open incidents shown with an update, and names in a line. The rest are links (site.md, Sizes are bounded)."""


def home(view: SiteView, index: str) -> SitePage:
    """The page at the root of the site."""
    location = view.location("", index)
    headline = headline_text(view)
    return SitePage(
        kind="home",
        path=location.path,
        title=view.page.name,
        description=f"{headline}. {view.page.description or ''}".strip(),
        body=join(
            _headline(view, headline, location),
            _open(view, location),
            _maintenance(view, location),
            _components(view, location),
            _past(view, location),
        ),
        updated_at=view.page.updated_at,
        headline=headline,
    )


def headline_text(view: SiteView) -> str:
    """The state in one line. An open incident is named even if all components are operational."""
    words = view.words
    if len(view.open) == 1:
        return view.open[0].name
    if view.open:
        return words.count("headline.open", len(view.open))
    shown = [component.status for component in view.site.components if not component.retired]
    worst = worst_of(shown)
    if worst == "under_maintenance" and view.under_way:
        return view.under_way[0].name if len(view.under_way) == 1 else words.headline[worst]
    if not shown:
        return words("headline.none")
    if worst == "major_outage" and set(shown) == {"major_outage"}:
        return words("headline.all_down")
    return words.headline[worst]


def headline_state(view: SiteView) -> Impact:
    """The worst state of all components and open incidents; sets the look of the headline."""
    components = [component.status for component in view.site.components if not component.retired]
    state = worst_of([*components, *(STATE_OF_IMPACT[incident.impact] for incident in view.open)])
    return "degraded_performance" if view.open and state in ("operational", "under_maintenance") else state


def _headline(view: SiteView, headline: str, location: PageLocation) -> Html:
    words, state = view.words, headline_state(view)
    above = None
    if len(view.open) == 1:
        above = words("open_incident")
    elif not view.open and state == "under_maintenance" and len(view.under_way) == 1:
        above = words("in_progress")
    named: Html | str = tag("bdi", headline)
    if len(view.open) == 1:
        named = link(location.to(record_path(view.open[0])), tag("bdi", headline))
    names = [
        tag("li", link(location.to(record_path(incident)), tag("bdi", incident.name)))
        for incident in (view.open[:_NAMED_AT_MOST] if len(view.open) > 1 else ())
    ]
    if names and len(view.open) > _NAMED_AT_MOST:
        names.append(tag("li", words("and_more", n=len(view.open) - _NAMED_AT_MOST)))
    return tag(
        "section",
        tag("div", glyph(state), class_="headline-mark"),
        tag(
            "div",
            tag("p", above, class_="eyebrow") if above else None,
            tag("h1", named, id="now"),
            tag("ul", names, class_="headline-names") if names else None,
            tag("p", _rest(view), class_="headline-rest"),
            tag("p", words.html("as_of", time=view.zone.moment(view.as_of)), class_="fresh", data_age=True),
        ),
        class_=f"headline is-{state}",
        aria_labelledby="now",
    )


def _rest(view: SiteView) -> str:
    """The state of the components, in a sentence."""
    words = view.words
    affected = [c for c in view.site.components if not c.retired and c.status != "operational"]
    total = sum(not component.retired for component in view.site.components)
    if not total:
        return ""
    if not affected:
        return words.count("home.all_up", total) if view.open else (view.page.description or "")
    named = [words("with_state", name=one.name, state=words.inline[one.status]) for one in affected[:_NAMED_AT_MOST]]
    if len(affected) > _NAMED_AT_MOST:
        named.append(words("more", n=len(affected) - _NAMED_AT_MOST))
    rest = total - len(affected)
    said = words("home.affected", names=words.listed(named))
    others = words.count("home.others_up", rest)
    return f"{said} {others}" if rest > 1 else said


def _open(view: SiteView, location: PageLocation) -> Html:
    if not view.open:
        return EMPTY
    return tag(
        "section",
        tag("h2", view.words("open_incidents" if len(view.open) > 1 else "open_incident"), class_="section-title"),
        *(_live(view, location, incident) for incident in view.open[:_LISTED_AT_MOST]),
        _more_open(view, location),
        class_="live-list",
    )


def _more_open(view: SiteView, location: PageLocation) -> Html:
    """Links to further open incidents: the first _LINKED_AT_MOST, then a link to the history."""
    rest = view.open[_LISTED_AT_MOST:]
    if not rest:
        return EMPTY
    rows = [tag("li", link(location.to(record_path(one)), tag("bdi", one.name))) for one in rest[:_LINKED_AT_MOST]]
    left = len(rest) - _LINKED_AT_MOST
    all_of_them = link(location.to("history/"), view.words("and_more_in_history", n=left)) if left > 0 else None
    return tag(
        "div",
        tag("h3", view.words.count("home.more_open", len(rest))),
        tag("ul", rows, class_="more-open"),
        tag("p", all_of_them, class_="more") if all_of_them else None,
    )


def _live(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    return tag(
        "article",
        tag("h3", link(location.to(record_path(record)), tag("bdi", record.name))),
        facts(view, record),
        touched(view, location, record, now=True),
        due(view, record),
        tag("ol", (update_item(view, location, record, u, level=4) for u in record.updates[:1]), class_="updates"),
        _earlier(view, location, record),
        class_=f"live is-{STATE_OF_IMPACT[record.impact]}",
    )


def _earlier(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    """A link to all updates, on the page of the incident."""
    count = len(record.updates)
    if count < 2:
        return EMPTY
    return tag("p", link(location.to(record_path(record)), view.words.count("home.all_updates", count)), class_="more")


def _maintenance(view: SiteView, location: PageLocation) -> Html:
    planned = (*view.under_way, *view.upcoming)
    if not planned:
        return EMPTY
    title = tag("h2", link(location.to("maintenance/"), view.words("nav.maintenance")), class_="section-title")
    shown = [
        tag(
            "article",
            tag("h3", link(location.to(record_path(record)), tag("bdi", record.name))),
            facts(view, record),
            touched(view, location, record, now=True),
            tag("ol", update_item(view, location, record, record.updates[0], level=4), class_="updates"),
            class_="live is-under_maintenance",
            data_components=" ".join(record.components),
            **window_data(record),
        )
        for record in planned[:5]
    ]
    more = view.words.count("home.more_maintenance", len(planned) - 5) if len(planned) > 5 else None
    return tag("section", title, shown, tag("p", link(location.to("maintenance/"), more)) if more else None)


def _components(view: SiteView, location: PageLocation) -> Html:
    """Components and groups in the order of the page; a group is at the place of its first component."""
    rows: list[Html] = []
    seen: set[str] = set()
    for component in view.site.components:
        group = view.groups.get(component.group_id or "")
        if group is None:
            if view.shown(component):
                rows.append(_row(view, location, component, 3))
        elif group.id not in seen:
            seen.add(group.id)
            rows.append(_group(view, location, group))
    if not any(rows):
        return EMPTY
    title = tag("h2", view.words("home.components"), class_="section-title")
    about = tag("p", view.words("home.about_bars", n=BAR_DAYS, zone=view.zone.title), class_="section-about")
    return tag("section", title, about, legend(view.words), tag("div", rows, class_="components"))


def _group(view: SiteView, location: PageLocation, group: PublicGroup) -> Html:
    children = view.children(group)
    if not children:
        return EMPTY
    status = worst_of(child.status for child in children)
    return tag(
        "details",
        tag(
            "summary",
            tag("span", tag("bdi", group.name), class_="group-name"),
            tag("span", view.words.count("home.counted", len(children)), class_="group-count"),
            state_word(view.words, status),
        ),
        tag("p", group.description, class_="about") if group.description else None,
        tag("div", (_row(view, location, child, 3) for child in children), class_="group-rows"),
        class_=f"group is-{status}",
        open=status != "operational",
    )


def _row(view: SiteView, location: PageLocation, component: PublicComponent, level: int) -> Html:
    words, share = view.words, view.uptime(component, BAR_DAYS) if component.showcase else None
    return tag(
        "div",
        tag(
            "div",
            tag(f"h{level}", link(location.to(component_path(component)), tag("bdi", component.name))),
            tag("span", words("home.uptime", percent=words.percent(share)), class_="share")
            if share is not None
            else None,
            state_word(view.words, component.status),
            class_="row-head",
        ),
        tag("p", component.description, class_="about", dir="auto") if component.description else None,
        strip(view, location, component, BAR_DAYS) if component.showcase else None,
        class_=f"row is-{component.status}",
        data_component=component.id,
    )


def _past(view: SiteView, location: PageLocation) -> Html:
    """The last days with their incidents; consecutive days without any are one line."""
    words = view.words
    parts: list[Html] = []
    quiet: list[date] = []
    for day in view.past_days(PAST_DAYS):
        if not (day.began or day.went_on or day.updated):
            quiet.append(day.on)
            continue
        parts += [
            _quiet(view, quiet),
            tag("h3", tag("time", words.long_day(day.on), datetime=day.on.isoformat()), class_="day"),
        ]
        parts += [record_entry(view, location, record, 4) for record in day.began[:_LISTED_AT_MOST]]
        parts.append(_names(view, location, "home.also_started", day.began[_LISTED_AT_MOST:]))
        parts += [
            _names(view, location, "home.went_on", day.went_on),
            _names(view, location, "home.updated", day.updated),
        ]
        quiet = []
    parts.append(_quiet(view, quiet))
    months = list(view.by_month)
    older = month_path(months[0]) if months else "history/"
    support = view.page.support_url
    return tag(
        "section",
        tag("h2", words("home.past", n=PAST_DAYS), class_="section-title"),
        parts,
        tag("p", link(location.to("history/" if months else older), words("all_history")), class_="more"),
        tag("p", words.html("home.other_problem", link=outside(support, words("home.support")))) if support else None,
        class_="past",
    )


def _names(view: SiteView, location: PageLocation, key: str, records: list[PublicIncident]) -> Html:
    """Records of a day in one line: names as links, then the number of others."""
    if not records:
        return EMPTY
    words = view.words
    shown = [link(location.to(record_path(record)), tag("bdi", record.name)) for record in records[:_LISTED_AT_MOST]]
    more = [words("more", n=len(records) - _LISTED_AT_MOST)] if len(records) > _LISTED_AT_MOST else []
    items = [*shown, *more]
    ends = [words("list.comma")] * (len(items) - 1) + [words("list.end")]
    listed = (tag("span", item, end) for item, end in zip(items, ends, strict=True))
    return tag("p", words.html(key, names=join(listed)), class_="went-on")


def _quiet(view: SiteView, days: list[date]) -> Html:
    if not days:
        return EMPTY
    first, last = day_element(view.words, days[-1]), day_element(view.words, days[0])
    span = last if len(days) == 1 else join(first, " – ", last)
    return tag("div", tag("h3", span, class_="day"), notice(view.words("no_incidents")), class_="quiet-days")
