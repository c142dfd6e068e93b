"""What ties an incident to others: its links to incidents, a merge, and how each relation reads from either side.

The inverse of a link is never stored. It is derived from the record that has the link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from ..vocabulary import Audience

# The catalog loads this module for every command, so the entry classes are imported inside the functions.
if TYPE_CHECKING:
    from ..timeline.state import State

MERGED_INTO = "merged_into"
INCIDENT_RELATIONS: Mapping[str, tuple[str, str]] = {
    "related": ("related to", "related to"),
    "duplicate_of": ("duplicate of", "has duplicate"),
    "child_of": ("child of", "parent of"),
    "caused_by": ("caused by", "cause of"),
    MERGED_INTO: ("merged into", "merged from"),
}
"""Relation to another incident -> its words, and its words from the other side."""


class Tie(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A relation to another incident. at: when it was made. known_at: when it was recorded."""

    rel: str
    target: str
    at: datetime
    known_at: datetime
    text: str | None = None


class Ties(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What other incidents must know of this one. links: to other incidents, a merge included.

    Only of a merged one: promised: audience -> when the next update is due, as promised until the merge. told: audience
    -> its last update. Only of a declined one: alerts: source (empty if attached by hand)
    and fingerprint of each.
    """

    links: tuple[Tie, ...] = ()
    promised: dict[Audience, datetime] = {}
    told: dict[str, datetime] = {}
    alerts: tuple[tuple[str, str], ...] = ()

    @property
    def merge(self) -> Tie | None:
        """The tie to the incident that goes on in place of this one."""
        return next((tie for tie in self.links if tie.rel == MERGED_INTO), None)


def ties_of(state: State) -> Ties:
    """The ties of an incident to others."""
    links = tuple(_links(state))
    if any(tie.rel == MERGED_INTO for tie in links):
        told: dict[str, datetime] = {said.entry.audience: said.entry.at for said in state.updates}
        return Ties(links=links, promised=state.promises_passed, told=told)
    if state.category == "dropped" and state.alerts:
        return Ties(links=links, alerts=tuple((a.source or "", a.fingerprint) for a in state.alerts.values()))
    return Ties(links=links)


def is_incident_link(rel: str, target: str) -> bool:
    """Whether a link leads to an incident of this repository, not to an address or a ticket."""
    return rel in INCIDENT_RELATIONS and "://" not in target


def words_of(rel: str, *, inverse: bool = False) -> str:
    """A relation in words, or in the words of the other side."""
    return INCIDENT_RELATIONS.get(rel, (rel.replace("_", " "),) * 2)[inverse]


def merges(ties: Mapping[str, Ties], *, by: datetime | None = None) -> dict[str, str]:
    """Incident -> the one it was merged into. by: without merges that came later."""
    found = ((incident, one.merge) for incident, one in ties.items())
    return {incident: tie.target for incident, tie in found if tie is not None and (by is None or tie.at <= by)}


def way_of(incident: str, merged: Mapping[str, str]) -> tuple[str, ...]:
    """The incident, then those that it was merged into, one after the other. Empty for a cycle, which has no end."""
    way = [incident]
    while (into := merged.get(way[-1])) is not None:
        if into in way:
            return ()
        way.append(into)
    return tuple(way)


def inverses(incident: str, ties: Mapping[str, Ties], *, by: datetime | None = None) -> list[tuple[str, Tie]]:
    """The ties of other incidents to this one, each with the incident that has it.

    by: without those that were made later. A merge includes its link as a duplicate.
    """
    found = []
    for other, one in ties.items():
        here = [tie for tie in one.links if tie.target == incident and (by is None or tie.at <= by)]
        merged = any(tie.rel == MERGED_INTO for tie in here)
        found += [(other, tie) for tie in here if not (merged and tie.rel == "duplicate_of")]
    return found


def _links(state: State) -> Iterator[Tie]:
    from ..timeline.entries import Link, StatusChanged

    step = state.status_steps[-1].entry if state.merged_into else None
    for item in state.timeline:
        entry = item.effective
        if isinstance(entry, Link) and is_incident_link(entry.rel, entry.target):
            yield Tie(rel=entry.rel, target=entry.target, at=entry.at, known_at=item.known_at, text=entry.text)
        elif item.id == step and isinstance(entry, StatusChanged) and entry.into:
            yield Tie(rel=MERGED_INTO, target=entry.into, at=entry.at, known_at=item.known_at, text=entry.reason)
