"""The history and its months, maintenance, the list of postmortems, and one postmortem."""

from __future__ import annotations

from ...model.public.site import PublicIncident
from ..markup.html import EMPTY, Html, join, link, tag
from ..markup.markdown import ImageAt, document_html, plain
from ..markup.times import day_element
from ..markup.words import Words
from .page import PageLocation, SitePage
from .parts import notice, record_entry, trail
from .view import Month, SiteView, month_path, postmortem_path, record_path

LISTED_AT_MOST = 100


def history(view: SiteView, index: str) -> SitePage:
    """The history: the newest month in full, and links to the others."""
    location = view.location("history/", index)
    words = view.words
    newest = view.newest_month
    shown = _month_entries(view, location, newest) if newest else notice(words("history.none"))
    return SitePage(
        kind="history",
        path=location.path,
        title=words("nav.history"),
        description=words("history.about", name=view.page.name),
        body=join(
            tag("h1", words("nav.history")),
            _years(view, location, newest),
            tag("h2", words.month(*newest), class_="section-title") if newest else None,
            shown,
            _steps(view, location, newest) if newest else None,
        ),
        updated_at=view.page.updated_at,
    )


def month_page(view: SiteView, index: str, of: Month) -> SitePage:
    """The records that started in a month."""
    location = view.location(month_path(of), index)
    words, found = view.words, view.by_month[of]
    name, counted = words.month(*of), _counted(words, found)
    return SitePage(
        kind="month",
        path=location.path,
        title=words("history.title", month=name),
        description=words("history.of_month", counted=counted, name=view.page.name, month=name),
        body=join(
            trail(view, location, ("history/", words("nav.history"))),
            tag("h1", name),
            tag("p", words("history.counted", counted=counted), class_="lead"),
            _month_entries(view, location, of, 2),
            _steps(view, location, of),
        ),
        updated_at=max(record.updated_at for record in found),
    )


def _counted(words: Words, found: list[PublicIncident]) -> str:
    maintenances = sum(record.maintenance for record in found)
    parts = [words.count("history.incidents", len(found) - maintenances)] if len(found) > maintenances else []
    parts += [words.count("history.windows", maintenances)] if maintenances else []
    return words.listed(parts)


def _month_entries(view: SiteView, location: PageLocation, of: Month, level: int = 3) -> Html:
    return tag("div", (record_entry(view, location, record, level) for record in view.by_month[of]), class_="entries")


def _years(view: SiteView, location: PageLocation, current: Month | None) -> Html:
    """Each year with its months; months without records have no link."""
    if not view.by_month:
        return EMPTY
    years = sorted({year for year, _ in view.by_month}, reverse=True)
    rows = []
    for year in years:
        months = [(year, number) for number in range(1, 13)]
        if year > view.today.year:  # nothing but planned maintenance: a grid of empty months would come first
            months = [of for of in months if of in view.by_month]
        cells = [_month_cell(view, location, of, current) for of in months]
        rows.append(tag("div", tag("h2", str(year)), tag("ol", cells), class_="year"))
    return tag("nav", rows, class_="years", aria_label=view.words("history.months"))


def _month_cell(view: SiteView, location: PageLocation, of: Month, current: Month | None) -> Html:
    words, number = view.words, len(view.by_month.get(of, ()))
    short = words.short_months[of[1] - 1]
    if not number:
        return tag("li", tag("span", short, aria_hidden="true", class_="month-name"), class_="none")
    inner = (
        tag("span", short, class_="month-name"),
        " ",
        tag("span", str(number), class_="month-count"),
        tag("span", " ", words.form("history.cell", number).format(month=words.month(*of)), class_="aside"),
    )
    here = "true" if of == current else None
    return tag("li", link(location.to(month_path(of)), *inner, aria_current=here))


