"""The ledger of deliveries: entries processed, deliveries due, claims of senders, and results.

A delivery has one row. A sender first claims the row, and only one can (the store compares and swaps). When a claim
expires, the promise of the route decides: send again, or mark the delivery as doubtful.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from ..config.notify import Promise
from ..forms import Instant
from ..timeline.entries import entry_id
from ..timeline.incident import Record

RowState = Literal["owed", "claimed", "sent", "failed", "doubtful", "moot"]
SETTLED: frozenset[RowState] = frozenset({"sent", "failed", "doubtful", "moot"})

LEASES: dict[Promise, timedelta] = {"least_once": timedelta(minutes=3), "most_once": timedelta(minutes=10)}
"""How long a claim is valid. Longer than all attempts together (delivery/trying.LONGEST)."""

MOST_TRIES = 30
"""The number of attempts, over all runs, after which a delivery has failed."""

RECENT = timedelta(days=7)
"""How far before the first run entries are listed individually; older entries are never delivered."""


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One delivery. until: end of the claim. by: the claiming sender, an opaque word. topic: the subject of its thread.

    digest: of the text sent, to skip corrections that change nothing. includes: entries sent with it.
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
    includes: tuple[str, ...] = ()


class Sheet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The deliveries of one incident. seen: entries that were processed; their deliveries are in the rows.

    rows: `<event>:<to>` -> row. An event is an entry's id, or `page.<track>.<turn>`.
    """

    schema: int = 1
    seen: tuple[str, ...] = ()
    rows: dict[str, Row] = {}


class Baseline(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Entries from before the first run, which are never delivered: all up to `since`, and those listed.

    entries: incident -> the ids of its entries between `since` and `at`.
    """

    at: Instant
    since: Instant
    schema: int = 1
    commit: str | None = None
    entries: dict[str, tuple[str, ...]] = {}


def key_of(event: str, to: str) -> str:
    """The key of a row."""
    return f"{event}:{to}"


def parts_of(key: str) -> tuple[str, str]:
    """The event and the address of a row's key."""
    event, _, to = key.rpartition(":")
    return event, to


def baseline_of(records: Iterable[Record], at: datetime, commit: str | None) -> Baseline:
    """The baseline for these records."""
    since = at - RECENT
    entries = {
        record.id: tuple(sorted(entry_id(e) for e in record.entries if e.by and (e.recorded_at or e.at) > since))
        for record in records
    }
    return Baseline(
        at=at, since=since, commit=commit, entries={name: found for name, found in entries.items() if found}
    )


def unseen(record: Record, sheet: Sheet, baseline: Baseline | None) -> list[str]:
    """The ids of entries that were not processed yet, in order; imported ones never are."""
    known = set(sheet.seen)
    before: set[str] = set()
    if baseline is not None:
        before = set(baseline.entries.get(record.id, ()))
        before |= {entry_id(e) for e in record.entries if (e.recorded_at or e.at) <= baseline.since}
    return [name for e in record.entries if e.by and (name := entry_id(e)) not in known and name not in before]


def was_before(record: Record, entry: str, baseline: Baseline | None) -> bool:
    """Whether an entry existed before the first run."""
    if baseline is None:
        return False
    found = next((e for e in record.entries if entry_id(e) == entry), None)
    older = found is not None and (found.recorded_at or found.at) <= baseline.since
    return older or entry in baseline.entries.get(record.id, ())


def claimed(row: Row, by: str, now: datetime) -> Row:
    """The row with a claim."""
    return replace(row, state="claimed", by=by, at=now, until=now + LEASES[row.promise], reason=None)


def ran_out(row: Row, now: datetime, *, dead: bool) -> Row:
    """The current row: an expired claim, or one of a dead sender, becomes owed again or doubtful."""
    if row.state != "claimed" or (not dead and row.until is not None and now < row.until):
        return row
    why = "the sender stopped before it finished"
    if row.promise == "least_once":
        return replace(row, state="owed", at=now, until=None, by=None, reason=why)
    return replace(
        row,
        state="doubtful",
        at=now,
        until=None,
        by=None,
        reason=f"{why}; it may have been delivered, so it is not sent again",
    )
