"""Custom fields as they are typed: KEY=VALUE, with the type of sevlog.yaml."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import UsageError
from ...model.config.settings import Config
from ...model.custom_fields import TYPES_IN_WORDS, Value, typed
from . import name_lookup


def typed_fields(config: Config, given: Iterable[str]) -> dict[str, Value]:
    """The fields by key. Raises UsageError for an unknown field or a value of another type."""
    found: dict[str, Value] = {}
    for word, text in name_lookup.pairs("KEY=VALUE", given):
        if not config.fields:
            raise UsageError(f"no field `{word}`: sevlog.yaml has no custom fields", "add it there, under `fields`")
        key = name_lookup.choose("field", word, config.fields)
        field = config.fields[key]
        try:
            found[key] = typed(field, text)
        except ValueError:
            raise UsageError(f"`{text}` is not {TYPES_IN_WORDS[field.type]}", _how(key, field.type)) from None
    return found


def _how(key: str, kind: str) -> str:
    example = {"integer": "3", "number": "2.5", "boolean": "true", "date": "2026-11-23", "list": "one,two"}
    return f"--field {key}={example.get(kind, 'TEXT')}"
