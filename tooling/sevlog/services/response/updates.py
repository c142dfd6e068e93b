"""Updates to an audience: text, phase, and the promised time of the next one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from msgspec import Struct

from ...errors import Refused, UsageError
from ...model.comms.plan import OUTSIDE, plan_of
from ...model.timeline.entries import Update
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from ...model.vocabulary import (
    FINAL_PHASES,
    INCIDENT_PHASES,
    MAINTENANCE_PHASES,
    Audience,
    Impact,
    Phase,
    instant,
    to_the_minute,
)
from ..common import name_lookup
from ..common.outcome import Outcome
from ..recording import placeholder_guard
from ..recording.identity import known_person
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recorder import Options
from ..workspace.workspace import Workspace


class Message(Struct, frozen=True, kw_only=True):
    """What somebody wants to tell an audience. phase: None means as the status says.

    components: KEY=STATE pairs. next_in: None means by the cadence; promise: whether anything is promised.
    """

    audience: Audience = "public"
    phase: Phase | None = None
    components: tuple[str, ...] = ()
    next_in: timedelta | None = None
    promise: bool = True
    title: str | None = None
    template: str | None = None
    approved_by: str | None = None


def publish_update(
    workspace: Workspace,
    incident: str | None,
    text: str,
    *,
    audience: Audience,
    phase: Phase | None,
    components: Sequence[str],
    next_in: timedelta | None,
    promise: bool,
    title: str | None,
    template: str | None,
    approved_by: str | None,
    options: Options,
) -> Outcome:
    """Tell an audience. The first public one needs a public title; each promises the next one by the cadence."""
    message = Message(
        audience=audience,
        phase=phase,
        components=tuple(components),
        next_in=next_in,
        promise=promise,
        title=title,
        template=template,
        approved_by=approved_by,
    )
    return publish(IncidentSession(workspace, incident, options), text, message)


class Beside(Struct, frozen=True, kw_only=True):
    """What is recorded together with an update."""

    entries: tuple[Entry, ...] = ()
    files: Mapping[PurePosixPath, str] = {}
    hints: tuple[str, ...] = ()


def publish(
    session: IncidentSession, text: str, message: Message, *, beside: Callable[[Update], Beside] | None = None
) -> Outcome:
    """Record the update as one act, with what goes with it; the same with what is asked for on the session."""
    entry = update_of(session.workspace, session.state, session.at, text, message)
    check_audience(session.state, message.audience, message.title)
    also = beside(entry) if beside else Beside()
    hints = also.hints
    if entry.next_update_at:
        hints += (f"the next {entry.audience} update is promised for {to_the_minute(entry.next_update_at)}",)
        hints += _cadence_of(session.state, entry.at) if message.next_in is None else ()
    if message.audience != "public" or not title_changes(session.state, message.title):
        summary = f"{message.audience} update ({entry.phase})"
        return session.do([entry, *also.entries], summary, files=also.files, hints=hints)
    files, replaced = session.card_with(public_title=" ".join((message.title or "").split()))
    return session.do(
        [entry, *also.entries],
        f"public update ({entry.phase})",
        files={**files, **also.files},
        replaced=replaced,
        hints=hints,
    )


def _cadence_of(state: State, at: datetime) -> tuple[str, ...]:
    """That a promise follows an earlier severity, where an update is recorded for a time before it changed."""
    then, steps = state.severity_at(at), state.severity_steps
    if then == state.severity or not steps:
        return ()
    since = f"the severity is {state.severity} since {to_the_minute(steps[-1].at)}"
    return (f"that is the cadence of {then}, the severity at {to_the_minute(at)}; {since}",)


def update_of(workspace: Workspace, state: State, at: datetime, text: str, message: Message) -> Update:
    """The entry for a message. Raises UsageError for words that make no sense."""
    phase = message.phase or phase_now(state, message.audience)
    _check_phase(state, phase)
    if message.next_in is not None and phase in FINAL_PHASES:
        raise UsageError(f"no further update is promised after `{phase}`", "omit --next-in")
    states: dict[str, Impact] | None = name_lookup.component_states(workspace.config, message.components, None) or None
    if states is None and phase in FINAL_PHASES and message.audience == "public" and state.components:
        states = dict.fromkeys(state.components, "operational")
    next_at = _promise(workspace, state, at, phase, message)
    entry = entry_from(
        {
            "kind": "update",
            "audience": message.audience,
            "phase": phase,
            "text": text,
            "components": states,
            "next_update_at": instant(next_at) if next_at else None,
            "template": message.template,
            "approved_by": known_person(workspace, message.approved_by) if message.approved_by else None,
        },
        at,
    )
    assert isinstance(entry, Update)
    return entry


def check_audience(state: State, audience: Audience, title: str | None) -> None:
    """Raise Refused where this audience may hear nothing of it, UsageError for a title that it does not read."""
    if audience in OUTSIDE and state.card.visibility == "restricted":
        raise Refused(
            f"{state.id} is restricted and must not be published",
            "to inform customers, change `visibility` in incident.yaml by pull request first",
        )
    if audience != "public" and title is not None:
        raise UsageError(
            f"--title sets the public title, but this update is {audience}", "omit --title, or use --audience public"
        )


def title_changes(state: State, title: str | None) -> bool:
    """Whether the card gets another public title. Raises Refused where there is none yet."""
    card = state.card
    if title is None and card.public_title is None:
        raise Refused(
            f"{state.id} has no public title, and customers must not read the internal one",
            'add --title "…": what customers see, in plain words',
        )
    placeholder_guard.refuse(title)
    if title is not None and not 1 <= len(title.strip()) <= _LONGEST_TITLE:
        raise UsageError(f"--title must have 1 to {_LONGEST_TITLE} characters", 'example: --title "Card payments fail"')
    return title is not None and title != card.public_title


_LONGEST_TITLE = 300


def _maintenance_phase(state: State) -> Phase:
    if not state.live:
        return "completed"
    if state.category == "triage":
        return "scheduled"
    return "verifying" if state.status_steps and state.status_steps[-1].act == "verify" else "in_progress"


def phase_now(state: State, audience: Audience) -> Phase:
    """The phase that fits the status, unless the audience has heard of a later one."""
    if state.card.kind == "maintenance":
        return _maintenance_phase(state)
    if not state.live:
        return "resolved"
    if state.watched:
        return "monitoring"
    said = [u.entry.phase for u in state.updates if u.entry.audience == audience]
    return "identified" if "identified" in said else "investigating"


def _check_phase(state: State, phase: Phase) -> None:
    maintenance = state.card.kind == "maintenance"
    fitting: tuple[str, ...] = MAINTENANCE_PHASES if maintenance else INCIDENT_PHASES
    if phase not in fitting:
        kind = "a maintenance" if maintenance else "an incident"
        raise UsageError(f"`{phase}` is not a phase of {kind}", f"use {', '.join(fitting)}")


def _promise(workspace: Workspace, state: State, at: datetime, phase: Phase, message: Message) -> datetime | None:
    if message.next_in is not None:
        return at + message.next_in
    if not message.promise or phase in FINAL_PHASES or not state.live:
        return None
    every = plan_of(workspace.config, state, message.audience, phase, at=at).every
    return at + every if every else None
