"""Plays an incident again: its entries as frames, each with the state as it was then.

The state line comes from the fold (model/timeline). Entries that arrive in order are added to the draft of the frame
before; only a correction, or an entry that belongs before others, folds the timeline again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

from msgspec import Struct

from ..config.settings import Config
from ..timeline.amendments import amended, identified
from ..timeline.entries import (
    Assigned,
    Correction,
    Handover,
    ImpactChanged,
    PriorityChanged,
    Raised,
    Redaction,
    Released,
    Retraction,
    SeverityChanged,
    StatusChanged,
    Update,
    known_at,
)
from ..timeline.entry_parts import Entry
from ..timeline.fold_state import Draft
from ..timeline.incident import Record
from ..timeline.lifecycle import NEW, first_of, name_of
from ..timeline.transition_fold import apply_act
from ..vocabulary import IMPACTS, Audience, Impact

Mode = Literal["as_known", "as_it_was"]
"""as_known: each entry when it became known. as_it_was: each entry when it happened, as corrected since."""

_Named = tuple[str, Entry]
_SHOWN = (Raised, StatusChanged, SeverityChanged, PriorityChanged, ImpactChanged, Assigned, Released, Handover, Update)
"""Kinds that can change the state line."""


class StateLine(Struct, frozen=True, kw_only=True):
    """What a frame says of the state. components: those that are affected. due_at: the earliest promise, for `due_to`.

    status: None before the incident was opened.
    """

    status: str | None = None
    status_name: str | None = None
    severity: str | None = None
    priority: str | None = None
    lead: str | None = None
    components: dict[str, Impact] = {}
    due_at: datetime | None = None
    due_to: Audience | None = None


class Frame(Struct, frozen=True, kw_only=True):
    """One thing to show. at: when it is shown. entry: None where a promised update became overdue.

    late: seconds from when it happened until it became known, 0 if it was known at once. overdue: it is the frame of a
    promise that passed.
    """

    at: datetime
    state: StateLine
    id: str | None = None
    entry: Entry | None = None
    late: float = 0.0
    overdue: bool = False


def frames(record: Record, config: Config, mode: Mode) -> Iterator[Frame]:
    """The frames of a record, in the order of the playback."""
    named = identified(_draft(record, config), record.entries)
    played = _as_known(record, config, named) if mode == "as_known" else _as_it_was(record, config, named)
    return _with_overdue(played)


def _draft(record: Record, config: Config) -> Draft:
    return Draft(record, config, config.lifecycle_for(record.card.kind, record.card.type))


def _as_it_was(record: Record, config: Config, named: list[_Named]) -> Iterator[Frame]:
    """By `at`, with every correction applied; without what was retracted, and without the amendments themselves."""
    draft = _draft(record, config)
    items = sorted(
        ((item.id, item.effective, item.known_at) for item in amended(draft, named) if item.effective is not None),
        key=lambda item: (item[1].at, item[2], item[0]),
    )
    for _, act in groupby(items, key=lambda item: (item[1].at, item[2])):
        rows = list(act)
        apply_act(draft, [(entry, name) for name, entry, _ in rows])
        line = _line(draft)
        for name, entry, known in rows:
            if not isinstance(entry, Correction | Retraction | Redaction):
                yield Frame(at=entry.at, state=line, id=name, entry=entry, late=_late(entry.at, known))


def _as_known(record: Record, config: Config, named: list[_Named]) -> Iterator[Frame]:
    """By the time at which each entry was recorded, corrections too, with the state as it was known then."""
    entries = dict(named)
    arrived = sorted(named, key=lambda row: (known_at(row[1]), row[1].at, row[0]))
    draft, seen, amended_ids = _draft(record, config), list[_Named](), set[str]()
    latest: tuple[datetime, datetime] | None = None
    for known, act in groupby(arrived, key=lambda row: known_at(row[1])):
        rows = list(act)
        seen += rows
        amended_ids |= {entry.of for _, entry in rows if isinstance(entry, Correction | Retraction)}
        counting = [row for row in rows if isinstance(row[1], _SHOWN)]
        first = min((entry.at for _, entry in counting), default=None)
        amends = any(name in amended_ids or _amends(entry, entries) for name, entry in rows)
        if amends or (latest and first and (first, known) < latest):
            draft = _folded(record, config, seen)
        else:
            for _, group in groupby(counting, key=lambda row: row[1].at):
                apply_act(draft, [(entry, name) for name, entry in group])
        if counting:
            newest = max(entry.at for _, entry in counting), known
            latest = max(latest, newest) if latest else newest
        line = _line(draft)
        for name, entry in rows:
            yield Frame(at=known, state=line, id=name, entry=entry, late=_late(entry.at, known))


def _amends(entry: Entry, entries: dict[str, Entry]) -> bool:
    """Whether an entry changes what an earlier one says of the state."""
    if not isinstance(entry, Correction | Retraction):
        return False
    return isinstance(entries.get(entry.of), (*_SHOWN, Correction, Retraction))


def _folded(record: Record, config: Config, seen: Sequence[_Named]) -> Draft:
    draft = _draft(record, config)
    kept = (*_SHOWN, Correction, Retraction)
    named = sorted(
        (row for row in seen if isinstance(row[1], kept)), key=lambda row: (row[1].at, known_at(row[1]), row[0])
    )
    told = sorted(
        (
            (item.effective.at, item.known_at, item.id, item.effective)
            for item in amended(draft, named)
            if item.effective
        ),
        key=lambda row: row[:3],
    )
    for _, act in groupby(told, key=lambda row: row[:2]):
        apply_act(draft, [(entry, name) for _, _, name, entry in act])
    return draft


def _line(draft: Draft) -> StateLine:
    opened = draft.status != NEW
    status = draft.status if opened else first_of(draft.lifecycle, "triage") or "triage"
    due = min(((at, audience) for audience, at in draft.next_update_due.items()), default=None) if draft.live else None
    return StateLine(
        status=status,
        status_name=name_of(draft.lifecycle, status),
        severity=draft.severity,
        priority=draft.priority,
        lead=draft.lead,
        components={k: v for k, v in draft.components.items() if v != IMPACTS[0]} if draft.live else {},
        due_at=due[0] if due else None,
        due_to=due[1] if due else None,
    )


def _late(at: datetime, known: datetime) -> float:
    return max(0.0, (known - at).total_seconds())


def _with_overdue(played: Iterable[Frame]) -> Iterator[Frame]:
    """The frames, and one at each time at which a promise passed without an update."""
    last: Frame | None = None
    said: datetime | None = None
    for frame in played:
        if last is not None and (due := last.state.due_at) is not None and due < frame.at and due != said:
            said = due
            yield Frame(at=max(due, last.at), state=last.state, overdue=True)
        yield frame
        last = frame
