"""What people answered on a pager, in the timeline: that they acknowledged a page, or what they wrote there (S67).

A pager that sevlog pages sends that same alert back. It is known by the key that sevlog gave it, and never opens an
incident of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...model.comms.opaque import DEDUP_PREFIX, dedup_of
from ...model.intake.alert import Answer, Signal, Taken
from ...model.timeline.entries import Acknowledged, Note
from ...model.timeline.entry_parts import Entry
from ...stores import layout
from ..recording.incident_session import IncidentSession

if TYPE_CHECKING:
    from ..common.outcome import Outcome
    from ..recording.recorder import Options
    from ..workspace.known_alerts import KnownAlerts
    from ..workspace.workspace import Workspace


def own_page(workspace: Workspace, signal: Signal) -> str | None:
    """The incident whose page this alert is; None where it is an alert of somebody else."""
    if not signal.fingerprint.startswith(DEDUP_PREFIX):
        return None
    names = layout.incident_ids(workspace.root)
    return next((name for name in reversed(names) if dedup_of(name) == signal.fingerprint), None)


def incident_of(workspace: Workspace, signal: Signal, known: KnownAlerts) -> str | None:
    """The live incident that an answer belongs to: of its page, or of the alert that it is about."""
    own = own_page(workspace, signal)
    if own is not None:
        return own if workspace.state(workspace.record(own)).live else None
    return next((one.incident for one in reversed(known.of(signal)) if one.live), None)


def of_own_page(signal: Signal, incident: str) -> Taken:
    """That an alert is the page of an incident, and changes nothing."""
    return _taken_row(signal, "known", f"it is the page of {incident} itself", incident)


def answered(signal: Signal, incident: str) -> Taken:
    """That an answer goes to the timeline of an incident."""
    said = "acknowledged" if signal.answer and signal.answer.kind == "acknowledged" else "written"
    return _taken_row(signal, "answered", f"{said} by {signal.answer.who if signal.answer else ''}", incident)


def _taken_row(signal: Signal, decision: str, reason: str, incident: str) -> Taken:
    return Taken(
        fingerprint=signal.fingerprint,
        title=signal.title,
        state=signal.state,
        decision=decision,  # type: ignore[arg-type]
        reason=reason,
        incident=incident,
    )


def record(workspace: Workspace, incident: str, signal: Signal, options: Options) -> Outcome | None:
    """The entry for an answer, in the name of who gave it where that is known; None where it is recorded already."""
    answer = signal.answer
    assert answer is not None
    person = person_of(workspace, answer)
    begun = workspace.state(workspace.record(incident)).timeline[0].at
    then = signal.at if signal.at and begun < signal.at < workspace.clock() else None
    session = IncidentSession(workspace, incident, replace(options, person=person or options.person, at=then))
    at = session.at
    who = "" if person else f"{answer.who}, who is not in oncall.yaml, "
    entry: Entry
    if answer.kind == "acknowledged":
        text = f"{who}acknowledged it on {signal.source}".strip() if who else None
        entry = Acknowledged(at=at, via=signal.source, text=text)
    else:
        entry = Note(at=at, text=f"{who}on {signal.source}: {answer.text}")
    if any(_is_same(item.entry, entry) for item in session.state.timeline):
        return None
    return session.do([entry], f"{person or answer.who} answered on {signal.source}")


_SAME = timedelta(minutes=5)
"""Two equal answers that are not further apart are one that was delivered twice; clocks of both sides differ."""


def _is_same(there: Entry, entry: Entry) -> bool:
    if type(there) is not type(entry) or there.text != entry.text or abs(there.at - entry.at) > _SAME:
        return False
    return not (isinstance(there, Acknowledged) and isinstance(entry, Acknowledged) and there.via != entry.via)


def person_of(workspace: Workspace, answer: Answer) -> str | None:
    """The person of oncall.yaml: by handle, forge handle, name, or the digest of a mail address."""
    import hashlib

    said = answer.who.strip().lower()
    digest = hashlib.sha256((answer.mail or answer.who).strip().lower().encode()).hexdigest()
    found = [
        person.key
        for person in workspace.oncall.people
        if said in (person.key.lower(), (person.forge or "").lower(), (person.name or "").lower())
        or person.email_sha256 == digest
    ]
    return found[0] if len(found) == 1 else None
