"""The short names of a response (T1, E1, O1, K1): given once, and from then on they mean what they were given to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...errors import NotFound, Refused
from ...model.timeline.entries import Theory
from ...model.timeline.state import ExperimentState, ObservationState, State, TaskState

Named = ObservationState | ExperimentState | Theory | TaskState

_LETTERS = {"observation": "O", "theory": "T", "experiment": "E", "task": "K"}
_COMMANDS = {"observation": "observe"}
_GIVEN_ONCE = {
    "observation": "to confirm it: sevlog confirm -i {incident} {ref} --as PERSON",
    "experiment": 'to add its result: sevlog result -i {incident} {ref} "…"',
}
"""Kinds whose later entries other commands write, with the hint that names the command."""


def settled(state: State, plain: dict[str, object]) -> dict[str, object]:
    """The keys of an entry with its short name: the next free one, or the one that was meant.

    plain: the keys as typed; `state` is None where it was not typed. A text of one word that is a short name in use
    means what it names. Raises Refused where other words would replace what a name stands for, NotFound for a name
    that nothing has.
    """
    kind = str(plain["kind"])
    letter = _LETTERS.get(kind)
    if letter is None:
        return plain
    known = _names_in_use(state, kind)
    plain = _with_name(state, kind, letter, plain, known)
    ref = plain.get("ref")
    if ref is None:
        return {**plain, "ref": next_ref(state, letter), **_initial_state(kind, plain)}
    if ref not in known:
        return {**plain, **_initial_state(kind, plain)}
    return _about(state, kind, str(ref), plain, known)


def next_ref(state: State, letter: str) -> str:
    """The first free short name: T1, T2 … by what the timeline has, what was retracted included."""
    used = {getattr(item.entry, "ref", None) for item in state.timeline}
    number = 1
    while f"{letter}{number}" in used:
        number += 1
    return f"{letter}{number}"


def _names_in_use(state: State, kind: str) -> Mapping[str, Named]:
    """Short name -> what has it, for one kind."""
    if kind == "observation":
        return {one.ref: one for one in state.observations if one.ref}
    if kind == "experiment":
        return {one.ref: one for one in state.experiments if one.ref}
    return state.theories if kind == "theory" else state.tasks


def _with_name(
    state: State, kind: str, letter: str, plain: dict[str, object], known: Mapping[str, Named]
) -> dict[str, object]:
    ref, text = plain.get("ref"), str(plain.get("text") or "").strip()
    folded = {name.lower(): name for name in known}
    if ref is not None:
        return {**plain, "ref": folded.get(str(ref).lower(), str(ref).upper() if _is_short(str(ref), letter) else ref)}
    if text.lower() in folded:
        return {**plain, "ref": folded[text.lower()], "text": None}
    if _is_short(text, letter):
        raise NotFound(f"{state.id} has no {kind} `{text}`", f"known: {', '.join(sorted(known)) or 'none yet'}")
    return plain


def _is_short(text: str, letter: str) -> bool:
    return re.fullmatch(rf"{letter}[0-9]{{1,4}}", text, re.IGNORECASE) is not None


def _initial_state(kind: str, plain: dict[str, object]) -> dict[str, object]:
    return {"state": plain.get("state") or "open"} if kind not in _GIVEN_ONCE else {}


def _about(
    state: State, kind: str, ref: str, plain: dict[str, object], known: Mapping[str, Named]
) -> dict[str, object]:
    """What is said about something that has its name already."""
    named = known[ref]
    command = f"sevlog {_COMMANDS.get(kind, kind)} -i {state.id}"
    another = f'to add another {kind}: {command} "…"'
    if isinstance(named, ObservationState | ExperimentState):
        later = _GIVEN_ONCE[kind].format(incident=state.id, ref=ref)
        raise Refused(
            f"{ref} is already “{named.text}”", later, f"{another}, without --ref", _correction(state, kind, ref)
        )
    if plain.get("text") and plain.get("state") in (None, "open"):
        raise Refused(
            f"{ref} is already “{named.text}”",
            f"to record its result: {command} {ref} --state {'supported' if kind == 'theory' else 'done'}",
            _correction(state, kind, ref),
            f"{another}, without --ref",
        )
    change = {key: value for key, value in plain.items() if key not in ("kind", "ref", "state") and value}
    wanted = plain.get("state") or named.state
    if not change and wanted == named.state:
        what = f"is already {named.state}" if plain.get("state") else f"is “{named.text}”"
        raise Refused(f"{ref} {what}: nothing to record", f"give the new state: {command} {ref} --state …")
    return {**plain, "state": wanted}


def _correction(state: State, kind: str, ref: str) -> str:
    first = next((i.id for i in state.timeline if i.kind == kind and getattr(i.entry, "ref", None) == ref), "ENTRY")
    return f'to reword it: sevlog correct -i {state.id} {first} text="…"'
