"""Where an alert was seen: in incidents that are not closed, in those merged into them, and in declined ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from ...model.intake.alert import AlertSighting, Signal
from ...model.links.ties import Ties, merges, way_of
from ...model.timeline.attachments import alert_name, is_named
from ...model.timeline.entries import Alert
from ...model.timeline.state import AlertState, State
from ...stores import layout
from .catalog import Catalog

if TYPE_CHECKING:
    from ..common.documents import Brief
    from .workspace import Workspace

_Key = tuple[str, str]
"""Source and fingerprint; of an alert that was attached by hand, an empty source and the target of the link."""
_OPEN = ("triage", "live", "learning")
_DECLINED = "was declined"


class KnownAlerts:
    """The alerts of a workspace by source and fingerprint. One look: make another to see what changed since."""

    def __init__(self, workspace: Workspace) -> None:
        catalog = Catalog(workspace)
        briefs = {brief.id: brief for brief in catalog.briefs()}
        ties = catalog.ties()
        wanted = [str(layout.folder_of(b.id)) for b in briefs.values() if b.category in _OPEN]
        self._found: dict[_Key, list[AlertSighting]] = {}
        self._of_declined(ties)
        direct = [(state, sightings) for state in catalog.states(wanted) if (sightings := dict(_sightings(state)))]
        self._of_merged(catalog, briefs, ties, {(s.id, key) for s, sightings in direct for key in sightings})
        for _, sightings in direct:
            for key, sighting in sightings.items():
                self._add(key, sighting)

    def of(self, signal: Signal) -> list[AlertSighting]:
        """The incidents that have the alert; of several live ones, the last counts.

        Those to which it was attached by hand come first: after a delivery the alert itself counts.
        """
        names = (signal.fingerprint, alert_name(signal.source, signal.fingerprint))
        keys = [*(("", name) for name in names), (signal.source, signal.fingerprint)]
        return [sighting for key in keys for sighting in self._found.get(key, ())]

    def count(self, incident: str) -> int:
        """How many alerts an incident has."""
        return sum(one.incident == incident for sightings in self._found.values() for one in sightings)

    def named(self, target: str) -> list[AlertSighting]:
        """The incidents that have an alert with this fingerprint, or source:fingerprint."""
        found = (s for (source, name), s in self._found.items() if is_named(target, source or None, name))
        return [sighting for sightings in found for sighting in sightings]

    def _add(self, key: _Key, sighting: AlertSighting) -> None:
        self._found.setdefault(key, []).append(sighting)

    def _of_declined(self, ties: Mapping[str, Ties]) -> None:
        for incident, one in ties.items():
            for key in one.alerts:
                self._add(key, AlertSighting(incident=incident, state="", live=False, was=_DECLINED))

    def _of_merged(
        self, catalog: Catalog, briefs: Mapping[str, Brief], ties: Mapping[str, Ties], direct: set[tuple[str, _Key]]
    ) -> None:
        """What the incidents at the end of merges took over, unless they have the alert themselves by now."""
        merged = merges(ties)
        ends = {incident: way[-1] for incident in merged if (way := way_of(incident, merged)) and way[-1] in briefs}
        ends = {incident: end for incident, end in ends.items() if briefs[end].category in (*_OPEN, "dropped")}
        for state in catalog.states([str(layout.folder_of(incident)) for incident in ends]) if ends else ():
            end = briefs[ends[state.id]]
            for key, alert in _alerts(state):
                if (end.id, key) not in direct:
                    sighting = AlertSighting(
                        incident=end.id,
                        state=alert.state,
                        live=end.category in ("triage", "live"),
                        changed=_changes(state, *key),
                        was=_DECLINED if end.category == "dropped" else "is over",
                        merged_from=state.id,
                    )
                    self._add(key, sighting)


def _alerts(state: State) -> Iterator[tuple[_Key, AlertState]]:
    return (((alert.source or "", alert.fingerprint), alert) for alert in state.alerts.values())


def _sightings(state: State) -> Iterator[tuple[_Key, AlertSighting]]:
    for key, alert in _alerts(state):
        yield (key, AlertSighting(incident=state.id, state=alert.state, live=state.live, changed=_changes(state, *key)))


def _changes(state: State, source: str, fingerprint: str) -> tuple[datetime, ...]:
    entries = ((item.at, item.effective) for item in state.timeline)
    return tuple(
        at
        for at, entry in entries
        if isinstance(entry, Alert) and (entry.source, entry.fingerprint) == (source, fingerprint)
    )
