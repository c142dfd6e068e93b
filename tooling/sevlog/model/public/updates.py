"""Public updates: the messages to customers, with what changed for which component since the message before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from ..redaction import MARKER
from ..timeline.entries import Update
from ..timeline.entry_parts import AffectedComponent, EntryOrigin
from ..timeline.incident import Record
from ..timeline.state import PublishedUpdate, State
from ..vocabulary import INCIDENT_PHASES, MAINTENANCE_PHASES, Impact, Phase
from .components import Directory
from .exposure import ComponentChange
from .ids import update_id
from .site import Affected, PublicUpdate

_ORDER: dict[str, int] = {phase: rank for rank, phase in enumerate((*INCIDENT_PHASES, *MAINTENANCE_PHASES))}
_AS_MAINTENANCE: dict[str, Phase] = {
    "investigating": "in_progress",
    "identified": "in_progress",
    "monitoring": "verifying",
    "resolved": "completed",
    "postmortem": "completed",
}
_AS_INCIDENT: dict[str, Phase] = {
    "scheduled": "investigating",
    "in_progress": "identified",
    "verifying": "monitoring",
    "completed": "resolved",
}

REMOVED = "The text of this update was removed."
"""What the public reads where an update was redacted. Why is internal: reasons tend to describe what was said."""


class Spoken(Struct, frozen=True, kw_only=True):
    """An update to the public as it counts. `edited_at` is set where it was corrected here after it was sent.

    origin: what an import kept; empty for an update that was written here.
    """

    id: str
    entry: Update
    origin: EntryOrigin
    at: datetime
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None
    imported: bool


def phase_in(phase: Phase, maintenance: bool) -> Phase:
    """The phase in the words of an incident or of a maintenance; each of the two knows only its own (Statuspage)."""
    return (_AS_MAINTENANCE if maintenance else _AS_INCIDENT).get(phase, phase)


def spoken(state: State, as_of: datetime) -> tuple[Spoken, ...]:
    """The updates to the public, oldest first; of one instant in the order of recording, then of the phases."""
    imported = state.card.origin is not None
    found = [_spoken(update, as_of, imported) for update in state.updates if update.entry.audience == "public"]
    return tuple(sorted(found, key=lambda u: (u.at, u.created_at, _ORDER[u.entry.phase], u.id)))


def _spoken(update: PublishedUpdate, as_of: datetime, imported: bool) -> Spoken:
    entry = update.entry
    imported = imported and entry.by is None
    origin = (entry.origin if imported else None) or EntryOrigin()
    created_at = origin.created_at or entry.recorded_at or entry.at
    edits = (origin.updated_at, update.edited_at)
    return Spoken(
        id=update.id,
        entry=entry,
        origin=origin,
        at=entry.at,
        created_at=created_at,
        updated_at=max((at for at in edits if at is not None and at <= as_of), default=created_at),
        edited_at=update.edited_at,
        imported=imported,
    )


def public_updates(
    record: Record,
    updates: tuple[Spoken, ...],
    steps: tuple[ComponentChange, ...],
    listed: Directory,
    maintenance: bool,
) -> tuple[PublicUpdate, ...]:
    """The updates as the public sees them, newest first."""
    before: dict[str, Impact] = {}
    now: dict[str, Impact] = {}
    pending = list(reversed(steps))
    found = []
    for update in updates:
        while pending and pending[-1].published_at <= update.at:
            step = pending.pop()
            now[step.component] = step.impact
        now.update(update.entry.components or {})
        found.append(_public(record, update, _affected(update, before, now, listed)))
        before = dict(now)
    return tuple(reversed(found))


def _public(record: Record, update: Spoken, affected: tuple[Affected, ...] | None) -> PublicUpdate:
    entry, origin = update.entry, update.origin
    return PublicUpdate(
        id=update_id(record, entry, update.id),
        phase=entry.phase,
        body=REMOVED if entry.text == MARKER else entry.text,
        at=update.at,
        created_at=update.created_at,
        updated_at=update.updated_at,
        affected=affected,
        next_update_at=entry.next_update_at,
        deliver_notifications=origin.deliver_notifications is not False,
        custom_tweet=None if origin.custom_tweet == MARKER else origin.custom_tweet,
        tweet_id=origin.tweet_id,
    )


def _affected(
    update: Spoken, before: Mapping[str, Impact], now: Mapping[str, Impact], listed: Directory
) -> tuple[Affected, ...] | None:
    """What the update names, then what changed since the one before; the source's own list where it was kept.

    None where that is nothing.
    """
    given = update.origin.affected_components
    if given is not None:
        return tuple(_word_for_word(row) for row in given if not listed.hides(row.code, row.name)) or None
    named = update.entry.components or {}
    changed = [key for key in now if key not in named and now[key] != before.get(key, "operational")]
    public = [key for key in named if key in listed.by_key]
    public += sorted((key for key in changed if key in listed.by_key), key=lambda key: listed.by_key[key].rank)
    rows = [
        Affected(
            code=listed.by_key[key].id,
            name=listed.by_key[key].label,
            old_status=before.get(key, "operational"),
            new_status=now.get(key, "operational"),
        )
        for key in public
    ]
    return tuple(rows) or None


def _word_for_word(row: AffectedComponent) -> Affected:
    return Affected(code=row.code, name=row.name, old_status=row.old_status, new_status=row.new_status)
