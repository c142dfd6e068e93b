"""What is learned later: the result of an experiment, and who else saw what was observed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar

from ...errors import NotFound, Refused
from ...model.timeline.entries import Experiment, Observation, Theory
from ...model.timeline.entry_parts import Entry
from ...model.timeline.kinds.registry import subject
from ...model.timeline.state import ExperimentState, ObservationState
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Options
from ..workspace.workspace import Workspace

Verdict = Literal["supported", "refuted"]


def record_result(
    workspace: Workspace,
    incident: str | None,
    ref: str,
    text: str | None,
    options: Options,
    *,
    verdict: Verdict | None = None,
    reverted: bool | None = None,
) -> Outcome:
    """Add the result of an experiment, or whether it was reverted; with a verdict also the new state of its theory.

    A result that it has is replaced, and a hint says so. Raises NotFound for an unknown experiment or theory, Refused
    if nothing would change.
    """
    session = IncidentSession(workspace, incident, options)
    found = _named(session, "experiment", ref, session.state.experiments)
    entries: list[Entry] = []
    hints: list[str] = []
    if text not in (None, found.result) or reverted not in (None, found.reverted):
        entries.append(Experiment(at=session.at, ref=found.ref, result=text, reverted=reverted))
        if text is not None and found.result not in (None, text):
            hints.append(f"{found.ref} had the result “{found.result}” before; the timeline keeps both")
    elif verdict is None:
        raise Refused(f"{found.ref} already has this result: nothing to record", f"see it: {_look(session)}")
    if verdict is not None:
        hints += _judge(session, found, verdict, entries)
    return session.do(entries, "; ".join(map(subject, entries)), hints=tuple(hints))


def _judge(session: IncidentSession, found: ExperimentState, verdict: Verdict, entries: list[Entry]) -> Iterable[str]:
    """Add the new state of the theory; where it has that state already, a hint and no entry."""
    theory = session.state.theories.get(found.theory)
    if theory is None:
        raise _missing(session, "theory", found.theory, session.state.theories)
    if theory.state != verdict:
        entries.append(Theory(at=session.at, ref=theory.ref, state=verdict))
        return ()
    if not entries:
        raise Refused(
            f"{found.ref} already has this result, and {theory.ref} is already {verdict}: nothing to record",
            f"see it: {_look(session)}",
        )
    return (f"{theory.ref} was already {verdict}",)


def confirm(workspace: Workspace, incident: str | None, ref: str, text: str | None, options: Options) -> Outcome:
    """Record that the person who acts saw it too. Raises NotFound, or Refused for their own observation."""
    session = IncidentSession(workspace, incident, options)
    found = _named(session, "observation", ref, session.state.observations)
    who = session.who.person
    if who == found.by:
        raise Refused(
            f"{found.ref} is your own observation; confirmed means that somebody else saw it too",
            f"as the person who saw it: sevlog confirm -i {session.record.id} {found.ref} --as PERSON",
            f'to add what you saw later: sevlog observe -i {session.record.id} "…"',
        )
    if who in found.confirmed_by and text is None:
        raise Refused(f"{who} already confirmed {found.ref}: nothing to record", f"see it: {_look(session)}")
    entry = Observation(at=session.at, ref=found.ref, text=text, confirmed_by=(who,))
    return session.do([entry], subject(entry))


_N = TypeVar("_N", bound=ExperimentState | ObservationState)


def _named(session: IncidentSession, what: str, ref: str, among: Iterable[_N]) -> _N:
    known = {one.ref: one for one in reversed([*among]) if one.ref}
    folded = {name.lower(): one for name, one in known.items()}
    if ref.lower() not in folded:
        raise _missing(session, what, ref, known)
    return folded[ref.lower()]


def _missing(session: IncidentSession, what: str, ref: str, known: Iterable[str]) -> NotFound:
    return NotFound(
        f"{session.record.id} has no {what} `{ref}`", f"there are: {', '.join(sorted(known)) or 'none yet'}"
    )


def _look(session: IncidentSession) -> str:
    return f"sevlog theories {session.record.id}"
