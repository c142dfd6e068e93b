"""The ledger of deliveries: entries processed, deliveries due, claims of senders, and results.

A delivery has one row. A sender first claims the row, and only one can (the store compares and swaps). When a claim
expires, the promise of the route decides: send again, or mark the delivery as unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from ..config.notify import Promise
from ..forms import Instant
from ..timeline.entries import entry_id
from ..timeline.entry_parts import Entry
from ..timeline.incident import Record

RowState = Literal["owed", "claimed", "sent", "failed", "unknown", "moot"]
"""owed: to be sent. claimed: somebody is sending it. failed: given up. unknown: it may have arrived, and is not sent
again. moot: not sent, because there is no reason any more."""
UNSETTLED: frozenset[RowState] = frozenset({"owed", "claimed"})
TROUBLED: frozenset[RowState] = frozenset({"failed", "unknown"})
"""States that a person has to look at."""

LEASES: dict[Promise, timedelta] = {"at_least_once": timedelta(minutes=3), "most_once": timedelta(minutes=10)}
"""How long a claim is valid. Longer than all attempts together (delivery/trying.LONGEST)."""

MOST_TRIES = 30
"""The number of attempts, over all runs, after which a delivery has failed."""

RECENT = timedelta(days=7)
"""Entries that are older are never delivered, whenever they are seen."""
FRESH = timedelta(hours=1)
"""At the first run, entries that are older are history, unless somebody says since when they are news."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One delivery. until: end of the claim, or of the pause before the next attempt.

    by: the claiming sender, an opaque word that no two claims share; after the claim ran out, who may still know what
    became of it. topic: the subject of its thread. digest: of the update that was sent, so that a correction is skipped
    where it went out as corrected. id: what the receiver calls it.
    """

    state: RowState
    promise: Promise
    at: Annotated[Instant, Meta(description="When it reached this state.")]
    until: Instant | None = None
    by: str | None = None
    tries: int = 0
    reason: str | None = None
    digest: str | None = None
    topic: str | None = None
    id: str | None = None


class Sheet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The deliveries of one incident. seen: entries that were processed; their deliveries are in the rows.

    rows: `<event>:<to>` -> row. An event is an entry's id. pages: `<track>.<since>.<turn>.<person>` -> row.
    issues: `<item>:<tracker>` -> row, whose id is the address of the issue that the item got, and whose digest
    is of what was written into it last.
    """

    schema: int = 1
    seen: tuple[str, ...] = ()
    rows: dict[str, Row] = {}
    pages: dict[str, Row] = {}
    issues: dict[str, Row] = {}

    def count(self, states: frozenset[RowState]) -> int:
        """How many rows are in one of these states."""
        return sum(row.state in states for rows in (self.rows, self.pages) for row in rows.values())


