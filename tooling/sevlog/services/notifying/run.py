"""Sends what the ledger does not have: claims deliveries, sends them, and keeps what became of them.

Many may run at once: a command that was typed, CI after a push, `page --follow`. Only one of them gets a claim.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...adapters.delivery import addresses, trying
from ...adapters.delivery.base import PREFIX, BadAddress, Carrier, Message, Receipt
from ...errors import GitTrouble, SevlogError
from ...model.comms.ledger import (
    Baseline,
    Row,
    Sheet,
    baseline_of,
    claimed,
    parts_of,
    postponed,
    released,
    retried,
    settled,
)
from ...stores.ledger import BASELINE, View
from ..common.documents import SCHEMA
from ..common.notification import Notification
from ..comms.template_texts import NotForAudience
from ..workspace.delivery_ledger import ledger_of
from . import messages
from .candidates import candidates, news_since
from .documents import Notified
from .owed import Known, is_ready, known, sheet_of

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

Pause = Callable[[float], None]

_AT_ONCE = 8
"""To so many addresses at the same time; to one address one message after the other."""
_IN_A_ROW = 5
"""So many messages to one address in one claim."""
_LATEST = 45.0
"""Seconds after a claim at which the last of its messages may be begun: then all its tries end before it runs out."""
_ROUNDS = 10_000
NO_ROUTES = "sevlog.yaml has no routes (notify: {routes: …}), so nothing is sent"
_CONTENTION = 60
"""So often in a row others may be faster before this run gives up."""


class Limits(Struct, frozen=True, kw_only=True):
    """How far a run goes. pauses: before each further try of one message. mark: as in `owed.sheet_of`."""

    pauses: tuple[float, ...] = trying.PAUSES
    mark: bool = True


class _Claim(Struct, kw_only=True):
    """A row that this run sends."""

    incident: Known
    key: str
    row: Row
    message: Message | None = None
    result: Row | None = None
    headline: str | None = None


def notify(
    workspace: Workspace,
    *,
    since: str | None = None,
    only: Sequence[str] = (),
    news: Mapping[str, frozenset[str]] | None = None,
    retry: bool = False,
    dry_run: bool = False,
    limits: Limits | None = None,
    pause: Pause = time.sleep,
) -> Notified:
    """Send what is owed and can be sent from this machine.

    since: only what changed since this revision. only: these incidents. news: incident -> entries to send
    although nothing was sent before. retry: also what failed or may not have arrived. pause: waits so many seconds.
    Raises GitTrouble where the ledger cannot be read or written, NotFound for an unknown revision.
    """
    if not workspace.config.notify.routes:
        ledger = workspace.config.notify.ledger
        return Notified(schema=SCHEMA, notifications=[], ledger=ledger, remote=None, warnings=[NO_ROUTES])
    run = _Run(workspace, limits or Limits(), pause, retry=retry)
    return run.dry(since, only, news or {}) if dry_run else run.send(since, only, news or {})


class _Run:
    """One run of a sender."""

    def __init__(self, workspace: Workspace, limits: Limits, pause: Pause, *, retry: bool) -> None:
        self._workspace, self._limits, self._pause, self._retry = workspace, limits, pause, retry
        self._ledger = ledger_of(workspace)
        self._known: dict[str, Known] = {}
        self._carriers: dict[str, Carrier] = {}
        self._unusable: dict[str, str] = {}
        self._done: dict[tuple[str, str], Notification] = {}
        self._warnings: list[str] = []

    def dry(self, since: str | None, only: Sequence[str], news: Mapping[str, frozenset[str]]) -> Notified:
        """What would be sent, and where; nothing is written."""
        view, now = self._ledger.fetched(), self._workspace.clock()
        names = self._names(view, now, since, only)
        sheets, _ = self._sheets(view, names, now, self._news(news, names, since))
        for name, sheet in sheets.items():
            for key, row in sheet.rows.items():
                if is_ready(key, row, sheet.rows, self._known[name], now):
                    self._told(name, key, "would" if self._carrier(parts_of(key)[1]) else "left", row)
        return self._document()

    def send(self, since: str | None, only: Sequence[str], news: Mapping[str, frozenset[str]]) -> Notified:
        """Claim and send, a few messages at a time, until nothing is left that can be sent here."""
        lost = 0
        names: list[str] | None = None
        for _ in range(_ROUNDS):
            view, now = self._ledger.fetched(), self._workspace.clock()
            if names is None:
                names = self._names(view, now, since, only)
                news = self._news(news, names, since)
            sheets, changes = self._sheets(view, names, now, news)
            claims = self._claims(sheets, now)
            for claim in claims:
                name = claim.incident.record.id
                sheets[name] = changes[name] = _with_row(sheets[name], claim.key, claim.row)
            if not changes:
                break
            if not self._is_taken(view, changes, claims, now):
                lost = self._lose(lost)
                continue
            lost, self._retry = 0, False  # what fails now is not tried again in this run
            if not claims:
                break
            self._deliver(claims, sheets)
            self._confirm(claims)
        self._leave(sheets, now)
        return self._document()

    def _is_taken(
        self, view: View, changes: Mapping[str, Sheet | Baseline], claims: Sequence[_Claim], now: datetime
    ) -> bool:
        """Whether the ledger has these changes now. An answer that got lost on the way is looked up."""
        try:
            return self._ledger.swap(view, changes, now, _subject(claims)) is not None
        except GitTrouble:
            first = next(iter(claims), None)
            there = self._ledger.fetched().sheet(first.incident.record.id).rows.get(first.key) if first else None
            if first is None or there is None or there.by != first.row.by:
                raise
            return True

    # ---- what is owed

    def _names(self, view: View, now: datetime, since: str | None, only: Sequence[str]) -> list[str]:
        if only:
            return [name for name in only if self._workspace.has(name)]
        return candidates(self._workspace, view, now, since)

    def _news(
        self, news: Mapping[str, frozenset[str]], names: list[str], since: str | None
    ) -> Mapping[str, frozenset[str]]:
        return news_since(self._workspace, names, since) if since else news

    def _sheets(
        self, view: View, names: list[str], now: datetime, news: Mapping[str, frozenset[str]]
    ) -> tuple[dict[str, Sheet], dict[str, Sheet | Baseline]]:
        """Each incident's sheet as it is now, and what of that the ledger does not have."""
        view.read(names)
        readable = [name for name in names if self._read(name)]
        baseline, changes = view.baseline, dict[str, Sheet | Baseline]()
        if baseline is None:
            baseline = baseline_of((self._known[name].record for name in readable), now, news)
            changes[BASELINE] = baseline
        sheets = {}
        for name in readable:
            before = view.sheet(name)
            sheet = retried(before, now) if self._retry else before
            sheets[name] = sheet_of(self._known[name], sheet, baseline, now, mark=self._limits.mark)
            if sheets[name] != before:
                changes[name] = sheets[name]
        return sheets, changes

    def _read(self, name: str) -> bool:
        if name not in self._known:
            try:
                record = self._workspace.record(name)
            except SevlogError as error:
                self._warn(f"{name} cannot be read, so nothing is sent of it: {error.message}")
                return False
            self._known[name] = known(record, self._workspace.state(record), self._workspace.config)
        return True

    def _claims(self, sheets: Mapping[str, Sheet], now: datetime) -> list[_Claim]:
        """Rows to send now: of each address the oldest few, as far as the address is usable here."""
        by = secrets.token_hex(8)
        ready: dict[str, list[_Claim]] = {}
        for name, sheet in sheets.items():
            incident = self._known[name]
            for key, row in sheet.rows.items():
                to = parts_of(key)[1]
                if is_ready(key, row, sheet.rows, incident, now) and self._carrier(to) is not None:
                    claim = _Claim(incident=incident, key=key, row=claimed(row, by, now))
                    ready.setdefault(to, []).append(claim)
        for rows in ready.values():
            rows.sort(key=lambda claim: claim.incident.events[parts_of(claim.key)[0]].at)
        return [claim for rows in ready.values() for claim in rows[:_IN_A_ROW]]

    def _carrier(self, to: str) -> Carrier | None:
        if to in self._carriers:
            return self._carriers[to]
        environment = self._workspace.environment
        if to in self._unusable or not addresses.is_set(environment, to):
            return None
        try:
            self._carriers[to] = addresses.carrier(environment, to)
        except BadAddress as error:
            self._unusable[to] = error.message
            self._warn(error.message)
            return None
        return self._carriers[to]

    # ---- sending

    def _deliver(self, claims: list[_Claim], sheets: Mapping[str, Sheet]) -> None:
        """Send all claims: to several addresses at once, to each one in order."""
        by_address: dict[str, list[_Claim]] = {}
        for claim in claims:
            self._word(claim, sheets[claim.incident.record.id])
            by_address.setdefault(parts_of(claim.key)[1], []).append(claim)
        started = time.monotonic()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda rows: self._one_after_the_other(rows, started), by_address.values()))

    def _word(self, claim: _Claim, sheet: Sheet) -> None:
        name, to = parts_of(claim.key)
        route = claim.incident.routes[name][to]
        try:
            claim.message = messages.message(self._workspace, claim.incident, claim.key, route, sheet)
            claim.headline = claim.message.headline
        except NotForAudience as error:
            claim.result = settled(claim.row, "moot", self._workspace.clock(), error.message)
        except SevlogError as error:
            claim.result = settled(claim.row, "failed", self._workspace.clock(), error.message)

    def _one_after_the_other(self, claims: Iterable[_Claim], started: float) -> None:
        for claim in claims:
            if claim.message is None:
                continue
            if time.monotonic() - started > _LATEST:
                claim.result = released(claim.row, self._workspace.clock())
                continue
            twice = claim.row.promise == "at_least_once"
            carrier = self._carriers[parts_of(claim.key)[1]]
            receipt, tries = trying.send(
                carrier, claim.message, twice=twice, pause=self._pause, pauses=self._limits.pauses
            )
            claim.result = _result(claim.row, claim.message, receipt, tries, self._workspace.clock())

    def _confirm(self, claims: list[_Claim]) -> None:
        """Keep what became of the claims. Where the ledger cannot be reached, it shows them as unknown later."""
        lost = 0
        while True:
            try:
                view, now = self._ledger.fetched(), self._workspace.clock()
                changes: dict[str, Sheet | Baseline] = {}
                for claim in claims:
                    name = claim.incident.record.id
                    sheet = changes.get(name, view.sheet(name))
                    there = sheet.rows.get(claim.key) if isinstance(sheet, Sheet) else None
                    if isinstance(sheet, Sheet) and there is not None and there.by == claim.row.by and claim.result:
                        changes[name] = _with_row(sheet, claim.key, claim.result)
                if not changes or self._ledger.swap(view, changes, now, _kept(claims)) is not None:
                    break
                lost = self._lose(lost)
            except GitTrouble as error:
                self._warn(f"{len(claims)} results could not be stored: {error.message}")
                break
        for claim in claims:
            self._told(claim.incident.record.id, claim.key, None, claim.result or claim.row, claim.headline)

    def _lose(self, lost: int) -> int:
        """Wait a little after others were faster. Raises GitTrouble after too many times."""
        if lost >= _CONTENTION:
            raise GitTrouble(
                f"{self._ledger.ref} changes all the time: others were faster {lost} times", "sevlog notify, again"
            )
        self._pause(0.02 + secrets.randbelow(100) / 1000 * min(lost + 1, 5))
        return lost + 1

    # ---- what is said

    def _leave(self, sheets: Mapping[str, Sheet], now: datetime) -> None:
        """Name the deliveries that somebody else has to make, or that wait."""
        for name, sheet in sheets.items():
            for key, row in sheet.rows.items():
                if (name, key) in self._done or row.state != "owed":
                    continue
                to = parts_of(key)[1]
                if row.until is not None and row.until > now:
                    self._told(name, key, "retry", row)
                elif to in self._unusable:
                    self._told(name, key, "left", replace(row, reason=self._unusable[to]))
                elif not addresses.is_set(self._workspace.environment, to):
                    self._told(name, key, "left", replace(row, reason=f"{PREFIX}{to} is not set here"))

    def _told(self, name: str, key: str, state: str | None, row: Row, headline: str | None = None) -> None:
        event, to = parts_of(key)
        shown = state or {"owed": "retry", "claimed": "unknown"}.get(row.state, row.state)
        self._done[name, key] = Notification(
            incident=name,
            event=event,
            to=to,
            state=shown,  # type: ignore[arg-type]
            at=row.at,
            reason=row.reason,
            tries=row.tries,
            headline=headline,
            id=row.id,
        )

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)

    def _document(self) -> Notified:
        return Notified(
            schema=SCHEMA,
            notifications=list(self._done.values()),
            ledger=self._ledger.ref,
            remote=self._ledger.where,
            warnings=self._warnings,
        )


def _with_row(sheet: Sheet, key: str, row: Row) -> Sheet:
    return replace(sheet, rows={**sheet.rows, key: row})


def _result(row: Row, message: Message, receipt: Receipt, tries: int, now: datetime) -> Row:
    """What became of a row by what its receiver said."""
    if receipt.outcome == "sent":
        return settled(row, "sent", now, receipt.reason, tries=row.tries + tries, topic=message.topic, id=receipt.id)
    if receipt.outcome == "refused":
        return settled(row, "failed", now, receipt.reason, tries=row.tries + tries)
    if receipt.outcome == "unknown" and row.promise == "most_once":
        return settled(row, "unknown", now, receipt.reason, tries=row.tries + tries, topic=message.topic)
    return postponed(row, now, receipt.reason, tries)


def _subject(claims: Sequence[_Claim]) -> str:
    return f"Claim {len(claims)} deliveries" if claims else "Note what is owed"


def _kept(claims: Sequence[_Claim]) -> str:
    states = [claim.result.state for claim in claims if claim.result]
    return f"{states.count('sent')} of {len(claims)} deliveries sent"
