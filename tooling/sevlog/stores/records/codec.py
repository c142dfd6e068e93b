"""Between model values and plain data: what is written to files and printed as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from ...errors import UsageError
from ...model.timeline.entries import KIND_BY_NAME, kind_of
from ...model.timeline.entry_parts import Entry
from ...model.vocabulary import instant

_T = TypeVar("_T")


def plain(value: object) -> Any:
    """The plain data (dict, list, str, number, bool, None) of a model value; times in UTC, defaults left out."""
    return with_times(msgspec.to_builtins(value, builtin_types=(datetime,)))


def whole(value: msgspec.Struct) -> dict[str, Any]:
    """The plain data with every key: those that a file leaves out have their defaults. For programs that read JSON."""
    data = plain(value)
    defaults = {
        one.encode_name: with_times(msgspec.to_builtins(one.default))
        for one in msgspec.structs.fields(value)
        if one.default is not msgspec.NODEFAULT
    }
    return {**defaults, **data}


def with_times(value: Any) -> Any:
    """Plain data with every datetime as text in UTC."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, dict):
        return {key: with_times(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [with_times(item) for item in value]
    return value


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry as plain data, the keys in reading order: kind, when, who, id, its own keys, text, the rest."""
    data: dict[str, Any] = {"kind": kind_of(entry), **plain(entry)}
    first = ("kind", "at", "by", "recorded_at", "id")
    last = ("text", "evidence", "public", "key", "origin")
    middle = [key for key in data if key not in first and key not in last]
    return {key: data[key] for key in (*first, *middle, *last) if key in data}


def entry_of(row: object) -> Entry:
    """The entry of plain data with its kind. Raises TypeError, KeyError or msgspec.ValidationError if it is not one."""
    if not isinstance(row, dict):
        raise TypeError("not a mapping")
    return msgspec.convert(row, KIND_BY_NAME[row["kind"]])


def made(data: object, shape: type[_T], schema: str) -> _T:
    """The model value of plain data that someone typed. schema: the name of its schema, such as `entry`.

    Raises UsageError with every mistake in words.
    """
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        from ..yaml import io as yaml_io
        from .diagnosis import diagnose

        problems = diagnose("", yaml_io.dump(data).encode(), schema)
        if not problems:
            raise UsageError(str(error)) from None
        said = [f"{p.message}: {p.hint}" if p.hint else p.message for p in problems]
        raise UsageError(said[0], *said[1:]) from None
