"""The result of every importer, and how it is made from a source. Nothing is written here."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ...model.config.settings import Component, Config, Group, ImportedFrom, Page
from ...model.public.components import directory
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard
from .catalogue import catalogue
from .records_from_source import levels, tell
from .source import Quarantined, Repair, Source, SourcePage

__all__ = ["ImportBatch", "ImportedRecord", "Quarantined", "Repair", "build"]


class ImportedRecord(Struct, frozen=True, kw_only=True):
    """One incident as it would be written. `card` always has an origin. `begun_at` is the date of its folder."""

    card: IncidentCard
    entries: tuple[Entry, ...]
    begun_at: datetime
    repairs: tuple[str, ...] = ()

    @property
    def origin_id(self) -> str:
        """The incident's id in its source."""
        assert self.card.origin is not None
        return self.card.origin.id


class ImportBatch(Struct, frozen=True, kw_only=True):
    """The result of one import, in a fixed order: records by start, then by id.

    page: None if the source has no data about its page. components, groups: in the order of the page, with keys.
    repairs: of the whole batch, those of records included. notices: what holds for the import as a whole.
    """

    system: str
    label: str
    page: Page | None
    components: tuple[Component, ...]
    groups: tuple[Group, ...]
    records: tuple[ImportedRecord, ...]
    repairs: tuple[Repair, ...]
    quarantined: tuple[Quarantined, ...]
    notices: tuple[str, ...] = ()


def build(source: Source, config: Config) -> ImportBatch:
    """The batch of a source, for a repository with this configuration: its keys, levels and lifecycles are used."""
    known = catalogue(source, config)
    config = with_components(config, known.components, known.groups)
    scale, listed = levels(config), directory(config)
    records = []
    for incident in source.incidents:
        told = tell(incident, source.system, known, scale, config, listed)
        records.append(
            ImportedRecord(card=told.card, entries=told.entries, begun_at=told.entries[0].at, repairs=told.repairs)
        )
    records.sort(key=lambda r: (r.begun_at, r.origin_id))
    repairs = [Repair(r.origin_id, what) for r in records for what in r.repairs]
    return ImportBatch(
        system=source.system,
        label=source.label,
        page=_page(source.system, source.page) if source.page else None,
        components=known.components,
        groups=known.groups,
        records=tuple(records),
        repairs=(*source.repairs, *repairs, *known.repairs),
        quarantined=source.quarantined,
        notices=source.notices,
    )


def with_components(config: Config, components: tuple[Component, ...], groups: tuple[Group, ...]) -> Config:
    """The future configuration: its own components and groups, then the new ones."""
    new = {c.key: c for c in components}
    have = {c.key for c in config.components}
    named = {g.name for g in config.groups}
    return replace(
        config,
        components=(*(new.get(c.key, c) for c in config.components), *(c for c in components if c.key not in have)),
        groups=(*config.groups, *(g for g in groups if g.name not in named)),
    )


def _page(system: str, page: SourcePage) -> Page:
    return Page(
        name=page.name,
        url=page.url or "https://status.example.com",
        time_zone=page.time_zone or "Etc/UTC",
        description=page.description,
        origin=ImportedFrom(system=system, id=page.id, updated_at=page.updated_at) if page.id else None,
    )
