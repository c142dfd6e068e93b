"""Makes all pages of the public site from the public view, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .component import component_page
from .home import home
from .incident import record_page
from .lists import history, maintenance, month_page, postmortem_page, postmortems
from .page import SitePage
from .subscribe import subscribe
from .view import SiteView

SECTIONS: dict[str, Callable[[SiteView, str], SitePage]] = {
    "": home,
    "history/": history,
    "maintenance/": maintenance,
    "postmortems/": postmortems,
    "subscribe/": subscribe,
}
"""Path of each page in the navigation -> its function."""


def section_pages(view: SiteView, index: str = "") -> Iterator[SitePage]:
    """The pages in the navigation. index: "index.html" if links must name files."""
    for make in SECTIONS.values():
        yield make(view, index)


def record_pages(view: SiteView, index: str = "", part: int = 0, parts: int = 1) -> Iterator[SitePage]:
    """The pages of months, incidents, components and postmortems. They are never in the navigation.

    part: yields only every `parts`th page, starting with this one.
    """
    for make, about in islice(_makers(view), part, None, parts):
        yield make(view, index, about)


def _makers(view: SiteView) -> Iterator[tuple[Callable[[SiteView, str, Any], SitePage], Any]]:
    """Each page as its function and argument."""
    yield from ((month_page, month) for month in view.by_month)
    yield from ((record_page, record) for record in view.records)
    yield from ((component_page, component) for component in view.site.components)
    yield from ((postmortem_page, record) for record in view.postmortems)
