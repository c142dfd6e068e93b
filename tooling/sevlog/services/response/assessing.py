"""The assessment: what is known of the impact, and how the incident was detected."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ...errors import Refused
from ...model.timeline.entries import Note
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Detection
from ...model.timeline.kinds.assessing import unknown_among
from ...model.timeline.kinds.registry import subject
from ...model.timeline.state import AssessedFacts, State
from ...model.vocabulary import DetectionSource, in_words
from ..common.fields import typed_fields
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recorder import Options, check_past
from ..workspace.workspace import Workspace

_NOTHING: tuple[object, ...] = (None, [], ())


def assess(
    workspace: Workspace,
    incident: str | None,
    plain: dict[str, object],
    options: Options,
    *,
    source: DetectionSource | None = None,
    ref: str | None = None,
    fields: tuple[str, ...] = (),
) -> Outcome:
    """Record what is known of the impact. On a major, a warning where it comes before command and channels (S39).

    plain: keys of the entry. Support cases and factors that are known are not added again, and an unknown factor is not
    removed; a hint says so. source, ref: how it was detected; they go onto the card (S24).
    fields: custom fields, KEY=VALUE; they go there too.
    Raises Refused if nothing is left to record.
    """
    session = IncidentSession(workspace, incident, options)
    plain, hints = _without_repeats(session.state.assessment, plain)
    entries: list[Entry] = []
    if any(value not in _NOTHING for key, value in plain.items() if key != "kind"):
        entries.append(entry_from(plain, session.at))
        check_past("--started-at", getattr(entries[0], "started_at", None), session.who.now)
    assessed = bool(entries)
    changed: dict[str, object] = {}
    if source is not None or ref is not None:
        changed["detection"], note = _detected(session, source, ref)
        entries.append(note)
    if fields:
        changed["fields"], note = _with_fields(session, fields)
        entries.append(note)
    if not entries:
        raise Refused(f"{session.record.id}: {'; '.join(hints)}", "nothing to record")
    files, replaced = session.card_with(**changed) if changed else ({}, frozenset[str]())
    done = session.do(entries, subject(entries[0]), files=files, replaced=replaced, hints=hints)
    early = _too_early(done.state) if assessed else ()  # how it was detected is known from the start
    return msgspec.structs.replace(done, warnings=(*done.warnings, *early))


def _without_repeats(known: AssessedFacts, plain: dict[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """The keys of an assessment without the list items that change nothing, and what to say of those."""
    factors = known.factors or ()
    cases, old_cases = _split(plain.get("support_cases_added"), known.support_case_refs or ())
    added, old_factors = _split(plain.get("factors_added"), factors)
    removed = [word for word in _words(plain.get("factors_removed")) if word in factors]
    absent = [word for word in _words(plain.get("factors_removed")) if word not in factors]
    kept = {**plain, "support_cases_added": cases, "factors_added": added, "factors_removed": removed}
    listed = ", ".join(factors) or "none"
    hints = (
        *(f"support case {word} is already listed" for word in old_cases),
        *(f"`{word}` is already a factor" for word in old_factors),
        *(f"`{word}` is not a factor (factors: {listed})" for word in absent),
    )
    return kept, hints


def _split(value: object, known: Iterable[str]) -> tuple[list[str], list[str]]:
    """The words that are not known yet, and the others."""
    words = _words(value)
    new = unknown_among(words, known)
    return [*new], [word for word in words if word not in new]


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list | tuple) else []


def _detected(session: IncidentSession, source: DetectionSource | None, ref: str | None) -> tuple[Detection, Note]:
    """The detection with a source or reference, and the entry that says so. Raises Refused if nothing changes."""
    before = session.record.card.detection or Detection()
    after = msgspec.structs.replace(before, source=source or before.source, ref=ref or before.ref)
    if after == before:
        raise Refused(f"{session.record.id} already has this detection source and reference", "nothing to record")
    said = (f"source {in_words(after.source)}" if after.source else "", f"reference {after.ref}" if after.ref else "")
    return after, Note(at=session.at, text=f"Detection: {', '.join(text for text in said if text)}")


def _with_fields(session: IncidentSession, given: tuple[str, ...]) -> tuple[dict[str, object], Note]:
    """The custom fields with those that were typed, and the entry that says so. Raises Refused if nothing changes."""
    before = session.record.card.fields
    typed = typed_fields(session.workspace.config, given)
    new = {key: value for key, value in typed.items() if before.get(key) != value}
    if not new:
        raise Refused(f"{session.record.id} already has these values", "nothing to record")
    said = ", ".join(f"{key} = {', '.join(value) if isinstance(value, list) else value}" for key, value in new.items())
    return {**before, **new}, Note(at=session.at, text=f"Fields: {said}")


def _too_early(state: State) -> tuple[str, ...]:
    if not (state.major and state.category == "live") or state.channels:
        return ()
    missing = "nobody has taken command and no channel is open" if state.lead is None else "no channel is open yet"
    command = f"sevlog {'ack' if state.lead is None else 'channel'} -i {state.id}"
    how = f"{command} --channel chat=URL" if state.lead is None else f"{command} chat URL"
    return (f"{missing}, so others cannot see what is known ({how})",)
