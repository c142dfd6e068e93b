"""Who is on call when: layers, time off, holidays and overrides of a schedule merged into one sequence of shifts.

From the bottom: layers in their order (a later one wins where it covers), the holiday schedule on holidays, overrides
in their order. A turn of someone who is away goes to the next available member of the layer; without one, the
layer does not cover. The cost depends on the number of handovers in the period, not on its length in minutes.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..hours import Hours
from . import schedule_clock, time_spans
from .roster import Layer, OnCall, Schedule
from .time_spans import Duty, Piece, Span

PublicHolidays = Callable[[str, str | None, int], Mapping[date, str]]
"""The public holidays of a country (ISO 3166), a subdivision of it, and a year."""

WORKING_HOURS = Hours(days="mon-fri", from_="09:00", to="17:00")
"""The default working hours."""

_DAY = 86400
_LOOK = 9 * _DAY
_FARTHEST = 4 * 366 * _DAY


_NEVER_BACK = 253_370_764_800
"""The year 9999, in seconds since 1970: the end of the absence of a person who left."""


def no_holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    """A source without public holidays."""
    return {}


class Rotations:
    """All schedules of one oncall.yaml. public: source of public holidays. away: whether time off counts."""

    def __init__(self, oncall: OnCall, public: PublicHolidays = no_holidays, *, away: bool = True) -> None:
        self.oncall = oncall
        self._public = public
        self._counts_time_off = away
        self._somebody_is_away = bool(oncall.time_off) or any(person.until for person in oncall.people)
        self._away_by_zone: dict[tuple[str, str], list[Span]] = {}
        self._places = {schedule.key: place for place, schedule in reversed(list(enumerate(oncall.schedules)))}
        self._windows: dict[tuple[tuple[Hours, ...], str, int, int], list[Span]] = {}

    def pieces(self, key: str, low: int, high: int) -> list[Piece]:
        """The duties of a schedule between two instants, in order; the rest is a gap.

        A turn, a layer and an override each end a piece, even if the next one is of the same person.
        """
        schedule = self.oncall.schedules[self._places[key]]
        over = self._overrides(schedule, low, high)
        return self._folded(schedule, time_spans.laid_over(over, self._on_holidays(schedule, low, high)), low, high)

    def holder(self, key: str, at: int) -> Duty | None:
        """Who is on call at an instant, and why; None if nobody is."""
        pieces = self.pieces(key, at, at + 1)
        return pieces[0].duty if pieces else None

    def stretch(self, key: str, at: int) -> tuple[int | None, int | None, Duty | None]:
        """Since when and until when the same person (or nobody) is on call around an instant, and why at that instant.

        None for an end years away.
        """
        look = _LOOK
        while True:
            low, high = max(0, at - look), at + look
            pieces = self.pieces(key, low, high)
            start, end, duty = _run_around(pieces, at, low, high)
            if look >= _FARTHEST or (start > low and end < high):
                return (start if start > low else None), (end if end < high else None), duty
            look *= 6

    def away(self, person: str, zone: ZoneInfo) -> list[Span]:
        """When a person is away. zone: their time zone if they have none."""
        found = self._away_by_zone.get((person, zone.key))
        if found is None:
            own = self.zone_of_person(person) or zone
            absences = [
                (schedule_clock.start_of(row.from_, own), schedule_clock.end_of(row.to, own))
                for row in self.oncall.time_off
                if row.person == person
            ]
            known = self.oncall.person(person)
            if known and known.until and known.last_day:
                absences.append((schedule_clock.end_of(known.until, own), _NEVER_BACK))
            found = time_spans.union(absences)
            self._away_by_zone[person, zone.key] = found
        return found

    def is_away(self, person: str, zone: ZoneInfo, at: int) -> bool:
        """Whether a person is away at an instant."""
        return any(start <= at < end for start, end in self.away(person, zone))

    def zone_of_person(self, key: str) -> ZoneInfo | None:
        """The time zone of a person; None if not set."""
        person = self.oncall.person(key)
        return schedule_clock.zone_of(person.time_zone) if person and person.time_zone else None

    def at_work(self, person: str, zone: ZoneInfo, low: int, high: int) -> list[Span]:
        """When a person works: their hours, without their holidays and their time off."""
        known = self.oncall.person(person)
        own = self.zone_of_person(person) or zone
        hours = known.working_hours if known and known.working_hours else WORKING_HOURS
        free = self.away(person, zone)
        calendar = self.oncall.calendar_of_person(person)
        if calendar is not None:
            free = time_spans.union([*free, *(span for span, _ in self.holidays(calendar, own, low, high))])
        return time_spans.difference(self.windows((hours,), own, low, high), free)

    def can_be_paged(self, person: str, zone: ZoneInfo, low: int, high: int) -> list[Span]:
        """When a page that can wait reaches a person: their working hours without their quiet hours."""
        known = self.oncall.person(person)
        working = self.at_work(person, zone, low, high)
        if known is None or not known.quiet_hours:
            return working
        own = self.zone_of_person(person) or zone
        return time_spans.difference(working, self.windows(known.quiet_hours, own, low, high))

    def windows(self, hours: tuple[Hours, ...], zone: ZoneInfo, low: int, high: int) -> list[Span]:
        """When it is one of these hours of the week."""
        key = (hours, zone.key, low, high)
        if key not in self._windows:
            self._windows[key] = schedule_clock.windows(hours, zone, low, high)
        return self._windows[key]

    def holidays(self, calendar: str, zone: ZoneInfo, low: int, high: int) -> Iterator[tuple[Span, str]]:
        """The holidays of a calendar that touch a period, each a day of the zone, with its name."""
        rows = self.oncall.holidays.get(calendar)
        if rows is None:
            return
        first, last = schedule_clock.reading(low, zone).date(), schedule_clock.reading(high, zone).date()
        named: dict[date, str] = {}
        for year in range(first.year, last.year + 1):
            named |= self._public(rows.country, rows.subdivision, year)
        named |= {schedule_clock.written(day).date(): name for day, name in rows.days.items()}
        for day in sorted(d for d in named if first - timedelta(days=1) <= d <= last):
            yield schedule_clock.day_span(day, zone), named[day]

    def _folded(self, schedule: Schedule, over: list[Piece], low: int, high: int) -> list[Piece]:
        """Add the layers below the existing pieces."""
        place, zone = self._places[schedule.key], schedule_clock.zone_of(schedule.time_zone)
        done = over
        for number in reversed(range(len(schedule.layers))):
            pointer = f"/schedules/{place}/layers/{number}"
            layer = self._layer(schedule.key, schedule.layers[number], pointer, zone, low, high)
            done = time_spans.laid_over(done, layer)
        return time_spans.joined(done)

    def _overrides(self, schedule: Schedule, low: int, high: int) -> list[Piece]:
        place, zone = self._places[schedule.key], schedule_clock.zone_of(schedule.time_zone)
        done: list[Piece] = []
        for number, row in reversed(list(enumerate(schedule.overrides))):
            start, end = schedule_clock.moment(row.from_, zone), schedule_clock.moment(row.to, zone)
            if max(start, low) < min(end, high):
                duty = Duty(
                    person=row.person,
                    schedule=schedule.key,
                    reason=row.reason,
                    pointer=f"/schedules/{place}/overrides/{number}",
                )
                done = time_spans.laid_over(done, [Piece(max(start, low), min(end, high), duty)])
        return done

    def _on_holidays(self, schedule: Schedule, low: int, high: int) -> list[Piece]:
        """The duties of the holiday schedule on holidays."""
        calendar = self.oncall.calendar_of_schedule(schedule.key) or ""
        rows = self.oncall.holidays.get(calendar)
        if rows is None or rows.schedule in (None, schedule.key) or rows.schedule not in self._places:
            return []
        zone = schedule_clock.zone_of(schedule.time_zone)
        other = self.oncall.schedules[self._places[rows.schedule]]
        done: list[Piece] = []
        for (start, end), name in self.holidays(calendar, zone, low, high):
            start, end = max(start, low), min(end, high)
            if start < end:
                pieces = self._folded(other, self._overrides(other, start, end), start, end)
                done += [Piece(p.start, p.end, _renamed(p.duty, name)) for p in pieces]
        return done

    def _layer(self, schedule: str, layer: Layer, pointer: str, zone: ZoneInfo, low: int, high: int) -> list[Piece]:
        """The duties of one layer alone."""
        low = max(
            low, schedule_clock.moment(layer.start, zone), schedule_clock.moment(layer.from_ or layer.start, zone)
        )
        high = min(high, schedule_clock.moment(layer.until, zone)) if layer.until else high
        if low >= high:
            return []
        done: list[Piece] = []
        for start, end, turn in _turns(layer, zone, low, high):
            done += self._turn(schedule, layer, pointer, zone, (start, end), turn)
        return time_spans.within(done, self.windows(layer.restrict, zone, low, high)) if layer.restrict else done

    def _turn(
        self, schedule: str, layer: Layer, pointer: str, zone: ZoneInfo, span: Span, turn: int
    ) -> Iterator[Piece]:
        """One turn: of its member, or of the next available one if they are away."""
        place = turn % len(layer.members)
        order = dict.fromkeys((*layer.members[place:], *layer.members[:place]))
        whose, left = layer.members[place], [span]
        found: list[Piece] = []
        for person in order:
            there = self._spans_present(person, zone, left)
            if there:
                duty = Duty(
                    person=person,
                    schedule=schedule,
                    layer=layer.key,
                    turn=turn,
                    pointer=pointer,
                    instead_of=None if person == whose else whose,
                )
                found += [Piece(start, end, duty) for start, end in there]
                left = time_spans.difference(left, there)
            if not left:
                break
        return iter(sorted(found, key=lambda piece: piece.start))

    def _spans_present(self, person: str, zone: ZoneInfo, spans: list[Span]) -> list[Span]:
        away = self.away(person, zone) if self._counts_time_off and self._somebody_is_away else []
        return time_spans.difference(spans, away) if away else spans


def _renamed(duty: Duty, holiday: str) -> Duty:
    return Duty(**{name: getattr(duty, name) for name in Duty.__struct_fields__ if name != "holiday"}, holiday=holiday)


def _turns(layer: Layer, zone: ZoneInfo, low: int, high: int) -> Iterator[tuple[int, int, int]]:
    """The turns of a layer between two instants: start, end, number; without turns that a clock change skips."""
    first = schedule_clock.wall_of(layer.start, zone)
    turn = max(0, _guess(layer, first, schedule_clock.reading(low, zone)) - 1)
    start = schedule_clock.reached(_hand_over(layer, first, turn), zone)
    while start < high:
        end = schedule_clock.reached(_hand_over(layer, first, turn + 1), zone)
        if max(start, low) < min(end, high):
            yield max(start, low), min(end, high), turn
        start, turn = end, turn + 1


def _guess(layer: Layer, first: datetime, now: datetime) -> int:
    """The number of the turn at a reading of the clock, give or take one."""
    if layer.rotate == "monthly":
        return ((now.year - first.year) * 12 + now.month - first.month) // layer.every
    return (now - first) // (timedelta(days=7 if layer.rotate == "weekly" else 1) * layer.every)


def _hand_over(layer: Layer, first: datetime, turn: int) -> datetime:
    """The reading of the clock at which a turn begins."""
    if layer.rotate == "monthly":
        years, month = divmod(first.month - 1 + turn * layer.every, 12)
        year, month = first.year + years, month + 1
        return first.replace(year=year, month=month, day=min(first.day, monthrange(year, month)[1]))
    return first + timedelta(days=(7 if layer.rotate == "weekly" else 1) * layer.every * turn)


def _run_around(pieces: list[Piece], at: int, low: int, high: int) -> tuple[int, int, Duty | None]:
    """The run of one person, or the gap, around an instant."""
    place = bisect_right([piece.start for piece in pieces], at) - 1
    if place < 0 or pieces[place].end <= at:
        end = pieces[place + 1].start if place + 1 < len(pieces) else high
        return (pieces[place].end if place >= 0 else low), end, None
    start, end, duty = pieces[place]
    for piece in reversed(pieces[:place]):
        if piece.end != start or piece.duty.person != duty.person:
            break
        start = piece.start
    for piece in pieces[place + 1 :]:
        if piece.start != end or piece.duty.person != duty.person:
            break
        end = piece.end
    return start, end, duty
