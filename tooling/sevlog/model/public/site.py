"""The public view: the only shapes that pages, feeds and the API are made from. `publication` fills them.

Nothing here refers back to a record, so only the fields here can be published. Every time is UTC and every id is a
public id. Text is Markdown as written; the renderer sanitizes it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct

from ..vocabulary import Impact, PageImpact, Phase


class PublicPage(Struct, frozen=True, kw_only=True):
    """The page. `updated_at` is the last public change, never the build time."""

    id: str
    name: str
    url: str
    time_zone: str
    updated_at: datetime
    description: str | None = None
    support_url: str | None = None
    logo: str | None = None
    accent: str | None = None
    languages: tuple[str, ...] = ("en",)
    stale_after: timedelta = timedelta(days=1)


class Change(Struct, frozen=True, kw_only=True, gc=False):
    """From `at` on, `incident` (a public id) holds the component at `impact`; `operational` ends its hold."""

    at: datetime
    impact: Impact
    incident: str


class PublicComponent(Struct, frozen=True, kw_only=True):
    """A public component. `changes` are all incidents' and maintenances' holds on it, oldest first."""

    id: str
    key: str
    name: str
    status: Impact
    position: int
    created_at: datetime
    updated_at: datetime
    group_id: str | None = None
    description: str | None = None
    showcase: bool = True
    only_show_if_degraded: bool = False
    start_on: date | None = None
    retired: bool = False
    changes: tuple[Change, ...] = ()


class PublicGroup(Struct, frozen=True, kw_only=True):
    """A group; its status is that of its worst child."""

    id: str
    key: str
    name: str
    status: Impact
    position: int
    created_at: datetime
    updated_at: datetime
    components: tuple[str, ...]
    description: str | None = None


class Affected(Struct, frozen=True, kw_only=True, gc=False):
    """A component's change in an update. `name` is "Group - Component" where there is a group (Statuspage)."""

    code: str
    name: str
    old_status: Impact
    new_status: Impact


class PublicUpdate(Struct, frozen=True, kw_only=True):
    """One message to customers. `at` is the time shown, `created_at` when it was recorded, `updated_at` its last edit.

    `affected` is None where the update touched no component. `status_word` is the source's own word for an imported
    update that had one outside the phases.
    """

    id: str
    phase: Phase
    body: str
    at: datetime
    created_at: datetime
    updated_at: datetime
    affected: tuple[Affected, ...] | None = None
    next_update_at: datetime | None = None
    deliver_notifications: bool = True
    custom_tweet: str | None = None
    tweet_id: int | str | None = None


class PublicPostmortem(Struct, frozen=True, kw_only=True):
    """A published postmortem for customers; `body` is Markdown."""

    incident_id: str
    title: str
    body: str
    published_at: datetime
    summary: str | None = None


class PublicIncident(Struct, frozen=True, kw_only=True):
    """An incident or a maintenance as customers may know it. Updates are newest first.

    `started_at` is the start of the impact; `began_at` is when the work on a maintenance began; `auto`
    says that it begins and ends by its window as long as nobody says otherwise. `ended_at` is when it
    was over (None while it goes on). `link` is the absolute address of its page, or of the imported source's page for
    `shortlink`.
    `continued_in` is the public id of the incident that it was merged into. `components` are the public ids of all
    components it ever touched, in page order.
    """

    id: str
    maintenance: bool
    name: str
    phase: Phase
    impact: PageImpact
    created_at: datetime
    updated_at: datetime
    started_at: datetime
    began_at: datetime | None = None
    auto: bool = False
    shortlink: str
    continued_in: str | None = None
    updates: tuple[PublicUpdate, ...]
    components: tuple[str, ...] = ()
    monitoring_at: datetime | None = None
    resolved_at: datetime | None = None
    ended_at: datetime | None = None
    next_update_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    reminder_intervals: str | None = None
    drill: bool = False
    cancelled: bool = False
    postmortem: PublicPostmortem | None = None

    @property
    def open(self) -> bool:
        """Whether it is still open for customers (not resolved, completed or cancelled)."""
        return self.phase not in ("resolved", "postmortem", "completed") and not self.cancelled


class PublicSite(Struct, frozen=True, kw_only=True):
    """Everything the public may see, as known at `as_of`.

    `components` and `groups` are in page order; `incidents` and `maintenances` newest first by start
    (maintenances by `scheduled_for`).
    """

    page: PublicPage
    as_of: datetime
    components: tuple[PublicComponent, ...] = ()
    groups: tuple[PublicGroup, ...] = ()
    incidents: tuple[PublicIncident, ...] = ()
    maintenances: tuple[PublicIncident, ...] = ()
