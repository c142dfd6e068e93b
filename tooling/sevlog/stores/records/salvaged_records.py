"""One incident's folder with mistakes, as it was probably meant (stores/records/salvage): for checks only."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from ...model.suggestions import nearest
from ...model.timeline.entries import KIND_BY_NAME, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import ActionItem, IncidentCard, Postmortem, PublicPostmortem, Record
from ...model.vocabulary import instant
from .. import files, layout
from ..markdown import frontmatter
from ..yaml import io as yaml_io
from . import diagnosis, salvage, schemas
from .records import NEWEST_SCHEMA, Reading, timeline_files
from .salvage import UNREADABLE, Salvaged

_STORY = frozenset(
    {"note", "follow_up_idea", "observation", "theory", "experiment", "decision", "runbook_step", "alert", "task"}
)
"""Kinds of entries that no transition, guard or role depends on."""

_HARMLESS = frozenset({"text", "evidence", "public", "recorded_at", "origin", "by", "reason"})
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\.\d+)?Z")
_EARLIEST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_T = TypeVar("_T")


class SalvagedReading(Struct, frozen=True):
    """reading: without findings; its record is None where the card is of a newer format.

    documents: file of the folder -> what of it is a guess. rows: timeline file -> the entry of each of its items, None
    for one that nothing can be made of. entries: id -> what of the entry is a guess.
    unsure: ids of entries that transitions, guards or roles may depend on, and which are guesses. lost: whether there
    are entries of which even the kind is not known. ids_lost: how ids may end that entries have and that are not here.
    holed: ids of entries of which some lines cannot be read, so that keys may be among them.
    doubtful: where the first of all these stands: file and JSON Pointer.
    """

    reading: Reading
    documents: dict[str, Salvaged]
    rows: dict[str, tuple[Entry | None, ...]]
    entries: dict[str, Salvaged]
    unsure: frozenset[str]
    lost: bool
    ids_lost: tuple[str, ...]
    holed: frozenset[str]
    doubtful: tuple[str, str] | None


def read_salvaged(root: Path, folder: str) -> SalvagedReading:
    """The incident of a folder that is there, named relative to the repository: incidents/<year>/<id>."""
    return _Reader(root, folder).read()


class _Reader:
    def __init__(self, root: Path, folder: str) -> None:
        self._root, self._folder = root, folder
        self._documents: dict[str, Salvaged] = {}
        self._rows: dict[str, tuple[Entry | None, ...]] = {}
        self._entries: dict[str, Salvaged] = {}
        self._unsure: set[str] = set()
        self._lost, self._ids_lost, self._holed = False, set[str](), set[str]()
        self._doubtful: tuple[str, str] | None = None

    def read(self) -> SalvagedReading:
        card = self._card()
        self._timeline()
        actions = self._document(layout.ACTIONS_FILE, "actions", tuple[ActionItem, ...]) or ()
        postmortem = self._document(layout.POSTMORTEM_FILE, "postmortem", Postmortem)
        public = self._document(layout.PUBLIC_POSTMORTEM_FILE, "public-postmortem", PublicPostmortem)
        name = self._folder.rpartition("/")[2]
        found = {path: tuple(row for row in rows if row is not None) for path, rows in self._rows.items()}
        entries = sorted((entry for rows in found.values() for entry in rows), key=lambda entry: entry.at)
        record = None
        if card is not None:
            record = Record(
                id=name,
                card=card,
                entries=tuple(entries),
                actions=actions,
                postmortem=postmortem,
                public_postmortem=public,
            )
        reading = Reading(id=name, record=record, problems=(), files=tuple(found.items()))
        return SalvagedReading(
            reading,
            self._documents,
            self._rows,
            self._entries,
            frozenset(self._unsure),
            self._lost,
            tuple(sorted(self._ids_lost)),
            frozenset(self._holed),
            self._doubtful,
        )

    def _bytes(self, path: str) -> bytes | None:
        try:
            data = files.read_plain(self._root / path, yaml_io.MAX_BYTES)
        except OSError:
            return None
        return data if len(data) <= yaml_io.MAX_BYTES else None

    def _card(self) -> IncidentCard | None:
        path = f"{self._folder}/{layout.CARD_FILE}"
        data = self._bytes(path)
        value = UNREADABLE if data is None else salvage.readable(data)
        newer = value.get("schema") if isinstance(value, dict) else None
        if isinstance(newer, int) and newer > NEWEST_SCHEMA:
            return None
        made = salvage.salvaged("incident", value)
        if made.is_guessed(()):
            made.value = {**(made.value or {}), "public_title": "unreadable"}
        self._documents[layout.CARD_FILE] = made
        guessed = next((key for key in ("kind", "type") if made.is_guessed((key,))), None)
        if guessed:
            self._lost = True
            self._doubt(path, f"/{guessed}" if not made.is_guessed(()) else "")
        return _converted(made, IncidentCard)

    def _timeline(self) -> None:
        folder = f"{self._folder}/{layout.TIMELINE}"
        for name in timeline_files(f"{self._root}/{folder}"):
            path = f"{folder}/{name}"
            data = self._bytes(path)
            value = UNREADABLE if data is None else salvage.readable(data)
            rows = value if isinstance(value, list) else [value]
            holed = frozenset() if data is None else salvage.holed_rows(data, alone=True)
            at = _stamped(name)
            found: list[Entry | None] = []
            for place, row in enumerate(rows):
                pointer = f"/{place}" if isinstance(value, list) else ""
                entry = self._entry(path, pointer, row, at)
                found.append(entry)
                if entry is not None and place in holed:
                    self._holed.add(entry_id(entry))
                at = entry.at + timedelta(milliseconds=1) if entry is not None else at
            self._rows[path] = tuple(found)

    def _entry(self, path: str, pointer: str, row: Any, at: datetime) -> Entry | None:
        """The entry that an item was probably meant to be. at: when it was, if it does not say."""
        if not isinstance(row, dict):
            self._lost = True
            self._ids_lost.add("")
            self._doubt(path, pointer)
            return None
        if "kind" not in row and (misspelt := diagnosis.misspelt_kind(row)):
            row = {"kind" if key == misspelt else key: value for key, value in row.items()}
        named = row.get("kind")
        kind = named if isinstance(named, str) and named in KIND_BY_NAME else None
        if kind is not None:
            try:
                return msgspec.convert(row, KIND_BY_NAME[kind])
            except (msgspec.ValidationError, TypeError):
                pass
        elif isinstance(named, str):
            kind = nearest(named, KIND_BY_NAME)
        return self._guessed(path, pointer, row, kind, at)

    def _guessed(self, path: str, pointer: str, row: dict[str, Any], kind: str | None, at: datetime) -> Entry | None:
        known = row if kind else {key: value for key, value in row.items() if key in Entry.__struct_encode_fields__}
        row, told = {**known, "kind": kind or "note"}, known.get("at")
        is_told = isinstance(told, str) and (schemas.is_instant(told) or salvage.lenient_time(told) is not None)
        if not is_told:
            row["at"] = instant(at)
        if kind is None:
            row.setdefault("text", "unreadable")
        made = salvage.salvaged("entry", row, kind or "note")
        if not is_told:
            made.guessed.add(("at",))
        entry = _converted(made, KIND_BY_NAME[kind or "note"])
        if entry is None:
            self._lost = True
            self._ids_lost.add("")
            self._doubt(path, pointer)
            return None
        self._entries[entry_id(entry)] = made
        self._judge(path, pointer, entry, kind, made)
        return entry

    def _judge(self, path: str, pointer: str, entry: Entry, kind: str | None, made: Salvaged) -> None:
        """Record what depends on the guesses of an entry."""
        guessed = {str(guess[0]) for guess in made.guessed if guess}
        if "id" in guessed or (entry.id is None and ("at" in guessed or kind is None)):
            self._ids_lost.add("" if "id" in guessed or kind is None else f"-{kind}")
        if kind is None:
            self._lost = True
            self._doubt(path, pointer)
        elif kind not in _STORY and guessed - (_HARMLESS - {"by"} if kind == "status" else _HARMLESS):
            self._unsure.add(entry_id(entry))
            self._doubt(path, pointer)

    def _doubt(self, path: str, pointer: str) -> None:
        self._doubtful = self._doubtful or (path, pointer)

    def _document(self, name: str, shape: str, kind: type[_T]) -> _T | None:
        data = self._bytes(f"{self._folder}/{name}")
        if data is None:
            return None
        if name.endswith(".md"):
            try:
                data, _ = frontmatter.split(data)
            except frontmatter.FrontMatterError:
                return None
        value = salvage.readable(data)
        if value is None or value is UNREADABLE:
            return None
        made = self._documents[name] = salvage.salvaged(shape, value)
        return _converted(made, kind)


def _converted(made: Salvaged, kind: type[_T]) -> _T | None:
    try:
        return msgspec.convert(made.value, kind)
    except (msgspec.ValidationError, TypeError):
        return None


def _stamped(name: str) -> datetime:
    """The time in the name of a file that sevlog wrote."""
    found = _STAMP.match(name)
    text = "{}-{}-{}T{}:{}:{}{}+00:00".format(*(part or "" for part in found.groups())) if found else ""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _EARLIEST
