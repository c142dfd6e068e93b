"""Applies corrections, retractions and redactions to the entries they refer to, and makes entry ids unique."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from ..suggestions import did_you_mean
from .entries import KIND_BY_NAME, Correction, Redaction, Retraction, Update, entry_id, kind_of, known_at
from .entry_parts import Entry
from .fold_state import Draft
from .state import TimelineItem

_FIXED_KEYS = frozenset({"kind", "id"})
_Named = tuple[str, Entry]
_AMENDING = (Correction, Retraction, Redaction)
_TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a mapping",
    "array": "a list",
    "datetime": "a time",
    "null": "nothing",
}


def identified(draft: Draft, entries: Iterable[Entry]) -> list[_Named]:
    """Entries with their ids, in the order of the timeline. Of two entries with one id, the later one is reported.

    The timeline is a set: identical entries count once.
    """
    named = sorted(((entry_id(e), e) for e in entries), key=_by_time)
    if len({name for name, _ in named}) == len(named):
        return named
    seen: dict[str, set[bytes]] = {}
    result = []
    worded = [(*_by_time((name, e)), msgspec.json.encode(e, order="deterministic"), e) for name, e in named]
    for _, _, name, words, entry in sorted(worded, key=lambda row: row[:4]):
        others = seen.setdefault(name, set())
        if words in others:
            draft.report(
                "repeated_entry",
                f"the entry `{name}` is recorded twice; it counts once",
                entry=name,
                hint="delete one of the two",
                warning=True,
            )
            continue
        others.add(words)
        if len(others) > 1:
            draft.report(
                "duplicate_entry_id",
                f"duplicate entry id `{name}` in this incident",
                entry=name,
                hint=f"give the later one another `id`, such as {name}-{len(others)}",
            )
            name = f"{name}#{len(others)}"
        result.append((name, entry))
    return result


def _by_time(pair: _Named) -> tuple[datetime, datetime, str]:
    name, entry = pair
    return entry.at, entry.recorded_at or entry.at, name


def amended(draft: Draft, named: list[_Named]) -> list[TimelineItem]:
    """Timeline items with corrections, retractions and redactions applied, in the order of the timeline.

    Amendments apply in the order in which they were recorded, regardless of `at`: the last one counts.
    """
    amending = [pair for pair in named if isinstance(pair[1], _AMENDING)]
    if not amending:
        return [
            TimelineItem(id=n, kind=kind_of(e), at=e.at, known_at=known_at(e), entry=e, effective=e) for n, e in named
        ]
    amending.sort(key=lambda pair: (known_at(pair[1]), pair[0]))
    originals = dict(named)
    retracted = _retracted(
        [(n, e.of) for n, e in amending if isinstance(e, Retraction) and e.of in originals and e.of != n]
    )
    effective = dict(originals)
    corrected: dict[str, list[str]] = {}
    redacted: dict[str, str] = {}
    for name, entry in amending:
        if name in retracted or not _is_about_an_entry(draft, originals, name, entry):
            continue
        if isinstance(entry, Redaction):
            redacted.setdefault(entry.of, name)
            if isinstance(effective[entry.of], Update):
                draft.edited[entry.of] = known_at(entry)
        elif isinstance(entry, Correction) and entry.of not in retracted:
            better = _corrected(draft, name, entry, effective[entry.of])
            if better is not None:
                effective[entry.of] = better
                corrected.setdefault(entry.of, []).append(name)
                if isinstance(better, Update):
                    draft.edited[entry.of] = known_at(entry)
    return [
        TimelineItem(
            id=n,
            kind=kind_of(e),
            at=e.at,
            known_at=known_at(e),
            entry=e,
            effective=None if n in retracted else effective[n],
            corrected_by=tuple(corrected.get(n, ())),
            retracted_by=retracted.get(n),
            redacted_by=redacted.get(n),
        )
        for n, e in named
    ]


def _is_about_an_entry(draft: Draft, entries: dict[str, Entry], name: str, entry: Entry) -> bool:
    assert isinstance(entry, _AMENDING)
    if entry.of in entries and entry.of != name:
        return True
    target = "itself" if entry.of == name else f"`{entry.of}`, which is not an entry of this incident"
    draft.report(
        "unknown_entry",
        f"this {kind_of(entry)} refers to {target}",
        entry=name,
        hint=f"list the entry ids: sevlog timeline -i {draft.record.id}",
    )
    return False


def _retracted(retractions: list[tuple[str, str]]) -> dict[str, str]:
    """Entry id -> the retraction that removes it. The retractions are (id, of), in the order of recording.

    A retracted retraction has no effect. In a cycle of retractions, the one recorded last takes effect.
    """
    of = dict(retractions)
    waiting = dict.fromkeys(of, 0)  # number of undecided retractions of this retraction
    for target in of.values():
        if target in waiting:
            waiting[target] += 1
    taken: dict[str, str] = {}
    decided: set[str] = set()
    ready = deque(name for name in of if waiting[name] == 0)
    last = iter(reversed(of))
    while len(decided) < len(of):
        name = ready.popleft() if ready else next(last)
        if name in decided:
            continue
        decided.add(name)
        if name not in taken and of[name] not in decided:
            taken.setdefault(of[name], name)
        if of[name] in waiting:
            waiting[of[name]] -= 1
            if waiting[of[name]] == 0:
                ready.append(of[name])
    return taken


def _corrected(draft: Draft, name: str, correction: Correction, target: Entry) -> Entry | None:
    """The target with the corrected keys. None, and a problem is reported, if that is not a valid entry."""
    kind = kind_of(target)
    fixed = sorted(_FIXED_KEYS & correction.set.keys())
    if fixed or isinstance(target, _AMENDING):
        draft.report(
            "invalid_correction",
            f"{f'the `{fixed[0]}` of an entry' if fixed else f'a {kind}'} cannot be corrected",
            entry=name,
            hint=f'retract it instead: sevlog retract -i {draft.record.id} {correction.of} --reason "…"',
        )
        return None
    plain = msgspec.to_builtins(target)
    shape = KIND_BY_NAME[kind]
    try:
        return msgspec.convert(_with(plain, correction.set), shape)
    except msgspec.ValidationError as error:
        each = ((key, _invalid(_with(plain, {key: value}), shape)) for key, value in correction.set.items())
        for key, why in [(key, why) for key, why in each if why is not None] or [("", error)]:
            draft.report(
                "invalid_correction",
                _why_invalid(correction, kind, key, why),
                entry=name,
                hint="correct it again, or retract this correction: "
                f'sevlog retract -i {draft.record.id} {name} --reason "…"',
            )
        return None


def _with(plain: dict[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """The plain data of an entry with other values; None removes a key."""
    return {key: value for key, value in {**plain, **changes}.items() if key not in changes or value is not None}


def _invalid(plain: dict[str, object], shape: type[Entry]) -> msgspec.ValidationError | None:
    """The validation error of an entry; None if it is valid."""
    try:
        msgspec.convert(plain, shape)
    except msgspec.ValidationError as error:
        return error
    return None


def _why_invalid(correction: Correction, kind: str, key: str, error: msgspec.ValidationError) -> str:
    keys = [field.encode_name for field in msgspec.structs.fields(KIND_BY_NAME[kind])]
    if not key or key in keys:
        reason, _, place = str(error).partition(" - at `$.")
        where = f"invalid `{place.rstrip('`')}`: " if place else ""
        plain = re.sub(r"`(\w+)`", lambda match: _TYPES.get(match[1], match[0]), reason)
        return f"`{correction.of}` would not be a valid entry of kind {kind}; {where}{plain[:1].lower()}{plain[1:]}"
    hint = did_you_mean(key, keys) or f"its keys: {', '.join(sorted(keys))}"
    return f"unknown key `{key}` in an entry of kind `{kind}`; {hint}"
