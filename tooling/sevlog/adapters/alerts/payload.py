"""Reads a payload and reports missing or wrong values with their place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from msgspec import DecodeError
from msgspec import json as fast

from ...errors import UsageError

LARGEST = 50 * 1024 * 1024
"""The most bytes of a payload."""

MOST = 10_000
"""The most alerts of one payload."""


def decode(data: bytes) -> dict[str, Any]:
    """The object of a payload. Raises UsageError."""
    if len(data) > LARGEST:
        raise UsageError(f"the payload is larger than {LARGEST // 1024 // 1024} MiB", "split the payload")
    try:
        found = fast.decode(data)
    except (DecodeError, RecursionError) as error:
        raise UsageError(f"the payload is not JSON: {error}", "pass the payload of the source unchanged") from None
    if not isinstance(found, dict):
        raise UsageError(f"the payload is {_kind(found)}, not an object", "pass the payload of the source unchanged")
    return found


class PayloadPart:
    """A part of a payload, and its path."""

    def __init__(self, value: Any, place: str = "") -> None:
        self.value, self.place = value, place

    def mapping(self, name: str, *, required: bool = False) -> PayloadPart:
        """A nested object; empty if it is missing. Raises UsageError for another type."""
        return self._below(name, dict, required)

    def rows(self, name: str) -> Iterator[PayloadPart]:
        """The objects of a nested list. Raises UsageError for another type."""
        found = self._below(name, list, required=True)
        if len(found.value) > MOST:
            raise UsageError(
                f"{found.place} has {len(found.value):,} entries; the limit is {MOST:,}", "split the payload"
            )
        for number, row in enumerate(found.value):
            if not isinstance(row, dict):
                raise UsageError(f"{found.place}[{number}] is {_kind(row)}, not an object", _AS_IT_IS)
            yield PayloadPart(row, f"{found.place}[{number}]")

    def text(self, *names: str, required: bool = False) -> str:
        """The first of these keys with a text or a number; else empty. Raises UsageError."""
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

    def _below(self, name: str, kind: type, required: bool) -> PayloadPart:
        value = self.value.get(name)
        if value is None and not required:
            return PayloadPart(kind(), self._at(name))
        if not isinstance(value, kind):
            said = "is missing" if value is None else f"is {_kind(value)}"
            raise UsageError(f"{self._at(name)} {said}", _AS_IT_IS)
        return PayloadPart(value, self._at(name))

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


_AS_IT_IS = "pass the payload unchanged, and check the source"


def identity(*parts: object) -> str:
    """A fingerprint for an alert without one, from the values that identify it."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _kind(value: object) -> str:
    kinds = {str: "a text", list: "a list", dict: "an object", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
