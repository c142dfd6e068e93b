"""The page of the people on call: who is now, and a calendar of the coming weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...model.oncall.roster import Schedule
from ...model.oncall.schedule_clock import zone_of
from ...services.oncall.documents import Stretch
from ...services.publishing.internal_view import SHIFTS, InternalView
from ..markup.html import Child, Html, join, link, tag
from .elements import address, bullets, day, moment, section, table
from .place import Place

_COLUMNS = 5
"""Schedules in one calendar, so that it fits the page."""


def on_call(place: Place) -> Html:
    """All of the page below its heading."""
    view = place.view
    if not view.oncall.schedules:
        return tag("p", "No schedules: oncall.yaml has none.")
    zone = zone_of(view.config.page.time_zone)
    every = view.oncall.schedules
    groups = [every[first : first + _COLUMNS] for first in range(0, len(every), _COLUMNS)]
    return join(
        tag("p", "As of ", moment(view.at), "."),
        table("On call now", ("Schedule", "On call", "Until", "Then"), [_now(place, one) for one in _own(view)]),
        section(
            f"The next {SHIFTS // 7} weeks",
            tag("p", f"Days and times are in {zone.key}. A name without a time is on call when the day begins."),
            *(_calendar(place, group, zone) for group in groups),
            anchor="calendar",
        ),
        section("For your own calendar", bullets(_file(place, one) for one in every), anchor="files"),
    )


def calendar_files(view: InternalView) -> Iterator[tuple[str, bytes]]:
    """The calendar file of each schedule: its path, and its content."""
    for key, text in view.calendars.items():
        yield _path(key), text.encode()


def _path(schedule: str) -> str:
    return f"{address('on-call')}{schedule}.ics"


def _file(place: Place, schedule: Schedule) -> Html:
    return link(place.location.to(_path(schedule.key)), f"{schedule.name or schedule.key} (.ics)")


def _own(view: InternalView) -> Iterator[tuple[Schedule, list[Stretch]]]:
    for schedule in view.oncall.schedules:
        yield schedule, [one for one in view.shifts if one.schedule == schedule.key]


def _now(place: Place, found: tuple[Schedule, list[Stretch]]) -> tuple[Child, ...]:
    schedule, shifts = found
    now, then = shifts[0], shifts[1] if len(shifts) > 1 else None
    return schedule.name or schedule.key, _who(place, now), moment(now.until), _who(place, then) if then else None


def _who(place: Place, shift: Stretch) -> str:
    """`Amara (instead of Ilse: holiday)`."""
    instead = f"instead of {place.person(shift.instead_of)}" if shift.instead_of else ""
    why = ": ".join(part for part in (instead, shift.reason or shift.holiday or "") if part)
    return f"{', '.join(map(place.person, shift.people)) or 'nobody'}{f' ({why})' if why else ''}"


def _calendar(place: Place, schedules: Sequence[Schedule], zone: ZoneInfo) -> Html:
    today = place.view.at.astimezone(zone).date()
    wanted = {schedule.key for schedule in schedules}
    own = [shifts for schedule, shifts in _own(place.view) if schedule.key in wanted]
    days = [today + timedelta(days=number) for number in range(SHIFTS)]
    rows = [(day(_day(on)), *(_cell(place, shifts, on, zone) for shifts in own)) for on in days]
    names = [schedule.name or schedule.key for schedule in schedules]
    return table(f"On call from {_day(days[0])} to {_day(days[-1])}", ("Day", *names), rows)


def _day(on: date) -> str:
    return f"{_WEEKDAYS[on.weekday()]} {on:%Y-%m-%d}"


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _cell(place: Place, shifts: list[Stretch], on: date, zone: ZoneInfo) -> Html:
    """Who is on call that day, one line for each shift."""
    begin = datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)
    following = on + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone).astimezone(UTC)
    lines = []
    for shift in shifts:
        if (shift.since is None or shift.since < end) and (shift.until is None or shift.until > begin):
            before = shift.since is None or shift.since <= begin
            clock = "" if before or shift.since is None else f"{shift.since.astimezone(zone):%H:%M} "
            lines.append(tag("div", f"{clock}{_who(place, shift)}"))
    return join(*lines)
