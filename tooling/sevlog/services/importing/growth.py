"""What a source has more than the record imported from it: new entries, a newer card. No entry is ever rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from ...adapters.importers.base import ImportedRecord
from ...adapters.importers.records_from_source import with_ids
from ...adapters.importers.status_mapping import advance, is_over, status_for, way
from ...model.config.settings import Config, Lifecycle
from ...model.timeline.entries import (
    CorrectedValue,
    Correction,
    Note,
    PriorityChanged,
    Raised,
    Retraction,
    SeverityChanged,
    StatusChanged,
    Update,
    entry_id,
)
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard, Origin, Record
from ...model.timeline.replay import replay
from ...model.timeline.state import State
from ...model.vocabulary import compact
from ...stores.records import codec

_FOLLOWED = ("text", "phase", "at", "components")
"""Keys of an update that a correction carries over when the source edits it."""


class Growth(Struct, frozen=True, kw_only=True):
    """Entries to add, oldest first, and the card where it changes. `gone`: updates the source dropped."""

    entries: tuple[Entry, ...]
    card: IncidentCard | None
    gone: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether the source has anything new."""
        return bool(self.entries) or self.card is not None


def grown(known: Record, fresh: ImportedRecord, config: Config) -> Growth:
    """What the source now says beyond the record.

    known: the record as it is, with all that people here added to it. fresh: the incident as a first import would make
    it today. An older capture than the one imported, or a poorer source, only adds updates that are missing.
    """
    return _Comparison(known, fresh, config).growth()


