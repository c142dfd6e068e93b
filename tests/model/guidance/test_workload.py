"""Who carries what, and who needs a break."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from fixtures.timelines import FIXING, RAISED, at, config, fold
from sevlog.model.config.policies import WorkloadLimits
from sevlog.model.guidance.workload import Load, could_take_over, forbidden_pairs, missing_roles, workload
from sevlog.model.oncall.roster import OnCall
from sevlog.model.timeline.state import State

PEOPLE = msgspec.convert(
    {"schema": 1, "people": [{"key": "ana", "name": "Ana", "time_zone": "America/New_York"}]}, OnCall
)
NOBODY = OnCall(schema=1)


def load(
    now: str, *states: State, person: str = "ana", oncall: OnCall = NOBODY, limits: WorkloadLimits | None = None
) -> Load:
    return next(w for w in workload(states, oncall, at(now), limits) if w.person == person)


@pytest.mark.demand("S73")
def test_roles_and_tasks_are_added_up_over_all_live_incidents() -> None:
    one = fold(f'{FIXING}\n- {{kind: task, at: "10:10", ref: K1, assignee: ana, text: Call the bank}}')
    two = replace(fold(FIXING), id="2026-05-02-search-slow")

    found = load("10:20", one, two)

    assert [(d.incident, d.role, d.lead) for d in found.duties] == [
        (one.id, "incident_manager", True),
        (two.id, "incident_manager", True),
    ]
    assert [t.ref for t in found.tasks] == ["K1"]
    assert found.nudges == ("leads 2 incidents at once",)


def test_a_task_that_is_done_is_nobodys_load() -> None:
    done = """
- {kind: task, at: "10:10", ref: K1, assignee: bo, text: Call the bank}
- {kind: task, at: "10:11", ref: K1, state: done}
"""
    assert [w.person for w in workload([fold(f"{FIXING}\n{done}")], NOBODY, at("10:20"))] == ["ana"]


def notes(*times: str, by: str = "bo") -> str:
    return "\n".join(f'- {{kind: note, at: "{time}", by: {by}, text: x}}' for time in times)


@pytest.mark.demand("S74")
def test_hours_count_without_a_break_of_two() -> None:
    state = fold(f"{RAISED}\n{notes('10:10', '11:50', '12:20', '14:21', '15:00')}")

    assert load("15:30", state, person="bo").hours_engaged == pytest.approx(1.15)
    assert load("13:10", state, person="bo").hours_engaged == pytest.approx(3)


def test_four_hours_at_it_are_reason_for_a_break() -> None:
    state = fold(f"{RAISED}\n{notes('10:10', '11:50', '13:00', '14:00')}")

    assert load("14:05", state, person="bo").nudges == ()
    assert load("14:15", state, person="bo").nudges == ("engaged for 4 hours: take a break or hand over",)


def test_who_holds_a_role_is_engaged_although_silent() -> None:
    assert load("20:00", fold(FIXING)).engaged_since == at("10:00")


def test_who_went_silent_without_a_role_is_not_listed() -> None:
    state = fold(f"{RAISED}\n{notes('10:10')}")

    assert "bo" not in {w.person for w in workload([state], NOBODY, at("12:30"))}


def test_a_night_is_one_of_the_persons_own_zone() -> None:
    state = fold(FIXING.replace('at: "10:0', 'at: "03:0'))

    assert load("03:30", state).nights == 1  # three in the morning in UTC
    assert load("03:30", state, oncall=PEOPLE).nights == 1  # eleven in the evening before
    assert load("13:30", fold(FIXING), oncall=PEOPLE).nights == 1  # six in the morning in New York
    assert load("13:30", fold(FIXING)).nights == 0


def test_nights_of_incidents_that_are_over_count_as_well() -> None:
    over = fold(f"{RAISED}\n{notes('02:00', by='ana')}")

    found = workload([fold(FIXING)], NOBODY, at("10:30"), WorkloadLimits(nights=1), recent=[over])

    assert found[0].nights == 1
    assert found[0].nudges[0].startswith("1 nights in the last seven days")


@pytest.mark.demand("S87")
def test_a_forbidden_pair_is_told_once_and_only_on_a_major() -> None:
    both = f'{FIXING}\n- {{kind: assigned, at: "10:06", role: tech_lead, person: ana}}'

    assert [p for p, _, _ in forbidden_pairs(fold(both), config())] == ["ana"]
    assert not list(forbidden_pairs(fold(both.replace("SEV1", "SEV3")), config()))


def test_a_type_may_require_roles_of_its_own() -> None:
    minor = FIXING.replace("SEV1", "SEV3")

    assert missing_roles(fold(minor), config()) == ()
    assert missing_roles(fold(minor, type="data"), config()) == ("tech_lead",)


@pytest.mark.parametrize(
    ("time", "nights"),
    [("21:59:59", 0), ("22:00:00", 1), ("23:59:59", 1), ("00:00:00", 1), ("06:59:59", 1), ("07:00:00", 0)],
)
def test_a_night_is_from_ten_in_the_evening_until_seven(time: str, nights: int) -> None:
    state = fold(f"{FIXING}\n{notes(f'2026-05-02T{time}Z', by='ana')}")

    assert load("2026-05-03T08:00:00Z", state).nights == nights


@pytest.mark.parametrize(
    ("time", "nights"),
    [
        ("02:30", {"eve": 1, "bo": 0, "chi": 1}),  # half past ten in New York, half past eleven in the morning in Tokyo
        ("10:30", {"eve": 1, "bo": 0, "chi": 0}),
        ("13:30", {"eve": 0, "bo": 1, "chi": 0}),
    ],
)
def test_the_zone_of_a_night_is_that_of_the_person_and_of_nobody_else(time: str, nights: dict[str, int]) -> None:
    zones = [{"key": "eve", "time_zone": "America/New_York"}, {"key": "bo", "time_zone": "Asia/Tokyo"}, {"key": "chi"}]
    oncall = msgspec.convert({"schema": 1, "people": [{"name": "N", **zone} for zone in zones]}, OnCall)
    state = fold("\n".join([RAISED, *(notes(time, by=person) for person in nights)]))

    assert {person: load(time, state, person=person, oncall=oncall).nights for person in nights} == nights


@pytest.mark.demand("S74")
def test_holding_a_role_is_being_engaged_however_little_is_typed() -> None:
    lead = load("23:58", fold(FIXING))

    assert lead.hours_engaged == pytest.approx(13.9, abs=0.1)
    assert lead.nudges == ("engaged for 14 hours: take a break or hand over",)


def test_limits_are_those_of_the_policies() -> None:
    state = fold(FIXING)

    assert load("12:10", state, limits=WorkloadLimits(hours=2)).nudges != ()
    assert load("12:10", state, limits=WorkloadLimits(hours=3)).nudges == ()


@pytest.mark.demand("S75")
def test_who_carries_nothing_could_take_over_the_most_rested_first() -> None:
    loads = workload([fold(f"{FIXING}\n{notes('10:10', by='bo')}")], NOBODY, at("10:30"))

    assert could_take_over(loads, ["ana", "bo", "chi"]) == ("bo", "chi")
    assert could_take_over(loads, ["ana"]) == ()
