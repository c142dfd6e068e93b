"""Sends what comes up, again and again, on a machine that stays on: messages, pages, reminders (`notify --follow`)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Never

from msgspec.structs import replace

from ...errors import SevlogError
from .everything import send_everything

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace
    from .documents import Notified

POLL = 30.0
"""Seconds between two rounds."""


def watch(
    workspace: Workspace,
    told: Callable[[Notified], None],
    *,
    only: Sequence[str] = (),
    pause: Callable[[float], None] = time.sleep,
) -> Never:
    """Fetch what others recorded and send what is due, round after round; it does not end by itself.

    told: gets what is new in a round. pause: waits so many seconds. A round that fails is reported as a warning.
    """
    said: set[tuple[str, ...]] = set()
    while True:
        found = _round(workspace.anew(), only)
        fresh = _news(found, said)
        if fresh.notifications or fresh.pages or fresh.warnings:
            told(fresh)
        pause(POLL)


def _round(workspace: Workspace, only: Sequence[str]) -> Notified:
    from ..common.documents import SCHEMA
    from .documents import Notified

    warnings: list[str] = []
    try:
        if workspace.git.remote_url(workspace.config.git.remote) is not None:
            from ..sync.delivery import sync_now

            warnings += sync_now(workspace).warnings
        done = send_everything(workspace.anew(), only=only)
    except (SevlogError, OSError) as error:
        ledger = workspace.config.notify.ledger
        return Notified(schema=SCHEMA, notifications=[], ledger=ledger, remote=None, warnings=[*warnings, str(error)])
    return replace(done, warnings=[*warnings, *done.warnings])


def _news(found: Notified, said: set[tuple[str, ...]]) -> Notified:
    """What was not told in an earlier round. What was sent is news every time: it goes out once."""

    def is_new(*key: str) -> bool:
        if key in said:
            return False
        said.add(key)
        return True

    return replace(
        found,
        notifications=[
            one
            for one in found.notifications
            if one.state == "sent" or is_new(one.incident, one.event, one.to, one.state, one.reason or "")
        ],
        pages=[
            one for one in found.pages if one.deliveries or is_new(one.incident, *(left.person for left in one.left))
        ],
        warnings=[text for text in found.warnings if is_new(text)],
    )
