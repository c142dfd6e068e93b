"""Which incidents the figures are about: period and filters, what is left out and why, and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from ...vocabulary import in_words
from .facts import Facts

GroupBy = Literal["month", "quarter", "severity", "component"]
NO_SEVERITY, NO_COMPONENT = "no severity", "no component"


class Wanted(Struct, frozen=True, kw_only=True):
    """since, until: when an incident was raised; `until` is not part of it. Empty filters let everything through."""

    since: datetime
    until: datetime
    severities: frozenset[str] = frozenset()
    components: frozenset[str] | None = None
    types: frozenset[str] = frozenset()

    def filters(self, facts: Facts) -> bool:
        """Whether it passes the filters, at whatever time it was raised."""
        return (
            (not self.severities or facts.severity in self.severities)
            and (self.components is None or bool(self.components & facts.components))
            and (not self.types or facts.type in self.types)
        )

    def has(self, facts: Facts) -> bool:
        """Whether it also was raised in the period."""
        at = facts.began_at
        return at is not None and self.since <= at < self.until and self.filters(facts)


class Selection(Struct, frozen=True, kw_only=True):
    """The incidents that count. left_out: reason -> how many others of the period."""

    counted: tuple[Facts, ...]
    left_out: dict[str, int]


def select(facts: Iterable[Facts], wanted: Wanted, now: datetime) -> Selection:
    """The incidents of the period that pass the filters."""
    counted: list[Facts] = []
    left_out: Counter[str] = Counter()
    for one in facts:
        if not wanted.has(one):
            if (one.began_at is None or one.began_at > now) and wanted.filters(one):
                left_out["never opened" if one.began_at is None else "raised after now"] += 1
            continue
        reason = reason_to_leave_out(one, now)
        if reason is None:
            counted.append(one)
        else:
            left_out[reason] += 1
    counted.sort(key=lambda one: (one.began_at or now, one.id))
    return Selection(counted=tuple(counted), left_out=dict(sorted(left_out.items())))


def reason_to_leave_out(facts: Facts, now: datetime) -> str | None:
    """Why a record does not count; None if it does."""
    if facts.kind != "incident":
        return facts.kind
    if facts.merged:
        return "merged"
    if facts.category == "dropped":
        return in_words(facts.status)
    if facts.category == "triage":
        return "in triage"
    if facts.began_at is not None and facts.began_at > now:
        return "raised after now"
    return None


def grouped(counted: Iterable[Facts], by: GroupBy, zone: ZoneInfo, order: Iterable[str] = ()) -> dict[str, list[Facts]]:
    """Group -> its incidents. One that affected several components is in each of their groups.

    order: the severities or components as configured; periods are in the order of time.
    """
    found: dict[str, list[Facts]] = {}
    for facts in counted:
        for name in _names(facts, by, zone):
            found.setdefault(name, []).append(facts)
    places = {name: place for place, name in enumerate(order)}
    return {name: found[name] for name in sorted(found, key=lambda name: (places.get(name, len(places)), name))}


def month_of(at: datetime, zone: ZoneInfo) -> str:
    """2026-11, by the clock of a zone."""
    return f"{at.astimezone(zone):%Y-%m}"


def _names(facts: Facts, by: GroupBy, zone: ZoneInfo) -> Iterable[str]:
    at = facts.began_at
    if by == "severity":
        return (facts.severity or NO_SEVERITY,)
    if by == "component":
        return sorted(facts.components) or (NO_COMPONENT,)
    assert at is not None  # what has no time is in no period
    month = month_of(at, zone)
    return (month,) if by == "month" else (f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}",)
