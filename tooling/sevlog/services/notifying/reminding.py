"""Sends the reminders of one incident that are due: `page --follow` asks every few seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import SevlogError
from ...model.comms.ledger import key_of
from ...model.notices.reminders import reminders
from ..workspace.delivery_ledger import ledger_of
from .run import notify
from .sending import Limits

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace
    from .documents import Notified


def remind(workspace: Workspace, incident: str) -> Notified | None:
    """What was sent; None where nothing is due that the ledger does not have, by what this clone knows of it."""
    state = workspace.state(workspace.record(incident))
    due = [
        key_of(event.entry, to)
        for event, people in reminders(workspace.config, workspace.oncall, state, workspace.clock())
        for to in people
    ]
    if not due:
        return None
    try:
        rows = ledger_of(workspace).known().sheet(incident).rows
        if all(key in rows and rows[key].state != "owed" for key in due):
            return None
        return notify(workspace, only=(incident,), limits=Limits(pauses=(), mark=False))
    except SevlogError:
        return None  # paging goes on; the next run of `sevlog notify` reports it
