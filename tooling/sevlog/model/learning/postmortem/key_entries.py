"""Which entries are key: those that the timeline of a postmortem shows unless all are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ...timeline.entries import (
    ActionTaken,
    Alert,
    Decision,
    Experiment,
    Observation,
    Raised,
    SeverityChanged,
    StatusChanged,
    Theory,
    Update,
)
from ...timeline.entry_parts import Entry
from ...timeline.state import State, TimelineItem

_ENDING = frozenset({"mitigation", "rollback"})
_ALWAYS = (Raised, StatusChanged, SeverityChanged, Decision)
"""Kinds whose entries are always key."""


def timeline_items(state: State, *, every: bool) -> Iterator[tuple[TimelineItem, Entry]]:
    """The entries in the order in which they happened, as corrected, without those that were retracted.

    every: also those that are not key. The decisions about the postmortem itself never count as key.
    """
    confirmed = {(seen.at, seen.text) for seen in state.observations if seen.confirmed_by}
    alerts: set[str] = set()
    over = state.milestones.resolved_at
    for item in sorted(state.timeline, key=lambda i: ((i.effective or i.entry).at, i.known_at, i.id)):
        entry = item.effective
        if entry is None:
            continue
        if every or (
            _is_key(entry, confirmed, alerts) and not (isinstance(entry, Decision) and over and entry.at > over)
        ):
            yield item, entry


def _is_key(entry: Entry, confirmed: set[tuple[datetime, str]], alerts: set[str]) -> bool:
    if isinstance(entry, Observation):
        return entry.key or (entry.at, entry.text) in confirmed
    if isinstance(entry, Alert):  # the first of each fingerprint, as it tells when it was detected
        is_first = entry.state == "firing" and entry.fingerprint not in alerts
        alerts.add(entry.fingerprint)
        return is_first
    return entry.key or isinstance(entry, _ALWAYS) or _shows_result(entry)


def _shows_result(entry: Entry) -> bool:
    if isinstance(entry, ActionTaken):
        return entry.type in _ENDING
    if isinstance(entry, Update):
        return entry.audience == "public"
    if isinstance(entry, Theory):
        return entry.state != "open"
    return isinstance(entry, Experiment) and entry.result is not None
