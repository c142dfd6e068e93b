"""Who is paged for a component, step by step, if nobody answers."""

from __future__ import annotations

import pytest

from fixtures.oncalls import CONFIG, ONCALL, at, one_holiday, read_config, read_oncall, when
from sevlog.model.oncall.chain import Chain, chain, first_reached
from sevlog.model.oncall.rotations import PublicHolidays, Rotations, no_holidays

PEOPLE = "people: [{key: ana, contact: [A]}, {key: bo, contact: [B]}, {key: chi, contact: [C]}]\n"


def found(
    oncall: str,
    start: str,
    *,
    component: str = "checkout",
    severity: str | None = None,
    config: str = CONFIG,
    public: PublicHolidays = no_holidays,
) -> Chain:
    return chain(read_config(config), Rotations(read_oncall(oncall), public), component, severity, when(start))


def told(done: Chain) -> list[str]:
    """Each step in words: minutes after the start, whom it notifies, who that is or why nobody."""
    return [
        f"{(step.at - done.at).total_seconds() / 60:g} {step.notify} "
        + (" ".join(p.person for p in step.people) or f"- {step.passed_over}")
        for step in done.steps
    ]


@pytest.mark.demand("S27")
def test_the_owner_s_policy_is_followed_from_component_to_contact_point() -> None:
    done = found(ONCALL, "2026-01-06T12:00")

    assert told(done) == [
        "0 schedule:payments ana",
        "5 team:payments ana bo",
        "15 schedule:payments ana",
        "20 team:payments ana bo",
    ]
    assert done.team == "payments"
    assert done.first is not None
    assert done.first.people[0].contact == ("ANA_PAGER",)
    assert done.first.people[0].layer == "weekly"


def test_a_step_reaches_who_is_on_call_when_it_takes_place() -> None:
    assert told(found(ONCALL, "2026-01-12T08:57"))[::2] == ["0 schedule:payments ana", "15 schedule:payments bo"]


@pytest.mark.demand("S18")
def test_for_a_major_the_incident_managers_are_paged_beside() -> None:
    done = found(ONCALL, "2026-01-06T12:00", severity="SEV1")

    assert told(done)[:2] == ["0 schedule:payments ana", "0 schedule:managers chi"]
    assert [step.track for step in done.steps[:2]] == ["responders", "incident_managers"]


def test_the_incident_managers_policy_is_that_of_the_team_with_their_schedule() -> None:
    more = ONCALL.replace(
        "schedules:\n", "  - {key: im, members: [chi], schedule: managers, escalation: majors}\nschedules:\n"
    )
    more = more.replace("escalations:\n", "escalations:\n  - {key: majors, steps: [{notify: 'person:bo'}]}\n")
    assert "0 person:bo bo" in told(found(more, "2026-01-06T12:00", severity="SEV1"))


def test_nobody_s_component_goes_to_the_incident_managers() -> None:
    done = found(ONCALL, "2026-01-06T12:00", component="search")
    assert (done.team, told(done)) == (None, ["0 schedule:managers chi"])
    assert told(found(ONCALL, "2026-01-06T12:00", component="unknown")) == ["0 schedule:managers chi"]


@pytest.mark.parametrize(
    ("team", "expected"),
    [
        ("{key: payments, members: [ana, bo], schedule: s}", ["0 schedule:s chi", "5 team:payments ana bo"]),
        ("{key: payments, members: [ana, bo]}", ["0 team:payments ana bo"]),
        ("{key: payments}", []),
    ],
)
def test_a_team_without_a_policy_is_asked_through_its_schedule_and_then_as_a_whole(
    team: str, expected: list[str]
) -> None:
    layers = "[{key: w, members: [chi], start: 2026-01-01T00:00}]"
    oncall = f"{PEOPLE}teams: [{team}]\nschedules: [{{key: s, layers: {layers}}}]"
    assert told(found(oncall, "2026-01-06T12:00")) == expected


def policy(steps: str, schedule: str = "layers: [{key: w, members: [ana], start: 2026-01-05T09:00}]") -> str:
    return f"""{PEOPLE}
teams: [{{key: payments, members: [ana, bo], escalation: p}}]
schedules: [{{key: s, time_zone: Europe/Berlin, {schedule}}}]
escalations: [{{key: p, steps: [{steps}]}}]
"""


@pytest.mark.demand("S55")
def test_where_nobody_is_on_call_the_next_step_follows_at_once() -> None:
    steps = "{notify: 'schedule:s', wait: 10m}, {notify: 'person:bo', wait: 10m}, {notify: 'person:chi'}"
    assert told(found(policy(steps), "2026-01-01T12:00")) == [
        "0 schedule:s - nobody is on call",
        "0 person:bo bo",
        "10 person:chi chi",
    ]


def test_who_is_away_or_has_no_contact_point_is_passed_over() -> None:
    steps = "{notify: 'person:bo', wait: 10m}, {notify: 'person:dana'}, {notify: 'team:payments', wait: 1m}"
    oncall = policy(steps) + "time_off: [{person: bo, from: 2026-01-06, to: 2026-01-06}]"
    oncall = oncall.replace("people: [", "people: [{key: dana}, ")
    assert told(found(oncall, "2026-01-06T12:00")) == [
        "0 person:bo - is away",
        "0 person:dana - no contact point: dana",
        "0 team:payments ana",
    ]


