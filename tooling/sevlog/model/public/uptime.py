"""Uptime: a component's state over time, its day bars and percentages, and the roll-up of groups and of the page.

A component's state at an instant is the worst of what all incidents and maintenances hold it at. A day is a day of the
page's zone, so it has 23, 24 or 25 hours. Percentages follow Statuspage to the second:
1 - (major + 0.3 * partial) / (days * 86400), where the days run from the component's first to today, both whole.
Degraded performance and maintenance do not count against uptime.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from ..vocabulary import IMPACTS, Impact, PageImpact
from .site import PublicComponent

WEIGHTS: dict[Impact, float] = {"major_outage": 1.0, "partial_outage": 0.3}
"""How much a second of each state counts against uptime; the others count nothing."""

SECONDS_A_DAY = 86400
_RANK = {impact: rank for rank, impact in enumerate(IMPACTS)}


class Span(Struct, frozen=True, kw_only=True, gc=False):
    """From `start` until before `end` the component was not operational, because of `incidents` (public ids)."""

    start: datetime
    end: datetime
    impact: Impact
    incidents: tuple[str, ...]


class Day(Struct, frozen=True, kw_only=True):
    """A day of a component. `seconds` has the states other than operational; `uptime` is None before its first day."""

    date: date
    uptime: float | None
    worst: Impact
    seconds: dict[Impact, float]
    incidents: tuple[str, ...]


class PageStatus(Struct, frozen=True, kw_only=True):
    """Statuspage's roll-up of a page: the machine's word and the reader's."""

    indicator: PageImpact
    description: str


def worst_of(impacts: Iterable[Impact]) -> Impact:
    """The worst of some states, which is also a group's status; operational of none."""
    return max(impacts, key=_RANK.__getitem__, default="operational")


def page_status(components: Iterable[Impact]) -> PageStatus:
    """The page's status from those of its components, groups left out; open incidents have no say (Statuspage)."""
    found = tuple(components)
    states = set(found)
    if states == {"major_outage"}:
        return PageStatus(indicator="critical", description="Major System Outage")
    if "major_outage" in states or states == {"partial_outage"}:
        return PageStatus(indicator="major", description="Partial System Outage")
    if "partial_outage" in states:
        return PageStatus(indicator="minor", description="Minor Service Outage")
    if "degraded_performance" in states:
        return PageStatus(indicator="minor", description="Partially Degraded Service")
    if "under_maintenance" in states:
        return PageStatus(indicator="maintenance", description="Service Under Maintenance")
    return PageStatus(indicator="none", description="All Systems Operational")


def spans(component: PublicComponent, as_of: datetime, first: datetime | None = None) -> tuple[Span, ...]:
    """When the component was not operational up to `as_of`, oldest first; what still goes on ends there.

    first: leave out what was over by then (ten years of changes, and a page shows ninety days).
    """
    holds: dict[str, Impact] = {}
    found: list[Span] = []
    since: datetime | None = None
    for change in component.changes:
        if change.at >= as_of:
            break
        if since is not None and change.at > since and (first is None or change.at > first):
            _close(found, holds, since, change.at)
        since = change.at
        if change.impact == "operational":
            holds.pop(change.incident, None)
        else:
            holds[change.incident] = change.impact
    if since is not None:
        _close(found, holds, since, as_of)
    return tuple(found)


def _close(found: list[Span], holds: dict[str, Impact], start: datetime, end: datetime) -> None:
    if not holds:
        return
    impact, incidents = worst_of(holds.values()), tuple(sorted(holds))
    last = found[-1] if found else None
    if last and last.end == start and last.impact == impact and last.incidents == incidents:
        found[-1] = Span(start=last.start, end=end, impact=impact, incidents=incidents)
    else:
        found.append(Span(start=start, end=end, impact=impact, incidents=incidents))


def course(component: PublicComponent) -> tuple[tuple[datetime, ...], tuple[Impact, ...]]:
    """The instants at which anything changed, oldest first, and the component's state from each of them on."""
    holds: dict[str, Impact] = {}
    states: dict[datetime, Impact] = {}
    for change in component.changes:
        holds[change.incident] = change.impact
        states[change.at] = worst_of(holds.values())
        if change.impact == "operational":
            del holds[change.incident]
    return tuple(states), tuple(states.values())


def state_at(component: PublicComponent, at: datetime) -> Impact:
    """The component's state at an instant, the changes of that instant included."""
    instants, states = course(component)
    index = bisect_right(instants, at)
    return states[index - 1] if index else "operational"


