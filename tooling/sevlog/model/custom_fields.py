"""Custom fields of incident.yaml (`fields` of sevlog.yaml): which a record must have, and the types of their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .config.settings import Config, CustomField
from .vocabulary import is_day

Value = str | int | float | bool | list[str]

TYPES_IN_WORDS: Mapping[str, str] = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date, such as 2026-11-23",
    "list": "a list of texts",
}


def required(config: Config, type_key: str, severity: str | None) -> tuple[str, ...]:
    """The fields that an incident of this type and severity must have, by key."""
    chosen = config.incident_type(type_key)
    of_the_type = chosen.fields if chosen else ()
    of_the_severity = (key for key, field in config.fields.items() if severity in field.required_for)
    return tuple(sorted({*of_the_type, *of_the_severity}))


def has_type(field: CustomField, value: object) -> bool:
    """Whether a value of a file is of the field's type."""
    if field.type == "date":
        return isinstance(value, str) and is_day(value)
    if field.type == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is {"string": str, "integer": int, "boolean": bool, "list": list}[field.type]


def typed(field: CustomField, text: str) -> Value:
    """The value that somebody typed. A list is typed with commas. Raises ValueError if it is not of the type."""
    value = _READERS[field.type](text.strip())
    if not has_type(field, value) or value in ("", []):
        raise ValueError(text)
    return value


def _whether(text: str) -> bool:
    answers = {"true": True, "yes": True, "false": False, "no": False}
    if text.lower() not in answers:
        raise ValueError(text)
    return answers[text.lower()]


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


_READERS: Mapping[str, Callable[[str], Value]] = {
    "string": str,
    "integer": int,
    "number": _number,
    "boolean": _whether,
    "date": str,
    "list": lambda text: [part.strip() for part in text.split(",") if part.strip()],
}
