"""Who is on call, worked out the slow way: minute by minute, from docs/oncall.md, with nothing of the real thing.

The clock of a rota is the wall clock of its zone that never goes back: in the hour that comes twice it waits until the
wall clock has caught up. Everything written in oncall.yaml is compared with that clock. Only UTC is ever turned into
local time here, never the other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Plain = Mapping[str, Any]
MINUTE = timedelta(minutes=1)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Oracle:
    """Answers for the minutes between two instants, about an oncall.yaml that is plain data, without offsets in it."""

    def __init__(self, oncall: Plain, since: datetime, until: datetime) -> None:
        self.oncall = oncall
        self.minutes = [since + n * MINUTE for n in range(int((until - since) / MINUTE))]

    def clock(self, zone: str, minute: datetime) -> datetime:
        """What the clock that never goes back shows in a zone."""
        return clocks(zone, self.minutes[0], len(self.minutes))[minute]

    def who(self, key: str, minute: datetime) -> str | None:
        """The person on call; None where nobody is."""
        schedule = next(s for s in self.oncall["schedules"] if s["key"] == key)
        now = self.clock(schedule["time_zone"], minute)
        stand_in = self._override(schedule, now)
        if stand_in is not None:
            return stand_in
        calendar = self.oncall.get("holidays", {}).get(schedule.get("holidays"))
        if calendar is not None and now.date().isoformat() in calendar["days"]:
            other = next(s for s in self.oncall["schedules"] if s["key"] == calendar["schedule"])
            there = self.clock(other["time_zone"], minute)
            found = self._override(other, there) or self._layered(other, there, minute)
            if found is not None:
                return found
        return self._layered(schedule, now, minute)

    def at_work(self, person: str, zone: str, minute: datetime) -> bool:
        """Whether it is within a person's working hours, on no holiday of theirs, and they are not away."""
        known: Plain = next((p for p in self.oncall["people"] if p["key"] == person), {})
        now = self.clock(known.get("time_zone") or zone, minute)
        calendar = self.oncall.get("holidays", {}).get(known.get("holidays"))
        free = calendar is not None and now.date().isoformat() in calendar["days"]
        hours = known.get("working_hours", {"days": "mon-fri", "from": "09:00", "to": "17:00"})
        return inside(hours, now) and not free and not self.is_away(person, zone, minute)

    def reached(self, step: Plain, page_zone: str, minute: datetime, *, at_work: bool) -> list[str]:
        """Whom a step of a policy reaches."""
        kind, _, name = step["notify"].partition(":")
        zone = page_zone
        if kind == "schedule":
            zone = next(s["time_zone"] for s in self.oncall["schedules"] if s["key"] == name)
            found = [person for person in [self.who(name, minute)] if person is not None]
        else:
            members = (
                [name] if kind == "person" else next(t for t in self.oncall["teams"] if t["key"] == name)["members"]
            )
            found = [person for person in members if not self.is_away(person, zone, minute)]
        return [person for person in found if self._may_be_paged(person, step, zone, minute, at_work=at_work)]

    def _may_be_paged(self, person: str, step: Plain, zone: str, minute: datetime, *, at_work: bool) -> bool:
        known: Plain = next((p for p in self.oncall["people"] if p["key"] == person), {})
        now = self.clock(known.get("time_zone") or zone, minute)
        if not known.get("contact") or (at_work and not self.at_work(person, zone, minute)):
            return False
        return "hours" not in step or inside(step["hours"], now)

    def _override(self, schedule: Plain, now: datetime) -> str | None:
        for row in reversed(schedule.get("overrides", [])):
            if read(row["from"]) <= now < read(row["to"]):
                return str(row["person"])
        return None

    def _layered(self, schedule: Plain, now: datetime, minute: datetime) -> str | None:
        for layer in reversed(schedule["layers"]):
            found = self._of_layer(layer, schedule["time_zone"], now, minute)
            if found is not None:
                return found
        return None

    def _of_layer(self, layer: Plain, zone: str, now: datetime, minute: datetime) -> str | None:
        if now < read(layer["start"]) or now < read(layer.get("from", layer["start"])):
            return None
        if "until" in layer and now >= read(layer["until"]):
            return None
        if "restrict" in layer and not any(inside(hours, now) for hours in layer["restrict"]):
            return None
        turn = 0
        while now >= hand_over(layer, turn + 1):
            turn += 1
        for further in range(len(layer["members"])):
            person = layer["members"][(turn + further) % len(layer["members"])]
            if not self.is_away(person, zone, minute):
                return str(person)
        return None

    def is_away(self, person: str, zone: str, minute: datetime) -> bool:
        """Whether a person has time off, by the clock of their own zone, or of the schedule's where they have none."""
        own = next((p.get("time_zone") for p in self.oncall["people"] if p["key"] == person), None) or zone
        now = self.clock(own, minute)
        return any(
            row["person"] == person and read(row["from"]) <= now < after(row["to"])
            for row in self.oncall.get("time_off", [])
        )


@cache
def clocks(zone: str, since: datetime, count: int) -> dict[datetime, datetime]:
    """Minute -> what the clock that never goes back shows, begun days before, so that it knows where it has been."""
    found, known, shown = {}, ZoneInfo(zone), datetime.fromisoformat("1900-01-01")
    for number in range(-3 * 24 * 60, count):
        at = since + number * MINUTE
        shown = max(shown, at.astimezone(known).replace(tzinfo=None))
        found[at] = shown
    return found


@cache
def read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def after(text: str) -> datetime:
    """The end of a period that this is the last day, or the end, of."""
    return read(text) if "T" in text else read(text) + timedelta(days=1)


def hand_over(layer: Plain, turn: int) -> datetime:
    """When a turn begins."""
    first, count = read(layer["start"]), turn * layer.get("every", 1)
    unit = layer.get("rotate", "weekly")
    if unit == "daily":
        return first + timedelta(days=count)
    if unit == "weekly":
        return first + timedelta(days=7 * count)
    year, month = first.year, first.month
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for day in (first.day, 30, 29, 28):
        try:
            return first.replace(year=year, month=month, day=min(day, first.day))
        except ValueError:
            continue
    raise AssertionError


def inside(hours: Plain, now: datetime) -> bool:
    """Whether it is one of these hours of the week: started today, or yesterday and not over yet."""
    start, end = hours.get("from", "00:00"), hours.get("to", "24:00")
    clock = now.strftime("%H:%M")
    today, yesterday = (now.date() - timedelta(days=n) for n in (0, 1))
    if end > start:
        return is_on(hours, today) and start <= clock < end
    return (is_on(hours, today) and clock >= start) or (is_on(hours, yesterday) and clock < end)


def is_on(hours: Plain, day: date) -> bool:
    """Whether the hours name this day of the week."""
    for part in hours.get("days", "mon-sun").split(","):
        first, _, last = part.partition("-")
        name = first
        while name != DAYS[day.weekday()] and name != (last or first):
            name = DAYS[(DAYS.index(name) + 1) % 7]
        if name == DAYS[day.weekday()]:
            return True
    return False
