"""Who creates the issue of an action item: claimed in the ledger first, so that two runs at once make one issue."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ....errors import GitTrouble
from ....model.comms.ledger import Row, claimed
from ...workspace.delivery_ledger import ledger_of

if TYPE_CHECKING:
    from ...workspace.workspace import Workspace

_TRIES = 40
_WAIT = 0.05
_Change = Callable[[Row | None, datetime], Row | None]


class IssueClaim:
    """The claim on the issue of one item in one tracker."""

    def __init__(
        self, workspace: Workspace, incident: str, key: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """key: of the row, `<item>:<tracker>`."""
        self._workspace, self._incident, self._key, self._pause = workspace, incident, key, pause
        self._by = secrets.token_hex(8)

    def take(self) -> Row | None:
        """Claim it. What somebody else has there: an issue, or a claim that is still valid; None: it is ours.

        Raises GitTrouble where the ledger cannot be reached: without a claim nothing is created.
        """

        def claim(row: Row | None, now: datetime) -> Row:
            if row is not None and _counts(row, now):
                return row
            return claimed(Row(state="owed", promise="most_once", at=now), self._by, now)

        row = self._change(claim, "Claim an issue")
        return None if row is not None and row.by == self._by else row

    def known(self) -> Row | None:
        """What this clone knows of it; nothing is fetched."""
        row = ledger_of(self._workspace).known().sheet(self._incident).issues.get(self._key)
        return row if row is not None and _counts(row, self._workspace.clock()) else None

    def created(self, ref: str, digest: str) -> None:
        """Keep the address of the issue, and a digest of what it says."""
        self._change(
            lambda _, now: Row(state="sent", promise="most_once", at=now, id=ref, digest=digest), "An issue was created"
        )

    def wrote(self, ref: str, digest: str) -> None:
        """Keep a digest of what the issue says now."""
        self._change(
            lambda row, now: replace(row, at=now, digest=digest) if row and row.id == ref else row,
            "An issue was changed",
        )

    def doubtful(self, reason: str) -> None:
        """Keep that it may have been created, as long as a claim is valid: the tracker shows it until then."""
        self._change(
            lambda row, _: replace(row, state="unknown", reason=reason) if row and row.by == self._by else row,
            "An issue may have been created",
        )

    def release(self) -> None:
        """Give it back: nothing was created."""
        self._change(lambda row, _: None if row and row.by == self._by else row, "Release an issue")

    def _change(self, change: _Change, subject: str) -> Row | None:
        ledger = ledger_of(self._workspace)
        for _ in range(_TRIES):
            view, now = ledger.fetched(), self._workspace.clock()
            sheet = view.sheet(self._incident)
            before = sheet.issues.get(self._key)
            after = change(before, now)
            if after == before:
                return after
            others = {key: row for key, row in sheet.issues.items() if key != self._key}
            issues = {**others, self._key: after} if after else others
            if ledger.swap(view, {self._incident: replace(sheet, issues=issues)}, now, subject) is not None:
                return after
            self._pause(_WAIT)
        raise GitTrouble("the ledger is changed by others all the time", "run sevlog action sync later")


def _counts(row: Row, now: datetime) -> bool:
    """Whether a row keeps others from creating an issue."""
    return (row.state == "sent" and row.id is not None) or (row.until is not None and now < row.until)