class _Comparison:
    """One record beside what its source says now."""

    def __init__(self, known: Record, fresh: ImportedRecord, config: Config) -> None:
        self.known, self.fresh, self.config = known, fresh, config
        self.state: State = replay(known, config)
        self.lifecycle: Lifecycle = config.lifecycle_for(known.card.kind, known.card.type)
        mine, theirs = known.card.origin, fresh.card.origin
        assert mine is not None and theirs is not None
        self.mine, self.theirs = mine, theirs
        self.poorer = mine.created_at is not None and theirs.created_at is None
        self.imported = {entry_id(e): e for e in known.entries if e.by is None}
        self.older = self._is_older()

    def _is_older(self) -> bool:
        """Whether this is an older capture: by the source's own clock, where it tells one, else by the last update."""
        mine, theirs = self.mine.updated_at, self.theirs.updated_at
        if mine is not None and theirs is not None:
            return theirs < mine
        said = [u.entry for u in self.state.updates if u.entry.by is None]
        return bool(said) and _last_minute(self.fresh.entries) < _last_minute(said)

    def growth(self) -> Growth:
        """The whole difference."""
        follow = not self.poorer and not self.older
        new = self._new_updates()
        entries: list[Entry] = [*new, *(self._steps(new) if not self.older else ())]
        if follow:
            entries += [*self._edits(), *self._levels(), *self._new_entries()]
        entries.sort(key=lambda e: (e.at, isinstance(e, StatusChanged)))
        taken = {entry_id(e) for e in self.known.entries}
        card = self._card() if follow else None
        return Growth(
            entries=tuple(with_ids(entries, taken)), card=card, gone=self._removed_updates() if follow else ()
        )

    def _new_updates(self) -> list[Update]:
        """Updates that the record has not got, by id; where formats differ in ids, by minute and words."""
        said = {_likeness(e) for e in self.imported.values() if isinstance(e, Update)}
        return [
            e
            for e in self.fresh.entries
            if isinstance(e, Update) and entry_id(e) not in self.imported and _likeness(e) not in said
        ]

    def _removed_updates(self) -> tuple[str, ...]:
        """Updates that the source had under an id of its own, and has no more."""
        there = {entry_id(e) for e in self.fresh.entries}
        mine = {
            i.id for i in self.state.timeline if i.kind == "update" and i.effective and i.entry.id and not i.entry.by
        }
        return tuple(sorted(mine - there)) if self.theirs.created_at and self.mine.created_at else ()

    @property
    def _moved_by_hand(self) -> bool:
        """Whether a person here took a step: from then on the status is theirs."""
        return any(isinstance(e, StatusChanged) and e.by is not None for e in self.known.entries)

    def _steps(self, new: list[Update]) -> Iterator[Entry]:
        """Steps that the new updates stand for, or that the source took without one."""
        if self._moved_by_hand or not self.state.status_steps:
            return
        status = self.state.status
        clock = self.state.status_steps[-1].at
        for update in new:
            if update.at < clock:
                continue
            if is_over(self.lifecycle, status) and update.phase not in ("resolved", "postmortem", "completed"):
                status, undone = self._reopened(status, update.at)
                yield from undone
            for name in advance(self.lifecycle, status, update.phase):
                yield StatusChanged(at=update.at, recorded_at=update.recorded_at, to=name)
                status = name
            clock = update.at
        last = next((e for e in reversed(self.fresh.entries) if isinstance(e, StatusChanged)), None)
        if last is not None and is_over(self.lifecycle, last.to):
            for name in way(self.lifecycle, status, last.to) or ():
                yield StatusChanged(at=max(clock, last.at), to=name)

    def _reopened(self, status: str, at: datetime) -> tuple[str, list[Entry]]:
        """Takes back the imported end of an incident that its source opened again, where no step leads out of it."""
        working = status_for(self.lifecycle, "investigating") or status
        if way(self.lifecycle, status, working):
            return status, []
        steps = list(self.state.status_steps)
        undone: list[Entry] = []
        while steps and not way(self.lifecycle, steps[-1].status, working):
            step = steps.pop()
            undone.append(Retraction(at=at, of=step.entry, reason="reopened at the source"))
        return (steps[-1].status, undone) if steps else (status, [])

    def _edits(self) -> Iterator[Correction]:
        """Corrections for updates, and for the start, that the source edited since they were imported."""
        for entry in self.fresh.entries:
            was = self.imported.get(entry_id(entry))
            if isinstance(entry, Raised):
                was = next((e for e in self.imported.values() if isinstance(e, Raised)), None)
            if was is None or type(was) is not type(entry) or not isinstance(entry, (Update, Raised)):
                continue
            keys = _FOLLOWED if isinstance(entry, Update) else ("started_at",)
            changed = self._changed(was, entry, keys)
            if changed:
                at = (entry.origin and entry.origin.updated_at) or self.theirs.updated_at or entry.at
                name = f"{entry_id(was)}-edited-{compact(at)}"
                yield Correction(at=at, id=name, of=entry_id(was), set=changed, reason="edited at the source")

    def _changed(self, was: Entry, now: Entry, keys: tuple[str, ...]) -> dict[str, CorrectedValue]:
        """The keys in which the source differs from what it said last; what people here corrected is theirs."""
        before = codec.plain(was)
        for entry in sorted(self.imported.values(), key=lambda e: e.at):
            if isinstance(entry, Correction) and entry.of == entry_id(was):
                before.update(to_builtins(entry.set))
        after = codec.plain(now)
        return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}

    def _levels(self) -> Iterator[Entry]:
        """A new severity and priority, where the source's impact is another one and nobody here has spoken on it."""
        raised = next((e for e in self.fresh.entries if isinstance(e, Raised)), None)
        by_hand = any(isinstance(e, SeverityChanged | PriorityChanged) and e.by for e in self.known.entries)
        if raised is None or by_hand or raised.severity == self.state.severity:
            return
        at = self.theirs.updated_at or self.fresh.entries[-1].at
        reason = f"the source's impact is now {self.theirs.impact or 'another one'}"
        yield SeverityChanged(at=at, to=raised.severity, reason=reason)
        if raised.priority != self.state.priority:
            yield PriorityChanged(at=at, to=raised.priority, reason=reason)

    def _new_entries(self) -> Iterator[Entry]:
        """Notes whose text is new, and what else the source found out."""
        told = {e.text for e in self.known.entries if isinstance(e, Note)}
        for entry in self.fresh.entries:
            if isinstance(entry, Note):
                if entry.text not in told:
                    yield entry
            elif not isinstance(entry, (Update, StatusChanged, Raised)) and entry_id(entry) not in self.imported:
                yield entry

    def _card(self) -> IncidentCard | None:
        """The card with the source's newer facts; a title that was changed here stays."""
        card, fresh = self.known.card, self.fresh.card
        origin = _together(self.mine, self.theirs)
        newer = replace(card, origin=origin)
        if self.theirs.updated_at != self.mine.updated_at:
            newer = replace(newer, scheduled=fresh.scheduled)
            if card.title == card.public_title:
                newer = replace(newer, title=fresh.title, public_title=fresh.public_title)
        return None if newer == card else newer


def _together(mine: Origin, theirs: Origin) -> Origin:
    """The source's newer word; repairs of before stay on record."""
    repairs = tuple(dict.fromkeys((*mine.repairs, *theirs.repairs)))
    return replace(theirs, system=mine.system, id=mine.id, repairs=repairs)


def _last_minute(entries: Iterable[Entry]) -> datetime:
    """When the newest update was shown, to the minute, which is all that some formats know."""
    return max(e.at for e in entries if isinstance(e, Update)).replace(second=0, microsecond=0)


def _likeness(update: Update) -> tuple[datetime, str]:
    """The minute and the bare words: what an update has in common in the API and in a feed made of HTML."""
    words = re.sub(r"<[^>]*>|\]\([^)\s]*\)", " ", update.text)
    return update.at.replace(second=0, microsecond=0), "".join(c for c in words.casefold() if c.isalnum())
