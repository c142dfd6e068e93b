"""The JSON API: the eight public documents of Statuspage, one document per incident, and the history by month.

Pure: from the public view to bytes by path. The eight documents follow Statuspage field for field, so that its clients
work unchanged. Beyond them (`/api/v2/incidents/<id>.json`, `/api/v2/history/…`), what is over shows its components as
they were at its last change instead of now: such a file changes only when its incident does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct
from msgspec.json import Encoder

from sevlog.model.vocabulary import Impact

from ...model.public.site import PublicComponent, PublicGroup, PublicIncident, PublicSite, PublicUpdate
from ...model.public.uptime import course, page_status
from . import statuspage as api

ROOT = "api/v2"
MOST_RECENT = 50
"""Most incidents, and most maintenances, in the two long documents (Statuspage)."""
UTC_ZONES = frozenset({"Etc/UTC", "UTC"})
_encode = Encoder().encode


class Clock:
    """Formats times like Statuspage: with milliseconds and the offset of the page's zone; Z only for UTC."""

    def __init__(self, time_zone: str) -> None:
        self.zone = ZoneInfo(time_zone)
        self.utc = time_zone in UTC_ZONES
        self._last: tuple[datetime | None, str] = (None, "")

    def __call__(self, at: datetime) -> str:
        """The instant in the page's zone."""
        if at is not self._last[0]:  # the three times of an update are usually equal
            local = at.astimezone(self.zone).isoformat(timespec="milliseconds")
            self._last = (at, local[:-6] + "Z" if self.utc else local)
        return self._last[1]

    def maybe(self, at: datetime | None) -> str | None:
        """The instant in the page's zone; None for None."""
        return None if at is None else self(at)


