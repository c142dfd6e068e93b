"""Random rotas in random zones, across every kind of change of clocks: the engine against the slow oracle."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.filled import filled
from model.oncall_oracle import MINUTE, Oracle
from sevlog.model.oncall.callers import Callers
from sevlog.model.oncall.roster import EscalationStep, OnCall
from sevlog.model.oncall.rotations import Rotations
from sevlog.model.oncall.schedule_clock import reached, reading

CHANGES = {
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],  # half an hour
    "Pacific/Apia": ["2011-12-30T10:00"],  # no 30 December
    "Africa/Casablanca": ["2026-02-15T02:00", "2026-03-22T02:00"],  # daylight saving below standard time
    "Antarctica/Troll": ["2026-03-29T01:00", "2026-10-25T01:00"],  # two hours
    "America/Sao_Paulo": ["2018-11-04T03:00", "2018-02-18T02:00"],  # at midnight
    "America/Havana": ["2026-11-01T05:00", "2026-03-08T05:00"],  # back over midnight
    "Asia/Pyongyang": ["2015-08-14T15:00", "2018-05-04T15:00"],  # no daylight saving, but other offsets
    "Asia/Kathmandu": ["2026-05-05T05:05"],  # none at all
}
"""Zone -> instants in UTC at or near which its clock jumps."""

PEOPLE = ("ana", "bo", "chi", "dana")
CLOCKS = st.sampled_from(["00:00", "00:15", "01:59", "02:00", "02:10", "02:30", "03:00", "09:00", "18:00", "23:30"])
WEEKDAYS = st.sampled_from(["mon-sun", "mon-fri", "sat,sun", "sat-mon", "fri-sun,tue", "sun"])
SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def times(draw: st.DrawFn, middle: datetime, *, days: int = 3) -> str:
    """A wall-clock time some days around another."""
    day = middle.date() + timedelta(days=draw(st.integers(-days, days)))
    return f"{day}T{draw(CLOCKS)}"


@st.composite
def hours(draw: st.DrawFn) -> dict[str, str]:
    """Hours of the week; they may go over midnight."""
    return {"days": draw(WEEKDAYS), "from": draw(CLOCKS), "to": draw(st.one_of(CLOCKS, st.just("24:00")))}


@st.composite
def layers(draw: st.DrawFn, middle: datetime, key: str) -> dict[str, Any]:
    first = middle.date() - timedelta(days=draw(st.sampled_from([0, 1, 2, 5, 30, 92])))
    layer: dict[str, Any] = {
        "key": key,
        "members": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4)),
        "start": f"{first}T{draw(CLOCKS)}",
        "rotate": draw(st.sampled_from(["daily", "weekly", "monthly"])),
        "every": draw(st.integers(1, 3)),
    }
    if draw(st.booleans()):
        layer["restrict"] = draw(st.lists(hours(), min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        layer["from"] = draw(times(middle))
    if draw(st.integers(0, 3)) == 0:
        layer["until"] = draw(times(middle))
    return layer


@st.composite
def periods(draw: st.DrawFn, middle: datetime) -> dict[str, str]:
    one, other = sorted([draw(times(middle)), draw(times(middle))])
    return {"from": one, "to": other, "person": draw(st.sampled_from(PEOPLE))}


@st.composite
def time_off(draw: st.DrawFn, middle: datetime) -> dict[str, str]:
    row = draw(periods(middle))
    return {**row, "from": row["from"][:10], "to": row["to"][:10]} if draw(st.booleans()) else row


@st.composite
def schedules(draw: st.DrawFn, middle: datetime, key: str, zone: str) -> dict[str, Any]:
    """A schedule of up to three layers with overrides."""
    return {
        "key": key,
        "time_zone": zone,
        "layers": [draw(layers(middle, f"layer-{n}")) for n in range(draw(st.integers(0, 3)))],
        "overrides": draw(st.lists(periods(middle), max_size=3)),
    }


@st.composite
def rotas(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """An oncall.yaml with a schedule `main`, a schedule for its holidays, and an instant at which the clock jumps."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    middle = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    other = draw(st.sampled_from([zone, zone, *sorted(CHANGES)]))
    main = draw(schedules(middle, "main", zone))
    free = draw(st.lists(st.integers(-2, 2), max_size=2, unique=True))
    days = {(middle.date() + timedelta(days=n)).isoformat(): "Free" for n in free}
    oncall = {
        "schema": 1,
        "people": [
            {"key": key, "time_zone": draw(st.sampled_from([zone, other]))} if key != "dana" else {"key": key}
            for key in PEOPLE
        ],
        "schedules": [{**main, "holidays": "XX"}, draw(schedules(middle, "holidays", other))],
        "time_off": draw(st.lists(time_off(middle), max_size=3)),
        "holidays": {"XX": {"country": "XX", "schedule": "holidays", "days": days}},
    }
    return oncall, middle


def answers(oncall: dict[str, Any], since: datetime, until: datetime) -> Any:
    """What the engine says: a function from an instant to a person or None."""
    engine = Rotations(msgspec.convert(oncall, OnCall))
    pieces = engine.pieces("main", int(since.timestamp()), int(until.timestamp()))
    starts = [piece.start for piece in pieces]
    assert all(a.end <= b.start for a, b in pairwise(pieces))

    def who(at: datetime) -> str | None:
        place = bisect_right(starts, at.timestamp()) - 1
        return pieces[place].duty.person if place >= 0 and at.timestamp() < pieces[place].end else None

    return who


