"""Links of an incident: to other incidents, tickets, changes, and alerts that are attached by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...errors import NotFound, Refused, UsageError
from ...model.links.ties import is_incident_link
from ...model.timeline.attachments import alert_name, is_attachment, is_named
from ...model.timeline.entries import Alert, Link
from ...model.timeline.kinds.registry import subject
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recorder import Options
from ..workspace import lookup
from ..workspace.known_alerts import KnownAlerts
from ..workspace.workspace import Workspace

if TYPE_CHECKING:
    from ...model.intake.alert import AlertSighting


def link(
    workspace: Workspace, incident: str | None, rel: str, target: str, text: str | None, options: Options
) -> Outcome:
    """Link another incident (any part of its id, or an address), a ticket, an alert or a change.

    A fingerprint of an alert attaches it: later deliveries go to this incident.
    """
    session = IncidentSession(workspace, incident, options)
    hints: tuple[str, ...] = ()
    if is_incident_link(rel, target):
        target = _other_incident(workspace, session, target)
        if rel == "duplicate_of" and "merge" in session.state.acts:
            command = f"sevlog merge -i {session.record.id} {target}"
            hints = (f"{session.record.id} stays open; to end it and continue in {target}: {command}",)
    elif is_attachment(rel, target):
        target = _with_source(workspace, target)
        hints = _attached(workspace, session, target)
    entry = entry_from({"kind": "link", "rel": rel, "target": target, "text": text}, session.at)
    if any(
        isinstance(entry, Link) and (one.rel, one.target) == (entry.rel, entry.target) for one in session.state.links
    ):
        raise Refused(f"{session.record.id} already has this link", "nothing to record")
    done = session.do([entry], subject(entry), hints=hints)
    back = _way_back(workspace, session.record.id, rel, target) if rel in _ONE_WAY else ()
    if not back:
        return done
    circle = " -> ".join((session.record.id, target, *back))
    text = f"these `{rel}` links go in a circle: {circle}; retract the wrong one: sevlog retract ENTRY -i INCIDENT"
    return replace(done, warnings=(*done.warnings, text))


_ONE_WAY = ("caused_by", "child_of")


def _way_back(workspace: Workspace, own: str, rel: str, target: str) -> tuple[str, ...]:
    """The incidents after `target` on a way back to `own` by links of this kind; empty where there is none."""
    ways: list[tuple[str, ...]] = [(target,)]
    seen = {target}
    while ways:
        way = ways.pop()
        if not workspace.has(way[-1]):
            continue
        for link in workspace.state(workspace.record(way[-1])).links:
            if link.rel == rel and link.target == own:
                return (*way[1:], own)
            if link.rel == rel and link.target not in seen and is_incident_link(rel, link.target):
                seen.add(link.target)
                ways.append((*way, link.target))
    return ()


def _other_incident(workspace: Workspace, session: IncidentSession, target: str) -> str:
    try:
        found = lookup.resolve(workspace, target)
    except NotFound as error:
        raise NotFound(
            error.message, *error.hints, "for an incident in another tool, give its address: https://…"
        ) from None
    if found == session.record.id:
        raise UsageError("an incident cannot be linked to itself", "name the other incident: sevlog link OTHER")
    return found


def _with_source(workspace: Workspace, target: str) -> str:
    """`source fingerprint`, as the timeline has it, as `source:fingerprint`."""
    from ...adapters.alerts.readers import READERS

    source, _, fingerprint = target.partition(" ")
    known = source in READERS or source in workspace.config.intake.mappings
    return alert_name(source, fingerprint.strip()) if known and fingerprint.strip() else target


def _attached(workspace: Workspace, session: IncidentSession, target: str) -> tuple[str, ...]:
    """What to say to the person who attaches an alert. Raises Refused if a live incident has it."""
    own = session.record.id
    if any(is_named(target, alert.source, alert.fingerprint) for alert in session.state.alerts.values()):
        raise Refused(f"{own} already has the alert {target}", f"see it: sevlog show {own}")
    taken = next((one for one in KnownAlerts(workspace).named(target) if one.live and one.incident != own), None)
    if taken is not None:
        raise _refusal(workspace, own, target, taken)
    if session.state.merged_into:
        return (f"{own} was merged: deliveries go to the incident that goes on, see sevlog show {own}",)
    if not session.state.live:
        return (f"{own} is `{session.state.status}`: if the alert fires again, it opens a new incident",)
    return ()


def _refusal(workspace: Workspace, own: str, target: str, taken: AlertSighting) -> Refused:
    holder = taken.merged_from or taken.incident
    state = workspace.state(workspace.record(holder))
    entries = [
        item.id
        for item in state.timeline
        if (isinstance(item.effective, Alert) and is_named(target, item.effective.source, item.effective.fingerprint))
        or (
            isinstance(item.effective, Link)
            and is_attachment(item.effective.rel, item.effective.target)
            and is_named(target, None, item.effective.target)
        )
    ]
    retract = "; ".join(f'sevlog retract -i {holder} {entry} --reason "…"' for entry in entries)
    return Refused(
        f"the alert {target} is attached to {taken.incident}, which is live",
        f"if both are one problem: sevlog merge -i {taken.incident} {own}",
        f"if the alert does not belong there, take it away and try again: {retract}",
    )
