"""Resolves a request for an override or a swap: who covers which period of a schedule."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from ...errors import UsageError
from ...model.oncall import schedule_clock
from ..common import name_lookup
from ..common.time_input import read_when
from ..recording.identity import acting_person
from ..recording.recorder import Options
from ..workspace.workspace import Workspace
from .standing import Standing


class Wish(Struct, frozen=True, kw_only=True):
    """A request for an override. Times as typed; in the time zone of the schedule where they have no offset.

    person: who takes over; None for the acting person. since, until: the period; or shift: a whole shift.
    swap: the shift at this time goes the other way.
    """

    schedule: str
    person: str | None = None
    since: str | None = None
    until: str | None = None
    shift: str | None = None
    swap: str | None = None
    reason: str | None = None


class Cover(Struct, frozen=True, kw_only=True):
    """A person covers a period, in seconds since 1970, of those who were on call."""

    person: str
    start: int
    end: int
    instead_of: tuple[str, ...] = ()


def covers_of(workspace: Workspace, held: Standing, key: str, wish: Wish, options: Options) -> list[Cover]:
    """The covers that a wish comes to, from now on only. Raises UsageError if one is incomplete."""
    schedule = held.oncall.schedule(key)
    assert schedule is not None
    zone, clock = schedule_clock.zone_of(schedule.time_zone), workspace.clock()
    now = int(clock.timestamp())

    def at(text: str) -> int:
        return int(read_when(text, clock, zone).start.timestamp())

    if wish.swap is not None:
        if wish.person or wish.since or wish.until or wish.shift is None:
            raise UsageError("a swap needs two shifts", "--shift TIME --swap TIME, without --person, --from and --to")
        return [_from_now(cover, now) for cover in _swapped(held, key, at(wish.shift), at(wish.swap))]
    person = (
        name_lookup.choose("person", wish.person, (p.key for p in held.oncall.people))
        if wish.person
        else (acting_person(workspace, options.person))
    )
    start, end = _period(held, key, wish, at, now)
    before = [p.duty.person for p in held.rotas.pieces(key, start, end) if p.duty.person != person]
    return [_from_now(Cover(person=person, start=start, end=end, instead_of=tuple(dict.fromkeys(before))), now)]


def _period(held: Standing, key: str, wish: Wish, at: Callable[[str], int], now: int) -> tuple[int, int]:
    if wish.shift is not None:
        if wish.since or wish.until:
            raise UsageError("--shift already sets the start and the end", "omit --from and --to, or omit --shift")
        start, end, _ = _shift(held, key, at(wish.shift))
    elif wish.until is None:
        raise UsageError("the end is missing", "use --to TIME, or --shift TIME for the whole shift at that time")
    else:
        start, end = at(wish.since) if wish.since else now, at(wish.until)
    if end <= start:
        raise UsageError("the end is before the start", "--from TIME --to TIME")
    return start, end


def _from_now(cover: Cover, now: int) -> Cover:
    """The part of a cover that is still in the future, to the minute. Raises UsageError where there is none."""
    if cover.end <= now:
        raise UsageError(
            "this is in the past; who was on call cannot change any more",
            "see who was on call: sevlog oncall who --at TIME",
        )
    return replace(cover, start=max(cover.start, now // 60 * 60))


def _shift(held: Standing, key: str, at: int) -> tuple[int, int, str | None]:
    start, end, duty = held.rotas.stretch(key, at)
    if start is None or end is None:
        raise UsageError("this shift has no beginning or end within years", "give the start and the end: --from, --to")
    return start, end, duty.person if duty else None


def _swapped(held: Standing, key: str, one: int, other: int) -> list[Cover]:
    """Each of two people takes the other's shift."""
    first, second = (_shift(held, key, at) for at in (one, other))
    if first[2] is None or second[2] is None:
        raise UsageError("nobody is on call at one of these times", "--person WHO --from TIME --to TIME")
    if first[2] == second[2]:
        raise UsageError(
            f"{first[2]} already has both shifts", f"see the next shifts: sevlog oncall next --schedule {key}"
        )
    return [
        Cover(person=taker, start=start, end=end, instead_of=(giver,))
        for (start, end, giver), taker in ((first, second[2]), (second, first[2]))
        if giver is not None
    ]
