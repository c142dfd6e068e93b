"""The pages that this sender makes: each step of a policy is claimed in the ledger, so that two senders page once.

Where the ledger cannot be reached, everything is paged anyway: a page twice is better than none, and the key of the
page lets a pager merge them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...errors import GitTrouble
from ...model.comms.ledger import Row, Sheet, claimed, ran_out
from ...stores.ledger import Ledger
from ..workspace.delivery_ledger import ledger_of

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_TRIES = 40
_WAIT = 0.05
_OPEN = frozenset({"owed", "failed"})
"""A page in one of these states can be made again."""


class Claims:
    """The claims of one sender in one incident."""

    def __init__(self, workspace: Workspace, incident: str, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._workspace, self._incident, self._pause = workspace, incident, pause
        self._by = secrets.token_hex(8)
        self.warnings: list[str] = []

    def take(self, keys: Iterable[str]) -> set[str]:
        """Those of the pages that nobody else makes or has made; they are ours now."""
        wanted = list(keys)
        mine: set[str] = set()

        def claim(sheet: Sheet, now: datetime) -> Sheet:
            mine.clear()
            pages = {key: ran_out(row, now) for key, row in sheet.pages.items()}
            for key in wanted:
                row = pages.get(key)
                if row is None or row.state in _OPEN or row.by == self._by:
                    start = row or Row(state="owed", promise="at_least_once", at=now)
                    pages[key] = claimed(start, self._by, now)
                    mine.add(key)
            return replace(sheet, pages=pages) if mine else sheet

        if wanted and not self._change(claim, f"Claim {len(wanted)} pages"):
            return set(wanted)
        return mine

    def settle(self, results: Mapping[str, Row]) -> None:
        """Keep what became of our pages."""

        def keep(sheet: Sheet, _: datetime) -> Sheet:
            ours = {key: row for key, row in results.items() if (old := sheet.pages.get(key)) and old.by == self._by}
            return replace(sheet, pages={**sheet.pages, **ours}) if ours else sheet

        if results:
            self._change(keep, f"{sum(row.state == 'sent' for row in results.values())} of {len(results)} pages sent")

    def _change(self, change: Callable[[Sheet, datetime], Sheet], subject: str) -> bool:
        """Change the sheet, against others who do so at the same time; False, and a warning, where that fails."""
        try:
            ledger = ledger_of(self._workspace)
            for _ in range(_TRIES):
                if self._is_changed(ledger, change, subject):
                    return True
                self._pause(_WAIT)
            trouble = "others change it all the time"
        except GitTrouble as error:
            trouble = error.message
        text = f"the ledger of pages is out of reach ({trouble}): others may page too"
        self.warnings += [text] if text not in self.warnings else []
        return False

    def _is_changed(self, ledger: Ledger, change: Callable[[Sheet, datetime], Sheet], subject: str) -> bool:
        view, now = ledger.fetched(), self._workspace.clock()
        before = view.sheet(self._incident)
        after = change(before, now)
        if after == before:
            return True
        return ledger.swap(view, {self._incident: after}, now, subject) is not None
