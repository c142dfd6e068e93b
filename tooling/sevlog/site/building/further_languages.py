"""The pages in further languages: which there are, and the links from one language to another.

To bound the size of the site, a further language has the sections, the components, and the incidents and months that
are open or not older than RECENT. Links to other pages lead to the first language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from ...model.languages import shipped_languages
from ...model.public.site import PublicIncident
from ..markup.html import EMPTY, Html, escape, tag
from ..markup.words import words_of
from ..pages.all_pages import SECTIONS
from ..pages.component import component_page
from ..pages.incident import record_page
from ..pages.lists import month_page
from ..pages.page import PageLocation, SitePage
from ..pages.view import Month, SiteView, component_path, month_path, record_path

RECENT = timedelta(days=90)


def views_of(view: SiteView, by_hand: Mapping[str, frozenset[str]]) -> tuple[SiteView, ...]:
    """A view for each further language. by_hand: language -> paths of hand-written pages that it has."""
    languages = shipped_languages(view.page.languages)[1:]
    paths = {*SECTIONS, *(component_path(component) for component in view.site.components)}
    paths |= {record_path(record) for record in view.records if _is_recent(view, record)}
    paths |= {month_path(month) for month in _recent_months(view)}
    of = {one: frozenset(paths | by_hand.get(one, frozenset())) for one in languages}
    return tuple(view.in_language(words_of(one), f"{one}/", of[one]) for one in languages)


def _is_recent(view: SiteView, record: PublicIncident) -> bool:
    return record.open or (record.ended_at or record.updated_at) >= view.as_of - RECENT


def _recent_months(view: SiteView) -> list[Month]:
    oldest = view.zone.date(view.as_of - RECENT)
    return [month for month in view.by_month if month >= (oldest.year, oldest.month)]


def pages_of(view: SiteView, index: str) -> Iterator[SitePage]:
    """The pages of a further language."""
    for make in SECTIONS.values():
        yield make(view, index)
    for month in _recent_months(view):
        yield month_page(view, index, month)
    for component in view.site.components:
        yield component_page(view, index, component)
    for record in view.records:
        if _is_recent(view, record):
            yield record_page(view, index, record)


def switch(views: Sequence[SiteView], here: SiteView, path: str, index: str) -> Html:
    """Links to a page in the other languages; to their home page if they do not have it. views: first language first.

    path: of the page, as it is in the language of `here`.
    """
    location = PageLocation(path, index)
    original = path[len(here.folder) :]
    items = []
    for view in views:
        language = view.words.language
        name = view.words("language")
        if view is here:
            items.append(tag("li", tag("span", name, lang=language, aria_current="true")))
            continue
        target = view.folder + original if not view.folder or original in view.translated else view.folder
        items.append(tag("li", tag("a", name, href=location.to(target), lang=language, hreflang=language)))
    return tag("nav", tag("ul", items), class_="sl-languages", aria_label=here.words("nav.languages"))


def alternates(views: Sequence[SiteView], here: SiteView, path: str, root: str) -> Html:
    """The addresses of a page in all languages, for search engines; empty if it has only one. root: of the site."""
    original = path[len(here.folder) :]
    if not all(original in view.translated for view in views if view.folder):
        return EMPTY
    rows = [(view.words.language, view.folder) for view in views] + [("x-default", "")]
    links = (
        f'<link rel="alternate" hreflang="{language}" href="{escape(f"{root}/{folder}{original}")}">'
        for language, folder in rows
    )
    return Html("".join(links))