def test_a_chain_that_ends_in_nobody_says_so_and_does_not_repeat() -> None:
    done = found(policy("{notify: 'schedule:s', repeat: 9}"), "2026-01-01T12:00")
    assert told(done) == ["0 schedule:s - nobody is on call"]
    assert done.silent == "no step reaches anybody"


def test_a_chain_without_owner_and_incident_managers_says_so() -> None:
    assert found(PEOPLE, "2026-01-06T12:00").silent == (
        "the team `payments` has no policy, schedule or members, and `incident_manager_schedule` is not set"
    )


@pytest.mark.parametrize(("severity", "wait"), [("SEV1", 5), ("SEV2", 15), (None, 5)])
def test_a_step_that_says_no_wait_waits_as_long_as_the_severity_has_to_be_acknowledged(
    severity: str | None, wait: int
) -> None:
    config = CONFIG + "severities: [{key: SEV1, page: immediate}, {key: SEV2, page: immediate, ack_within: 15m}]\n"
    done = found(
        policy("{notify: 'person:ana'}, {notify: 'person:bo'}"), "2026-01-06T12:00", config=config, severity=severity
    )
    assert told(done) == ["0 person:ana ana", f"{wait} person:bo bo"]


def test_a_policy_begins_again_as_often_as_it_says() -> None:
    done = found(
        policy("{notify: 'person:ana', wait: 1m}, {notify: 'person:bo', wait: 2m, repeat: 2}"), "2026-01-06T12:00"
    )
    assert [(step.round, step.number) for step in done.steps] == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]
    assert told(done)[-1] == "7 person:bo bo"


def test_hours_of_a_step_are_those_of_the_person_s_own_clock() -> None:
    """It is 20:00 in Berlin, and 14:00 for Chi in New York."""
    steps = "{notify: 'team:payments', hours: {from: '09:00', to: '17:00'}, wait: 1m}, {notify: 'person:bo'}"
    oncall = policy(steps).replace("members: [ana, bo]", "members: [ana, chi]")
    oncall = oncall.replace("{key: chi,", "{key: chi, time_zone: America/New_York,")
    assert told(found(oncall, "2026-01-06T20:00")) == ["0 team:payments chi", "1 person:bo bo"]
    assert told(found(oncall, "2026-01-06T02:00")) == ["0 team:payments - out of hours", "0 person:bo bo"]


WORKING = CONFIG + "severities: [{key: SEV3, page: working_hours, ack_within: 4h}, {key: SEV4, page: none}]\n"


@pytest.mark.demand("S7", "S21")
def test_what_can_wait_is_paged_when_whoever_is_on_call_then_is_at_work() -> None:
    """Sunday, two at night: on Monday at eight it is Ana's turn still, at nine it will be Bo's."""
    oncall = ONCALL.replace("{key: ana,", "{key: ana, working_hours: {days: mon-fri, from: '08:00', to: '16:00'},")
    done = found(oncall, "2026-01-11T02:00", severity="SEV3", config=WORKING)
    assert [f"{s.at:%a %H:%M} {s.notify} {' '.join(p.person for p in s.people)}" for s in done.steps[:2]] == [
        "Mon 07:00 schedule:payments ana",
        "Mon 07:05 team:payments ana",
    ]
    assert [s.waited for s in done.steps[:2]] == [True, False]


@pytest.mark.demand("S20")
def test_working_hours_leave_out_holidays_and_time_off() -> None:
    oncall = ONCALL.replace("escalation: payments}", "escalation: payments, holidays: DE}")
    oncall += "holidays: {DE: {country: DE}}\ntime_off: [{person: ana, from: 2026-01-08, to: 2026-01-08}]\n"
    done = found(oncall, "2026-01-06T20:00", severity="SEV3", config=WORKING, public=one_holiday("H", "2026-01-07"))
    first = done.steps[0]
    assert (first.at, [p.person for p in first.people]) == (when("2026-01-08T09:00"), ["bo"])


def test_a_severity_that_pages_nobody_says_so() -> None:
    done = found(ONCALL, "2026-01-06T20:00", severity="SEV4", config=WORKING)
    assert (done.steps, done.silent) == ((), "SEV4 pages nobody (`page: none`)")


def test_someone_who_is_never_at_work_is_passed_over() -> None:
    body = "layers: [{key: n, members: [ana], start: 2026-01-01T00:00, restrict: [{from: '22:00', to: '06:00'}]}]"
    done = found(
        policy("{notify: 'schedule:s'}, {notify: 'person:bo'}", body),
        "2026-01-06T23:00",
        severity="SEV3",
        config=WORKING,
    )
    assert [step.passed_over for step in done.steps] == ["out of hours", None]


def test_whom_a_team_s_policy_reaches_first_can_be_asked() -> None:
    rotas = Rotations(read_oncall(policy("{notify: 'schedule:s'}, {notify: 'person:bo'}")))
    reached = [
        first_reached(read_config(), rotas, "payments", at(day)) for day in ("2026-01-01T00:00", "2026-02-01T00:00")
    ]
    assert [r.notify if r else None for r in reached] == ["person:bo", "schedule:s"]
    assert first_reached(read_config(), rotas, None, 0) is None
