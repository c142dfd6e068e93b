"""Corrections and retractions: what was said stays, what counts changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from ..errors import NotFound, UsageError
from ..model.entries import Correction, Entry, Retraction, kind_of
from ..model.state import State
from ..stores import codec
from . import words
from .acting import Options, Outcome
from .moments import read_time
from .responding import Desk
from .workspace import Workspace


def correct(
    workspace: Workspace, incident: str | None, entry: str, changes: Sequence[str], reason: str | None,
    options: Options,
) -> Outcome:  # fmt: skip
    """Replace keys of an entry: KEY=VALUE each; an empty VALUE removes the key; COMPONENT states as components.KEY."""
    desk = Desk(workspace, incident, options)
    name = find_entry(desk.state, entry)
    item = desk.state.item(name)
    assert item is not None
    target = item.effective or item.entry
    values = _values(workspace, target, changes, desk.who.now)
    correction = Correction(at=desk.at, of=name, set=values, reason=reason)
    return desk.do([correction], f"correct {kind_of(target)}: {', '.join(values)}")


def retract(workspace: Workspace, incident: str | None, entry: str, reason: str, options: Options) -> Outcome:
    """Take an entry back: it stays visible internally and no longer counts."""
    desk = Desk(workspace, incident, options)
    name = find_entry(desk.state, entry)
    return desk.do([Retraction(at=desk.at, of=name, reason=reason)], f"retract {name}")


def find_entry(state: State, part: str) -> str:
    """The id of the entry that has this part of an id. Raises NotFound with the candidates."""
    ids = [item.id for item in state.timeline]
    if part in ids:
        return part
    found = [name for name in ids if part.lower() in name.lower()]
    if len(found) == 1:
        return found[0]
    problem = f"`{part}` is part of {len(found)} entry ids" if found else f"no entry of {state.id} has the id `{part}`"
    raise NotFound(problem, *(found or ids)[-6:], f"all of them: sevlog timeline -i {state.id}")


def _values(workspace: Workspace, target: Entry, changes: Sequence[str], now: datetime) -> dict[str, Any]:
    plain = codec.entry_data(target)
    fields = {f.encode_name for f in msgspec.structs.fields(target)}
    values: dict[str, Any] = {}
    for change in changes:
        key, sign, text = change.partition("=")
        top, _, below = key.partition(".")
        if not sign or not top:
            raise UsageError(f"`{change}` is no KEY=VALUE", "sevlog correct ENTRY ended_at=14:05")
        if top not in fields:
            words.choose(f"key of a {kind_of(target)}", top, sorted(fields - {"id"}))
        if below:
            merged = dict(values.get(top) or plain.get(top) or {})
            merged[words.component(workspace.config, below)] = words.impact(text)
            values[top] = merged
        else:
            values[top] = _value(top, text, plain.get(top), now)
    if not values:
        raise UsageError("nothing to correct", "sevlog correct ENTRY KEY=VALUE …")
    return values


def _value(key: str, text: str, current: object, now: datetime) -> Any:
    """The value as the file has it: times in UTC, numbers and booleans as such, lists from commas, "" as removal."""
    if text == "":
        return None
    if key == "at" or key.endswith("_at"):
        return codec.instant(read_time(text, now, past=True))
    if text in ("true", "false"):
        return text == "true"
    if isinstance(current, list):
        return [part.strip() for part in text.split(",") if part.strip()]
    if re.fullmatch(r"\d+", text) and (key.startswith("affected_") or key in ("support_cases", "step")):
        return int(text)
    if re.fullmatch(r"\d+\.\d+", text) and key == "affected_percent":
        return float(text)
    return text
