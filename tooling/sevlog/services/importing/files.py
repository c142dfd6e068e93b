"""The text of imported records: cards and timelines, each read back before it counts."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import msgspec

from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard
from ...stores import layout
from ...stores.records import codec
from ...stores.yaml import io as yaml_io


class Unfaithful(Exception):
    """A file would not read back as what was to be stored; the message says which."""

    def __str__(self) -> str:
        return f"{self.args[0]} would not read back as written"


def further_history(root: Path, folder: PurePosixPath) -> PurePosixPath:
    """The first free name for more history of a record: timeline/history-2.yaml …"""
    first = PurePosixPath(layout.HISTORY_FILE)
    number = 2
    while True:
        path = folder / layout.TIMELINE / f"{first.stem}-{number}{first.suffix}"
        if not (root / path).exists():
            return path
        number += 1


def card_text(path: PurePosixPath, card: IncidentCard) -> bytes:
    """A new card. Raises Unfaithful."""
    text = yaml_io.dump(codec.plain(card), schema=layout.schema_reference(path, "incident")).encode()
    if msgspec.convert(yaml_io.read(text), IncidentCard) != card:
        raise Unfaithful("its card")
    return text


def changed_card(path: Path, old: IncidentCard, new: IncidentCard) -> bytes:
    """A card with what is new in it; comments and order of the rest stay."""
    before, after = codec.plain(old), codec.plain(new)

    def change(document: dict[str, object]) -> None:
        for key in (*before, *(key for key in after if key not in before)):
            if key not in after:
                document.pop(key, None)
            elif before.get(key) != after[key]:
                document[key] = after[key]

    return yaml_io.amend(path.read_text("utf-8"), change).encode()


def history_text(path: PurePosixPath, entries: tuple[Entry, ...]) -> bytes:
    """A timeline file with a list of entries. Raises Unfaithful, also where it is larger than a file may be."""
    rows = [codec.entry_data(entry) for entry in entries]
    try:
        text = yaml_io.dump(rows, schema=layout.schema_reference(path, "timeline")).encode()
        found = yaml_io.read(text)
    except (yaml_io.YamlError, ValueError) as error:
        raise Unfaithful(f"its timeline ({error})") from None
    if not isinstance(found, list) or _entries(found) != entries:
        raise Unfaithful("its timeline")
    return text


def _entries(rows: list[object]) -> tuple[Entry, ...]:
    return tuple(codec.entry_of(row) for row in rows)
