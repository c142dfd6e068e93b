"""The public page: which components and groups are shown, by which ids and names, and the view of it all as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from ..config.settings import Component, Config, duration
from ..links.ties import way_of
from ..vocabulary import Impact
from .ids import component_id, group_id, page_id
from .site import Change, PublicComponent, PublicGroup, PublicIncident, PublicPage, PublicSite
from .uptime import state_at, worst_of


class Listed(Struct, frozen=True, kw_only=True):
    """A public component's id, its full name with the group before it (Statuspage), its rank on the page from 0."""

    id: str
    label: str
    rank: int


class Directory(Struct, frozen=True, kw_only=True):
    """The public components by key, in page order; the ids and names of private ones, to keep them out."""

    by_key: dict[str, Listed]
    by_id: dict[str, Listed]
    private: frozenset[str]

    def hides(self, code: str, name: str) -> bool:
        """Whether an imported name is that of a component which is private here."""
        return code in self.private or name in self.private


class Published(Struct, frozen=True, kw_only=True):
    """One record's public view. `spare_id` is its id where another record has the same imported one.

    `record` is the record's own id, which is not for the public.
    """

    record: str
    incident: PublicIncident
    changes: dict[str, tuple[Change, ...]]
    imported: bool
    spare_id: str


def directory(config: Config) -> Directory:
    """The components that the public may know, retired ones among them."""
    public = [component for _, components in _rows(config) for component in components]
    hidden = [component for component in config.components if not component.public]
    labels = [_label(component) for component in hidden]
    by_key = {c.key: Listed(id=component_id(c), label=_label(c), rank=rank) for rank, c in enumerate(public)}
    return Directory(
        by_key=by_key,
        by_id={listed.id: listed for listed in by_key.values()},
        private=frozenset([*labels, *(c.name for c in hidden), *(component_id(c) for c in hidden)])
        - frozenset([*map(_label, public), *(c.name for c in public)]),
    )


def assemble(
    views: Sequence[Published], config: Config, as_of: datetime, merged: Mapping[str, str] | None = None
) -> PublicSite:
    """The public site from the views of its records. merged: record -> the record it was merged into, hidden ones too.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown time zone of the page.
    """
    views = _continued(_told_apart(views), merged or {})
    incidents = [view.incident for view in views]
    since = min((incident.created_at for incident in incidents), default=as_of)
    components, groups = _page_rows(config, views, as_of, since)
    return PublicSite(
        page=_page(config, incidents, components, as_of),
        as_of=as_of,
        components=components,
        groups=groups,
        incidents=_newest_first(i for i in incidents if not i.maintenance),
        maintenances=_newest_first(i for i in incidents if i.maintenance),
    )


def _told_apart(views: Sequence[Published]) -> list[Published]:
    """The same views, ordered by id; of those that share one, all but the first get their spare id."""
    taken: set[str] = set()
    found = []
    for view in sorted(views, key=lambda v: (v.incident.id, v.spare_id)):
        if view.incident.id in taken:
            view = _renamed(view, view.spare_id)
        taken.add(view.incident.id)
        found.append(view)
    return found


def _continued(views: list[Published], merged: Mapping[str, str]) -> list[Published]:
    """The same views; one that was merged names the incident at the end of the merges, if that one is public."""
    shown = {view.record: view.incident.id for view in views}
    return [
        replace(view, incident=replace(view.incident, continued_in=shown[way[-1]]))
        if len(way := way_of(view.record, merged)) > 1 and way[-1] in shown
        else view
        for view in views
    ]


def _renamed(view: Published, name: str) -> Published:
    postmortem = view.incident.postmortem and replace(view.incident.postmortem, incident_id=name)
    changes = {key: tuple(replace(c, incident=name) for c in line) for key, line in view.changes.items()}
    return replace(view, incident=replace(view.incident, id=name, postmortem=postmortem), changes=changes)


def _newest_first(incidents: Iterable[PublicIncident]) -> tuple[PublicIncident, ...]:
    return tuple(sorted(incidents, key=lambda i: (i.scheduled_for or i.started_at, i.created_at, i.id), reverse=True))


def _page(
    config: Config, incidents: list[PublicIncident], components: tuple[PublicComponent, ...], as_of: datetime
) -> PublicPage:
    page = config.page
    times = [i.updated_at for i in incidents] + [c.updated_at for c in components]
    if page.origin and page.origin.updated_at:
        times.append(page.origin.updated_at)
    return PublicPage(
        id=page_id(config),
        name=page.name,
        url=page.url,
        time_zone=page.time_zone,
        updated_at=max((at for at in times if at <= as_of), default=as_of),
        description=page.description,
        support_url=page.support_url,
        logo=page.logo,
        accent=page.accent,
        languages=page.languages,
        stale_after=duration(page.stale_after),
    )


