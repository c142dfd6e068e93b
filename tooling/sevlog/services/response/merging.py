"""Merging an incident into another one, and what its people must know of what goes on there."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from msgspec.structs import replace

from ...errors import Refused
from ...model.guidance.comms_stages import audience_name
from ...model.timeline.attachments import alert_name
from ...model.timeline.entries import Link
from ...model.timeline.entry_parts import Entry
from ...model.timeline.lifecycle import name_of
from ...model.timeline.state import State
from ...model.vocabulary import to_the_minute
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Options
from ..workspace import lookup
from ..workspace.workspace import Workspace


def merge(
    workspace: Workspace, incident: str | None, target: str | None, reason: str | None, options: Options
) -> Outcome:
    """This incident is part of another one, which goes on."""
    session = IncidentSession(workspace, incident, options)
    step = session.step("merge", reason=reason)
    if target is None:
        return session.do([step], name_of(session.lifecycle, step.to).lower())
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
    summary = f"{name_of(session.lifecycle, step.to).lower()} into {into}"
    return session.do(entries, summary, hints=tuple(_handed_on(session.state, other)))


def _handed_on(state: State, other: State) -> Iterator[str]:
    """What passes to the other incident, and what somebody has to take over by hand."""
    if state.lead:
        led = f"{other.lead} leads {other.id}" if other.lead else f"nobody leads {other.id} yet"
        take = f": sevlog assign -i {other.id} {state.lead_roles[0]} {state.lead}" if not other.lead else ""
        if state.lead != other.lead:
            yield f"{state.lead} led {state.id}; {led}{take}"
    for audience, at in state.next_update_due.items():
        yield f"the update to {audience_name(audience)} promised by {to_the_minute(at)} is now due in {other.id}"
    if state.alerts:
        listed = ", ".join(alert_name(alert.source, alert.fingerprint) for alert in state.alerts.values())
        yield f"its alerts now go to {other.id}: {listed}"
    for task in state.tasks.values():
        if task.state == "open":
            words = [shlex.quote(task.text or task.ref), *(["--assignee", task.assignee] if task.assignee else [])]
            words += ["--cleanup"] if task.cleanup else []
            yield f"task {task.ref} is still open; to take it over: sevlog task -i {other.id} {' '.join(words)}"
