"""Short names (T1, K2 …) that two people gave at the same time: the second one gets the next free name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from ...errors import InvalidRecord
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Record
from ...stores.records import card_edits
from ...stores.yaml import io as yaml_io

NAMED = ("theory", "task", "experiment", "observation")
"""Kinds of entries that carry a short name, or speak of one."""

_KEYS = ("ref", "theory", "from")
_NUMBERED = re.compile(r"(?P<letters>[A-Za-z]+)(?P<number>\d+)")


def may_have_names(path: str) -> bool:
    """Whether the file of an entry, by its name, has to do with short names."""
    return any(f"-{kind}" in PurePosixPath(path).stem for kind in NAMED)


def names_of(record: Record | None) -> frozenset[str]:
    """The short names that a record uses."""
    entries: Iterable[Entry] = record.entries if record else ()
    return frozenset(name for entry in entries if (name := getattr(entry, "ref", None)))


def new_names(texts: Iterable[str], before: frozenset[str], taken: frozenset[str]) -> dict[str, str]:
    """Old -> new for the names that these entries give and that others took meanwhile.

    before: the names that their author knew. taken: those that are in use now.
    """
    found: dict[str, str] = {}
    for text in texts:
        name = _read(text).get("ref")
        if isinstance(name, str) and name not in before and name in taken and name not in found:
            found[name] = _free(name, taken | before | frozenset(found.values()))
    return found


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text of an entry with these names replaced, wherever it speaks of them."""
    data = _read(text)
    for key in _KEYS:
        value = data.get(key)
        new: object = (
            [names.get(name, name) for name in value] if isinstance(value, list) else names.get(str(value), value)
        )
        if new != value:
            text = card_edits.set_key(text, key, new, after="kind")
    return text


def same_but_for_names(one: str, other: str) -> dict[str, str] | None:
    """Where two texts are one entry but for the names in it: the names of the first -> of the second; else None."""
    first, second = _read(one), _read(other)
    if {key: value for key, value in first.items() if key not in _KEYS} != {
        key: value for key, value in second.items() if key not in _KEYS
    }:
        return None
    here, there = first.get("ref"), second.get("ref")
    return {str(here): str(there)} if here != there else {}


def _free(name: str, taken: frozenset[str]) -> str:
    match = _NUMBERED.fullmatch(name)
    stem, number = (match["letters"], int(match["number"]) + 1) if match else (f"{name}-", 2)
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _read(text: str) -> dict[str, object]:
    """The keys of a file with one entry; none of another."""
    try:
        data = yaml_io.read(text.encode())
    except (yaml_io.YamlError, InvalidRecord):
        return {}
    return data if isinstance(data, dict) else {}
