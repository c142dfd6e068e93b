"""The steps of the lifecycle: monitor, resolve, close, reopen, decline, merge."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from ...errors import Refused
from ...model.timeline.entries import ActionTaken, Entry, ImpactChanged, Link, Update
from ...model.timeline.lifecycle import command_for
from ...model.vocabulary import FINAL_PHASES, Phase
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Options, check_past
from ..workspace import lookup
from ..workspace.workspace import Workspace
from .postmortems import draft_postmortem, has_postmortem


def monitor(
    workspace: Workspace, incident: str | None, text: str | None, mitigation: str | None, options: Options
) -> Outcome:
    """The impact is mitigated; watch whether it stays so."""
    session = IncidentSession(workspace, incident, options)
    entries: list[Entry] = []
    if mitigation:
        entries.append(ActionTaken(at=session.at, type="mitigation", text=mitigation))
    entries.append(session.status("monitoring", text=text))
    return session.do(entries, "monitoring")


def reopen(workspace: Workspace, incident: str | None, reason: str | None, options: Options) -> Outcome:
    """Back to fixing: a relapse while monitoring, or within the window after it was resolved."""
    session = IncidentSession(workspace, incident, options)
    status = session.state.status
    if status in ("triage", "raised"):
        raise Refused(
            f"{session.record.id} is `{status}`: there is nothing to reopen yet", command_for(status, session.record.id)
        )
    return session.do([session.status("fixing", reason=reason)], "back to fixing")


def resolve(
    workspace: Workspace,
    incident: str | None,
    text: str | None,
    attestation: str | None,
    ended_at: datetime | None,
    final_update: str | None,
    options: Options,
) -> Outcome:
    """The impact is over: attested by the lead, with its end, final updates and the draft of a postmortem."""
    session = IncidentSession(workspace, incident, options)
    check_past("--ended-at", ended_at, session.who.now)
    step = session.status("resolved", text=text, attestation=attestation)
    entries: list[Entry] = []
    if ended_at is not None:
        entries.append(
            ImpactChanged(at=session.at, components=session.recovered, ended_at=min(session.when(ended_at), session.at))
        )
    if final_update:
        entries += _final_updates(session, final_update)
    entries.append(step)
    if not workspace.config.needs_postmortem(session.state.severity) or has_postmortem(session):
        return session.do(entries, "resolved")
    owner = session.state.lead or session.who.person
    files, due = draft_postmortem(workspace, session.record, session.state, owner=owner, resolved_at=session.at)
    when = f", due {due}" if due else ""
    return session.do(
        entries, "resolved", files=files, hints=(f"{owner} owns the postmortem{when}: {next(iter(files))}",)
    )


def _final_updates(session: IncidentSession, text: str) -> list[Entry]:
    last = {u.entry.audience: u.entry.phase for u in session.state.updates}
    phase: Phase = "completed" if session.record.card.kind == "maintenance" else "resolved"
    return [
        Update(at=session.at, audience=audience, phase=phase, text=text, components=session.recovered)
        for audience, said in last.items()
        if said not in FINAL_PHASES
    ]


def change_status(
    workspace: Workspace,
    incident: str | None,
    to: str,
    summary: str,
    options: Options,
    *,
    text: str | None = None,
    reason: str | None = None,
) -> Outcome:
    """Any other step of the lifecycle: close, decline, cancel …"""
    session = IncidentSession(workspace, incident, options)
    return session.do([session.status(to, text=text, reason=reason)], summary)


def decline(
    workspace: Workspace, incident: str | None, reason: str | None, final_update: str | None, options: Options
) -> Outcome:
    """It was a false alarm. final_update: the last message to every audience that got an update."""
    session = IncidentSession(workspace, incident, options)
    step = session.status("declined", reason=reason)
    return session.do([*(_final_updates(session, final_update) if final_update else ()), step], "declined")


def merge(
    workspace: Workspace, incident: str | None, target: str | None, reason: str | None, options: Options
) -> Outcome:
    """This incident is part of another one, which goes on."""
    session = IncidentSession(workspace, incident, options)
    step = session.status("merged", reason=reason)
    if target is None:
        return session.do([step], "merged")
    into = lookup.resolve(workspace, target)
    if into == session.record.id:
        raise Refused("an incident cannot be merged into itself", f"name the other one: sevlog merge -i {into} OTHER")
    other = workspace.state(workspace.record(into))
    if other.merged_into == session.record.id:
        raise Refused(
            f"{into} was already merged into {session.record.id}",
            f"see the incident that continues: sevlog show {session.record.id}",
        )
    if other.merged_into is not None:
        raise Refused(
            f"{into} was itself merged into {other.merged_into}",
            f"sevlog merge -i {session.record.id} {other.merged_into}",
        )
    entries: list[Entry] = [replace(step, into=into)]
    if not any(link.rel == "duplicate_of" and link.target == into for link in session.state.links):
        entries.append(Link(at=session.at, rel="duplicate_of", target=into))
    return session.do(entries, f"merged into {into}")
