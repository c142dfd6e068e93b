"""What is owed of one incident: a row for each event and address that has none, and the rows that became moot."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ...model.comms.events import Event, events, promise, routes_for, tellable
from ...model.comms.ledger import Baseline, Row, Sheet, key_of, parts_of, ran_out, settled, unseen
from ...model.config.notify import Route
from ...model.config.settings import Config
from ...model.timeline.incident import Record
from ...model.timeline.state import State


class Known(Struct, frozen=True, kw_only=True):
    """An incident with its events. routes: event -> address -> the route that goes there."""

    record: Record
    state: State
    events: dict[str, Event]
    routes: dict[str, dict[str, Route]]


def known(record: Record, state: State, config: Config) -> Known:
    """The incident with its events and where they go."""
    found = events(state) if tellable(record) else {}
    routes = {name: routes_for(config.notify.routes, event, record) for name, event in found.items()}
    return Known(record=record, state=state, events=found, routes=routes)


def sheet_of(incident: Known, sheet: Sheet, baseline: Baseline | None, now: datetime, *, mark: bool) -> Sheet:
    """The sheet as it is now: with rows for entries that nobody processed yet, and without what has become moot.

    mark: whether entries that nobody hears of are kept as seen too, so that a route that is added later does not
    bring them up.
    """
    rows, seen = dict(sheet.rows), list(sheet.seen)
    for name in unseen(incident.record, sheet, baseline, now):
        routes = incident.routes.get(name, {})
        if routes or mark:
            seen.append(name)
        rows |= {key_of(name, to): Row(state="owed", promise=promise(route), at=now) for to, route in routes.items()}
    rows = {key: _as_of_now(incident, key, ran_out(row, now), rows, sheet, now) for key, row in rows.items()}
    return replace(sheet, rows=rows, seen=tuple(seen))


def _as_of_now(incident: Known, key: str, row: Row, rows: dict[str, Row], sheet: Sheet, now: datetime) -> Row:
    if row.state != "owed":
        return row
    why = _why_not(incident, key, rows, sheet)
    return row if why is None else settled(row, "moot", now, why)


def _why_not(incident: Known, key: str, rows: dict[str, Row], sheet: Sheet) -> str | None:
    """Why a delivery has no reason any more; None where it has."""
    name, to = parts_of(key)
    event = incident.events.get(name)
    if event is None:
        return "the entry was retracted"
    if to not in incident.routes[name]:
        return "no route goes there any more"
    if event.signal == "trigger" and not incident.state.live:
        return "it was over before it was sent"
    if event.amends is None:
        return None
    before = rows.get(key_of(event.amends, to))
    if before is None:
        return "the text that it corrects was not sent there"
    if before.state in ("owed", "failed", "moot"):
        return "the text that it corrects was not sent there yet, and is sent as corrected"
    if before.state == "sent" and before.at > _known_at(incident, name):
        return "the text that it corrects was sent as corrected"
    return None


def _known_at(incident: Known, name: str) -> datetime:
    item = incident.state.item(name)
    assert item is not None  # it has an event
    return item.known_at


def is_ready(key: str, row: Row, rows: dict[str, Row], incident: Known, now: datetime) -> bool:
    """Whether a row can be sent now: it is owed, its pause is over, and what it corrects is not being sent."""
    if row.state != "owed" or (row.until is not None and row.until > now):
        return False
    name, to = parts_of(key)
    event = incident.events.get(name)
    before = rows.get(key_of(event.amends, to)) if event is not None and event.amends else None
    return before is None or before.state != "claimed"