def days(component: PublicComponent, as_of: datetime, count: int = 90, time_zone: str = "Etc/UTC") -> tuple[Day, ...]:
    """The last `count` days of the page's zone, oldest first, the day of `as_of` last.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """
    today = as_of.astimezone(ZoneInfo(time_zone)).date()
    return _days(component, as_of, today - timedelta(days=count - 1), today, time_zone)


def uptime(
    component: PublicComponent, first: date, last: date, as_of: datetime, time_zone: str = "Etc/UTC"
) -> float | None:
    """The fraction of time it was up from `first` to `last`, both included; None where no day of those counts.

    Days before the component's first and after today do not count; today counts as a whole day.
    """
    return _fraction(_days(component, as_of, first, last, time_zone))


def months(
    component: PublicComponent, as_of: datetime, count: int = 12, time_zone: str = "Etc/UTC"
) -> dict[str, float]:
    """Uptime of the last `count` calendar months, "YYYY-MM" to fraction, oldest first, from its first month on."""
    today = as_of.astimezone(ZoneInfo(time_zone)).date()
    year, month = divmod(today.year * 12 + today.month - count, 12)
    by_month: dict[str, list[Day]] = {}
    for day in _days(component, as_of, date(year, month + 1, 1), today, time_zone):
        by_month.setdefault(f"{day.date:%Y-%m}", []).append(day)
    found = {month: _fraction(of_month) for month, of_month in by_month.items()}
    return {month: fraction for month, fraction in found.items() if fraction is not None}


def average(fractions: Iterable[float | None]) -> float | None:
    """The plain mean of those that are known, which is how a group's bar takes its children; None of none."""
    known = [fraction for fraction in fractions if fraction is not None]
    return sum(known) / len(known) if known else None


def percent(fraction: float, places: int = 2) -> str:
    """A fraction as a percentage, cut and never rounded up: 100 is written only where nothing was lost."""
    scale = 10**places
    cut = int(fraction * 100 * scale + 1e-6) / scale
    shown = min(cut, 100 - 1 / scale) if fraction < 1 else 100.0
    return f"{shown:.{places}f}"


def _days(component: PublicComponent, as_of: datetime, first: date, last: date, time_zone: str) -> tuple[Day, ...]:
    today = as_of.astimezone(ZoneInfo(time_zone)).date()
    last = min(last, today)
    if last < first:
        return ()
    starts = _midnights(first, last + timedelta(days=1), time_zone)
    seconds: list[dict[Impact, float]] = [{} for _ in starts[1:]]
    touched: list[set[str]] = [set() for _ in starts[1:]]
    for span in spans(component, as_of, starts[0]):
        for index, length in _pieces(span, starts):
            seconds[index][span.impact] = seconds[index].get(span.impact, 0.0) + length
            touched[index].update(span.incidents)
    return tuple(
        _day(first + timedelta(days=index), component.start_on, seconds[index], touched[index])
        for index in range(len(seconds))
    )


def _day(on: date, start_on: date | None, seconds: dict[Impact, float], touched: set[str]) -> Day:
    counted = start_on is None or on >= start_on
    return Day(
        date=on,
        uptime=_share(seconds, 1) if counted else None,
        worst=worst_of(seconds),
        seconds=seconds,
        incidents=tuple(sorted(touched)),
    )


def _pieces(span: Span, starts: Sequence[datetime]) -> Iterator[tuple[int, float]]:
    """The index of each day that a span touches, and for how many seconds."""
    index = max(bisect_right(starts, span.start) - 1, 0)
    while index < len(starts) - 1 and starts[index] < span.end:
        length = (min(span.end, starts[index + 1]) - max(span.start, starts[index])).total_seconds()
        if length > 0:
            yield index, length
        index += 1


def _fraction(of: Iterable[Day]) -> float | None:
    counted = [day for day in of if day.uptime is not None]
    if not counted:
        return None
    total: dict[Impact, float] = {}
    for day in counted:
        for impact, length in day.seconds.items():
            total[impact] = total.get(impact, 0.0) + length
    return _share(total, len(counted))


def _share(seconds: dict[Impact, float], count: int) -> float:
    """Statuspage's formula; bounded, because a day of 25 hours can lose more than 86,400 seconds."""
    lost = sum(WEIGHTS.get(impact, 0.0) * length for impact, length in seconds.items())
    return max(0.0, 1.0 - lost / (count * SECONDS_A_DAY))


@lru_cache(maxsize=256)
def _midnights(first: date, last: date, time_zone: str) -> tuple[datetime, ...]:
    """The first instant of each day from `first` to `last`, in UTC; where the clock skips midnight, the skip."""
    zone = ZoneInfo(time_zone)
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(datetime.combine(on, time(), zone).astimezone(UTC) for on in dates)