@pytest.mark.demand("S19")
@SLOW
@given(rotas())
def test_every_minute_around_a_change_of_clocks_is_as_the_oracle_says(drawn: tuple[dict[str, Any], datetime]) -> None:
    oncall, middle = drawn
    since, until = middle - timedelta(hours=5), middle + timedelta(hours=5)
    oracle, who = Oracle(oncall, since, until), answers(oncall, since, until)

    for minute in filled(oracle.minutes):
        assert who(minute) == oracle.who("main", minute), minute.isoformat()


@pytest.mark.demand("S20")
@SLOW
@given(rotas())
def test_days_around_it_are_as_the_oracle_says(drawn: tuple[dict[str, Any], datetime]) -> None:
    oncall, middle = drawn
    since, until = middle - timedelta(days=3), middle + timedelta(days=3)
    oracle, who = Oracle(oncall, since, until), answers(oncall, since, until)

    for minute in filled(oracle.minutes[::15]):
        for at in (minute, minute - MINUTE):
            if at >= since:
                assert who(at) == oracle.who("main", at), at.isoformat()


@settings(SLOW, max_examples=60)
@given(rotas(), st.integers(-4 * 1440, 4 * 1440))
def test_a_stretch_is_as_long_as_the_same_person_is_on_call(
    drawn: tuple[dict[str, Any], datetime], offset: int
) -> None:
    oncall, middle = drawn
    at = int((middle + offset * MINUTE).timestamp())
    engine = Rotations(msgspec.convert(oncall, OnCall))

    start, end, duty = engine.stretch("main", at)

    def person(instant: int) -> str | None:
        holder = engine.holder("main", instant)
        return holder.person if holder else None

    assert (duty.person if duty else None) == person(at)
    if start is not None:
        assert start <= at and person(start) == person(at) != person(start - 1)
    if end is not None:
        assert end > at and person(end - 1) == person(at) != person(end)


@settings(SLOW, max_examples=60)
@given(rotas(), st.integers(0, 4 * 1440), st.integers(1, 2 * 1440))
def test_a_part_of_a_period_is_what_the_whole_says_of_it(
    drawn: tuple[dict[str, Any], datetime], offset: int, length: int
) -> None:
    oncall, middle = drawn
    engine = Rotations(msgspec.convert(oncall, OnCall))
    low, high = (int((middle + timedelta(days=n)).timestamp()) for n in (-4, 4))
    start = low + offset * 60
    end = min(start + length * 60, high)
    whole = engine.pieces("main", low, high)

    assert engine.pieces("main", start, end) == [
        p._replace(start=max(p.start, start), end=min(p.end, end))
        for p in whole
        if max(p.start, start) < min(p.end, end)
    ]


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    step: dict[str, Any] = {
        "notify": draw(st.sampled_from(["schedule:main", "schedule:holidays", "person:ana", "person:dana", "team:t"]))
    }
    if draw(st.booleans()):
        step["hours"] = draw(hours())
    return step


@st.composite
def reachable(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """A rota with people who have contact points, working hours and holidays, or have none."""
    oncall, middle = draw(rotas())
    people = [
        {
            **person,
            **({"contact": ["X"]} if draw(st.integers(0, 4)) else {}),
            **({"working_hours": draw(hours())} if draw(st.booleans()) else {}),
            **({"holidays": "XX"} if draw(st.booleans()) else {}),
        }
        for person in oncall["people"]
    ]
    return {**oncall, "people": people, "teams": [{"key": "t", "members": list(PEOPLE)}]}, middle


@pytest.mark.demand("S27")
@SLOW
@given(reachable(), steps(), st.booleans())
def test_a_step_reaches_whom_the_oracle_says_and_when(
    drawn: tuple[dict[str, Any], datetime], step: dict[str, Any], at_work: bool
) -> None:
    oncall, middle = drawn
    since, until = middle - timedelta(hours=40), middle + timedelta(hours=40)
    zone = oncall["schedules"][0]["time_zone"]
    oracle = Oracle(oncall, since, until)
    callers = Callers(Rotations(msgspec.convert(oncall, OnCall)), ZoneInfo(zone))
    written = msgspec.convert(step, EscalationStep)
    spans = callers.when(written, int(since.timestamp()), int(until.timestamp()), at_work=at_work)

    for minute in filled(oracle.minutes[::10]):
        second = int(minute.timestamp())
        wanted = oracle.reached(step, zone, minute, at_work=at_work)
        people, why = callers.people(written, second, at_work=at_work)
        assert [p.person for p in people] == wanted, minute.isoformat()
        assert (why is None) == bool(wanted)
        assert any(start <= second < end for start, end in spans) == bool(wanted), minute.isoformat()


@settings(SLOW, max_examples=80)
@given(st.sampled_from(sorted(CHANGES)), st.integers(-3000, 3000), st.integers(0, 3))
def test_a_time_is_reached_when_the_clock_first_shows_it_or_more(zone: str, offset: int, place: int) -> None:
    around = datetime.fromisoformat(CHANGES[zone][place % len(CHANGES[zone])]).replace(tzinfo=UTC)
    known = ZoneInfo(zone)
    wall = (around + offset * MINUTE).astimezone(known).replace(tzinfo=None)

    at = reached(wall, known)

    assert reading(at, known) >= wall
    assert all(reading(at - seconds, known) < wall for seconds in (1, 60, 1800, 3599, 7200, 86400))
