"""What an incident takes over from those that were merged into it: the updates that they promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from ..timeline.state import State
from ..vocabulary import Audience
from .ties import Ties, merges, way_of


def heirs(ties: Mapping[str, Ties]) -> frozenset[str]:
    """The incidents that promises passed to, directly or through other merges."""
    merged = merges(ties)
    ways = (way_of(incident, merged) for incident, one in ties.items() if one.promised)
    return frozenset(way[-1] for way in ways if len(way) > 1)


def with_promises(state: State, ties: Mapping[str, Ties], *, by: datetime | None = None) -> State:
    """A live incident with the promises of those merged into it, where they are earlier than its own.

    An update to the audience after the merge keeps such a promise. by: without merges that came later.
    """
    if not state.live:
        return state
    due, origin = dict(state.next_update_due), dict(state.promised_in)
    for audience, at, incident in _inherited_promises(state, ties, by):
        if audience not in due or at < due[audience]:
            due[audience], origin[audience] = at, incident
    return replace(state, next_update_due=due, promised_in=origin) if origin else state


def _inherited_promises(
    state: State, ties: Mapping[str, Ties], by: datetime | None
) -> Iterator[tuple[Audience, datetime, str]]:
    """The promises that nobody kept since the merge: audience, time, the incident that made it."""
    merged = merges(ties, by=by)
    here: dict[Audience, datetime] = {said.entry.audience: said.entry.at for said in state.updates}
    for incident, one in ties.items():
        way = way_of(incident, merged) if one.promised else ()
        if one.merge is None or len(way) < 2 or way[-1] != state.id:
            continue
        for audience, at in one.promised.items():
            later = [here.get(audience), *(ties[other].told.get(audience) for other in way[1:-1])]
            if not any(heard is not None and heard > one.merge.at for heard in later):
                yield audience, at, incident
