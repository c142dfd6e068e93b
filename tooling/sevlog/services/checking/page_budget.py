"""Warns of people who got more pages this week than `policies.page.budget` (S22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ...errors import InvalidRecord
from ...model.guidance import page_load
from ...model.oncall import schedule_clock
from ...model.problem import Problem
from ...model.rules.config import ONCALL
from ..workspace.catalog import Catalog
from .locating import Locator
from .settings import Checked

_LOOK_BACK = timedelta(weeks=3)
"""Incidents with an older date in their id are not read: few go on to page for so long."""


def over_budget(settings: Checked, catalog: Catalog, locator: Locator, now: datetime) -> Iterator[Problem]:
    """A warning for each person over the budget in the current week, by the timelines. It never stops a page."""
    config, oncall = settings.config, settings.oncall
    if config is None or oncall is None or settings.broken:
        return
    try:
        zone = schedule_clock.zone_of(config.page.time_zone)
    except InvalidRecord:  # it has a finding of its own
        return
    week = page_load.weeks(now, now + timedelta(milliseconds=1), zone)[-1]
    oldest = f"{now - _LOOK_BACK:%Y-%m-%d}"
    recent = [path for path in catalog.paths if path.rpartition("/")[2] >= oldest]
    pages = [page for state in catalog.states(recent) for page in page_load.received(state)]
    budget = config.policies.page.budget
    for person, count in page_load.over_budget(pages, week, budget).items():
        place = next((n for n, known in enumerate(oncall.people) if known.key == person), None)
        problem = Problem(
            code="page_budget",
            severity="warning",
            message=f"{person} got {count} pages in {week.name}, more than the budget of {budget}",
            path=ONCALL,
            pointer="" if place is None else f"/people/{place}",
            hint="see when and for what: sevlog oncall load",
        )
        yield locator.in_file(problem)