class Baseline(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Entries from before the first run, which are never delivered: all up to `since`, and those listed.

    entries: incident -> the ids of its entries between `since` and `at`.
    """

    at: Instant
    since: Instant
    schema: int = 1
    entries: dict[str, tuple[str, ...]] = {}


class OpenSheets(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The incidents with deliveries that are not settled, or that a person has to look at, and how many of each."""

    schema: int = 1
    unsettled: dict[str, int] = {}
    troubled: dict[str, int] = {}

    def after(self, sheets: Mapping[str, Sheet]) -> OpenSheets:
        """The same after these sheets changed."""
        return OpenSheets(
            unsettled=_counted(self.unsettled, sheets, UNSETTLED), troubled=_counted(self.troubled, sheets, TROUBLED)
        )


def _counted(before: Mapping[str, int], sheets: Mapping[str, Sheet], states: frozenset[RowState]) -> dict[str, int]:
    now = {**before, **{name: sheet.count(states) for name, sheet in sheets.items()}}
    return {name: count for name, count in sorted(now.items()) if count}


def key_of(event: str, to: str) -> str:
    """The key of a row."""
    return f"{event}:{to}"


def parts_of(key: str) -> tuple[str, str]:
    """The event and the address of a row's key."""
    event, _, to = key.rpartition(":")
    return event, to


def page_parts(key: str) -> tuple[str, str]:
    """The step and the person of a page's key, `<track>.<since>.<turn>.<person>`; a handle may have dots."""
    found = _PAGE.fullmatch(key)
    return (found["step"], found["person"]) if found else (key.rpartition(".")[0], key.rpartition(".")[2])


_PAGE = re.compile(r"(?P<step>.*?\.\d+)\.(?P<person>.+)")


def baseline_of(records: Iterable[Record], at: datetime, news: Mapping[str, frozenset[str]]) -> Baseline:
    """The baseline for these records. news: incident -> entries that are not history, although they were there."""
    since = at - RECENT
    entries = {
        record.id: tuple(
            sorted(
                name
                for e in record.entries
                if e.by and since < _known_at(e) <= at - FRESH and (name := entry_id(e)) not in news.get(record.id, ())
            )
        )
        for record in records
    }
    return Baseline(at=at, since=since, entries={name: found for name, found in entries.items() if found})


def unseen(record: Record, sheet: Sheet, baseline: Baseline | None, now: datetime) -> list[str]:
    """The ids of entries that were not processed yet, in order; imported and old ones never are."""
    known = {*sheet.seen, *(baseline.entries.get(record.id, ()) if baseline else ())}
    oldest = max(now - RECENT, baseline.since) if baseline else now - RECENT
    return [name for e in record.entries if e.by and _known_at(e) > oldest and (name := entry_id(e)) not in known]


def _known_at(entry: Entry) -> datetime:
    return entry.recorded_at or entry.at


def claimed(row: Row, by: str, now: datetime, digest: str | None = None) -> Row:
    """The row with a claim, and the digest of what is sent."""
    return replace(row, state="claimed", by=by, at=now, until=now + LEASES[row.promise], reason=None, digest=digest)


def released(row: Row, now: datetime) -> Row:
    """The row after a claim that was not used: nothing was tried."""
    return replace(row, state="owed", at=now, until=None, by=None)


def retried(sheet: Sheet, now: datetime) -> Sheet:
    """The sheet with everything that went wrong, or waits for its next attempt, owed now."""
    rows = {
        key: Row(state="owed", promise=row.promise, at=now, topic=row.topic)
        if row.state in TROUBLED or (row.state == "owed" and row.until)
        else row
        for key, row in sheet.rows.items()
    }
    return replace(sheet, rows=rows)


def settled(row: Row, state: RowState, now: datetime, reason: str | None = None, **more: object) -> Row:
    """The row in a final state."""
    return replace(row, state=state, at=now, until=None, by=None, reason=reason or None, **more)


def postponed(row: Row, now: datetime, reason: str, tries: int, wait: float | None = None) -> Row:
    """The row after a try that failed: again after a pause that doubles each time, until too many were in vain.

    wait: the least seconds until then, where the receiver named them.
    """
    tries += row.tries
    if tries >= MOST_TRIES:
        return settled(row, "failed", now, f"{reason}; given up after {tries} attempts", tries=tries)
    asked = timedelta(seconds=min(wait or 0, _LONGEST_PAUSE.total_seconds()))
    pause = max(asked, min(_FIRST_PAUSE * 2 ** min(tries - 1, 10), _LONGEST_PAUSE))
    return replace(row, state="owed", at=now, until=now + pause, by=None, reason=reason, tries=tries)


def ran_out(row: Row, now: datetime) -> Row:
    """The current row: one with an expired claim becomes owed again or unknown.

    It keeps the name of the sender, who may only be late and then says what became of it.
    """
    if row.state != "claimed" or (row.until is not None and now < row.until):
        return row
    why = "the sender stopped before it finished"
    if row.promise == "at_least_once":
        return replace(row, state="owed", at=now, until=None, reason=why)
    return replace(
        row, state="unknown", at=now, until=None, reason=f"{why}; it may have arrived, so it is not sent again"
    )


def is_held(row: Row | None, by: str | None) -> bool:
    """Whether what a sender says of a row still counts: nobody else claimed or settled it since."""
    return row is not None and by is not None and row.by == by


def joined(one: Sheet, other: Sheet) -> Sheet:
    """The sheet of an incident whose ledger went on in two ways: of each delivery the row that got furthest."""
    return replace(
        one,
        rows=_furthest(one.rows, other.rows),
        issues=_furthest(one.issues, other.issues),
        seen=tuple(dict.fromkeys((*one.seen, *other.seen))),
    )


def _furthest(one: Mapping[str, Row], other: Mapping[str, Row]) -> dict[str, Row]:
    rows = dict(one)
    for key, row in other.items():
        if key not in rows or _FURTHEST.index(row.state) > _FURTHEST.index(rows[key].state):
            rows[key] = row
    return rows


_FURTHEST: tuple[RowState, ...] = ("owed", "moot", "claimed", "failed", "unknown", "sent")
