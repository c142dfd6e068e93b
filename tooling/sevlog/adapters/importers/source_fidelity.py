"""What must be kept of a source so that publication gives it back: exactly what publication would not derive the same.

Publication itself is asked, so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from msgspec.structs import asdict, replace

from ...model.config.settings import Config
from ...model.public.components import Directory
from ...model.public.publication import published
from ...model.public.site import Affected, PublicIncident
from ...model.timeline.entries import Update
from ...model.timeline.entry_parts import AffectedComponent, Entry, EntryOrigin
from ...model.timeline.incident import IncidentCard, Origin, Record
from .catalogue import Catalogue
from .source import SourceIncident, SourceUpdate

_T = TypeVar("_T")
_LATER = timedelta(days=1)


def card_origin(incident: SourceIncident, system: str, repairs: tuple[str, ...]) -> Origin:
    """What is kept in any case: where it comes from, and when the source made and last changed it."""
    return Origin(
        system=system,
        id=incident.id,
        url=incident.url,
        created_at=incident.created_at,
        updated_at=incident.updated_at,
        reminder_intervals=incident.reminder_intervals,
        repairs=repairs,
    )


def update_origin(update: SourceUpdate) -> EntryOrigin | None:
    """What is kept of an update in any case; None where that is nothing."""
    stored_at = update.created_at or update.at
    kept = EntryOrigin(
        created_at=stored_at if stored_at < update.at else None,
        updated_at=_unless(update.updated_at, stored_at),
        status=update.word,
        deliver_notifications=False if update.deliver_notifications is False else None,
        custom_tweet=update.custom_tweet,
        tweet_id=update.tweet_id,
    )
    return None if kept == EntryOrigin() else kept


def with_echo(
    incident: SourceIncident,
    card: IncidentCard,
    entries: Sequence[Entry],
    known: Catalogue,
    config: Config,
    listed: Directory,
) -> tuple[IncidentCard, list[Entry]]:
    """Card and entries, with all that publication would say otherwise than the source did.

    config and listed: with the components of the source.
    """
    last = max(entry.recorded_at or entry.at for entry in entries)
    as_of = max(at for at in (last, incident.updated_at, incident.resolved_at) if at is not None) + _LATER
    in_order = tuple(sorted(entries, key=lambda entry: (entry.at, entry.id or "")))
    view = published(Record(id=incident.id, card=card, entries=in_order), config, as_of, listed)
    if view is None or card.origin is None:
        return card, list(entries)
    origin = _card_echo(incident, card.origin, view.incident, known)
    told = {update.id: update for update in incident.updates if update.id}
    derived = {update.id: update.affected for update in view.incident.updates}
    echoed = [
        _update_echo(entry, told[entry.id], derived.get(entry.id))
        if isinstance(entry, Update) and entry.id in told and incident.complete
        else entry
        for entry in entries
    ]
    return replace(card, origin=origin), echoed


def _card_echo(incident: SourceIncident, origin: Origin, view: PublicIncident, known: Catalogue) -> Origin:
    components = incident.components
    if components is not None and set(view.components) - known.retired == set(components) - known.retired:
        components = None
    return replace(
        origin,
        started_at=_unless(incident.started_at, view.started_at),
        monitoring_at=_unless(incident.monitoring_at, view.monitoring_at),
        resolved_at=_unless(incident.resolved_at, view.resolved_at),
        impact=_unless(incident.impact, view.impact),
        components=components,
    )


def _update_echo(entry: Update, told: SourceUpdate, derived: Sequence[Affected] | None) -> Update:
    """The update with the source's rows, where ours would not read the same; an empty list stands for none."""
    ours = None if derived is None else tuple(AffectedComponent(**asdict(row)) for row in derived)
    if ours == (told.affected or None):
        return entry
    return replace(entry, origin=replace(entry.origin or EntryOrigin(), affected_components=told.affected or ()))


def _unless(given: _T | None, derived: _T | None) -> _T | None:
    """What was given, unless it is derived anyway."""
    return None if given == derived else given
