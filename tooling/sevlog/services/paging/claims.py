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

from ...errors import GitTrouble, SevlogError
from ...model.comms.ledger import Row, Sheet, claimed, page_parts, ran_out, settled
from ...model.oncall.grouping import Grouping, Message
from ...stores.ledger import Ledger, View
from ..workspace.delivery_ledger import ledger_of
from .calls import Call

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_TRIES = 40
_WAIT = 0.05
_OPEN = frozenset({"owed", "failed"})
"""A page in one of these states can be made again."""
_Change = Callable[[View, Sheet, datetime], Sheet]


class Claims:
    """The claims of one sender in one incident. grouping: which pages are not messages of their own; None: none.

    grouped: the key of a page -> the message that it joined.
    """

    def __init__(
        self,
        workspace: Workspace,
        incident: str,
        grouping: Grouping | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._workspace, self._incident, self._grouping, self._pause = workspace, incident, grouping, pause
        self._by = secrets.token_hex(8)
        self.grouped: dict[str, Message] = {}
        self.warnings: list[str] = []

    def take(self, calls: Iterable[Call]) -> set[str]:
        """The keys of the pages that nobody else makes or has made, and that are not grouped; they are ours now."""
        wanted = list(calls)
        mine: set[str] = set()

        def claim(view: View, sheet: Sheet, now: datetime) -> Sheet:
            nonlocal mine
            after, mine = self._decided(wanted, view, sheet, now)
            return after

        if wanted and not self._change(claim, f"Claim {len(wanted)} pages"):
            return self._decided(wanted, None, Sheet(), self._workspace.clock())[1]
        return mine

    def foreseen(self, calls: Iterable[Call]) -> set[str]:
        """What `take` would answer, as far as this clone knows; nothing is fetched or written."""
        try:
            view = ledger_of(self._workspace).known()
            sheet = view.sheet(self._incident)
        except SevlogError:
            view, sheet = None, Sheet()
        return self._decided(list(calls), view, sheet, self._workspace.clock())[1]

    def _decided(self, calls: list[Call], view: View | None, sheet: Sheet, now: datetime) -> tuple[Sheet, set[str]]:
        """The sheet with our claims and the pages that are grouped, and the keys of those claimed."""
        pages = {key: ran_out(row, now) for key, row in sheet.pages.items()}
        elsewhere = self._messages_elsewhere(view)
        mine: set[str] = set()
        self.grouped.clear()
        for call in calls:
            row = pages.get(call.key)
            if row is not None and row.state not in _OPEN and row.by != self._by:
                continue
            start = row or Row(state="owed", promise="at_least_once", at=now)
            more = (*elsewhere, *_messages(self._incident, pages))
            first = self._grouping.first(call.person, now, more) if self._grouping else None
            if first is None:
                pages[call.key] = claimed(start, self._by, now)
                mine.add(call.key)
            elif not call.sums_up:  # what sums up is made later, unless that message named all
                pages[call.key] = settled(start, "moot", now, "grouped: the person was paged shortly before")
                self.grouped[call.key] = first
        return (replace(sheet, pages=pages) if mine or self.grouped else sheet), mine

    def _messages_elsewhere(self, view: View | None) -> list[Message]:
        """The pages for other incidents that were sent or are being sent, by the ledger."""
        if view is None or self._grouping is None:
            return []
        others = [name for name in self._grouping.live if name != self._incident]
        view.read(others)
        return [one for name in others for one in _messages(name, view.sheet(name).pages)]

    def settle(self, results: Mapping[str, Row]) -> None:
        """Keep what became of our pages."""

        def keep(_view: View, sheet: Sheet, _now: datetime) -> Sheet:
            ours = {key: row for key, row in results.items() if (old := sheet.pages.get(key)) and old.by == self._by}
            return replace(sheet, pages={**sheet.pages, **ours}) if ours else sheet

        if results:
            self._change(keep, f"{sum(row.state == 'sent' for row in results.values())} of {len(results)} pages sent")

    def _change(self, change: _Change, subject: str) -> bool:
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

    def _is_changed(self, ledger: Ledger, change: _Change, subject: str) -> bool:
        view, now = ledger.fetched(), self._workspace.clock()
        before = view.sheet(self._incident)
        after = change(view, before, now)
        if after == before:
            return True
        return ledger.swap(view, {self._incident: after}, now, subject) is not None


def _messages(incident: str, pages: Mapping[str, Row]) -> list[Message]:
    """The pages of a sheet that were sent or are being sent."""
    rows = ((page_parts(key)[1], row) for key, row in pages.items())
    return [Message(person, incident, row.at) for person, row in rows if row.state in ("claimed", "sent")]
