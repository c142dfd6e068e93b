"""Where a message belongs at its receiver: the first message of its thread, the one it corrects, and the topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.comms.events import is_outside
from ...model.comms.ledger import Sheet, parts_of
from ...model.config.notify import Route
from ...model.notices.personal import Personal
from ...model.timeline.kinds.registry import changes_standing

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace
    from .owed import Known


def root_of(incident: Known, key: str, sheet: Sheet) -> str | None:
    """What this address calls the first message about the incident: the one that was sent first, not the oldest entry.

    None for a message to a person. A message that was sent late is an answer in the thread, and nothing can answer an
    answer.
    """
    if isinstance(incident.route(key), Personal):
        return None
    to = parts_of(key)[1]
    there = [
        (row.at, event.at if (event := incident.events.get(parts_of(k)[0])) else row.at, row.id)
        for k, row in sheet.rows.items()
        if k != key
        and parts_of(k)[1] == to
        and row.state == "sent"
        and row.id
        and not isinstance(incident.route(k), Personal)
    ]
    return min(there)[2] if there else None


def corrected_by(incident: Known, key: str, sheet: Sheet) -> str | None:
    """What this address calls the message that this one corrects or takes back."""
    row = sheet.rows.get(incident.amended(key) or "")
    return row.id if row is not None and row.state == "sent" else None


def standing_of(workspace: Workspace, incident: Known, key: str, route: Route) -> str | None:
    """Severity, status, title and who has which role, for the topic of a channel; None where this entry changes none.

    Only for colleagues, and not for restricted incidents.
    """
    state = incident.state
    event = incident.events[parts_of(key)[0]]
    item = state.item(event.subject)
    if item is None or item.effective is None or not changes_standing(item.effective):
        return None
    if is_outside(route) or isinstance(route, Personal) or state.card.visibility == "restricted":
        return None
    roles: dict[str, list[str]] = {}
    for holder in state.holders:
        roles.setdefault(workspace.config.role_name(holder.role), []).append(_name(workspace, holder.person))
    levels = " ".join(part for part in (state.severity, state.priority, state.status) if part)
    return " | ".join(
        [f"{levels}: {state.card.title}", *(f"{role}: {', '.join(dict.fromkeys(who))}" for role, who in roles.items())]
    )


def _name(workspace: Workspace, key: str) -> str:
    person = workspace.oncall.person(key)
    return person.name if person is not None and person.name else key