def _rows(config: Config) -> list[tuple[str | None, list[Component]]]:
    """The page's top-level rows in order: a group's name with its public components, or None with a single one.

    A group is at the position of its first component in the list; if `groups` has another order, the groups swap
    positions.
    """
    public = [component for component in config.components if component.public]
    in_use = list(dict.fromkeys(c.group for c in public if c.group))
    named = [group.name for group in config.groups if group.name in in_use]
    wanted = iter([*named, *(name for name in in_use if name not in named)])
    rows: list[tuple[str | None, list[Component]]] = []
    seen: set[str] = set()
    for component in public:
        if component.group is None:
            rows.append((None, [component]))
        elif component.group not in seen:
            seen.add(component.group)
            name = next(wanted)
            rows.append((name, [c for c in public if c.group == name]))
    return rows


def _page_rows(
    config: Config, views: Sequence[Published], as_of: datetime, since: datetime
) -> tuple[tuple[PublicComponent, ...], tuple[PublicGroup, ...]]:
    """Components and groups with their positions: 1 … on the page, and again 1 … within each group (Statuspage)."""
    changes, touched = _changes_by_component(views)
    components: list[PublicComponent] = []
    groups: list[PublicGroup] = []
    taken: set[str] = set()
    position = 0
    for name, members in _rows(config):
        row_id = group_id(name, next((g for g in config.groups if g.name == name), None)) if name else None
        made = []
        shown = 0
        for member in members:
            found = _component(member, row_id, config, changes, touched, as_of, since)
            shown += 0 if found.retired else 1
            made.append(replace(found, position=shown))
        position += 1 if shown else 0
        if name and row_id:
            groups.extend([_group(config, name, row_id, position, made, taken)] if shown else [])
        else:
            made = [replace(made[0], position=position)]
        components.extend(made)
    return tuple(components), tuple(groups)


def _changes_by_component(views: Sequence[Published]) -> tuple[dict[str, list[Change]], dict[str, datetime]]:
    """Component id to all incidents' holds, oldest first; and to the last change that was recorded here."""
    changes: dict[str, list[Change]] = {}
    touched: dict[str, datetime] = {}
    for view in views:
        for name, line in view.changes.items():
            changes.setdefault(name, []).extend(line)
            if not view.imported:
                touched[name] = max(line[-1].at, touched.get(name, line[-1].at))
    for lines in changes.values():
        lines.sort(key=lambda change: (change.at, change.incident))
    return changes, touched


def _component(
    component: Component,
    row_id: str | None,
    config: Config,
    changes: dict[str, list[Change]],
    touched: dict[str, datetime],
    as_of: datetime,
    since: datetime,
) -> PublicComponent:
    zone, name = ZoneInfo(config.page.time_zone), component_id(component)
    start_on, retired_on = _date(component.start_date), _date(component.retired_on)
    retired = retired_on is not None and retired_on <= as_of.astimezone(zone).date()
    line, origin = tuple(changes.get(name, ())), component.origin
    first = datetime.combine(start_on, time(), zone).astimezone(UTC) if start_on else min(since, as_of)
    created_at = (origin and origin.created_at) or first
    known = (origin.updated_at, touched.get(name)) if origin and origin.updated_at else (line[-1].at if line else None,)
    made = PublicComponent(
        id=name,
        key=component.key,
        name=component.name,
        status="operational",
        position=0,
        created_at=created_at,
        updated_at=max((at for at in known if at is not None and at <= as_of), default=created_at),
        group_id=row_id,
        description=component.description,
        showcase=component.showcase,
        only_show_if_degraded=component.only_show_if_degraded,
        start_on=start_on,
        retired=retired,
        changes=line,
    )
    return replace(made, status=state_at(made, as_of))


def _group(
    config: Config, name: str, row_id: str, position: int, members: list[PublicComponent], taken: set[str]
) -> PublicGroup:
    shown = [member for member in members if not member.retired]
    settings = next((group for group in config.groups if group.name == name), None)
    origin = settings.origin if settings else None
    states: list[Impact] = [member.status for member in shown]
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    key = key if key and key not in taken else f"{key}-{row_id}".strip("-")
    taken.add(key)
    return PublicGroup(
        id=row_id,
        key=key,
        name=name,
        status=worst_of(states),
        position=position,
        created_at=(origin and origin.created_at) or min(member.created_at for member in shown),
        updated_at=(origin and origin.updated_at) or max(member.updated_at for member in shown),
        components=tuple(member.id for member in shown),
        description=settings.description if settings else None,
    )


def _label(component: Component) -> str:
    return f"{component.group} - {component.name}" if component.group else component.name


def _date(text: str | None) -> date | None:
    """The day a text names; a day that does not exist counts as none, and `check` reports it."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
