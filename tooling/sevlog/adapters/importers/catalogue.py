"""Components and groups of a source, as entries of sevlog.yaml: stable keys, removed components marked as retired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ...model.config.settings import Component, Config, Group, ImportedFrom
from ...model.vocabulary import UNKNOWN_COMPONENT
from ...stores.layout import slug
from .source import Repair, Source, SourceComponent, SourceGroup, SourceIncident

_KEY_LENGTH = 63


class Catalogue(Struct, frozen=True, kw_only=True):
    """The source's components and groups, and how the source's codes map to our keys.

    components and groups: all that the source has, under the keys they have or will have in sevlog.yaml; what
    sevlog.yaml has already is taken from there.
    retired: codes of removed components.
    """

    components: tuple[Component, ...]
    groups: tuple[Group, ...]
    keys: dict[str, str]
    retired: frozenset[str]
    repairs: tuple[Repair, ...]

    def key(self, code: str) -> str:
        """The sevlog key of a component of the source. Raises KeyError for an unknown code."""
        return self.keys[code]


def catalogue(source: Source, config: Config) -> Catalogue:
    """The catalog of a source; components that sevlog.yaml has already (by origin, else by name) keep their keys."""
    groups = _groups(source)
    named = {g.code: g.name for g in source.groups}
    known = {c.code: c for c in source.components}
    taken = {c.key for c in config.components} | {UNKNOWN_COMPONENT}
    listed = [(c, None) for c in source.components]
    mentions = _mentions(source)
    missing = [c for c in mentions if c not in known]
    former = {c.code: c for c in source.former}
    added = [(former.get(code) or _unlisted(mentions[code]), _retired(source, mentions[code])) for code in missing]
    keys: dict[str, str] = {}
    components: dict[str, Component] = {}
    for found, retired_on in (*listed, *added):
        group = named.get(found.group) if found.group else None
        group, name = _split(found.name, group, named, listed=found.code in known)
        mine = _same(config, source.system, found.code, name, group)
        key = mine.key if mine else _free_key(name, taken)
        taken.add(key)
        keys[found.code] = key
        components[found.code] = _component(source.system, found, key, name, group, retired_on, mine)
    repairs = (
        tuple(_added_component(mentions[code], keys[code], source) for code in missing) if source.catalogue else ()
    )
    return Catalogue(
        components=tuple(components.values()),
        groups=groups,
        keys=keys,
        retired=frozenset(code for code, c in components.items() if c.retired_on),
        repairs=repairs,
    )


class _Mention(Struct, kw_only=True):
    """A component as incidents name it. `name` is the latest one, `last_at` when it was named last."""

    code: str
    name: str
    last_at: datetime
    has_id: bool
    incidents: int = 0
    live: bool = False


def _unlisted(mention: _Mention) -> SourceComponent:
    return SourceComponent(code=mention.code, name=mention.name, has_id=mention.has_id)


def _mentions(source: Source) -> dict[str, _Mention]:
    """Every component that incidents name, by code, in the order of first mention."""
    found: dict[str, _Mention] = {}
    for incident in source.incidents:
        by_name = incident.states or {}
        for code, name, at in _named_in(incident):
            mention = found.setdefault(code, _Mention(code=code, name=name, last_at=at, has_id=code not in by_name))
            if at >= mention.last_at:
                mention.last_at = at
                mention.name = name if name != code else mention.name
        for code in {code for code, _, _ in _named_in(incident)}:
            found[code].incidents += 1
            found[code].live = found[code].live or not _is_over(incident)
    return found


def _named_in(incident: SourceIncident) -> Iterator[tuple[str, str, datetime]]:
    last = incident.updates[-1].at
    for code in (*(incident.components or ()), *(incident.states or {})):
        yield code, code, last
    for update in incident.updates:
        for row in update.affected or ():
            if row.code in (update.states or {}):
                yield row.code, row.name, update.at


def _is_over(incident: SourceIncident) -> bool:
    return incident.over_at is not None or incident.updates[-1].phase in ("resolved", "postmortem", "completed")


def _retired(source: Source, mention: _Mention) -> str | None:
    """The day on which a component was retired: the last one on which it was named. None if it is not retired."""
    return f"{mention.last_at:%Y-%m-%d}" if source.catalogue and not mention.live else None


def _added_component(mention: _Mention, key: str, source: Source) -> Repair:
    times = "1 incident" if mention.incidents == 1 else f"{mention.incidents} incidents"
    how = "added as retired" if _retired(source, mention) else "added"
    what = f"component `{mention.name}`, named by {times}, is not listed on the page: {how} ({key})"
    return Repair(mention.code, what, key)


def _split(name: str, group: str | None, groups: dict[str, str], *, listed: bool) -> tuple[str | None, str]:
    """Group and name. A component known from incidents alone is called "Group - Component" there (Statuspage)."""
    if listed or " - " not in name:
        return group, name
    first, rest = name.split(" - ", 1)
    return (first, rest) if first in groups.values() and rest.strip() else (None, name)


def _same(config: Config, system: str, code: str, name: str, group: str | None) -> Component | None:
    """The component of sevlog.yaml that this one is."""
    for mine in config.components:
        if mine.origin is not None and (mine.origin.system, mine.origin.id) == (system, code):
            return mine
    for mine in config.components:
        if (mine.origin is None or code == name) and mine.name.casefold() == name.casefold() and mine.group == group:
            return mine
    return None


def _free_key(name: str, taken: set[str]) -> str:
    base = slug(name)[:_KEY_LENGTH].strip("-")
    if base == "incident" and "incident" not in name.casefold():  # what slug says where nothing is left of a text
        base = "component"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base[: _KEY_LENGTH - 5]}-{number}"
    return key


def _component(
    system: str,
    found: SourceComponent,
    key: str,
    name: str,
    group: str | None,
    retired_on: str | None,
    mine: Component | None,
) -> Component:
    origin = None
    if found.has_id:
        origin = ImportedFrom(system=system, id=found.code, created_at=found.created_at, updated_at=found.updated_at)
    if mine is not None:
        return replace(mine, origin=mine.origin or origin)
    return Component(
        key=key,
        name=name,
        group=group,
        description=found.description,
        showcase=found.showcase,
        only_show_if_degraded=found.only_show_if_degraded,
        start_date=found.start_date,
        retired_on=retired_on,
        origin=origin,
    )


def _groups(source: Source) -> tuple[Group, ...]:
    return tuple(_group(source.system, g) for g in source.groups)


def _group(system: str, found: SourceGroup) -> Group:
    origin = ImportedFrom(system=system, id=found.code, created_at=found.created_at, updated_at=found.updated_at)
    return Group(name=found.name, description=found.description, origin=origin)
