"""What the ledger says of deliveries so far, as this clone last saw it: nothing is fetched, nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import SevlogError
from ...model.comms.ledger import parts_of
from ..common.notification import DeliveryState, Notification
from ..workspace.delivery_ledger import ledger_of

if TYPE_CHECKING:
    from ...model.comms.ledger import RowState
    from ..workspace.workspace import Workspace

_STATES: dict[RowState, DeliveryState] = {
    "owed": "retry",
    "claimed": "unknown",
    "sent": "sent",
    "failed": "failed",
    "unknown": "unknown",
    "moot": "moot",
}


def deliveries(workspace: Workspace, incident: str) -> list[Notification]:
    """What was sent of an incident, and what was not; empty where the repository sends nothing."""
    if not workspace.config.notify.routes or not workspace.git.present:
        return []
    try:
        sheet = ledger_of(workspace).known().sheet(incident)
    except SevlogError:
        return []  # `sevlog notify` reports a ledger that cannot be read
    found = []
    for key, row in sheet.rows.items():
        event, to = parts_of(key)
        state = "left" if row.state == "owed" and not row.tries else _STATES[row.state]
        found.append(
            Notification(
                incident=incident,
                event=event,
                to=to,
                state=state,
                at=row.at,
                reason=row.reason,
                tries=row.tries,
                id=row.id,
            )
        )
    return found


def troubled(workspace: Workspace) -> dict[str, int]:
    """Incident -> how many of its messages failed, or may not have arrived."""
    if not workspace.config.notify.routes or not workspace.git.present:
        return {}
    try:
        return dict(ledger_of(workspace).known().open.troubled)
    except SevlogError:
        return {}
