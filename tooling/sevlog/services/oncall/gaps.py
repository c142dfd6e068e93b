"""Where nobody is on call: until when, and the command that covers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ...model.oncall.roster import OnCall
from .documents import Stretch
from .times import shown


def gaps(oncall: OnCall, stretches: Sequence[Stretch], now: datetime) -> Iterator[tuple[str, str]]:
    """A warning and a hint for each stretch of a schedule, not over at `now`, for which nobody is on call."""
    for stretch in stretches:
        schedule = oncall.schedule(stretch.schedule) if stretch.schedule else None
        if stretch.people or schedule is None or (stretch.until is not None and stretch.until <= now):
            continue
        zone = ZoneInfo(schedule.time_zone)
        start = max(stretch.since or now, now).astimezone(zone)
        end = f"{stretch.until.astimezone(zone):%Y-%m-%dT%H:%M}" if stretch.until else "TIME"
        until = f" until {shown(stretch.until, zone)}" if stretch.until else ""
        yield (
            f"nobody is on call for `{schedule.key}`{until}",
            f"sevlog oncall override {schedule.key} --person WHO --from {start:%Y-%m-%dT%H:%M} --to {end}",
        )
