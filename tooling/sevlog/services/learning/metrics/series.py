"""What the plots show over time, and the uptime of components."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ....model.config.settings import Component, Config
from ....model.learning.metrics import outcomes
from ....model.learning.metrics.facts import Facts
from ....model.learning.metrics.selection import NO_SEVERITY, Wanted, month_of, reason_to_leave_out
from ....model.public.site import Change, PublicComponent
from ....model.public.uptime import uptime
from .documents import ComponentUptime, MonthOfPromises, MonthOfSeverities, OpenActions, Series

_POINTS = 53
"""Points of the line of open action items: about one a week in a year."""


def series(
    facts: Iterable[Facts], counted: Sequence[Facts], wanted: Wanted, config: Config, now: datetime, zone: ZoneInfo
) -> Series:
    """The incidents and promises of each month, and the open action items of all incidents that pass the filters."""
    end = min(wanted.until, now)
    months = months_between(wanted.since, end, zone)
    severities: dict[str, Counter[str]] = {month: Counter() for month in months}
    promises: dict[str, Counter[str]] = {month: Counter() for month in months}
    for one in counted:
        if one.began_at is not None:
            month = month_of(one.began_at, zone)
            severities.setdefault(month, Counter())[one.severity or NO_SEVERITY] += 1
            promises.setdefault(month, Counter()).update(outcomes.promises_of([one], now))
    points = max(2, min(_POINTS, (end - wanted.since).days + 1))
    times = [wanted.since + (end - wanted.since) * place / (points - 1) for place in range(points)]
    followed = [one for one in facts if wanted.filters(one) and reason_to_leave_out(one, now) is None]
    found, left_out = outcomes.open_over_time(followed, times)
    order = [level.key for level in config.severities]
    return Series(
        incidents=[MonthOfSeverities(month=month, counts=_in_order(row, order)) for month, row in severities.items()],
        promises=[MonthOfPromises(month=m, kept=row["kept"], late=row["late"]) for m, row in promises.items()],
        actions=[OpenActions(at=at, open=count) for at, count in zip(times, found, strict=True)],
        actions_left_out=left_out,
    )


def _in_order(counts: Mapping[str, int], order: Sequence[str]) -> dict[str, int]:
    return {key: counts[key] for key in (*order, *sorted({*counts} - {*order})) if counts.get(key)}


def months_between(since: datetime, until: datetime, zone: ZoneInfo) -> list[str]:
    """Each month that a period touches, 2026-11, by the clock of a zone."""
    first, last = since.astimezone(zone), (until - timedelta(milliseconds=1)).astimezone(zone)
    span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in span]


def uptimes(
    facts: Sequence[Facts], components: Iterable[Component], wanted: Wanted, config: Config, now: datetime
) -> list[ComponentUptime]:
    """The uptime of components over the whole days of the period."""
    zone = ZoneInfo(config.page.time_zone)
    first = wanted.since.astimezone(zone).date()
    last = min(wanted.until - timedelta(milliseconds=1), now).astimezone(zone).date()
    changes = _changes(facts)
    return [
        ComponentUptime(
            key=component.key,
            name=component.name,
            uptime=uptime(line := _line(component, changes.get(component.key, ()), now), first, last, now, zone.key),
            days=max(0, (last - max(first, line.start_on or first)).days + 1),
        )
        for component in components
    ]


def uptime_by_month(
    facts: Sequence[Facts], components: Iterable[Component], wanted: Wanted, config: Config, now: datetime
) -> dict[str, dict[str, float]]:
    """The uptime of components in each month of the period, over its whole days there."""
    zone = ZoneInfo(config.page.time_zone)
    since = wanted.since.astimezone(zone).date()
    end = min(wanted.until - timedelta(milliseconds=1), now).astimezone(zone).date()
    spans: dict[str, tuple[date, date]] = {}
    for day in (since + timedelta(days=n) for n in range((end - since).days + 1)):
        month = f"{day:%Y-%m}"
        spans[month] = (spans.get(month, (day, day))[0], day)
    changes = _changes(facts)
    found: dict[str, dict[str, float]] = {}
    for component in components:
        line = _line(component, changes.get(component.key, ()), now)
        shares = {month: uptime(line, first, last, now, zone.key) for month, (first, last) in spans.items()}
        found[component.key] = {month: share for month, share in shares.items() if share is not None}
    return found


def _changes(facts: Iterable[Facts]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for one in facts:
        if one.kind == "drill" or (one.category == "dropped" and not one.merged):
            continue
        for at, component, impact in one.holds:
            found.setdefault(component, []).append(Change(at=at, impact=impact, incident=one.id))
    for line in found.values():
        line.sort(key=lambda change: change.at)
    return found


def _line(component: Component, changes: Iterable[Change], now: datetime) -> PublicComponent:
    """The component as the maths of the status page takes it."""
    return PublicComponent(
        id=component.key,
        key=component.key,
        name=component.name,
        status="operational",
        position=0,
        created_at=now,
        updated_at=now,
        start_on=_day(component.start_date),
        changes=tuple(changes),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
