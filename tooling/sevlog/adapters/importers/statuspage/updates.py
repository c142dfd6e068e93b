"""Reads the updates of one incident as Statuspage's public API v2 gives them, with repairs for impossible values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args

from msgspec import Struct

from ....model.timeline.entry_parts import AffectedComponent
from ....model.vocabulary import IMPACTS, Phase
from ..source import SourceUpdate, Unusable, identifier, text_of, title_of
from ..times import BadTime, read_time

NO_TEXT = "(The source has no text for this update.)"
PHASES: frozenset[str] = frozenset(get_args(Phase))
Row = Mapping[str, object]


class _Placed(Struct, frozen=True):
    """A row with its times and its position: when it is shown, when it was stored, and its index in the list."""

    at: datetime
    stored_at: datetime
    rank: int
    row: Row
    name: str
    created_at: datetime | None


def read_updates(
    rows: object, repairs: list[str], *, created_at: datetime | None, first_phase: Phase
) -> tuple[SourceUpdate, ...]:
    """The updates, oldest first; `created_at` is the incident's. Raises Unusable without any, or without a time."""
    found = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []
    if not found:
        raise Unusable("it has no updates")
    placed = [_place(row, number, created_at, repairs) for number, row in enumerate(found)]
    newest_first = placed[0].stored_at >= placed[-1].stored_at
    placed.sort(key=lambda p: (p.at, p.stored_at, -p.rank if newest_first else p.rank))
    phase = first_phase
    taken: set[str] = set()
    updates = []
    for place in placed:
        phase, word = read_phase(place.row.get("status"), phase, place.name, repairs)
        updates.append(_update(place, phase, word, taken, repairs))
    return tuple(updates)


def read_time_of(row: Row, name: str, repairs: list[str], of: str = "") -> datetime | None:
    """A time of a row; None, and a repair, where it cannot be read."""
    try:
        return read_time(row.get(name), f"{of}{name}", repairs)
    except BadTime as error:
        repairs.append(f"{error}: left out")
        return None


def read_phase(value: object, before: Phase, name: str, repairs: list[str]) -> tuple[Phase, str | None]:
    """The phase, and the status word of the source if it is not a phase. `Update` (in feeds) keeps the phase."""
    word = str(value or "").strip()
    plain = word.lower().replace(" ", "_")
    if plain in PHASES:
        return plain, None  # type: ignore[return-value]
    if plain != "update":
        repairs.append(f"{name}its status `{word[:40]}` is unknown: taken as `{before}`, as before")
    return before, word[:60] or None


def read_body(value: object, name: str, repairs: list[str]) -> str:
    """The text; if it is missing, a placeholder and a repair."""
    if isinstance(value, str) and value.strip():
        return value
    repairs.append(f"{name}it has no text")
    return NO_TEXT


def _place(row: Row, number: int, incident_created_at: datetime | None, repairs: list[str]) -> _Placed:
    name = f"update {identifier(row.get('id')) or number + 1}: "
    created_at = read_time_of(row, "created_at", repairs, name)
    at = read_time_of(row, "display_at", repairs, name)
    shown = at or created_at
    if shown is None:
        raise Unusable(f"{name}it has no time")
    if at is None:
        repairs.append(f"{name}it has no display_at: created_at is shown")
    if created_at and incident_created_at and created_at < incident_created_at:
        repairs.append(f"{name}it was created before its incident: kept as given")
    return _Placed(shown, created_at or shown, number, row, name, created_at)


def _update(place: _Placed, phase: Phase, word: str | None, taken: set[str], repairs: list[str]) -> SourceUpdate:
    row, name = place.row, place.name
    affected = _affected(row.get("affected_components"), name, repairs)
    tweet = row.get("tweet_id")
    return SourceUpdate(
        id=_id(row, name, taken, repairs),
        phase=phase,
        at=place.at,
        text=read_body(row.get("body"), name, repairs),
        created_at=place.created_at,
        updated_at=read_time_of(row, "updated_at", repairs, name),
        word=word,
        affected=affected,
        states={a.code: a.new_status for a in affected} if affected else None,
        deliver_notifications=False if row.get("deliver_notifications") is False else None,
        custom_tweet=text_of(row.get("custom_tweet")),
        tweet_id=tweet if isinstance(tweet, int | str) and not isinstance(tweet, bool) else None,
    )


def _id(row: Row, name: str, taken: set[str], repairs: list[str]) -> str | None:
    found = identifier(row.get("id"))
    if found is None:
        repairs.append(f"{name}it has no usable id: named after its time")
    elif found in taken:
        number = 2
        while f"{found}-{number}" in taken:
            number += 1
        repairs.append(f"{name}duplicate id: the later one is renamed to {found}-{number}")
        found = f"{found}-{number}"
    if found is not None:
        taken.add(found)
    return found


def _affected(rows: object, name: str, repairs: list[str]) -> tuple[AffectedComponent, ...] | None:
    """The source's rows; None for null and for Statuspage's old sentence that says the same."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return None
    named = [row for row in rows if isinstance(row, Mapping) and identifier(row.get("code"))]
    if rows and not named:
        return None
    found: list[AffectedComponent] = []
    for row in named:
        code, old, new = identifier(row.get("code")) or "", row.get("old_status"), row.get("new_status")
        if new not in IMPACTS:
            repairs.append(f"{name}component `{code}` is `{str(new)[:40]}`, which is not a state: left unchanged")
            continue
        label = title_of(row.get("name") or code, [])
        found.append(
            AffectedComponent(code=code, name=label, old_status=old if old in IMPACTS else new, new_status=new)
        )
    return tuple(found)
