"""Reads an incident or a maintenance as Atlassian Statuspage's public API v2 gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args

from ....model.public.publication import IMPACT_WORDS
from ....model.public.uptime import worst_of
from ....model.timeline.incident import Window
from ....model.vocabulary import FINAL_PHASES, MAINTENANCE_PHASES, PageImpact
from ..source import SourceIncident, SourceUpdate, Unusable, identifier, text_of, title_of, word_in
from .page import address_of
from .updates import PHASES, read_time_of, read_updates

SYSTEM = "statuspage"
_IMPACTS: frozenset[str] = frozenset(get_args(PageImpact))
Row = Mapping[str, object]


def read_incident(row: object) -> SourceIncident:
    """An incident or a maintenance. Raises Unusable if it cannot be imported."""
    if not isinstance(row, Mapping):
        raise Unusable("it is not an object")
    code = identifier(row.get("id"))
    if code is None:
        raise Unusable("it has no usable id")
    repairs: list[str] = []
    created_at = read_time_of(row, "created_at", repairs)
    updates = read_updates(
        row.get("incident_updates"),
        repairs,
        created_at=created_at,
        first_phase="scheduled" if "scheduled_for" in row else "investigating",
    )
    started_at = read_time_of(row, "started_at", repairs)
    resolved_at = read_time_of(row, "resolved_at", repairs)
    maintenance = _is_maintenance(row, updates)
    return SourceIncident(
        id=code,
        name=title_of(row.get("name"), repairs),
        maintenance=maintenance,
        updates=updates,
        url=address_of(row.get("shortlink")),
        created_at=created_at,
        updated_at=read_time_of(row, "updated_at", repairs),
        started_at=started_at,
        began_at=None if maintenance else believable_start(started_at, resolved_at, updates, repairs),
        monitoring_at=read_time_of(row, "monitoring_at", repairs),
        resolved_at=resolved_at,
        impact=_impact(row.get("impact"), updates, maintenance, repairs),
        window=_window(row, updates, started_at, resolved_at, repairs) if maintenance else None,
        components=_components(row.get("components")),
        reminder_intervals=text_of(row.get("reminder_intervals")),
        over_at=_over_at(str(row.get("status") or ""), updates, resolved_at, repairs),
        complete=True,
        repairs=tuple(repairs),
    )


def believable_start(
    started_at: datetime | None, resolved_at: datetime | None, updates: Sequence[SourceUpdate], repairs: list[str]
) -> datetime | None:
    """The start, unless it is after the end or the first update: then None. Repairs say what was wrong with either."""
    first = updates[0].at
    ends = resolved_at or (updates[-1].at if updates[-1].phase in FINAL_PHASES else None)
    if started_at is None:
        return None
    if started_at > first:
        what, at = ("end", ends) if ends is not None and started_at > ends else ("first update", first)
        repairs.append(
            f"started_at ({instant(started_at)}) is after its {what} ({instant(at)}): "
            f"its first update is used as its start ({instant(first)})"
        )
        return None
    if ends is not None and ends < started_at:
        repairs.append(
            f"resolved_at ({instant(ends)}) is before started_at ({instant(started_at)}): its updates give the end"
        )
    return started_at


def instant(at: datetime) -> str:
    """A time for people who read a report: UTC, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _is_maintenance(row: Row, updates: Sequence[SourceUpdate]) -> bool:
    status = row.get("status")
    if "scheduled_for" in row or word_in(status, MAINTENANCE_PHASES):
        return True
    return not word_in(status, PHASES) and all(u.phase in MAINTENANCE_PHASES for u in updates)


def _over_at(
    status: str, updates: Sequence[SourceUpdate], resolved_at: datetime | None, repairs: list[str]
) -> datetime | None:
    """When it was over, where `status` says that it is and the last update does not."""
    last = updates[-1]
    if status not in PHASES:
        repairs.append(f"its status `{status[:40]}` is unknown: its last update says `{last.phase}`")
    elif status in FINAL_PHASES and last.phase not in FINAL_PHASES:
        at = max(resolved_at or last.at, last.at)
        repairs.append(f"its status is `{status}`, its last update says `{last.phase}`: over since {instant(at)}")
        return at
    elif status not in FINAL_PHASES and last.phase in FINAL_PHASES:
        repairs.append(f"its status is `{status}`, its last update says `{last.phase}`: the update counts")
    return None


def _impact(value: object, updates: Sequence[SourceUpdate], maintenance: bool, repairs: list[str]) -> PageImpact | None:
    """The impact; an unknown word is replaced by what Statuspage derives from the components."""
    if word_in(value, _IMPACTS):
        return value  # type: ignore[return-value]
    worst = worst_of(state for u in updates for state in (u.states or {}).values())
    derived: PageImpact = "maintenance" if maintenance else IMPACT_WORDS[worst]
    repairs.append(f"its impact `{value}` is unknown: taken as `{derived}` from its components")
    return derived


def _window(
    row: Row,
    updates: Sequence[SourceUpdate],
    started_at: datetime | None,
    resolved_at: datetime | None,
    repairs: list[str],
) -> Window:
    planned = read_time_of(row, "scheduled_for", repairs), read_time_of(row, "scheduled_until", repairs)
    return window(planned, updates, started_at, resolved_at, repairs)


def window(
    planned: tuple[datetime | None, datetime | None],
    updates: Sequence[SourceUpdate],
    started_at: datetime | None,
    resolved_at: datetime | None,
    repairs: list[str],
) -> Window:
    """The planned window; taken from the course of the maintenance, with a repair, where the source has none."""
    start, end = planned
    if start is None or end is None:
        begun = next((u.at for u in updates if u.phase != "scheduled"), updates[0].at)
        over = updates[-1].at if updates[-1].phase in FINAL_PHASES else None
        start = start or started_at or begun
        end = end or resolved_at or over or start
        repairs.append(f"it has no planned window: {instant(start)} to {instant(end)} is taken from its updates")
    if end < start:
        repairs.append(f"its window ends ({instant(end)}) before it starts ({instant(start)}): it ends at its start")
        end = start
    return Window(start=start, end=end)


def _components(rows: object) -> tuple[str, ...] | None:
    """The ids of its components, groups left out."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return None
    codes = [identifier(row.get("id")) for row in rows if isinstance(row, Mapping) and not row.get("group")]
    return tuple(code for code in codes if code)
