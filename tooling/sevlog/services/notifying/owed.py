"""What is owed of one incident: a row for each event and address that has none, and the rows that became moot.

A checkout may be older than the ledger (a run of CI that is repeated, a laptop that did not pull): then the ledger has
rows for entries and routes that are not here. They are left to those who have them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ...model.comms.events import Event, promise
from ...model.comms.ledger import FRESH, RECENT, Baseline, Row, Sheet, key_of, parts_of, ran_out, settled, unseen
from ...model.config.notify import Route
from ...model.config.settings import Config
from ...model.learning.postmortem.review import submits
from ...model.notices import reminders
from ...model.notices.destinations import destinations
from ...model.notices.personal import AFTERWARDS, Personal
from ...model.oncall.roster import OnCall
from ...model.timeline.entries import Update
from ...model.timeline.incident import Record
from ...model.timeline.state import State


class Known(Struct, frozen=True, kw_only=True):
    """An incident with its events. routes: event -> address -> the route that goes there."""

    record: Record
    state: State
    events: dict[str, Event]
    routes: Mapping[str, Mapping[str, Route]]

    def route(self, key: str) -> Route | None:
        """The route of a row; None where this checkout has no such entry, or no route for it."""
        name, to = parts_of(key)
        return self.routes.get(name, {}).get(to)

    def amended(self, key: str) -> str | None:
        """The key of the row whose text this one corrects or takes back."""
        name, to = parts_of(key)
        event = self.events.get(name)
        return key_of(event.amends, to) if event is not None and event.amends else None

    def digest(self, key: str) -> str | None:
        """A digest of an update as corrected; None for other entries, and for one that was taken back."""
        item = self.state.item(parts_of(key)[0])
        if item is None or not isinstance(item.effective, Update):
            return None
        return hashlib.sha256(msgspec.json.encode(item.effective)).hexdigest()[:12]


def known(record: Record, state: State, config: Config, roster: OnCall, now: datetime) -> Known:
    """The incident with its events and where they go, as of now."""
    found, routes = destinations(config, roster, record, state, now)
    return Known(record=record, state=state, events=found, routes=routes)


def sheet_of(
    incident: Known, sheet: Sheet, baseline: Baseline | None, now: datetime, *, mark: bool, remind: bool = True
) -> Sheet:
    """The sheet as it is now: with rows for entries that nobody processed yet, and without what has become moot.

    mark: whether entries that nobody hears of are kept as seen too, so that a route that is added later does not
    bring them up. remind: whether reminders are due too.
    """
    rows, seen = dict(sheet.rows), list(sheet.seen)
    for name in unseen(incident.record, sheet, baseline, now):
        routes = incident.routes.get(name, {})
        if routes or mark:
            seen.append(name)
        rows |= {key_of(name, to): Row(state="owed", promise=promise(route), at=now) for to, route in routes.items()}
    for name in incident.events:
        if remind and name.startswith(reminders.PREFIX):
            for to, route in incident.routes[name].items():
                rows.setdefault(key_of(name, to), Row(state="owed", promise=promise(route), at=now))
    rows = {key: _as_of_now(incident, key, ran_out(row, now), now) for key, row in rows.items()}
    rows = {key: _as_amended(incident, key, row, rows, now) for key, row in rows.items()}
    return replace(sheet, rows=rows, seen=tuple(seen))


def _as_of_now(incident: Known, key: str, row: Row, now: datetime) -> Row:
    if row.state != "owed":
        return row
    why = _why_not(incident, key, row, now)
    if why is not None:
        return settled(row, "moot", now, why)
    route = incident.route(key)
    if route is None or row.reason or row.until:
        return row
    return replace(row, promise=promise(route))  # nothing was tried, so a promise that changed since holds for it too


def _why_not(incident: Known, key: str, row: Row, now: datetime) -> str | None:
    """Why a delivery has no reason any more; None where it has, and where this checkout cannot tell."""
    name = parts_of(key)[0]
    event = incident.events.get(name)
    if event is None and name.startswith(reminders.PREFIX):
        return "it was done, or it is too late for a reminder"
    if event is None and incident.state.item(name) is None:
        return "its entry was removed" if now - row.at > RECENT else None
    if event is None:
        return "the entry was retracted"
    route = incident.route(key)
    if route is None and _is_reviewed(incident, name):
        return "the postmortem is not in review any more"
    if route is None:
        at_once = incident.record.card.visibility == "restricted" or now - row.at > FRESH
        return "no route goes there any more" if at_once else None
    if isinstance(route, Personal) and route.notice not in AFTERWARDS and incident.state.category != "live":
        return "it was over before it was sent"
    if event.signal == "trigger" and not incident.state.live:
        return "it was over before it was sent"
    return None


def _is_reviewed(incident: Known, name: str) -> bool:
    """Whether an entry submitted the postmortem, and it was approved, sent back or waived since."""
    found, item = incident.record.postmortem, incident.state.item(name)
    return found is not None and found.status != "in_review" and item is not None and submits(item.effective)


def _as_amended(incident: Known, key: str, row: Row, rows: dict[str, Row], now: datetime) -> Row:
    """A correction that nobody needs is moot: decided when what it corrects is settled, by what was sent then."""
    amended = incident.amended(key)
    if row.state != "owed" or amended is None:
        return row
    before = rows.get(amended)
    if before is None:
        return settled(row, "moot", now, "the text that it corrects was not sent there")
    if before.state in ("failed", "moot"):
        return settled(row, "moot", now, "the text that it corrects was not sent there yet, and is sent as corrected")
    if before.state in ("sent", "unknown") and before.digest and before.digest == incident.digest(amended):
        return settled(row, "moot", now, "the text that it corrects was sent as corrected")
    return row


def is_ready(key: str, row: Row, rows: dict[str, Row], incident: Known, now: datetime) -> bool:
    """Whether a row can be sent now: it is owed, its pause is over, and what it corrects is settled."""
    if row.state != "owed" or (row.until is not None and row.until > now) or incident.route(key) is None:
        return False
    before = rows.get(incident.amended(key) or "")
    return before is None or before.state not in ("owed", "claimed")
