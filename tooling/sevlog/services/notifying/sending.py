"""Sends the messages of claims: to several addresses at once, to each one in order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...adapters.delivery import trying
from ...adapters.delivery.base import Carrier, Message, Receipt
from ...errors import SevlogError
from ...model.comms.ledger import Row, Sheet, parts_of, postponed, released, settled
from ...model.public.site import PublicSite
from ..comms.template_texts import NotForAudience
from . import messages
from .owed import Known

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_AT_ONCE = 8
"""To so many addresses at the same time; to one address one message after the other."""
_LATEST = 45.0
"""Seconds after a claim at which the last of its messages may be begun: then all its tries end before it runs out."""


class Limits(Struct, frozen=True, kw_only=True):
    """How far a run goes. pauses: before each further try of one message. mark, remind: as in `owed.sheet_of`."""

    pauses: tuple[float, ...] = trying.PAUSES
    mark: bool = True
    remind: bool = True


class Claim(Struct, kw_only=True):
    """A row that this run sends. result: None while nobody knows."""

    incident: Known
    key: str
    row: Row
    message: Message | None = None
    result: Row | None = None
    headline: str | None = None


def deliver(
    workspace: Workspace,
    claims: list[Claim],
    sheets: Mapping[str, Sheet],
    carriers: Mapping[str, Carrier],
    limits: Limits,
    pause: trying.Pause,
    started: float,
) -> None:
    """Send all claims. started: before they were claimed, by the monotonic clock.

    Whatever interrupts this: what was not begun has the result that it is still owed.
    """
    by_address: dict[str, list[Claim]] = {}
    for claim in claims:
        claim.result = released(claim.row, workspace.clock())
        by_address.setdefault(parts_of(claim.key)[1], []).append(claim)
    sites: dict[str, PublicSite] = {}
    for claim in claims:
        _word(workspace, claim, sheets[claim.incident.record.id], sites)

    def send(rows: Iterable[Claim]) -> None:
        roots: dict[str, str] = {}
        for claim in rows:
            if claim.message is None or is_late(claim.row, started, workspace.clock()):
                continue
            twice = claim.row.promise == "at_least_once"
            claim.result = None
            if claim.message.root is None:  # the thread may have begun a moment ago
                claim.message = replace(claim.message, root=roots.get(claim.message.thread))
            receipt, tries = trying.send(
                carriers[parts_of(claim.key)[1]], claim.message, twice=twice, pause=pause, pauses=limits.pauses
            )
            claim.result = result_of(claim.row, claim.message, receipt, tries, workspace.clock())
            if receipt.id:
                roots.setdefault(claim.message.thread, receipt.id)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(send, by_address.values()))


def is_late(row: Row, started: float, now: datetime) -> bool:
    """Whether a claim is too old to begin. By both clocks: one stands still in a laptop that sleeps, one is set."""
    return time.monotonic() - started > _LATEST or now - row.at > timedelta(seconds=_LATEST)


def _word(workspace: Workspace, claim: Claim, sheet: Sheet, sites: dict[str, PublicSite]) -> None:
    route = claim.incident.route(claim.key)
    assert route is not None  # else it is not ready
    try:
        claim.message = messages.message(workspace, claim.incident, claim.key, route, sheet, sites)
        claim.headline = claim.message.headline
    except NotForAudience as error:
        claim.result = settled(claim.row, "moot", workspace.clock(), error.message)
    except SevlogError as error:
        claim.result = settled(claim.row, "failed", workspace.clock(), error.message)


def result_of(row: Row, message: Message, receipt: Receipt, tries: int, now: datetime) -> Row:
    """What became of a row by what its receiver said."""
    if receipt.outcome == "sent":
        return settled(row, "sent", now, receipt.reason, tries=row.tries + tries, topic=message.topic, id=receipt.id)
    if receipt.outcome == "not_for_it":
        return settled(row, "moot", now, receipt.reason)
    if receipt.outcome == "refused":
        return settled(row, "failed", now, receipt.reason, tries=row.tries + tries)
    if receipt.outcome == "unknown" and row.promise == "most_once":
        return settled(row, "unknown", now, receipt.reason, tries=row.tries + tries, topic=message.topic)
    return postponed(row, now, receipt.reason, tries, receipt.wait)