def _steps(view: SiteView, location: PageLocation, of: Month) -> Html:
    """Links to the previous and next month with records."""
    months = list(view.by_month)
    at = months.index(of)
    older = months[at + 1] if at + 1 < len(months) else None
    newer = months[at - 1] if at else None
    parts = []
    if older:
        parts.append(link(location.to(month_path(older)), "← ", view.words.month(*older), rel="next", class_="older"))
    if newer:
        parts.append(link(location.to(month_path(newer)), view.words.month(*newer), " →", rel="prev", class_="newer"))
    return tag("nav", parts, class_="steps", aria_label=view.words("history.others")) if parts else EMPTY


def maintenance(view: SiteView, index: str) -> SitePage:
    """Maintenance in progress, scheduled and past."""
    location = view.location("maintenance/", index)
    words = view.words
    past = [record for record in view.records if record.maintenance and not record.open]
    parts: list[Html] = []
    for title, found in (
        ("maintenance.running", view.under_way),
        ("maintenance.scheduled", view.upcoming),
        ("maintenance.past", past[:LISTED_AT_MOST]),
    ):
        if found or title == "maintenance.scheduled":
            entries = [record_entry(view, location, record) for record in found]
            quiet = notice(words("maintenance.none"))
            parts.append(tag("section", tag("h2", words(title), class_="section-title"), entries or quiet))
    if len(past) > LISTED_AT_MOST:
        parts.append(tag("p", link(location.to("history/"), words("maintenance.earlier")), class_="more"))
    return SitePage(
        kind="maintenance",
        path=location.path,
        title=words("nav.maintenance"),
        description=words("maintenance.about", name=view.page.name),
        body=join(tag("h1", words("nav.maintenance")), parts),
        updated_at=view.page.updated_at,
    )


def postmortems(view: SiteView, index: str) -> SitePage:
    """The published postmortems, newest first."""
    location = view.location("postmortems/", index)
    words = view.words
    entries = [_postmortem_entry(view, location, record) for record in view.postmortems[:LISTED_AT_MOST]]
    rest = len(view.postmortems) - LISTED_AT_MOST
    more = link(location.to("history/"), words.count("postmortems.earlier", rest))
    return SitePage(
        kind="postmortems",
        path=location.path,
        title=words("nav.postmortems"),
        description=words("postmortems.about", name=view.page.name),
        body=join(
            tag("h1", words("nav.postmortems")),
            tag("div", entries, class_="entries") if entries else notice(words("postmortems.none")),
            tag("p", more, class_="more") if rest > 0 else None,
        ),
        updated_at=view.page.updated_at,
    )


def _postmortem_entry(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    published = record.postmortem
    assert published is not None  # `SiteView.postmortems` has no others
    about = link(location.to(record_path(record)), tag("bdi", record.name))
    day = day_element(view.words, view.zone.date(published.published_at))
    return tag(
        "article",
        tag("h2", link(location.to(postmortem_path(record)), tag("bdi", published.title))),
        tag("p", view.words.html("postmortems.published", day=day, incident=about), class_="meta"),
        tag("p", published.summary or plain(published.body), class_="excerpt", dir="auto"),
        class_="entry",
    )


def postmortem_page(view: SiteView, index: str, record: PublicIncident) -> SitePage:
    """One published postmortem, for customers."""
    found = record.postmortem
    if found is None:
        raise ValueError(f"{record.id} has no published postmortem")
    location = view.location(postmortem_path(record), index)
    words, published = view.words, view.zone.moment(found.published_at)
    about = link(location.to(record_path(record)), tag("bdi", record.name))
    images = {
        name: ImageAt(location.to(path), one.width, one.height)
        for name, (path, one) in view.pictures_of(record).items()
    }
    return SitePage(
        kind="postmortem",
        path=location.path,
        title=found.title,
        description=found.summary or plain(found.body, 150),
        body=join(
            trail(view, location, ("postmortems/", words("nav.postmortems"))),
            tag(
                "article",
                tag("h1", tag("bdi", found.title)),
                tag("p", words.html("postmortems.of", incident=about, time=published), class_="meta"),
                tag("p", found.summary, class_="lead", dir="auto") if found.summary else None,
                tag("div", document_html(found.body, images), class_="prose", dir="auto"),
                class_="postmortem",
            ),
        ),
        updated_at=found.published_at,
    )
