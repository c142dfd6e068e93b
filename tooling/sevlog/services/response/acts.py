"""The acts of a response: taking command, how bad it is, and any entry of the story."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from ...errors import NotFound, Refused, UsageError
from ...model.guidance import leadership
from ...model.guidance.proposal import propose_priority
from ...model.timeline.entries import (
    Assigned,
    Channel,
    Experiment,
    ImpactChanged,
    Observation,
    PriorityChanged,
    SeverityChanged,
    Task,
    Theory,
)
from ...model.timeline.entry_parts import Entry
from ...model.timeline.kinds.registry import subject
from ...model.timeline.state import SOURCES
from ...model.vocabulary import instant
from ...stores.records import codec
from ..common import name_lookup, short_names
from ..common.outcome import Outcome
from ..paging.at_once import page_now
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recorder import Options, check_past
from ..workspace.workspace import Workspace
from .roles import known_holders


def add_entry(workspace: Workspace, incident: str | None, plain: dict[str, object], options: Options) -> Outcome:
    """Record one entry of any kind from its plain keys.

    A theory, experiment, observation or task without `ref` gets the next free one. Raises UsageError where the keys
    are not a valid entry, NotFound where they refer to something that is not there.
    """
    session = IncidentSession(workspace, incident, options)
    entry = entry_from(short_names.settled(session.state, plain), session.at)
    check_past("--started-at", getattr(entry, "started_at", None), session.who.now)
    _check_references(session, entry)
    if isinstance(entry, Observation) and session.who.person in entry.confirmers:
        raise UsageError(
            f"--confirmed-by {session.who.person}: you are the author of this observation",
            "name another person who saw it, or leave it out",
        )
    known_holders(session, entry)
    return session.do([entry], subject(entry))


def _check_references(session: IncidentSession, entry: Entry) -> None:
    """Raise NotFound for a theory or task that is spoken of before it was written down."""
    state = session.state
    wanted: list[tuple[str, str, Collection[str]]] = []
    if isinstance(entry, Experiment) and entry.theory is not None:
        wanted.append(("theory", entry.theory, state.theories))
    if isinstance(entry, Theory) and entry.text is None:
        wanted.append(("theory", entry.ref, state.theories))
    if isinstance(entry, Theory):
        wanted += [(SOURCES, ref, state.theory_sources) for ref in entry.from_]
    if isinstance(entry, Task) and entry.text is None:
        wanted.append(("task", entry.ref, state.tasks))
    for what, ref, known in wanted:
        if ref not in known:
            listed = ", ".join(sorted(known)) or "none yet"
            raise NotFound(f"{session.record.id} has no {what} `{ref}`", f"there are: {listed}")


def acknowledge(
    workspace: Workspace, incident: str | None, channels: Sequence[tuple[str, str]], options: Options
) -> Outcome:
    """Take command: hold the role that leads, record the channels and make the step `ack`, in one act (S29, S30)."""
    session = IncidentSession(workspace, incident, options)
    status = session.state.status
    if not session.state.live:
        raise Refused(f"{session.record.id} is `{status}`: there is nothing to take command of", session.next_command)
    if session.state.lead not in (None, session.who.person):
        led = leadership.taken(session.state, session.who.person, workspace.config.lead_role)
        raise Refused(f"{session.record.id}: {led.message}", *(led.hint or "").split("; "))
    entries: list[Entry] = [_channel(session.at, kind, url) for kind, url in channels]
    who = session.who.person
    said = f"{who} takes command"
    if session.state.lead != session.who.person:
        entries.append(Assigned(at=session.at, role=workspace.config.lead_role, person=session.who.person, lead=True))
    if "ack" in session.state.acts or session.state.category == "triage":
        entries.append(session.step("ack"))
    if not entries:
        raise Refused(
            f"{session.record.id}: you already lead it and it is `{status}`",
            f"see what is known: sevlog show {session.record.id}",
        )
    if all(isinstance(entry, Channel) for entry in entries):
        said = f"{who} leads already: {', '.join(subject(entry) for entry in entries)}"
    return session.do(entries, said)


def _channel(at: datetime, kind: str, url: str) -> Channel:
    plain = {"kind": "channel", "type": kind.lower(), "url": url, "at": instant(at)}
    return codec.made(plain, Channel, "entry")


def open_channel(workspace: Workspace, incident: str | None, kind: str, url: str, options: Options) -> Outcome:
    """Record where the response talks."""
    session = IncidentSession(workspace, incident, options)
    entry = _channel(session.at, kind, url)
    if any((c.type, c.url) == (entry.type, entry.url) for c in session.state.channels):
        raise Refused(f"{session.record.id} already has this {entry.type} channel", "nothing to record")
    return session.do([entry], f"open {entry.type} channel")


def change_severity(workspace: Workspace, incident: str | None, level: str, reason: str, options: Options) -> Outcome:
    """A new severity, with its reason."""
    session = IncidentSession(workspace, incident, options)
    chosen = name_lookup.severity(workspace.config, level)
    _check_level(session, "severity", session.state.severity, chosen)
    entry = SeverityChanged(at=session.at, to=chosen, reason=reason)
    done = session.do(
        [entry], f"severity {session.state.severity} -> {chosen}", hints=_priority_follows(session, chosen)
    )
    paging = page_now(workspace, done, options, only_if_due=True)
    return replace(done, hints=(*done.hints, *paging))


def _priority_follows(session: IncidentSession, severity: str) -> tuple[str, ...]:
    """What the matrix says of the priority now, where it says something else."""
    if not session.workspace.config.priorities:
        return ()
    proposal = propose_priority(session.workspace.config, severity, session.state.assessment.scope)
    if proposal.level == session.state.priority:
        return ()
    command = f'sevlog priority {proposal.level} -i {session.record.id} --reason "{severity} now"'
    return (f"the priority is {session.state.priority}, but {proposal.level} would fit ({proposal.reason}): {command}",)


def change_priority(workspace: Workspace, incident: str | None, level: str, reason: str, options: Options) -> Outcome:
    """A new priority, with its reason."""
    session = IncidentSession(workspace, incident, options)
    chosen = name_lookup.priority(workspace.config, level)
    _check_level(session, "priority", session.state.priority, chosen)
    entry = PriorityChanged(at=session.at, to=chosen, reason=reason)
    return session.do([entry], f"priority {session.state.priority} -> {chosen}")


def _check_level(session: IncidentSession, what: str, now: str | None, chosen: str) -> None:
    status = session.state.status
    if now is None:
        raise_it = f'raise it first: sevlog raise -i {session.record.id} --severity LEVEL --component KEY --summary "…"'
        raise Refused(
            f"{session.record.id} is `{status}` and has no {what} yet",
            raise_it if session.state.category == "triage" else session.next_command,
        )
    if chosen == now:
        raise Refused(f"{session.record.id} is already {chosen}", "nothing to change")


def change_impact(
    workspace: Workspace, incident: str | None, states: Sequence[str], ended_at: datetime | None, options: Options
) -> Outcome:
    """New states of components; with `ended_at` alone, all of the incident's components are operational again."""
    session = IncidentSession(workspace, incident, options)
    check_past("--ended-at", ended_at, session.who.now)
    given = name_lookup.component_states(workspace.config, states, None)
    if not given and ended_at is None:
        raise UsageError(
            "no component and no state given",
            "sevlog impact KEY=STATE …, or when it is over: sevlog impact --ended-at TIME",
        )
    over = session.when(ended_at) if ended_at else None
    entry = ImpactChanged(at=session.at, components=given or session.recovered, ended_at=over)
    return session.do([entry], subject(entry))
