"""Problems of the on-call plan in the days ahead: gaps, double bookings, clashes with time off, unreachable people.

Each finding covers all cases of its kind and names the first one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from ..config.settings import Config
from ..oncall import schedule_clock, time_spans
from ..oncall.callers import Callers
from ..oncall.chain import PATIENCE, tracks
from ..oncall.roster import OnCall, Schedule
from ..oncall.rotations import PublicHolidays, Rotations
from ..oncall.time_spans import Piece, Span
from ..problem import Problem
from .config import CONFIG, ONCALL


class Audit:
    """An audit of one period. low, high: the period, in seconds since 1970."""

    def __init__(self, config: Config, oncall: OnCall, public: PublicHolidays, low: int, high: int) -> None:
        self.config, self.oncall, self.low, self.high = config, oncall, low, high
        self.rotas = Rotations(oncall, public)
        self._wished = Rotations(oncall, public, away=False)
        self._page_zone = schedule_clock.zone_of(config.page.time_zone)
        self._stand_ins = {row.schedule for row in oncall.holidays.values()} - _called(oncall)
        self._pieces = {s.key: self.rotas.pieces(s.key, low, high) for s in oncall.schedules}

    def problems(self, *codes: str) -> Iterator[Problem]:
        """All findings; with `codes`, only those with one of them."""
        if not self.oncall.schedules and not self.oncall.escalations and not self.oncall.teams:
            yield Problem(
                code="no_rota",
                message="no on-call schedule yet: nobody is on call",
                severity="warning",
                path=ONCALL,
                hint="add teams, schedules and escalations to oncall.yaml; sevlog oncall --help shows an example",
            )
            return
        looks = {
            "oncall_gap": self._gaps,
            "double_booking": self._doubles,
            "overlapping_overrides": self._overlaps,
            "time_off_clash": self._clashes,
            "person_left": self._duties_after_leaving,
            "no_contact": self._unreachable,
            "dead_end": self._dead_ends,
        }
        for code, look in looks.items():
            if not codes or code in codes:
                yield from look()

    def _gaps(self) -> Iterator[Problem]:
        for place, schedule in self._audited():
            zone = schedule_clock.zone_of(schedule.time_zone)
            due = [(self.low, self.high)]
            if schedule.cover:
                due = self.rotas.windows(schedule.cover, zone, self.low, self.high)
            gaps = time_spans.difference(due, time_spans.spans_of(self._pieces[schedule.key]))
            if gaps:
                yield _found(
                    "oncall_gap",
                    f"nobody is on call for `{schedule.key}` {_when(gaps, zone)}",
                    f"/schedules/{place}/key",
                    f"sevlog oncall override {schedule.key} --person WHO {_from_to(gaps[0], zone)}; "
                    "if the gap is intended, set `cover:`",
                )

    def _audited(self) -> Iterator[tuple[int, Schedule]]:
        """The schedules that are paged directly; those that only cover holidays may be empty on other days."""
        return ((n, s) for n, s in enumerate(self.oncall.schedules) if s.key not in self._stand_ins)

    def _doubles(self) -> Iterator[Problem]:
        by_person: dict[str, dict[str, list[Piece]]] = {}
        for _, schedule in self._audited():
            for piece in self._pieces[schedule.key]:
                by_person.setdefault(piece.duty.person, {}).setdefault(schedule.key, []).append(piece)
        for person, held in by_person.items():
            for one, other in combinations(held, 2):
                if not self._meant_together(one, other):
                    yield from self._double(person, one, other, held[one], held[other])

    def _meant_together(self, one: str, other: str) -> bool:
        first, second = self.oncall.schedule(one), self.oncall.schedule(other)
        return bool(first and second and (other in first.together_with or one in second.together_with))

    def _double(self, person: str, one: str, other: str, first: list[Piece], second: list[Piece]) -> Iterator[Problem]:
        both = time_spans.intersection(time_spans.spans_of(first), time_spans.spans_of(second))
        both = [span for span in both if not self._same_stand_in(first, second, span[0])]
        if both:
            at = next(p for p in second if p.start <= both[0][0] < p.end)
            schedule = self.oncall.schedule(other)
            zone = schedule_clock.zone_of(schedule.time_zone if schedule else "Etc/UTC")
            yield _found(
                "double_booking",
                f"{person} is on call for `{one}` and `{other}` {_when(both, zone)}",
                at.duty.pointer,
                f"sevlog oncall override {other} --person WHO {_from_to(both[0], zone)}; "
                f"or, if it is intended, set together_with: [{one}] on `{other}`",
            )

    def _same_stand_in(self, first: list[Piece], second: list[Piece], at: int) -> bool:
        """Whether one holiday schedule covers both, which is intended."""
        one, other = (next(p.duty for p in pieces if p.start <= at < p.end) for pieces in (first, second))
        return one.holiday is not None and other.holiday is not None and one.schedule == other.schedule

    def _overlaps(self) -> Iterator[Problem]:
        for place, schedule in enumerate(self.oncall.schedules):
            zone = schedule_clock.zone_of(schedule.time_zone)
            spans = [
                (schedule_clock.moment(r.from_, zone), schedule_clock.moment(r.to, zone)) for r in schedule.overrides
            ]
            for one, other in combinations(range(len(spans)), 2):
                start, end = max(spans[one][0], spans[other][0]), min(spans[one][1], spans[other][1])
                first, second = schedule.overrides[one].person, schedule.overrides[other].person
                if max(start, self.low) < min(end, self.high) and first != second:
                    said = f"overrides name {first} and {second} {_when([(start, end)], zone)}"
                    yield _found(
                        "overlapping_overrides",
                        f"{said}; the later one in the file wins: {second}",
                        f"/schedules/{place}/overrides/{other}",
                        "shorten one of them",
                        warning=True,
                    )

    def _clashes(self) -> Iterator[Problem]:
        """Time off that overlaps turns, overrides and holidays of the same person."""
        wished = {s.key: self._wished.pieces(s.key, self.low, self.high) for _, s in self._audited()}
        for place, absence in enumerate(self.oncall.time_off):
            for key, pieces in wished.items():
                schedule = self.oncall.schedule(key)
                zone = schedule_clock.zone_of(schedule.time_zone if schedule else "Etc/UTC")
                own = self.rotas.zone_of_person(absence.person) or zone
                away = [(schedule_clock.start_of(absence.from_, own), schedule_clock.end_of(absence.to, own))]
                turns = [p for p in pieces if p.duty.person == absence.person]
                clash = time_spans.intersection(away, time_spans.spans_of(turns))
                if clash:
                    yield self._clash(place, absence.person, key, zone, clash)

    def _duties_after_leaving(self) -> Iterator[Problem]:
        """The turns and overrides of people after their last day."""
        wished = {s.key: self._wished.pieces(s.key, self.low, self.high) for _, s in self._audited()}
        for place, person in enumerate(self.oncall.people):
            for key, pieces in wished.items() if person.last_day else ():
                schedule = self.oncall.schedule(key)
                zone = schedule_clock.zone_of(schedule.time_zone if schedule else "Etc/UTC")
                gone = schedule_clock.end_of(person.until or "", self.rotas.zone_of_person(person.key) or zone)
                turns = [p for p in pieces if p.duty.person == person.key]
                clash = (
                    time_spans.intersection([(gone, self.high)], time_spans.spans_of(turns)) if gone < self.high else []
                )
                if clash:
                    said = f"{person.key} left after {person.until} and is on call for `{key}` {_when(clash, zone)}"
                    yield _found(
                        "person_left",
                        said,
                        f"/people/{place}/until",
                        f"end their layer of `{key}` with `until`, and add a layer without them",
                    )

    def _clash(self, place: int, person: str, key: str, zone: ZoneInfo, clash: list[Span]) -> Problem:
        there = self.rotas.holder(key, clash[0][0])
        falls = f"{there.person} takes over" if there else "nobody takes over"
        if there and there.person == person:
            falls = "an override keeps them on call"
        other = there.person if there and there.person != person else "WHO"
        said = f"{person} is away and on call for `{key}` {_when(clash, zone)}: {falls}"
        hint = f"confirm who takes over: sevlog oncall override {key} --person {other} {_from_to(clash[0], zone)}"
        return _found("time_off_clash", said, f"/time_off/{place}", hint)

    def _unreachable(self) -> Iterator[Problem]:
        used: dict[str, str] = {}
        for policy in self.oncall.escalations:
            for step in policy.steps:
                kind, _, name = step.notify.partition(":")
                team = self.oncall.team(name) if kind == "team" else None
                for person in (name,) if kind == "person" else team.members if team else ():
                    used.setdefault(person, f"the policy `{policy.key}` pages them")
        for schedule in self.oncall.schedules:
            for piece in self._pieces[schedule.key]:
                used[piece.duty.person] = f"they are on call for `{schedule.key}`"
        for place, known in enumerate(self.oncall.people):
            if not known.contact and known.key in used:
                yield _found(
                    "no_contact",
                    f"{known.key} has no contact point, but {used[known.key]}",
                    f"/people/{place}/key",
                    f"contact: [{known.key.upper().replace('-', '_').replace('.', '_')}_PAGER], the name of an "
                    "environment secret",
                )

    def _dead_ends(self) -> Iterator[Problem]:
        known: dict[tuple[str | None, bool], list[Span]] = {}
        paging = {level.page for level in self.config.severities}
        for place, component in enumerate(self.config.components):
            if component.retired_on and component.retired_on <= f"{datetime.fromtimestamp(self.low, UTC):%Y-%m-%d}":
                continue
            for at_work in sorted({mode == "working_hours" for mode in paging - {"none"}} or {False}):
                owner = component.owner if self.oncall.team(component.owner) else None
                if (owner, at_work) not in known:
                    known[owner, at_work] = self._silent(owner, at_work)
                silent = known[owner, at_work]
                if silent:
                    yield self._dead_end(place, component.key, component.owner, silent, at_work)
                    break

    def _dead_end(self, place: int, key: str, owner: str | None, silent: list[Span], at_work: bool) -> Problem:
        what = " within working hours of the next 31 days" if at_work else ""
        always = silent == [(self.low, self.high)]
        when = "at any time" if always else _when(silent, self._page_zone)
        return Problem(
            code="dead_end",
            message=f"nobody would be paged for `{key}`{what} {when}",
            path=CONFIG,
            pointer=f"/components/{place}/{'owner' if owner else 'key'}",
            hint="set an owner with a policy or a schedule, or set `incident_manager_schedule` in oncall.yaml"
            if always
            else "add a step that always reaches somebody, such as a team, to the policy of the owner",
        )

    def _silent(self, owner: str | None, at_work: bool) -> list[Span]:
        """When a page for a component of this owner would reach nobody, at any severity."""
        callers, high = Callers(self.rotas, self._page_zone), self.high + (PATIENCE if at_work else 0)
        reached = [
            span
            for _, policy in tracks(self.oncall, owner, major=False)
            for step in policy.steps
            for span in callers.when(step, self.low, high, at_work=at_work)
        ]
        patience = PATIENCE if at_work else 0
        return time_spans.difference([(self.low, self.high)], time_spans.union((s - patience, e) for s, e in reached))


def _called(oncall: OnCall) -> set[str | None]:
    """The schedules that a policy, a team or `incident_manager_schedule` names."""
    steps = {step.notify.removeprefix("schedule:") for policy in oncall.escalations for step in policy.steps}
    return {*steps, *(team.schedule for team in oncall.teams), oncall.incident_manager_schedule}


def _found(code: str, message: str, pointer: str, hint: str, *, warning: bool = False) -> Problem:
    return Problem(
        code=code, message=message, path=ONCALL, pointer=pointer, hint=hint, severity="warning" if warning else "error"
    )


def _when(spans: list[Span], zone: ZoneInfo) -> str:
    """The first span in words, and how many more there are."""
    start, end = (schedule_clock.reading(at, zone) for at in spans[0])
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %Y-%m-%d %H:%M}"
    rest = len(spans) - 1
    hours = f"{time_spans.length(spans) / 3600:.4g} h in all"
    more = f", and {rest} more {'time' if rest == 1 else 'times'}, {hours}" if rest else ""
    return f"from {start:%a %Y-%m-%d %H:%M} to {until} ({zone.key}){more}"


def _from_to(span: Span, zone: ZoneInfo) -> str:
    start, end = (schedule_clock.reading(at, zone) for at in span)
    return f"--from {start:%Y-%m-%dT%H:%M} --to {end:%Y-%m-%dT%H:%M}"
