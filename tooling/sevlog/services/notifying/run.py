"""Sends what the ledger does not have: claims deliveries, sends them, and keeps what became of them.

Many may run at once: a command that was typed, CI after a push, `page --follow`. Only one of them gets a claim.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...adapters.delivery import addresses
from ...adapters.delivery.base import PREFIX, BadAddress, Carrier
from ...adapters.delivery.trying import Pause
from ...errors import GitTrouble, SevlogError
from ...model.comms.ledger import Baseline, Row, Sheet, baseline_of, claimed, is_held, parts_of, retried
from ...model.notices.destinations import sends
from ...stores.ledger import BASELINE, View
from ..common.documents import SCHEMA
from ..common.notification import Notification
from ..workspace.delivery_ledger import ledger_of
from .candidates import candidates, news_since
from .documents import Notified
from .owed import Known, is_ready, known, sheet_of
from .sending import Claim, Limits, deliver

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_IN_A_ROW = 5
"""So many messages to one address in one claim."""
_ROUNDS = 10_000
NO_ROUTES = (
    "sevlog.yaml has no routes (notify: {routes: …}) or channels, and nobody has a contact point, so nothing is sent"
)
_CONTENTION = 60
"""So often in a row others may be faster before this run gives up."""


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
    if not sends(workspace.config, workspace.oncall):
        ledger = workspace.config.notify.ledger
        return Notified(schema=SCHEMA, notifications=[], ledger=ledger, remote=None, warnings=[NO_ROUTES])
    run = _Run(workspace, limits or Limits(), pause, retry=retry)
    return run.dry(since, only, news or {}) if dry_run else run.send(since, only, news or {})


class _Run:
    """One run of a sender."""

    def __init__(self, workspace: Workspace, limits: Limits, pause: Pause, *, retry: bool) -> None:
        self._workspace, self._limits, self._pause, self._retry = workspace, limits, pause, retry
        self._ledger = ledger_of(workspace)
        self._view: View | None = None
        self._lost, self._alone = 0, True
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
                    self._report_row(name, key, "would" if self._carrier(parts_of(key)[1]) else "left", row)
        for text in view.warnings:
            self._warn(text)
        return self._document()

    def send(self, since: str | None, only: Sequence[str], news: Mapping[str, frozenset[str]]) -> Notified:
        """Claim and send, a few messages at a time, until nothing is left that can be sent here."""
        names: list[str] | None = None
        for _ in range(_ROUNDS):
            view, now = self._latest(), self._workspace.clock()
            if names is None:
                names = self._names(view, now, since, only)
                news = self._news(news, names, since)
            sheets, changes = self._sheets(view, names, now, news)
            claims = self._claims(sheets, now)
            for claim in claims:
                name = claim.incident.record.id
                sheets[name] = changes[name] = _with_row(sheets[name], claim.key, claim.row)
            if not changes and not view.healed:
                break
            started = time.monotonic()
            if not self._is_taken(view, changes, claims, now):
                continue
            self._retry = False  # what fails now is not tried again in this run
            if not claims:
                break
            try:
                self._deliver(claims, sheets, started)
            finally:  # also when this run is interrupted
                self._confirm(claims)
        self._leave(sheets, now)
        return self._document()

    # ---- the ledger

    def _latest(self) -> View:
        """The ledger as it is now. After our own swap it is that, until somebody else is seen to be at work too."""
        if self._view is None or not self._alone:
            view = self._ledger.fetched()
            if view.lost:
                view = self._ledger.restored(view, self._workspace.clock())
                self._warn(f"{self._ledger.ref} was moved back or removed; it was restored from this clone")
            self._view = view
        return self._view

    def _swap(self, view: View, changes: Mapping[str, Sheet | Baseline], now: datetime, subject: str) -> bool:
        """Whether the ledger has these changes now; False where others were faster, after a little while."""
        self._view = None
        self._view = self._ledger.swap(view, changes, now, subject)
        for text in view.warnings:
            self._warn(text)
        if self._view is not None:
            self._lost = 0
            return True
        self._alone = False
        self._lose()
        return False

    def _is_taken(
        self, view: View, changes: Mapping[str, Sheet | Baseline], claims: Sequence[Claim], now: datetime
    ) -> bool:
        """Whether the ledger has these changes now. An answer that got lost on the way, or is wrong, is looked up."""
        try:
            return self._swap(view, changes, now, _subject(claims)) or self._holds(claims)
        except GitTrouble:
            if not self._holds(claims):
                raise
            return True

    def _holds(self, claims: Sequence[Claim]) -> bool:
        """Whether the ledger has these claims; all of them, or none."""
        if not claims:
            return False
        self._view = None
        sheet = self._latest().sheet(claims[0].incident.record.id)
        return is_held(sheet.rows.get(claims[0].key), claims[0].row.by)

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
            baseline = changes[BASELINE] = self._baseline(view, names, now, news)
        sheets = {}
        for name in readable:
            before = view.sheet(name)
            sheet = retried(before, now) if self._retry else before
            sheets[name] = sheet_of(
                self._known[name], sheet, baseline, now, mark=self._limits.mark, remind=self._limits.remind
            )
            if sheets[name] != before:
                changes[name] = sheets[name]
        return sheets, changes

    def _baseline(self, view: View, names: list[str], now: datetime, news: Mapping[str, frozenset[str]]) -> Baseline:
        """What is history at the first run, of all incidents: also of those that this run does not look at."""
        every = dict.fromkeys([*names, *candidates(self._workspace, view, now, None)])
        return baseline_of((self._known[name].record for name in every if self._read(name)), now, news)

    def _read(self, name: str) -> bool:
        if name not in self._known:
            try:
                record = self._workspace.record(name)
            except SevlogError as error:
                self._warn(f"{name} cannot be read, so nothing is sent of it: {error.message}")
                return False
            workspace = self._workspace
            state, now = workspace.state(record), workspace.clock()
            self._known[name] = known(record, state, workspace.config, workspace.oncall, now)
        return True

    def _claims(self, sheets: Mapping[str, Sheet], now: datetime) -> list[Claim]:
        """Rows to send now: of each address the oldest few, as far as the address is usable here."""
        by = secrets.token_hex(8)
        ready: dict[str, list[Claim]] = {}
        for name, sheet in sheets.items():
            incident = self._known[name]
            for key, row in sheet.rows.items():
                to = parts_of(key)[1]
                if is_ready(key, row, sheet.rows, incident, now) and self._carrier(to) is not None:
                    claim = Claim(incident=incident, key=key, row=claimed(row, by, now, incident.digest(key)))
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

    def _deliver(self, claims: list[Claim], sheets: Mapping[str, Sheet], started: float) -> None:
        deliver(self._workspace, claims, sheets, self._carriers, self._limits, self._pause, started)

    def _confirm(self, claims: list[Claim]) -> None:
        """Keep what became of the claims. Where the ledger cannot be reached, it shows them as unknown later."""
        waits = list(self._limits.pauses)
        while True:
            try:
                view, now = self._latest(), self._workspace.clock()
                changes = _results(view, claims)
                if not changes or self._swap(view, changes, now, _delivery_counts(claims)):
                    break
            except GitTrouble as error:
                if not waits:
                    self._warn(f"{len(claims)} results could not be stored: {error.message}")
                    break
                self._view = None
                self._pause(waits.pop(0))
        for claim in claims:
            self._report_row(claim.incident.record.id, claim.key, None, claim.result or claim.row, claim.headline)

    def _lose(self) -> None:
        """Wait a little after others were faster. Raises GitTrouble after too many times."""
        if self._lost >= _CONTENTION:
            raise GitTrouble(
                f"{self._ledger.ref} changes all the time: others were faster {self._lost} times",
                "sevlog notify, again",
            )
        self._lost += 1
        self._pause(0.02 + secrets.randbelow(100) / 1000 * min(self._lost, 5))

    # ---- what is said

    def _leave(self, sheets: Mapping[str, Sheet], now: datetime) -> None:
        """Name the deliveries that somebody else has to make, or that wait."""
        for name, sheet in sheets.items():
            for key, row in sheet.rows.items():
                if (name, key) in self._done or row.state != "owed" or self._known[name].route(key) is None:
                    continue
                to = parts_of(key)[1]
                if row.until is not None and row.until > now:
                    self._report_row(name, key, "retry", row)
                elif to in self._unusable:
                    self._report_row(name, key, "left", replace(row, reason=self._unusable[to]))
                elif not addresses.is_set(self._workspace.environment, to):
                    self._report_row(name, key, "left", replace(row, reason=f"{PREFIX}{to} is not set here"))

    def _report_row(self, name: str, key: str, state: str | None, row: Row, headline: str | None = None) -> None:
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


def _results(view: View, claims: Sequence[Claim]) -> dict[str, Sheet | Baseline]:
    """The sheets with the results of these claims, but for those that somebody else took over."""
    changes: dict[str, Sheet | Baseline] = {}
    sheets: dict[str, Sheet] = {}
    for claim in claims:
        name = claim.incident.record.id
        sheet = sheets.get(name) or view.sheet(name)
        if claim.result and is_held(sheet.rows.get(claim.key), claim.row.by):
            sheets[name] = changes[name] = _with_row(sheet, claim.key, claim.result)
    return changes


def _subject(claims: Sequence[Claim]) -> str:
    return f"Claim {len(claims)} deliveries" if claims else "Note what is owed"


def _delivery_counts(claims: Sequence[Claim]) -> str:
    states = [claim.result.state for claim in claims if claim.result]
    return f"{states.count('sent')} of {len(claims)} deliveries sent"
