"""The history and its months, maintenance, the list of postmortems, and one postmortem."""

from __future__ import annotations

from ...model.public.site import PublicIncident
from ..markup import times, words
from ..markup.html import EMPTY, Html, join, link, tag
from ..markup.markdown import ImageAt, document_html, plain
from ..markup.times import month
from .page import PageLocation, SitePage
from .parts import notice, record_entry
from .view import Month, SiteView, month_path, postmortem_path, record_path

LISTED_AT_MOST = 100


def history(view: SiteView, index: str) -> SitePage:
    """The history: the newest month in full, and links to the others."""
    location = PageLocation("history/", index)
    newest = view.newest_month
    shown = _month_entries(view, location, newest) if newest else notice("No incidents reported yet.")
    return SitePage(
        kind="history",
        path=location.path,
        title="History",
        description=f"All incidents and maintenance windows of {view.page.name}, by month.",
        body=join(
            tag("h1", "History"),
            _years(view, location, newest),
            tag("h2", month(*newest), class_="section-title") if newest else None,
            shown,
            _steps(view, location, newest) if newest else None,
        ),
        updated_at=view.page.updated_at,
    )


def month_page(view: SiteView, index: str, of: Month) -> SitePage:
    """The records that started in a month."""
    location = PageLocation(month_path(of), index)
    found = view.by_month[of]
    return SitePage(
        kind="month",
        path=location.path,
        title=f"History, {month(*of)}",
        description=f"{_counted(found)} of {view.page.name} in {month(*of)}.",
        body=join(
            _trail(location, ("history/", "History")),
            tag("h1", month(*of)),
            tag("p", f"{_counted(found)}.", class_="lead"),
            _month_entries(view, location, of, 2),
            _steps(view, location, of),
        ),
        updated_at=max(record.updated_at for record in found),
    )


def _counted(found: list[PublicIncident]) -> str:
    maintenances = sum(record.maintenance for record in found)
    parts = [words.count(len(found) - maintenances, "incident")] if len(found) > maintenances else []
    parts += [words.count(maintenances, "maintenance window")] if maintenances else []
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
    return tag("nav", rows, class_="years", aria_label="Months")


def _month_cell(view: SiteView, location: PageLocation, of: Month, current: Month | None) -> Html:
    name, number = words.MONTHS[of[1] - 1], len(view.by_month.get(of, ()))
    if not number:
        return tag("li", tag("span", name[:3], aria_hidden="true", class_="month-name"), class_="none")
    inner = (
        tag("span", name[:3], class_="month-name"),
        " ",
        tag("span", str(number), class_="month-count"),
        tag("span", f" {'record' if number == 1 else 'records'} in {name} {of[0]}", class_="aside"),
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
        parts.append(link(location.to(month_path(older)), "← ", month(*older), rel="next", class_="older"))
    if newer:
        parts.append(link(location.to(month_path(newer)), month(*newer), " →", rel="prev", class_="newer"))
    return tag("nav", parts, class_="steps", aria_label="Other months") if parts else EMPTY


def _trail(location: PageLocation, *steps: tuple[str, str]) -> Html:
    items = [tag("li", link(location.to(path), word)) for path, word in (("", "Status"), *steps)]
    return tag("nav", tag("ol", items), class_="trail", aria_label="Breadcrumb")


def maintenance(view: SiteView, index: str) -> SitePage:
    """Maintenance in progress, scheduled and past."""
    location = PageLocation("maintenance/", index)
    past = [record for record in view.records if record.maintenance and not record.open]
    parts: list[Html] = []
    for title, found in (
        ("In progress", view.under_way),
        ("Scheduled", view.upcoming),
        ("Past", past[:LISTED_AT_MOST]),
    ):
        if found or title == "Scheduled":
            entries = [record_entry(view, location, record) for record in found]
            quiet = notice("No maintenance scheduled.")
            parts.append(tag("section", tag("h2", title, class_="section-title"), entries or quiet))
    if len(past) > LISTED_AT_MOST:
        parts.append(tag("p", link(location.to("history/"), "View earlier maintenance in the history"), class_="more"))
    return SitePage(
        kind="maintenance",
        path=location.path,
        title="Maintenance",
        description=f"Maintenance of {view.page.name}: in progress, scheduled and past.",
        body=join(tag("h1", "Maintenance"), parts),
        updated_at=view.page.updated_at,
    )


def postmortems(view: SiteView, index: str) -> SitePage:
    """The published postmortems, newest first."""
    location = PageLocation("postmortems/", index)
    entries = [_postmortem_entry(view, location, record) for record in view.postmortems[:LISTED_AT_MOST]]
    rest = len(view.postmortems) - LISTED_AT_MOST
    more = link(location.to("history/"), f"{words.count(rest, 'earlier postmortem')} in the history")
    return SitePage(
        kind="postmortems",
        path=location.path,
        title="Postmortems",
        description=f"What {view.page.name} learned from its incidents.",
        body=join(
            tag("h1", "Postmortems"),
            tag("div", entries, class_="entries") if entries else notice("No postmortems published yet."),
            tag("p", more, class_="more") if rest > 0 else None,
        ),
        updated_at=view.page.updated_at,
    )


def _postmortem_entry(view: SiteView, location: PageLocation, record: PublicIncident) -> Html:
    published = record.postmortem
    assert published is not None  # `SiteView.postmortems` has no others
    about = link(location.to(record_path(record)), tag("bdi", record.name))
    return tag(
        "article",
        tag("h2", link(location.to(postmortem_path(record)), tag("bdi", published.title))),
        tag(
            "p",
            "Published ",
            times.day_element(view.zone.date(published.published_at)),
            ", about ",
            about,
            class_="meta",
        ),
        tag("p", published.summary or plain(published.body), class_="excerpt", dir="auto"),
        class_="entry",
    )


def postmortem_page(view: SiteView, index: str, record: PublicIncident) -> SitePage:
    """One published postmortem, for customers."""
    found = record.postmortem
    if found is None:
        raise ValueError(f"{record.id} has no published postmortem")
    location = PageLocation(postmortem_path(record), index)
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
            _trail(location, ("postmortems/", "Postmortems")),
            tag(
                "article",
                tag("h1", tag("bdi", found.title)),
                tag("p", "Postmortem of ", about, ", published ", view.zone.moment(found.published_at), class_="meta"),
                tag("p", found.summary, class_="lead", dir="auto") if found.summary else None,
                tag("div", document_html(found.body, images), class_="prose", dir="auto"),
                class_="postmortem",
            ),
        ),
        updated_at=found.published_at,
    )
