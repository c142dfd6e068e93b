"""Corrections and retractions: what was said stays, what counts changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from ...errors import NotFound, Refused, UsageError
from ...model.oncall.schedule_clock import zone_of
from ...model.timeline.entries import (
    KIND_BY_NAME,
    CorrectedValue,
    Correction,
    Raised,
    Redaction,
    Retraction,
    StatusChanged,
    kind_of,
)
from ...model.timeline.entry_parts import Entry
from ...model.timeline.kinds.registry import one_line_of
from ...model.timeline.state import State, TimelineItem
from ...model.vocabulary import instant
from ...stores.records import codec
from ..common import name_lookup
from ..common.outcome import Outcome
from ..common.time_input import read_time, told
from ..recording.identity import known_person
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Options, check_past
from ..workspace.workspace import Workspace

_FIXED = ("id", "kind")
_BY_HAND = ("evidence", "origin")
_MOST_SHOWN = 6


def correct(
    workspace: Workspace, incident: str | None, entry: str, changes: Sequence[str], reason: str | None, options: Options
) -> Outcome:
    """Replace keys of an entry: KEY=VALUE each; an empty VALUE removes the key; COMPONENT states as components.KEY.

    Raises UsageError where the entry would not be valid, Refused where it cannot be corrected at all.
    """
    session = IncidentSession(workspace, incident, options)
    item = _item(session.state, entry)
    target = item.effective
    if target is None:
        raise Refused(f"{item.id} was retracted by {item.retracted_by}", "a retracted entry needs no correction")
    if isinstance(target, Correction | Retraction | Redaction):
        raise Refused(
            f"a {kind_of(target)} cannot be corrected",
            f'retract it instead: sevlog retract -i {session.record.id} {item.id} --reason "…"',
        )
    wanted = _Values(session, target)
    values = wanted.read(changes)
    if reason is None and isinstance(target, Raised):
        _require_no_new_level(session, target, item.id, values)
    correction = Correction(at=session.at, of=item.id, set=values, reason=reason)
    done = session.do([correction], f"correct {kind_of(target).replace('_', ' ')}: {', '.join(values)}")
    return msgspec.structs.replace(done, times=tuple(wanted.times))


def _require_no_new_level(session: IncidentSession, target: Raised, entry: str, values: Mapping[str, object]) -> None:
    """Raise Refused for another severity or priority without a reason: a change of it has one, and a history (S46)."""
    for what in ("severity", "priority"):
        new = values.get(what)
        if new is not None and new != getattr(target, what):
            incident, old = session.record.id, getattr(target, what)
            raise Refused(
                f"the {what} changes with a reason, and the earlier one stays in the history",
                f'sevlog {what} {new} --reason "…" -i {incident}',
                f'if it never was {old}: sevlog correct {entry} {what}={new} --reason "…" -i {incident}',
            )


def retract(workspace: Workspace, incident: str | None, entry: str, reason: str, options: Options) -> Outcome:
    """Take an entry back: it stays visible internally and no longer counts."""
    session = IncidentSession(workspace, incident, options)
    item = _item(session.state, entry)
    if item.retracted_by is not None:
        raise Refused(f"{item.id} was already retracted by {item.retracted_by}", "it no longer counts")
    if isinstance(item.entry, Redaction):
        raise Refused(
            f"{item.id} cannot be retracted: the content it removed no longer exists",
            f'to state it again: sevlog note -i {session.record.id} "…", or sevlog correct {item.entry.of} text=…',
        )
    opening = [i for i in session.state.timeline if isinstance(i.effective, Raised | StatusChanged)]
    if [i.id for i in opening[:1]] == [item.id]:
        raise Refused(
            f"{item.id} opens the incident and cannot be retracted",
            f'if it was a false alarm: sevlog decline -i {session.record.id} --reason "…"',
        )
    return session.do([Retraction(at=session.at, of=item.id, reason=reason)], f"retract {item.id}")


def _item(state: State, part: str) -> TimelineItem:
    item = state.item(find_entry(state, part))
    assert item is not None
    return item


def find_entry(state: State, part: str) -> str:
    """The id of the entry that has this part of an id. Raises NotFound with the candidates."""
    if state.item(part):
        return part
    found = [item for item in state.timeline if part.lower() in item.id.lower()]
    if len(found) == 1:
        return found[0].id
    shown = (found or list(state.timeline))[-_MOST_SHOWN:]
    problem = (
        f"`{part}` is part of {len(found)} entry ids" if found else f"{state.id} has no entry with the id `{part}`"
    )
    raise NotFound(
        problem,
        *(f"{i.id}   {one_line_of(i.effective or i.entry)}" for i in shown),
        f"list all entries: sevlog timeline {state.id}",
        details={"candidates": [i.id for i in found]},
    )


class _Values:
    """Reads KEY=VALUE changes of one entry."""

    def __init__(self, session: IncidentSession, target: Entry) -> None:
        self.session, self.target = session, target
        self.plain = codec.entry_data(target)
        self.kind = kind_of(target)
        self.values: dict[str, CorrectedValue] = {}
        self.times: list[str] = []
        self.keys = sorted({f.encode_name for f in msgspec.structs.fields(target)} - {*_FIXED, *_BY_HAND})

    def read(self, changes: Sequence[str]) -> dict[str, CorrectedValue]:
        """The new values as the file has them; None takes a key away."""
        for change in changes:
            key, sign, text = change.partition("=")
            top, _, below = key.partition(".")
            if not sign or not top:
                raise UsageError(f"`{change}` is not KEY=VALUE", "example: sevlog correct ENTRY ended_at=14:05")
            self._check_key(top)
            if below:
                there = self.values.get(top) or self.plain.get(top)
                merged = {**there} if isinstance(there, dict) else {}
                merged[name_lookup.component(self.session.workspace.config, below)] = name_lookup.impact(text)
                self.values[top] = merged
            else:
                self.values[top] = self._value(top, text)
        if not self.values:
            raise UsageError("nothing to correct", "sevlog correct ENTRY KEY=VALUE …")
        codec.made(self._corrected(self.values), KIND_BY_NAME[self.kind], "entry")
        return self.values

    def _check_key(self, key: str) -> None:
        if key in _FIXED:
            raise Refused(
                f"the {key} of an entry never changes: feeds, links and corrections refer to it",
                "retract the entry and record it again: sevlog retract",
            )
        if key in _BY_HAND:
            raise UsageError(f"`{key}` has nested keys", "add a correction entry to the timeline by pull request")
        if key not in self.keys:
            name_lookup.choose(f"key of a {self.kind.replace('_', ' ')} entry", key, self.keys)

    def _corrected(self, values: Mapping[str, object]) -> dict[str, object]:
        return {key: value for key, value in {**self.plain, **values}.items() if value is not None}

    def _value(self, key: str, text: str) -> CorrectedValue:
        if text == "":
            return None
        if key == "at" or key.endswith("_at"):
            past, config = key != "next_update_at", self.session.workspace.config
            moment = read_time(text, self.session.who.now, past=past, page=lambda: zone_of(config.page.time_zone))
            if past:
                check_past(f"{key}=", moment, self.session.who.now)
            self.times.append(f"{key.replace('_', ' ')} {told(moment)}")
            return instant(moment)
        text = self._known_word(key, text)
        for candidate in _readings(text):
            try:
                msgspec.convert(self._corrected({key: candidate}), KIND_BY_NAME[self.kind])
            except msgspec.ValidationError:
                continue
            return candidate
        return text

    def _known_word(self, key: str, text: str) -> str:
        """The word as the configuration has it. Raises UsageError for one that it does not know."""
        config = self.session.workspace.config
        if key == "severity" or (self.kind, key) == ("severity", "to"):
            return name_lookup.severity(config, text)
        if key == "priority" or (self.kind, key) == ("priority", "to"):
            return name_lookup.priority(config, text)
        if key == "role":
            return name_lookup.role(config, text)
        if key in ("person", "by", "assignee", "approved_by") or (self.kind == "handover" and key in ("from", "to")):
            return known_person(self.session.workspace, text)
        return text


def _readings(text: str) -> list[CorrectedValue]:
    """What a text may stand for, the most special first: yes or no, a number, itself, a list."""
    readings: list[CorrectedValue] = [text == "true"] if text in ("true", "false") else []
    if re.fullmatch(r"\d{1,15}", text, re.ASCII):
        readings.append(int(text))
    if re.fullmatch(r"\d{1,15}\.\d{1,15}", text, re.ASCII):
        readings.append(float(text))
    return [*readings, text, [part.strip() for part in text.split(",") if part.strip()]]