class StatusApi:
    """Builds the documents of one site; shared parts are built once."""

    def __init__(self, site: PublicSite) -> None:
        self.site = site
        self.clock = Clock(site.page.time_zone)
        self.page = api.PageInfo(
            id=site.page.id,
            name=site.page.name,
            url=site.page.url,
            time_zone=site.page.time_zone,
            updated_at=self.clock(site.page.updated_at),
        )
        self.shown = {component.id: component for component in site.components if not component.retired}
        self.courses = {name: course(component) for name, component in self.shown.items()}
        self.rows = {c.id: self._component(c, c.status, c.updated_at) for c in self.shown.values()}
        groups = [self._group(group) for group in site.groups]
        self.components = tuple(sorted([*groups, *self.rows.values()], key=lambda row: row.position))
        rolled_up = page_status(component.status for component in self.shown.values())
        self.status = api.Status(indicator=rolled_up.indicator, description=rolled_up.description)

    def documents(self) -> dict[str, bytes]:
        """The eight documents of Statuspage, by path below the site's root."""
        incidents = sorted(self.site.incidents, key=_placed, reverse=True)
        maintenances = sorted(self.site.maintenances, key=_placed, reverse=True)
        unresolved = sorted((i for i in incidents if i.open), key=lambda i: (i.updated_at, i.id), reverse=True)
        ahead = [maintenance for maintenance in reversed(maintenances) if maintenance.open]
        upcoming = [maintenance for maintenance in ahead if maintenance.phase == "scheduled"]
        active = [maintenance for maintenance in ahead if maintenance.phase != "scheduled"]
        documents: dict[str, Struct] = {
            "summary.json": api.Summary(
                page=self.page,
                components=self.components,
                incidents=self._now(unresolved),
                scheduled_maintenances=self._now(ahead),
                status=self.status,
            ),
            "status.json": api.StatusDocument(page=self.page, status=self.status),
            "components.json": api.Components(page=self.page, components=self.components),
            "incidents.json": self._incidents(incidents[:MOST_RECENT]),
            "incidents/unresolved.json": self._incidents(unresolved),
            "scheduled-maintenances.json": self._maintenances(maintenances[:MOST_RECENT]),
            "scheduled-maintenances/upcoming.json": self._maintenances(upcoming),
            "scheduled-maintenances/active.json": self._maintenances(active),
        }
        return {f"{ROOT}/{name}": _encode(document) for name, document in documents.items()}

    def incident(self, incident: PublicIncident) -> tuple[str, bytes]:
        """The path and document of one incident or maintenance; its updates have two keys more than elsewhere."""
        updates = tuple(self._full_update(incident, update) for update in incident.updates)
        document = self._record(incident, updates, self._components_then(incident))
        return f"{ROOT}/incidents/{incident.id}.json", _encode(document)

    def history(self) -> Iterator[tuple[str, bytes]]:
        """The index of all months with records, newest first, then the document of each month.

        An incident belongs to the month of its `created_at` in the page's zone, a maintenance to that of its window.
        """
        months: dict[str, list[PublicIncident]] = {}
        for incident in sorted((*self.site.incidents, *self.site.maintenances), key=_placed, reverse=True):
            months.setdefault(f"{_placed(incident)[0].astimezone(self.clock.zone):%Y-%m}", []).append(incident)
        listed = tuple(_listed(month, found) for month, found in months.items())
        yield f"{ROOT}/history/index.json", _encode(api.History(page=self.page, months=listed))
        for month, found in months.items():
            document = api.Month(
                month=month,
                incidents=tuple(self._then(i) for i in found if not i.maintenance),
                scheduled_maintenances=tuple(self._then(i) for i in found if i.maintenance),
            )
            yield f"{ROOT}/history/{month}.json", _encode(document)

    def _incidents(self, incidents: Iterable[PublicIncident]) -> api.Incidents:
        return api.Incidents(page=self.page, incidents=self._now(incidents))

    def _maintenances(self, maintenances: Iterable[PublicIncident]) -> api.Maintenances:
        return api.Maintenances(page=self.page, scheduled_maintenances=self._now(maintenances))

    def _now(self, incidents: Iterable[PublicIncident]) -> tuple[api.Incident, ...]:
        """Incidents in the form of the eight documents, with the current state of their components."""
        return tuple(self._record(i, self._updates(i), self._components_now(i)) for i in incidents)

    def _then(self, incident: PublicIncident) -> api.Incident:
        return self._record(incident, self._updates(incident), self._components_then(incident))

    def _components_now(self, incident: PublicIncident) -> tuple[api.Component, ...]:
        return tuple(self.rows[name] for name in self._listed_in(incident))

    def _components_then(self, incident: PublicIncident) -> tuple[api.Component, ...]:
        """Its components: the current state while it is open, else the state at its last change."""
        if incident.open:
            return self._components_now(incident)
        return tuple(self._at(name, incident.updated_at) for name in self._listed_in(incident))

    def _listed_in(self, incident: PublicIncident) -> list[str]:
        """The ids of its existing components, in the order of Statuspage."""
        return sorted((n for n in incident.components if n in self.rows), key=lambda name: self.rows[name].position)

    def _at(self, name: str, at: datetime) -> api.Component:
        instants, states = self.courses[name]
        component, index = self.shown[name], bisect_right(instants, at)
        if not index:
            return self._component(component, "operational", component.created_at)
        return self._component(component, states[index - 1], max(instants[index - 1], component.created_at))

    def _component(self, component: PublicComponent, status: Impact, updated_at: datetime) -> api.Component:
        return api.Component(
            id=component.id,
            name=component.name,
            status=status,
            created_at=self.clock(component.created_at),
            updated_at=self.clock(updated_at),
            position=component.position,
            description=component.description,
            showcase=component.showcase,
            start_date=component.start_on.isoformat() if component.start_on else None,
            group_id=component.group_id,
            page_id=self.page.id,
            group=False,
            only_show_if_degraded=component.only_show_if_degraded,
        )

    def _group(self, group: PublicGroup) -> api.Component:
        return api.Component(
            id=group.id,
            name=group.name,
            status=group.status,
            created_at=self.clock(group.created_at),
            updated_at=self.clock(group.updated_at),
            position=group.position,
            description=group.description,
            showcase=False,
            start_date=None,
            group_id=None,
            page_id=self.page.id,
            group=True,
            only_show_if_degraded=False,
            components=group.components,
        )

    def _record(
        self,
        incident: PublicIncident,
        updates: tuple[api.Update, ...] | tuple[api.FullUpdate, ...],
        components: tuple[api.Component, ...],
    ) -> api.Incident:
        clock, planned = self.clock, incident.maintenance
        start = incident.scheduled_for or incident.started_at
        return api.Incident(
            id=incident.id,
            name=incident.name,
            status=incident.phase,
            created_at=clock(incident.created_at),
            updated_at=clock(incident.updated_at),
            monitoring_at=clock.maybe(incident.monitoring_at),
            resolved_at=clock.maybe(incident.resolved_at),
            impact=incident.impact,
            shortlink=incident.shortlink,
            started_at=clock(incident.started_at),
            page_id=self.page.id,
            incident_updates=updates,
            components=components,
            reminder_intervals=UNSET if planned else incident.reminder_intervals,
            scheduled_for=clock(start) if planned else UNSET,
            scheduled_until=clock(incident.scheduled_until or start) if planned else UNSET,
        )

    def _updates(self, incident: PublicIncident) -> tuple[api.Update, ...]:
        return tuple(
            api.Update(
                id=update.id,
                status=update.phase,
                body=update.body,
                incident_id=incident.id,
                created_at=self.clock(update.created_at),
                updated_at=self.clock(update.updated_at),
                display_at=self.clock(update.at),
                affected_components=_affected(update),
                deliver_notifications=update.deliver_notifications,
                custom_tweet=update.custom_tweet,
                tweet_id=update.tweet_id,
            )
            for update in incident.updates
        )

    def _full_update(self, incident: PublicIncident, update: PublicUpdate) -> api.FullUpdate:
        return api.FullUpdate(
            status=update.phase,
            body=update.body,
            created_at=self.clock(update.created_at),
            wants_twitter_update=False,
            twitter_updated_at=None,
            updated_at=self.clock(update.updated_at),
            display_at=self.clock(update.at),
            deliver_notifications=update.deliver_notifications,
            tweet_id=update.tweet_id,
            id=update.id,
            incident_id=incident.id,
            custom_tweet=update.custom_tweet,
            affected_components=_affected(update),
        )


def _affected(update: PublicUpdate) -> tuple[api.AffectedComponent, ...] | None:
    if update.affected is None:
        return None
    return tuple(
        api.AffectedComponent(code=a.code, name=a.name, old_status=a.old_status, new_status=a.new_status)
        for a in update.affected
    )


def _placed(incident: PublicIncident) -> tuple[datetime, str]:
    """The sort key in a list by time: the publication of an incident, the window of a maintenance."""
    window = incident.scheduled_for or incident.started_at
    return (window if incident.maintenance else incident.created_at), incident.id


def _listed(month: str, found: list[PublicIncident]) -> api.MonthListed:
    maintenances = sum(incident.maintenance for incident in found)
    return api.MonthListed(
        month=month,
        path=f"/{ROOT}/history/{month}.json",
        incidents=len(found) - maintenances,
        scheduled_maintenances=maintenances,
    )
