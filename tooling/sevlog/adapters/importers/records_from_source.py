"""Converts an incident of a source into a card and a timeline: raised, updates, transitions, and repairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from ...model.config.settings import Config, Lifecycle
from ...model.public.components import Directory
from ...model.timeline.entries import Assessment, ImpactChanged, Note, Raised, StatusChanged, Update, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard
from ...model.vocabulary import UNKNOWN_COMPONENT, Impact, IncidentKind, PageImpact
from .catalogue import Catalogue
from .source import SourceIncident, SourceUpdate
from .source_fidelity import card_origin, update_origin, with_echo
from .status_mapping import advance, final_status, is_over, way

_SOON = timedelta(seconds=1)


class Levels(Struct, frozen=True):
    """Severity and priority for each impact of a page, best levels first named by the configuration."""

    by_impact: dict[PageImpact, tuple[str, str]]

    def of(self, impact: PageImpact) -> tuple[str, str]:
        """Severity and priority for an impact."""
        return self.by_impact[impact]


class ConvertedIncident(Struct, frozen=True, kw_only=True):
    """A card, its timeline in order, and its repairs."""

    card: IncidentCard
    entries: tuple[Entry, ...]
    repairs: tuple[str, ...]


def levels(config: Config) -> Levels:
    """The levels for each impact: the severity whose public word it is, else by rank; the priority of the same rank.

    With the shipped levels: critical SEV1 and P1, major SEV2 and P2, all others SEV3 and P3.
    """
    order: tuple[PageImpact, ...] = ("critical", "major", "minor")
    keys = [s.key for s in config.severities]
    urgencies = [p.key for p in config.priorities]
    found: dict[PageImpact, tuple[str, str]] = {}
    for rank, impact in enumerate(order):
        named = next((i for i, s in enumerate(config.severities) if s.impact == impact), min(rank, len(keys) - 1))
        found[impact] = (keys[named], urgencies[min(named, len(urgencies) - 1)])
    found["none"] = found["maintenance"] = found["minor"]
    return Levels(found)


def tell(
    incident: SourceIncident, system: str, known: Catalogue, scale: Levels, config: Config, listed: Directory
) -> ConvertedIncident:
    """The incident as a record. Imported entries have no `by`; every step is legal in the configured lifecycle.

    config and listed: with the components of the source.
    """
    kind: IncidentKind = "maintenance" if incident.maintenance else "incident"
    card = IncidentCard(
        schema=1,
        title=incident.name,
        kind=kind,
        type=_type_of(incident, config),
        visibility="public",
        public_title=incident.name,
        scheduled=incident.window,
    )
    raised = _raised(incident, known, scale)
    updates = [_update(update, known) for update in incident.updates]
    lifecycle = config.lifecycle_for(kind, card.type)
    steps, trouble = _steps(incident, updates, lifecycle)
    repairs = (*incident.repairs, *trouble)
    entries: list[Entry] = [
        raised,
        *_found_out(incident, raised),
        *updates,
        *steps,
        *_notes(incident, raised.at, repairs),
    ]
    entries.sort(key=_reading_order)
    card = replace(card, origin=card_origin(incident, system, repairs))
    card, entries = with_echo(incident, card, list(with_ids(entries)), known, config, listed)
    return ConvertedIncident(card=card, entries=tuple(entries), repairs=repairs)


def _type_of(incident: SourceIncident, config: Config) -> str:
    if incident.maintenance and config.incident_type("maintenance"):
        return "maintenance"
    return next((t.key for t in config.types if t.default), "service")


def _raised(incident: SourceIncident, known: Catalogue, scale: Levels) -> Raised:
    """Opens the record: when the source says that it started, or with the first update where that was earlier."""
    first = incident.updates[0]
    at = first.at
    if incident.maintenance:
        at = min(at, incident.created_at or at)
    elif incident.began_at is not None:
        at = min(at, incident.began_at)
    severity, priority = scale.of(incident.impact or "none")
    told_at = first.created_at or first.at
    return Raised(
        at=at,
        recorded_at=told_at if told_at - at >= _SOON else None,
        severity=severity,
        priority=priority,
        components=_first_components(incident, known),
        started_at=None if incident.maintenance else incident.began_at,
    )


def _ends(incident: SourceIncident) -> bool:
    return incident.updates[-1].phase in ("resolved", "postmortem", "completed")


def _first_components(incident: SourceIncident, known: Catalogue) -> dict[str, Impact]:
    """Components at the start: in the states the source gave then, else operational until an update says more."""
    if incident.states:
        return {known.key(code): state for code, state in incident.states.items()}
    codes: Iterable[str] = (*(incident.updates[0].states or {}), *(incident.components or ()))
    named: dict[str, Impact] = {known.key(code): "operational" for code in codes}
    if not named and not any(u.states for u in incident.updates):
        return {UNKNOWN_COMPONENT: "operational"}
    if not named:
        named = {known.key(code): "operational" for u in incident.updates for code in u.states or {}}
    return named


def _update(update: SourceUpdate, known: Catalogue) -> Update:
    late = update.created_at is not None and update.created_at > update.at
    return Update(
        at=update.at,
        recorded_at=update.created_at if late else None,
        id=update.id,
        text=update.text,
        audience="public",
        phase=update.phase,
        components={known.key(code): state for code, state in (update.states or {}).items()} or None,
        origin=update_origin(update),
    )


def _steps(
    incident: SourceIncident, updates: list[Update], lifecycle: Lifecycle
) -> tuple[list[StatusChanged], list[str]]:
    """The transitions that the updates imply, and those that the lifecycle does not allow."""
    status = "scheduled" if incident.maintenance else "raised"
    steps: list[StatusChanged] = []

    def take(names: Iterable[str], at: datetime, recorded_at: datetime | None) -> None:
        nonlocal status
        for name in names:
            steps.append(StatusChanged(at=at, recorded_at=recorded_at, to=name))
            status = name

    for update in updates:
        take(advance(lifecycle, status, update.phase), update.at, update.recorded_at)
    last = updates[-1]
    over_at = incident.over_at
    if over_at is not None and not is_over(lifecycle, status):
        take(advance(lifecycle, status, "completed" if incident.maintenance else "resolved"), over_at, None)
    final = final_status(lifecycle)
    if is_over(lifecycle, status) and final is not None:
        at = max(last.at, over_at or last.at)
        take(way(lifecycle, status, final) or (), at, last.recorded_at)
    if (_ends(incident) or over_at) and not is_over(lifecycle, status):
        return steps, [f"the lifecycle has no path from `{status}` to an end: it stays `{status}`"]
    return steps, []


def _found_out(incident: SourceIncident, raised: Raised) -> Iterator[Entry]:
    """The start and end of the impact, if the source determined them later."""
    last = incident.updates[-1].at
    if incident.impact_from is not None:
        yield Assessment(at=last, started_at=incident.impact_from)
    if incident.impact_until is not None:
        calm: dict[str, Impact] = dict.fromkeys(raised.components, "operational")
        yield ImpactChanged(at=last, components=calm, ended_at=incident.impact_until)


def _notes(incident: SourceIncident, at: datetime, repairs: Iterable[str]) -> Iterator[Note]:
    for repair in repairs:
        yield Note(at=at, text=f"Import repair: {repair}.")
    for note in incident.notes:
        yield Note(at=note.at, text=note.text)


def _reading_order(entry: Entry) -> tuple[datetime, int]:
    return entry.at, 0 if isinstance(entry, Raised) else 2 if isinstance(entry, StatusChanged) else 1


def with_ids(entries: Iterable[Entry], taken: Iterable[str] = ()) -> Iterator[Entry]:
    """The entries, with an id of its own for each whose default one is taken: -02, -03 … in the order given."""
    used = set(taken)
    for entry in entries:
        name = entry_id(entry)
        number = 1
        while name in used:
            number += 1
            name = f"{entry_id(entry)}-{number:02d}"
        used.add(name)
        yield entry if number == 1 else replace(entry, id=name)
