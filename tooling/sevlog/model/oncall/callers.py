"""Resolves an escalation step to the people it notifies, and when."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from . import schedule_clock, time_spans
from .roster import EscalationStep
from .rotations import Rotations
from .time_spans import Span


class Paged(Struct, frozen=True, kw_only=True):
    """A person that a step reaches, with contact points. layer: of a schedule; None for an override, or no schedule."""

    person: str
    contact: tuple[str, ...]
    layer: str | None = None


class Callers:
    """Resolves the steps of policies. zone: the time zone for people without one who are on no schedule."""

    def __init__(self, rotas: Rotations, zone: ZoneInfo) -> None:
        self.rotas, self._zone = rotas, zone

    def people(self, step: EscalationStep, at: int, *, at_work: bool = False) -> tuple[tuple[Paged, ...], str | None]:
        """The people that a step reaches at an instant; if nobody, the reason."""
        kind, _, name = step.notify.partition(":")
        candidates = self._named(kind, name, at)
        if not candidates:
            return (), {"schedule": "nobody is on call", "team": "no team member is available"}.get(kind, "is away")
        zone = self._zone_of(kind, name)
        if step.hours is not None or at_work:
            candidates = [c for c in candidates if self._in_hours(c.person, step, zone, at, at_work=at_work)]
            if not candidates:
                return (), "out of hours"
        reachable = tuple(c for c in candidates if c.contact)
        return reachable, None if reachable else f"no contact point: {', '.join(c.person for c in candidates)}"

    def when(self, step: EscalationStep, low: int, high: int, *, at_work: bool = False) -> list[Span]:
        """The times between two instants at which a step reaches somebody."""
        kind, _, name = step.notify.partition(":")
        zone = self._zone_of(kind, name)
        found: list[Span] = []
        for person, spans in self._present(kind, name, low, high).items():
            if self._contact(person):
                found += self._narrowed(person, spans, step, zone, low, high, at_work=at_work)
        return time_spans.union(found)

    def _narrowed(
        self,
        person: str,
        spans: list[Span],
        step: EscalationStep,
        zone: ZoneInfo,
        low: int,
        high: int,
        *,
        at_work: bool,
    ) -> list[Span]:
        if at_work:
            spans = time_spans.intersection(spans, self.rotas.can_be_paged(person, zone, low, high))
        if step.hours is not None:
            own = self.rotas.zone_of_person(person) or zone
            spans = time_spans.intersection(spans, self.rotas.windows((step.hours,), own, low, high))
        return spans

    def _present(self, kind: str, name: str, low: int, high: int) -> dict[str, list[Span]]:
        """The people that a name refers to, and when they are on call or not away."""
        if kind == "schedule":
            found: dict[str, list[Span]] = {}
            for piece in self.rotas.pieces(name, low, high) if self.rotas.oncall.schedule(name) else ():
                found.setdefault(piece.duty.person, []).append((piece.start, piece.end))
            return {person: time_spans.union(spans) for person, spans in found.items()}
        zone = self._zone_of(kind, name)
        return {
            person: time_spans.difference([(low, high)], self.rotas.away(person, zone))
            for person in self._members(kind, name)
        }

    def _named(self, kind: str, name: str, at: int) -> list[Paged]:
        if kind == "schedule":
            duty = self.rotas.holder(name, at) if self.rotas.oncall.schedule(name) else None
            return [Paged(person=duty.person, contact=self._contact(duty.person), layer=duty.layer)] if duty else []
        zone = self._zone_of(kind, name)
        return [
            Paged(person=person, contact=self._contact(person))
            for person in self._members(kind, name)
            if not self.rotas.is_away(person, zone, at)
        ]

    def _members(self, kind: str, name: str) -> tuple[str, ...]:
        team = self.rotas.oncall.team(name) if kind == "team" else None
        return (name,) if kind == "person" else team.members if team else ()

    def _contact(self, person: str) -> tuple[str, ...]:
        known = self.rotas.oncall.person(person)
        return known.contact if known else ()

    def _zone_of(self, kind: str, name: str) -> ZoneInfo:
        schedule = self.rotas.oncall.schedule(name) if kind == "schedule" else None
        return schedule_clock.zone_of(schedule.time_zone) if schedule else self._zone

    def _in_hours(self, person: str, step: EscalationStep, zone: ZoneInfo, at: int, *, at_work: bool) -> bool:
        return bool(self._narrowed(person, [(at, at + 1)], step, zone, at, at + 1, at_work=at_work))
