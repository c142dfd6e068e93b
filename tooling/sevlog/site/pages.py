"""All pages of the public site, made from the public view alone, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

from .page import Page
from .pages_component import component_page
from .pages_home import home
from .pages_incident import record_page
from .pages_lists import history, maintenance, month_page, postmortem_page, postmortems
from .pages_subscribe import subscribe
from .view import View


def section_pages(view: View, index: str = "") -> Iterator[Page]:
    """The few pages that the site's navigation names. index: "index.html" where links must name files."""
    for make in (home, history, maintenance, postmortems, subscribe):
        yield make(view, index)


def record_pages(view: View, index: str = "") -> Iterator[Page]:
    """The many pages: a month, an incident, a component, a postmortem each. Never in a navigation."""
    for month in view.by_month:
        yield month_page(view, index, month)
    for record in view.records:
        yield record_page(view, index, record)
    for component in view.site.components:
        yield component_page(view, index, component)
    for record in view.postmortems:
        yield postmortem_page(view, index, record)
