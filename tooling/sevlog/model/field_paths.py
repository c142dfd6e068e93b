"""Paths of values in custom JSON, as the mappings of sevlog.yaml write them.

job.name                       keys, one inside the other
labels."app.kubernetes.io/name"  a key with dots, in double quotes; also labels["app.kubernetes.io/name"]
runs[0].id, runs[-1].id        an item of a list, from the start or the end
tags[*], runs[*].id            all items of a list
job.name || job.id || 'none'   the first that has a value; a text in single quotes is that text
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeGuard

from msgspec import Struct

_KEY = r'[^\s."\'\[\]|]+'
_QUOTED = r'"[^"]+"'
_BRACKETS = r'\[(?:-?[0-9]{1,6}|\*|"[^"]+")\]'
_PATH = rf"(?:{_KEY}|{_QUOTED}|{_BRACKETS})(?:\.(?:{_KEY}|{_QUOTED})|{_BRACKETS})*"
_TEXT = r"'[^']*'"
PATTERN = rf"^(?:{_PATH}|{_TEXT})(?: *\|\| *(?:{_PATH}|{_TEXT}))*\Z"
"""What a path looks like, for the schema of sevlog.yaml."""

_STEP = re.compile(rf'\.?(?:(?P<key>{_KEY})|"(?P<quoted>[^"]+)")|\[(?:(?P<index>-?[0-9]+|\*)|"(?P<named>[^"]+)")\]')
_CHOICE = re.compile(rf" *(?:\|\| *)?(?P<choice>{_PATH}|{_TEXT})")
ALL = "*"
Step = str | int
_MOST_KEYS = 8


class _All:
    """The step [*]."""


class Missing(Struct, frozen=True):
    """Where a path ended: the part that is there, and what the payload has at that place."""

    there: str
    has: str


@cache
def choices(text: str) -> tuple[str, ...]:
    """The paths and texts of an expression, in order."""
    return tuple(found["choice"] for found in _CHOICE.finditer(text))


@cache
def _steps(path: str) -> tuple[tuple[str, Step | _All], ...]:
    """The path up to and with each step, and the step."""
    found: list[tuple[str, Step | _All]] = []
    for match in _STEP.finditer(path):
        index = match["index"]
        step: Step | _All = match["key"] or match["quoted"] or match["named"] or ""
        if index is not None:
            step = _All() if index == ALL else int(index)
        found.append((path[: match.end()], step))
    return tuple(found)


def values(payload: object, text: str) -> list[object] | Missing:
    """The values at the first choice that has one: one value, or one for each item of [*]; else why there is none."""
    missing = Missing("", kind(payload))
    for choice in choices(text):
        if choice.startswith("'"):
            return [choice[1:-1]]
        found = _at(payload, choice)
        if isinstance(found, Missing):
            missing = found
        elif kept := [value for value in found if value is not None and value != ""]:
            return kept
        else:
            missing = Missing(choice, kind(found[0]) if found else "an empty list")
    return missing


def _at(payload: object, path: str) -> list[object] | Missing:
    """What is at a path. An item of [*] that lacks the rest of the path is left out, unless all do."""
    found: list[object] = [payload]
    before = ""
    for until, step in _steps(path):
        below: list[object] = []
        for value in found:
            below += _below(value, step)
        if not below and found:
            return Missing(before, kind(found[0]))
        found, before = below, until
    return found


def _below(value: object, step: Step | _All) -> list[object]:
    if isinstance(step, _All):
        return list(value) if _is_list(value) else []
    if isinstance(step, int):
        return [value[step]] if _is_list(value) and -len(value) <= step < len(value) else []
    return [value[step]] if isinstance(value, Mapping) and step in value else []


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def kind(value: object) -> str:
    """What a value is, for an error: the keys of an object, the length of a list."""
    if isinstance(value, Mapping):
        names = [str(name)[:40] for name in value]
        more = f" and {len(names) - _MOST_KEYS} more" if len(names) > _MOST_KEYS else ""
        return f"an object with {', '.join(names[:_MOST_KEYS])}{more}" if names else "an empty object"
    if _is_list(value):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "a text" if value else "an empty text"
    return "null" if value is None else "a number"
