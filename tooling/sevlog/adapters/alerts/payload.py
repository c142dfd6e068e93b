"""Reads a payload with care: each thing that is missing is told with the place where it should be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError
from msgspec import json as fast

from ...errors import UsageError

LARGEST = 5 * 1024 * 1024
"""Bytes of a payload. A source that sends more has something to say to people, not to a program."""

MOST = 1000
"""Alerts of one payload."""


def decode(data: bytes) -> dict[str, Any]:
    """The object of a payload. Raises UsageError."""
    if len(data) > LARGEST:
        raise UsageError(f"the payload has more than {LARGEST // 1024 // 1024} MiB", "send the alerts in parts")
    try:
        found = fast.decode(data)
    except (DecodeError, RecursionError) as error:
        raise UsageError(f"the payload is no JSON: {error}", "give what the source sends, as it is") from None
    if not isinstance(found, dict):
        raise UsageError(f"the payload is {_kind(found)} and no object", "give what the source sends, as it is")
    return found


class Part:
    """A part of a payload, and where it stands in it."""

    def __init__(self, value: Any, place: str = "") -> None:
        self.value, self.place = value, place

    def mapping(self, name: str, *, required: bool = False) -> Part:
        """An object below; an empty one where there is none. Raises UsageError where it is something else."""
        return self._below(name, dict, required)

    def rows(self, name: str) -> Iterator[Part]:
        """The objects of a list below. Raises UsageError where there is no list of objects."""
        found = self._below(name, list, required=True)
        if len(found.value) > MOST:
            raise UsageError(
                f"{found.place} has {len(found.value):,} entries, at most {MOST:,} are taken", "send parts"
            )
        for number, row in enumerate(found.value):
            if not isinstance(row, dict):
                raise UsageError(f"{found.place}[{number}] is {_kind(row)} and no object", _AS_IT_IS)
            yield Part(row, f"{found.place}[{number}]")

    def text(self, *names: str, required: bool = False) -> str:
        """The first of these keys that holds words or a number; empty where none does. Raises UsageError."""
        for name in names:
            value: Any = self.value
            for step in name.split("."):
                value = value.get(step) if isinstance(value, dict) else None
            if isinstance(value, str) and value.strip():
                return value
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
        if required:
            raise UsageError(f"{self._at(names[0])} is missing", _AS_IT_IS)
        return ""

    def _below(self, name: str, kind: type, required: bool) -> Part:
        value = self.value.get(name)
        if value is None and not required:
            return Part(kind(), self._at(name))
        if not isinstance(value, kind):
            said = "is missing" if value is None else f"is {_kind(value)}"
            raise UsageError(f"{self._at(name)} {said}", _AS_IT_IS)
        return Part(value, self._at(name))

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


_AS_IT_IS = "give what the source sends, as it is; is it the right source?"


def identity(*parts: object) -> str:
    """A fingerprint for what has none: of what makes it the same alert next time."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _kind(value: object) -> str:
    kinds = {str: "a text", list: "a list", dict: "an object", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
