"""Edits of actions.yaml: one item is added or changed, and everything else in the file stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...errors import InvalidRecord
from ...model.timeline.incident import ActionItem
from ..yaml import io as yaml_io
from ..yaml import pieces as yaml_pieces
from . import codec

_ORDER = ActionItem.__struct_encode_fields__
"""The keys of an item, in the order in which they are written."""


def with_item(text: str | None, item: ActionItem, *, schema: str) -> str:
    """The file with one item more, at its end. text: None where there is no file yet."""
    plain = codec.plain(item)
    if text is None or not yaml_io.read(text.encode()):
        return yaml_io.dump([plain], schema=schema)
    if yaml_pieces.pieces(text):
        end = "\r\n" if "\r\n" in text else "\n"
        longer = text.rstrip() + end + yaml_io.dump([plain]).replace("\n", end)
        if _reads(longer, [*_items(yaml_io.read(text.encode())), plain]):
            return longer
    return yaml_io.amend(text, lambda document: _items(document).append(plain))


def with_changes(text: str, item: str, changes: Mapping[str, object]) -> str:
    """The file with keys of the item with this id set; a value of None takes the key away.

    Raises InvalidRecord where there is no such item, or where more of the file would change.
    """
    before = _items(yaml_io.read(text.encode()))
    place = next((n for n, row in enumerate(before) if isinstance(row, dict) and row.get("id") == item), None)
    if place is None:
        raise InvalidRecord(f"actions.yaml has no item `{item}`")
    parts = yaml_pieces.pieces(text)
    if len(parts) == len(before):
        made = _with_part(text, parts[place], changes)
        _set(before[place], changes)
        if _reads(made, before):
            return made
    return yaml_io.amend(text, lambda document: _set(_items(document)[place], changes))


def _with_part(text: str, part: yaml_pieces.Piece, changes: Mapping[str, object]) -> str:
    """The file with one item changed: its text is amended as a file of its own, and put back."""
    own = _OWN.match(part.text)
    assert own is not None  # an item begins with a hyphen
    mapping = _MARGIN.sub("", own[0])
    made = yaml_io.amend(mapping, lambda row: _set(row, changes))
    lines = made.splitlines(keepends=True)
    back = "".join(f"{'  ' if n else '- '}{line}" if line.strip() else line for n, line in enumerate(lines))
    start = part.before.characters
    return text[:start] + back + text[start + len(own[0]) :]


_MARGIN = re.compile(r"^(?:- |  )", re.MULTILINE)
_OWN = re.compile(r"-[^\n]*\n?(?:(?:[ \t]*\r?\n)*[ ]+[^\s][^\n]*\n?)*")
"""What belongs to an item; blank lines and comments at the margin behind it stand above the next one."""


def _reads(text: str, value: object) -> bool:
    try:
        return bool(yaml_io.read(text.encode()) == value)
    except yaml_io.YamlError:
        return False


def _set(row: Any, changes: Mapping[str, object]) -> None:
    for key, value in changes.items():
        if value is None:
            row.pop(key, None)
        elif key in row or not hasattr(row, "insert"):
            row[key] = value
        else:
            row.insert(_place(list(row), key), key, value)  # ruamel's mapping keeps an order


def _items(document: Any) -> list[Any]:
    if not isinstance(document, list):
        raise InvalidRecord("actions.yaml is not a list of items", "each item begins with: - id: A1")
    return document


def _place(there: list[str], key: str) -> int:
    """Where a new key stands, so that keys are in their order."""
    before = set(_ORDER[: _ORDER.index(key)])
    return max((place + 1 for place, name in enumerate(there) if name in before), default=0)
