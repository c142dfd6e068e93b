"""Look-ups in a public view for the pages: by id, month, component, open or past. Each is computed once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from ...model.public import uptime
from ...model.public.site import PublicComponent, PublicGroup, PublicIncident, PublicSite
from ...model.vocabulary import Impact, PageImpact
from ..markup.times import Zone
from ..markup.words import Words, english
from .page import PageLocation, segment

if TYPE_CHECKING:
    from ...adapters.pictures import Picture

Month = tuple[int, int]

STATE_OF_IMPACT: dict[PageImpact, Impact] = {
    "none": "operational",
    "maintenance": "under_maintenance",
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "major_outage",
}
"""Impact of an incident -> the state whose color and shape it gets."""


class PastDay(NamedTuple):
    """The records of a day: started on it, ongoing from an earlier day, or only updated (a maintenance before its
    window, an incident after its end). A record is in one of the three."""

    on: date
    began: list[PublicIncident]
    went_on: list[PublicIncident]
    updated: list[PublicIncident]


class SiteView:
    """A public view with its look-ups."""

    def __init__(
        self, site: PublicSite, pictures: Mapping[str, Mapping[str, Picture]] | None = None, words: Words | None = None
    ) -> None:
        """pictures: public id -> name in the text of its postmortem -> the picture. words: default English."""
        self.site = site
        self.words = words or english()
        self.folder, self.translated = "", frozenset[str]()
        self.pictures = pictures or {}
        self.page = site.page
        self.as_of = site.as_of
        self.zone = Zone(site.page.time_zone, self.words)
        self.today = self.zone.date(site.as_of)
        self.components = {component.id: component for component in site.components}
        self.groups = {group.id: group for group in site.groups}
        self.records = tuple(sorted((*site.incidents, *site.maintenances), key=self._order, reverse=True))
        self.incidents = {record.id: record for record in self.records}
        self.days = lru_cache(maxsize=None)(self._days)

    def in_language(self, words: Words, folder: str, translated: frozenset[str]) -> SiteView:
        """The same facts for pages in another language, below a folder (de/). translated: the paths it has there.

        Look-ups that are computed are shared.
        """
        other = copy(self)
        other.words, other.folder, other.translated = words, folder, translated
        other.zone = Zone(self.page.time_zone, words)
        return other

    def location(self, path: str, index: str) -> PageLocation:
        """The place of a page of this language."""
        return PageLocation(f"{self.folder}{path}", index, self.folder, self.translated)

    def _order(self, record: PublicIncident) -> tuple[datetime, str]:
        return starts_at(record), record.id

    def pictures_of(self, record: PublicIncident) -> dict[str, tuple[str, Picture]]:
        """Name in the text -> the path below the site's folder, and the picture. Equal pictures have one path."""
        return {
            name: (f"{postmortem_path(record)}{blake2b(one.data, digest_size=8).hexdigest()}.{one.ending}", one)
            for name, one in self.pictures.get(record.id, {}).items()
        }

    @cached_property
    def open(self) -> tuple[PublicIncident, ...]:
        """Open incidents without drills, worst first."""
        ranks = list(STATE_OF_IMPACT)
        found = (incident for incident in self.site.incidents if incident.open and not incident.drill)
        return tuple(sorted(found, key=lambda incident: -ranks.index(incident.impact)))

    @cached_property
    def under_way(self) -> tuple[PublicIncident, ...]:
        """Maintenances in progress, in order of their end."""
        found = [m for m in self.site.maintenances if m.open and m.phase != "scheduled"]
        return tuple(sorted(found, key=lambda m: (m.scheduled_until or m.started_at, m.id)))

    @cached_property
    def upcoming(self) -> tuple[PublicIncident, ...]:
        """Scheduled maintenances, next first."""
        found = [m for m in self.site.maintenances if m.open and m.phase == "scheduled"]
        return tuple(sorted(found, key=lambda m: (starts_at(m), m.id)))

    @cached_property
    def by_month(self) -> dict[Month, list[PublicIncident]]:
        """Records by the month of the page's zone in which they start, newest month and newest record first."""
        found: dict[Month, list[PublicIncident]] = {}
        for record in self.records:
            on = self.zone.date(starts_at(record))
            found.setdefault((on.year, on.month), []).append(record)
        return found

    @property
    def newest_month(self) -> Month | None:
        """The newest month up to now with a record; if there are only scheduled ones, the month of the first."""
        now = (self.today.year, self.today.month)
        return next((month for month in self.by_month if month <= now), next(reversed(self.by_month), None))

    @cached_property
    def by_component(self) -> dict[str, list[PublicIncident]]:
        """Component id -> records that affected it, newest first."""
        found: dict[str, list[PublicIncident]] = defaultdict(list)
        for record in self.records:
            for component in record.components:
                found[component].append(record)
        return found

    @cached_property
    def postmortems(self) -> tuple[PublicIncident, ...]:
        """Incidents with a published postmortem, the newest publication first."""
        found = [record for record in self.records if record.postmortem]
        return tuple(sorted(found, key=lambda r: (r.postmortem.published_at, r.id), reverse=True))  # type: ignore[union-attr]

    @cached_property
    def spans_by_incident(self) -> dict[str, dict[str, list[tuple[datetime, datetime | None, Impact]]]]:
        """Public incident id -> component id -> (from, until or None while it lasts, state), oldest first."""
        found: dict[str, dict[str, list[tuple[datetime, datetime | None, Impact]]]] = defaultdict(dict)
        for component in self.site.components:
            for change in component.changes:
                own = found[change.incident].setdefault(component.id, [])
                if own and own[-1][1] is None:
                    start, _, state = own.pop()
                    if start < change.at:
                        own.append((start, change.at, state))
                if change.impact != "operational":
                    own.append((change.at, None, change.impact))
        return found

    def _days(self, component: PublicComponent, count: int) -> tuple[uptime.Day, ...]:
        return uptime.days(component, self.as_of, count, self.page.time_zone)

    def uptime(self, component: PublicComponent, count: int) -> float | None:
        """The uptime over the last `count` days, 0 to 1; None without data."""
        first = self.today - timedelta(days=count - 1)
        return uptime.uptime(component, first, self.today, self.as_of, self.page.time_zone)

    def shown(self, component: PublicComponent) -> bool:
        """Whether the home page lists it."""
        hidden = component.only_show_if_degraded and component.status == "operational"
        return not component.retired and not hidden

    def children(self, group: PublicGroup) -> tuple[PublicComponent, ...]:
        """The components of a group that the home page lists, in order."""
        found = (self.components[i] for i in group.components if i in self.components)
        return tuple(component for component in found if self.shown(component))

    def name(self, component: PublicComponent) -> str:
        """The name of a component with that of its group."""
        group = self.groups.get(component.group_id or "")
        return f"{group.name} – {component.name}" if group else component.name

    def past_days(self, count: int) -> list[PastDay]:
        """Each of the last `count` days, today first, without future records."""
        days = {on: PastDay(on, [], [], []) for on in (self.today - timedelta(days=n) for n in range(count))}
        for record in self.records:
            if record.maintenance and record.phase == "scheduled":
                continue
            start = self.zone.date(starts_at(record))
            last = self.zone.date(self.as_of if record.open else record.ended_at or starts_at(record))
            if start in days:
                days[start].began.append(record)
            for on, day in days.items():
                if start < on <= last:
                    day.went_on.append(record)
            for on in {self.zone.date(update.at) for update in record.updates} & days.keys():
                if not start <= on <= last:
                    days[on].updated.append(record)
        return list(days.values())


def starts_at(record: PublicIncident) -> datetime:
    """The start of a record in the history; for a maintenance, the start of its window."""
    return record.scheduled_for or record.started_at if record.maintenance else record.started_at


def record_path(record: PublicIncident) -> str:
    """The page of an incident or maintenance."""
    return f"incidents/{segment(record.id)}/"


def postmortem_path(record: PublicIncident) -> str:
    """The page of its postmortem."""
    return f"postmortems/{segment(record.id)}/"


def component_path(component: PublicComponent) -> str:
    """The page of a component."""
    return f"components/{segment(component.key)}/"


def month_path(month: Month) -> str:
    """The page of a month."""
    return f"history/{month[0]:04d}-{month[1]:02d}/"
