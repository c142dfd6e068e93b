"""The public API v2 of Atlassian Statuspage as types. Fields are in the order of the keys; none is omitted."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from sevlog.model.vocabulary import Impact, PageImpact, Phase


class PageInfo(Struct, frozen=True, kw_only=True, gc=False):
    """The page."""

    id: str
    name: str
    url: str
    time_zone: str
    updated_at: str


class Status(Struct, frozen=True, kw_only=True, gc=False):
    """The overall status of the page."""

    indicator: PageImpact
    description: str


class Component(Struct, frozen=True, kw_only=True, gc=False):
    """A component, or a group if `group` is true. Only groups have the key `components`."""

    id: str
    name: str
    status: Impact
    created_at: str
    updated_at: str
    position: int
    description: str | None
    showcase: bool
    start_date: str | None
    group_id: str | None
    page_id: str
    group: bool
    only_show_if_degraded: bool
    components: tuple[str, ...] | UnsetType = UNSET


class AffectedComponent(Struct, frozen=True, kw_only=True, gc=False):
    """The state of a component in an update."""

    code: str
    name: str
    old_status: Impact
    new_status: Impact


class Update(Struct, frozen=True, kw_only=True, gc=False):
    """An update in the eight documents."""

    id: str
    status: Phase
    body: str
    incident_id: str
    created_at: str
    updated_at: str
    display_at: str
    affected_components: tuple[AffectedComponent, ...] | None
    deliver_notifications: bool
    custom_tweet: str | None
    tweet_id: int | str | None


class FullUpdate(Struct, frozen=True, kw_only=True, gc=False):
    """An update in `/incidents/<id>.json`: two more keys, in another order."""

    status: Phase
    body: str
    created_at: str
    wants_twitter_update: bool
    twitter_updated_at: str | None
    updated_at: str
    display_at: str
    deliver_notifications: bool
    tweet_id: int | str | None
    id: str
    incident_id: str
    custom_tweet: str | None
    affected_components: tuple[AffectedComponent, ...] | None


class Incident(Struct, frozen=True, kw_only=True, gc=False):
    """An incident or a maintenance. Only incidents have `reminder_intervals`; only maintenances the last two keys."""

    id: str
    name: str
    status: Phase
    created_at: str
    updated_at: str
    monitoring_at: str | None
    resolved_at: str | None
    impact: PageImpact
    shortlink: str
    started_at: str
    page_id: str
    incident_updates: tuple[Update, ...] | tuple[FullUpdate, ...]
    components: tuple[Component, ...]
    reminder_intervals: str | UnsetType | None = UNSET
    scheduled_for: str | UnsetType = UNSET
    scheduled_until: str | UnsetType = UNSET


class Summary(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/summary.json"""

    page: PageInfo
    components: tuple[Component, ...]
    incidents: tuple[Incident, ...]
    scheduled_maintenances: tuple[Incident, ...]
    status: Status


class StatusDocument(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/status.json"""

    page: PageInfo
    status: Status


class Components(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/components.json"""

    page: PageInfo
    components: tuple[Component, ...]


class Incidents(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/incidents.json and /api/v2/incidents/unresolved.json"""

    page: PageInfo
    incidents: tuple[Incident, ...]


class Maintenances(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/scheduled-maintenances.json and its two selections"""

    page: PageInfo
    scheduled_maintenances: tuple[Incident, ...]


class Month(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/history/<YYYY-MM>.json (ours): the records of a month, in the form of the documents above."""

    month: str
    incidents: tuple[Incident, ...]
    scheduled_maintenances: tuple[Incident, ...]


class MonthListed(Struct, frozen=True, kw_only=True, gc=False):
    """A month in the index of the history."""

    month: str
    path: str
    incidents: int
    scheduled_maintenances: int


class History(Struct, frozen=True, kw_only=True, gc=False):
    """/api/v2/history/index.json (ours): the months with records, newest first."""

    page: PageInfo
    months: tuple[MonthListed, ...]
