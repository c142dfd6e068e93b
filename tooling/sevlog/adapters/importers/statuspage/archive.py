"""Reads archives of a Statuspage's feed: JSON Lines with `title`, `url` and `updates` of {at, status, message}.

Such archives have the words and minutes of the feed, not the ids and states of the API. The id in the page's address
becomes the incident's id, so that links survive and an import of the API later meets the same incident.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import get_args

from ....model.vocabulary import FINAL_PHASES, MAINTENANCE_PHASES, Impact, PageImpact, Phase
from ..source import SourceIncident, SourceNote, SourceUpdate, Unusable, identifier, text_of, title_of, word_in
from .importer import believable_start, instant, window
from .page import address_of
from .updates import read_body, read_phase, read_time_of

NOTICES = (
    "the archive names components but not their states: each counts as its incident's impact says "
    "(minor: degraded performance, major: partial outage, critical: major outage), from the start to the end",
)
STATES: dict[PageImpact, Impact] = {
    "none": "operational",
    "minor": "degraded_performance",
    "major": "partial_outage",
    "critical": "major_outage",
    "maintenance": "under_maintenance",
}
_IMPACTS: frozenset[str] = frozenset(get_args(PageImpact))
_FAR = timedelta(days=7)
Row = Mapping[str, object]


def is_archived(row: Row) -> bool:
    """Whether the row has the shape of such an archive."""
    updates = row.get("updates")
    return "title" in row and "url" in row and isinstance(updates, list) and "incident_updates" not in row


def read_archived(row: Row) -> SourceIncident:
    """An incident of an archive. Raises Unusable if it cannot be imported."""
    repairs: list[str] = []
    code = code_of(row.get("url"))
    if code is None:
        raise Unusable(f"its address `{str(row.get('url'))[:80]}` does not end with an id")
    updates = _updates(row.get("updates"), repairs)
    maintenance = row.get("impact") == "maintenance" or updates[0].phase in MAINTENANCE_PHASES
    resolved_at = read_time_of(row, "resolved_at", repairs)
    started_at = read_time_of(row, "started_at", repairs)
    impact = _impact(row.get("impact"), repairs)
    last = updates[-1]
    found_from, found_until = _impact_window(row, updates, repairs)
    return SourceIncident(
        id=code,
        name=title_of(row.get("title"), repairs, "title"),
        maintenance=maintenance,
        updates=updates,
        url=address_of(row.get("url")),
        started_at=started_at,
        began_at=None if maintenance else believable_start(started_at, resolved_at, updates, repairs),
        resolved_at=resolved_at,
        impact=impact,
        window=window((None, None), updates, None, None, repairs) if maintenance else None,
        states=_states(row.get("components"), impact) or None,
        over_at=max(resolved_at, last.at) if resolved_at and last.phase not in FINAL_PHASES else None,
        impact_from=None if maintenance else found_from,
        impact_until=None if maintenance else found_until,
        notes=_notes(row, updates[0].at),
        repairs=tuple(repairs),
    )


def code_of(url: object) -> str | None:
    """The id at the end of an incident's address."""
    match = re.search(r"/incidents/([^/?#]+)/?$", url) if isinstance(url, str) else None
    return identifier(match[1]) if match else None


def in_order(updates: Sequence[SourceUpdate]) -> tuple[SourceUpdate, ...]:
    """Updates by time; those of one minute stay in the order given, and ids tell them apart where times do not."""
    return tuple(sorted(updates, key=lambda update: update.at))


def _updates(rows: object, repairs: list[str]) -> tuple[SourceUpdate, ...]:
    found: list[SourceUpdate] = []
    phase: Phase = "investigating"
    for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
        if not isinstance(row, Mapping):
            raise Unusable(f"update {number} is not an object")
        name = f"update {number}: "
        at = read_time_of(row, "at", repairs, name)
        if at is None:
            raise Unusable(f"{name}it has no time")
        phase, word = read_phase(row.get("status"), phase, name, repairs)
        text = read_body(row.get("message"), name, repairs)
        found.append(SourceUpdate(phase=phase, at=at, text=text, word=word))
    if not found:
        raise Unusable("it has no updates")
    return in_order(found)


def _impact(value: object, repairs: list[str]) -> PageImpact | None:
    if word_in(value, _IMPACTS):
        return value  # type: ignore[return-value]
    if value is not None:
        repairs.append(f"its impact `{value}` is unknown: taken as `none`")
    return None


def _states(names: object, impact: PageImpact | None) -> dict[str, Impact]:
    state = STATES[impact or "none"]
    return {" ".join(name.split())[:300]: state for name in names if text_of(name)} if isinstance(names, list) else {}


def _impact_window(
    row: Row, updates: Sequence[SourceUpdate], repairs: list[str]
) -> tuple[datetime | None, datetime | None]:
    """The window of impact that the archive read out of the closing text; unused, with a repair, where it cannot be."""
    given = row.get("impact_window")
    if not isinstance(given, Mapping):
        return None, None
    start, end = read_time_of(given, "start_at", repairs), read_time_of(given, "end_at", repairs)
    first, last = updates[0].at, updates[-1].at
    if start is None or end is None:
        return None, None
    if start <= end and first - start <= _FAR and first <= end <= last and start <= last:
        return start, end
    repairs.append(
        f"the impact window that the archive read from its text ({instant(start)} to {instant(end)}) "
        f"does not meet its updates ({instant(first)} to {instant(last)}): noted, not used"
    )
    return None, None


def _notes(row: Row, at: datetime) -> tuple[SourceNote, ...]:
    """What the archive worked out by itself, as it says."""
    source, surety = row.get("components_source"), row.get("components_confidence")
    if not source or not isinstance(surety, Mapping):
        return ()
    shares = ", ".join(f"{name} ({share:.0%})" for name, share in surety.items() if isinstance(share, float))
    return (SourceNote(at, f"Import: the archive derived the components from the text ({source}): {shares}."),)
