"""Sends what an act that was just recorded makes known, as far as this machine can. It is recorded by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...adapters.delivery import addresses
from ...adapters.delivery.base import PREFIX
from ..common.documents import SCHEMA
from ..common.notification import Notification
from ..workspace.delivery_ledger import ledger_of
from .documents import Notified
from .owed import known
from .run import notify
from .sending import Limits

if TYPE_CHECKING:
    from ..common.outcome import Outcome
    from ..workspace.workspace import Workspace


def after(workspace: Workspace, done: Outcome) -> Notified | None:
    """What was sent and what is left to others; None where nobody hears of the act.

    Each message is tried once: who types must not wait, and CI tries again. Raises SevlogError where the ledger cannot
    be reached; then nothing was sent.
    """
    fresh = workspace.anew()
    record = fresh.record(done.incident)
    incident = known(record, fresh.state(record), fresh.config, fresh.oncall, fresh.clock())
    wanted = [(entry, to) for entry in done.entries for to in incident.routes.get(entry, {})]
    if not wanted:
        return None
    if any(addresses.is_set(fresh.environment, to) for _, to in wanted):
        news = {done.incident: frozenset(done.entries)}
        return notify(fresh, only=(done.incident,), news=news, limits=Limits(pauses=(), mark=False, remind=False))
    ledger = ledger_of(fresh)
    return Notified(
        schema=SCHEMA,
        notifications=[
            Notification(
                incident=done.incident, event=entry, to=to, state="left", reason=f"{PREFIX}{to} is not set here"
            )
            for entry, to in wanted
        ],
        ledger=ledger.ref,
        remote=ledger.where,
    )
