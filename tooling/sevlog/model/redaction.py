"""Redaction: which parts of an entry are content to remove, and whether an entry is a redacted form of another.

It uses the classes of `entries`, so that new kinds and keys are covered. Content is free text, lists of it, URLs and
evidence. Values that the fold needs stay: times, people, words, levels, components, numbers. A `Name` also stays,
because entries are matched by it, unless it is requested by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

import msgspec
from msgspec import Struct, inspect

from .timeline.entries import KIND_BY_NAME, Correction, kind_of
from .timeline.entry_parts import Entry

MARKER = "(redacted)"
"""Replaces content. It needs no quotes in YAML, so it can be typed in a web editor."""


class Spot(Struct, frozen=True):
    """A piece of content. path: keys that lead to it within the entry.

    new: the replacement; None if the key is removed (or, in a correction, removes the key of the other entry).
    name: other entries may refer to it; it stays unless it is requested by name.
    """

    path: tuple[str | int, ...]
    new: str | tuple[str, ...] | None
    name: bool = False

    @property
    def is_key(self) -> bool:
        """Whether the key itself is removed; in the `set` of a correction it stays, with null."""
        return self.new is None and self.path[0] != "set"


def content(entry: Entry, of: Entry | None = None) -> tuple[Spot, ...]:
    """The content of an entry, names included, without parts that are already redacted.

    of: the entry that a correction corrects, if it exists: its kind gives the types of the corrected keys.
    """
    plain = _plain(entry)
    spots = [
        spot for key, field in _fields(kind_of(entry)) if key in plain for spot in _walk(plain[key], field, (key,))
    ]
    values = plain["set"] if isinstance(entry, Correction) else None
    if isinstance(values, dict):
        spots += _corrected(values, of)
    return tuple(spot for spot in spots if spot.is_key or _at(plain, spot.path) != _as_plain(spot.new))


def redacted(entry: Entry, spots: Iterable[Spot]) -> Entry:
    """The entry without this content of it."""
    plain = _plain(entry)
    for spot in spots:
        _put(plain, spot)
    return msgspec.convert(plain, KIND_BY_NAME[kind_of(entry)])


def is_redacted(old: Entry, new: Entry, of: Entry | None = None) -> bool:
    """Whether `new` is `old` without some or all of its content, and nothing else changed."""
    if type(old) is not type(new):
        return False
    before, after = _plain(old), _plain(new)
    for plain in (before, after):
        plain.pop("id", None)  # it may be explicit or derived; the caller has matched it already
    removed = False
    for spot in content(old, of):
        there = _at(after, spot.path)
        if there == (None if spot.is_key else _as_plain(spot.new)):
            _put(before, spot)
            removed = True
    return removed and before == after


def is_marked(entry: Entry) -> bool:
    """Whether the entry has a redaction mark."""
    return any(text == MARKER for text in _texts(_plain(entry)))


def words_at(entry: Entry, spots: Iterable[Spot]) -> tuple[str, ...]:
    """The texts at these places."""
    plain = _plain(entry)
    return tuple(text for spot in spots for text in _texts(_at(plain, spot.path)))


def _plain(entry: Entry) -> dict[str, object]:
    """The entry as in its file, with times as times."""
    plain = _listed(msgspec.to_builtins(entry, builtin_types=(datetime,)))
    assert isinstance(plain, dict)
    return plain


def _listed(value: object) -> object:
    """Plain data with lists for tuples."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return [_listed(inner) for inner in value] if isinstance(value, (list, tuple)) else value


@cache
def _fields(kind: str) -> tuple[tuple[str, inspect.Type], ...]:
    shape = inspect.type_info(KIND_BY_NAME[kind])
    assert isinstance(shape, inspect.StructType)
    return tuple((field.encode_name, field.type) for field in shape.fields)


def _walk(value: object, shape: inspect.Type, path: tuple[str | int, ...]) -> Iterator[Spot]:
    """The content in a plain value of this shape."""
    says, shape = _without_notes(shape)
    if value is None:
        return
    if says == "gone":
        yield Spot(path, None)
    elif isinstance(shape, inspect.UnionType):
        inner = next((kind for kind in shape.types if _fits(value, _without_notes(kind)[1])), None)
        if inner is not None:
            yield from _walk(value, _noted(inner, says), path)
    elif isinstance(shape, inspect.StrType):
        if says == "kept":
            if len(path) == 1 or path[0] == "set":
                yield Spot(path, MARKER, name=True)
        elif shape.pattern is None:
            yield Spot(path, MARKER)
    elif isinstance(shape, inspect.VarTupleType) and isinstance(value, list):
        item_says, item = _without_notes(shape.item_type)
        if isinstance(item, inspect.StrType):
            if item.pattern is None and item_says != "kept" and value:
                yield Spot(path, (MARKER,))
            return
        for place, inside in enumerate(value):
            yield from _walk(inside, shape.item_type, (*path, place))
    elif isinstance(shape, inspect.StructType) and isinstance(value, dict):
        for field in shape.fields:
            if field.encode_name in value:
                yield from _walk(value[field.encode_name], field.type, (*path, field.encode_name))


def _corrected(values: dict[str, object], of: Entry | None) -> Iterator[Spot]:
    """The content in what a correction sets: as in the entry it corrects; of an unknown one, every text."""
    fields = dict(_fields(kind_of(of))) if of is not None else {}
    for key, value in values.items():
        if key in fields:
            yield from _walk(value, fields[key], ("set", key))
        elif isinstance(value, str):
            yield Spot(("set", key), MARKER)
        elif isinstance(value, list):
            yield Spot(("set", key), (MARKER,))


def _without_notes(shape: inspect.Type) -> tuple[str | None, inspect.Type]:
    """A type without its annotations, and its redaction mark."""
    says = None
    while isinstance(shape, inspect.Metadata):
        says = says or (shape.extra or {}).get("redaction")
        shape = shape.type
    return says, shape


def _noted(shape: inspect.Type, says: str | None) -> inspect.Type:
    return inspect.Metadata(shape, extra={"redaction": says}) if says else shape


def _fits(value: object, shape: inspect.Type) -> bool:
    if isinstance(value, str):
        return isinstance(shape, inspect.StrType)
    if isinstance(value, list):
        return isinstance(shape, inspect.VarTupleType)
    return isinstance(value, dict) and isinstance(shape, inspect.StructType)


def _as_plain(new: str | tuple[str, ...] | None) -> object:
    return list(new) if isinstance(new, tuple) else new


def _at(plain: object, path: tuple[str | int, ...]) -> object:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(plain, dict):
            plain = plain.get(step)
        elif isinstance(plain, list) and isinstance(step, int) and step < len(plain):
            plain = plain[step]
        else:
            return None
    return plain


def _put(plain: object, spot: Spot) -> None:
    """Change the value at its place, or remove its key."""
    parent, last = _at(plain, spot.path[:-1]), spot.path[-1]
    if isinstance(parent, dict) and spot.is_key:
        del parent[last]
    elif isinstance(parent, dict):
        parent.update({last: _as_plain(spot.new)})
    elif isinstance(parent, list) and isinstance(last, int):
        parent[last] = _as_plain(spot.new)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
