"""The home page: current state, open incidents, planned maintenance, components and the last days."""

from __future__ import annotations

from datetime import date

from ...model.public.site import PublicComponent, PublicGroup, PublicIncident
from ...model.public.uptime import percent, worst_of
from ...model.vocabulary import Impact
from ..markup import words
from ..markup.html import EMPTY, Html, join, link, outside, tag
from ..markup.times import day_element, long_day
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
    location = PageLocation("", index)
    headline = headline_text(view)
    return SitePage(
        kind="home",
        path="",
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
    if len(view.open) == 1:
        return view.open[0].name
    if view.open:
        return f"{len(view.open)} open incidents"
    shown = [component.status for component in view.site.components if not component.retired]
    worst = worst_of(shown)
    if worst == "under_maintenance" and view.under_way:
        return view.under_way[0].name if len(view.under_way) == 1 else words.HEADLINE[worst]
    if not shown:
        return "No open incidents"
    if worst == "major_outage" and set(shown) == {"major_outage"}:
        return words.ALL_DOWN
    return words.HEADLINE[worst]


def headline_state(view: SiteView) -> Impact:
    """The worst state of all components and open incidents; sets the look of the headline."""
    components = [component.status for component in view.site.components if not component.retired]
    state = worst_of([*components, *(STATE_OF_IMPACT[incident.impact] for incident in view.open)])
    return "degraded_performance" if view.open and state in ("operational", "under_maintenance") else state


def _headline(view: SiteView, headline: str, location: PageLocation) -> Html:
    state = headline_state(view)
    above = None
    if len(view.open) == 1:
        above = "Open incident"
    elif not view.open and state == "under_maintenance" and len(view.under_way) == 1:
        above = "Maintenance in progress"
    named: Html | str = tag("bdi", headline)
    if len(view.open) == 1:
        named = link(location.to(record_path(view.open[0])), tag("bdi", headline))
    names = [
        tag("li", link(location.to(record_path(incident)), tag("bdi", incident.name)))
        for incident in (view.open[:_NAMED_AT_MOST] if len(view.open) > 1 else ())
    ]
    if names and len(view.open) > _NAMED_AT_MOST:
        names.append(tag("li", f"and {len(view.open) - _NAMED_AT_MOST} more"))
    return tag(
        "section",
        tag("div", glyph(state), class_="headline-mark"),
        tag(
            "div",
            tag("p", above, class_="eyebrow") if above else None,
            tag("h1", named, id="now"),
            tag("ul", names, class_="headline-names") if names else None,
            tag("p", _rest(view), class_="headline-rest"),
            tag("p", "As of ", view.zone.moment(view.as_of), class_="fresh", data_age=True),
        ),
        class_=f"headline is-{state}",
        aria_labelledby="now",
    )


def _rest(view: SiteView) -> str:
    """The state of the components, in a sentence."""
    affected = [c for c in view.site.components if not c.retired and c.status != "operational"]
    total = sum(not component.retired for component in view.site.components)
    if not total:
        return ""
    if not affected:
        return f"All {total} components are operational." if view.open else (view.page.description or "")
    named = [f"{component.name} ({words.IMPACT[component.status].lower()})" for component in affected[:_NAMED_AT_MOST]]
    if len(affected) > _NAMED_AT_MOST:
        named.append(f"{len(affected) - _NAMED_AT_MOST} more")
    rest = total - len(affected)
    return f"Affected: {words.listed(named)}." + (f" The other {rest} components are operational." if rest > 1 else "")


def _open(view: SiteView, location: PageLocation) -> Html:
    if not view.open:
        return EMPTY
    return tag(
        "section",
        tag("h2", "Open incidents" if len(view.open) > 1 else "Open incident", class_="section-title"),
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
    all_of_them = link(location.to("history/"), f"and {left} more in the history") if left > 0 else None
    return tag(
        "div",
        tag("h3", words.count(len(rest), "more open incident")),
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
    return tag("p", link(location.to(record_path(record)), f"Show all {count} updates"), class_="more")


def _maintenance(view: SiteView, location: PageLocation) -> Html:
    planned = (*view.under_way, *view.upcoming)
    if not planned:
        return EMPTY
    title = tag("h2", link(location.to("maintenance/"), "Maintenance"), class_="section-title")
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
    more = words.count(len(planned) - 5, "more maintenance window") if len(planned) > 5 else None
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
    title = tag("h2", "Components", class_="section-title")
    about = tag(
        "p",
        f"One bar per day for the last {BAR_DAYS} days ({view.zone.title}). Taller bars mean worse problems.",
        class_="section-about",
    )
    return tag("section", title, about, legend(), tag("div", rows, class_="components"))


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
            tag("span", words.count(len(children), "component"), class_="group-count"),
            state_word(status),
        ),
        tag("p", group.description, class_="about") if group.description else None,
        tag("div", (_row(view, location, child, 3) for child in children), class_="group-rows"),
        class_=f"group is-{status}",
        open=status != "operational",
    )


def _row(view: SiteView, location: PageLocation, component: PublicComponent, level: int) -> Html:
    share = view.uptime(component, BAR_DAYS) if component.showcase else None
    return tag(
        "div",
        tag(
            "div",
            tag(f"h{level}", link(location.to(component_path(component)), tag("bdi", component.name))),
            tag("span", f"Uptime {percent(share)}%", class_="share") if share is not None else None,
            state_word(component.status),
            class_="row-head",
        ),
        tag("p", component.description, class_="about", dir="auto") if component.description else None,
        strip(view, location, component, BAR_DAYS) if component.showcase else None,
        class_=f"row is-{component.status}",
        data_component=component.id,
    )


def _past(view: SiteView, location: PageLocation) -> Html:
    """The last days with their incidents; consecutive days without any are one line."""
    parts: list[Html] = []
    quiet: list[date] = []
    for day in view.past_days(PAST_DAYS):
        if not (day.began or day.went_on or day.updated):
            quiet.append(day.on)
            continue
        parts += [_quiet(quiet), tag("h3", tag("time", long_day(day.on), datetime=day.on.isoformat()), class_="day")]
        parts += [record_entry(view, location, record, 4) for record in day.began[:_LISTED_AT_MOST]]
        parts.append(_names(view, location, "Also started", day.began[_LISTED_AT_MOST:]))
        parts += [
            _names(view, location, "Also on this day", day.went_on),
            _names(view, location, "Updated", day.updated),
        ]
        quiet = []
    parts.append(_quiet(quiet))
    months = list(view.by_month)
    older = month_path(months[0]) if months else "history/"
    support = view.page.support_url
    return tag(
        "section",
        tag("h2", f"The last {PAST_DAYS} days", class_="section-title"),
        parts,
        tag("p", link(location.to("history/" if months else older), "View all history"), class_="more"),
        tag("p", "Seeing a different problem? ", outside(support, "Contact support"), ".") if support else None,
        class_="past",
    )


def _names(view: SiteView, location: PageLocation, word: str, records: list[PublicIncident]) -> Html:
    """Records of a day in one line: names as links, then the number of others."""
    if not records:
        return EMPTY
    shown = [link(location.to(record_path(record)), tag("bdi", record.name)) for record in records[:_LISTED_AT_MOST]]
    more = [f"{len(records) - _LISTED_AT_MOST} more"] if len(records) > _LISTED_AT_MOST else []
    items = [*shown, *more]
    ends = [", "] * (len(items) - 1) + ["."]
    listed = (tag("span", item, end) for item, end in zip(items, ends, strict=True))
    return tag("p", f"{word}: ", *listed, class_="went-on")


def _quiet(days: list[date]) -> Html:
    if not days:
        return EMPTY
    span = day_element(days[0]) if len(days) == 1 else join(day_element(days[-1]), " – ", day_element(days[0]))
    return tag("div", tag("h3", span, class_="day"), notice("No incidents reported."), class_="quiet-days")
