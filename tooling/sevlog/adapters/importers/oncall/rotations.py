"""Rotations of a source as schedules: rotations that are on call at once go into schedules of their own.

In sevlog one person of a schedule is on call at a time, and a later layer wins. Opsgenie and Grafana OnCall notify the
people of all rotations that cover an instant. So each set of rotations that do not overlap is one schedule.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import gcd
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from ....model.oncall.roster import Layer, Schedule, ScheduleOverride
from ....model.oncall.time_spans import Span
from ..source import Unusable
from . import week_hours

_MOST = 52
Unit = Literal["hourly", "daily", "weekly", "monthly"]


class Turns(Struct, frozen=True, kw_only=True):
    """One rotation. start, until: wall clock of the schedule. week: when it applies, empty for always.

    effective: when it begins, if turns are counted from an earlier start.
    """

    id: str
    key: str
    members: tuple[str, ...]
    start: datetime
    rotate: Unit = "weekly"
    every: int = 1
    until: datetime | None = None
    effective: datetime | None = None
    week: tuple[Span, ...] = ()


def layered(turns: Turns) -> list[Turns]:
    """The rotation in units that oncall.yaml has. Raises Unusable for one that has no such form."""
    rotate, every = turns.rotate, turns.every
    if every < 1:
        raise Unusable(f"its length is {every}")
    if rotate == "hourly" and every % 24 == 0:
        rotate, every = "daily", every // 24
    if rotate == "hourly":
        return _by_slots(turns)
    if rotate == "daily" and every > _MOST and every % 7 == 0:
        rotate, every = "weekly", every // 7
    if every > _MOST:
        raise Unusable(f"a turn of {every} units ({rotate}) is longer than oncall.yaml can say ({_MOST})")
    return [replace(turns, rotate=rotate, every=every)]


def _by_slots(turns: Turns) -> list[Turns]:
    """A rotation of some hours: one daily layer for each slot of the day."""
    if turns.every > 24 or 24 % turns.every:
        raise Unusable(f"turns of {turns.every} hours do not divide a day: oncall.yaml has daily, weekly and monthly")
    slots, count = 24 // turns.every, len(turns.members)
    found = []
    for slot in range(slots):
        start = turns.start + timedelta(hours=slot * turns.every)
        week = week_hours.daily(start.hour * 60 + start.minute, turns.every * 60)
        if not week_hours.share_time(week, turns.week):
            continue
        days = count // gcd(count, slots)
        found.append(
            replace(
                turns,
                key=f"{turns.key[:50]}-{slot + 1}",
                members=tuple(turns.members[(day * slots + slot) % count] for day in range(days)),
                start=start,
                rotate="daily",
                every=1,
                week=week_hours.both(week, turns.week),
            )
        )
    return found


def lanes(rotations: list[Turns]) -> list[list[Turns]]:
    """The rotations in as few lists as needed, so that none of a list overlaps another of it."""
    found: list[list[Turns]] = []
    for turns in rotations:
        free = next((lane for lane in found if not any(_overlap(turns, other) for other in lane)), None)
        if free is None:
            found.append([turns])
        else:
            free.append(turns)
    return found


def _overlap(one: Turns, other: Turns) -> bool:
    apart = (one.until is not None and one.until <= other.start) or (
        other.until is not None and other.until <= one.start
    )
    return not apart and week_hours.share_time(one.week, other.week)


def schedule(
    key: str, name: str, zone: str, lane: list[Turns], overrides: tuple[ScheduleOverride, ...], beside: tuple[str, ...]
) -> Schedule:
    """One schedule of oncall.yaml. beside: the schedules with the other rotations of the source's one.

    Hours that no rotation covers are a gap at the source too, so they are not a finding here.
    """
    names: dict[str, int] = {}
    layers = []
    for turns in lane:
        names[turns.key] = number = names.get(turns.key, 0) + 1
        layers.append(_layer(turns if number == 1 else replace(turns, key=f"{turns.key[:50]}-again-{number}")))
    return Schedule(key=key, name=name, time_zone=zone, layers=tuple(layers), overrides=overrides, together_with=beside)


def _layer(turns: Turns) -> Layer:
    assert turns.rotate != "hourly"
    return Layer(
        key=turns.key,
        members=turns.members,
        start=local(turns.start),
        rotate=turns.rotate,
        every=turns.every,
        restrict=week_hours.hours(turns.week),
        from_=local(turns.effective) if turns.effective else None,
        until=local(turns.until) if turns.until else None,
    )


def local(at: datetime) -> str:
    """A local time as oncall.yaml writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%S}" if at.second else f"{at:%Y-%m-%dT%H:%M}"
