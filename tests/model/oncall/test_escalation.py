"""Who is paged next while nobody answers, from what really happened. Times are of 2 May 2026, a Saturday; Bo has it."""

from __future__ import annotations

import re
from typing import Unpack

import pytest

from fixtures.cards import CardKeys
from fixtures.oncalls import CONFIG, ONCALL, read_config, read_oncall, when
from fixtures.timelines import at, record
from sevlog.model.oncall.escalation import Step, Stopped, following, waiting, why_nobody
from sevlog.model.oncall.rotations import Rotations
from sevlog.model.timeline.replay import replay
from sevlog.model.timeline.state import State

RAISED = (
    '- {kind: raised, at: "10:00", by: reporter, severity: SEV3, priority: P3, components: {checkout: major_outage}}\n'
)
MAJOR = RAISED.replace("SEV3", "SEV1")
AT_ONCE = CONFIG + "severities: [{key: SEV1, major: true, page: immediate}, {key: SEV3, page: immediate}]\n"
ROTA = ONCALL.replace("members: [ana, bo], start", "members: [bo, ana], start")
SOLO = """\
people: [{key: ana, contact: [A]}, {key: bo, contact: [B]}, {key: chi, contact: [C]}]
teams: [{key: payments, members: [bo, chi], schedule: payments}]
schedules: [{key: payments, layers: [{key: w, members: [ana], start: 2026-01-05T09:00}]}]
"""


def paged(time: str, who: str, step: int = 1, more: str = "policy: payments") -> str:
    return f'- {{kind: paged, at: "{time}", by: reporter, target: {who}, step: {step}, {more}}}\n'


def state_of(timeline: str, config: str = AT_ONCE, **card: Unpack[CardKeys]) -> State:
    return replay(record(timeline, **card), read_config(config))


def next_of(timeline: str, now: str, oncall: str = ROTA, config: str = AT_ONCE, **card: Unpack[CardKeys]) -> list[str]:
    """What comes next on each track, in words: `10:05 team:payments ana bo`, or why nothing does."""
    state = state_of(timeline, config, **card)
    found = following(read_config(config), Rotations(read_oncall(oncall)), state, at(now))
    return [told(step) for step in found]


def told(found: Step | Stopped) -> str:
    if isinstance(found, Stopped):
        return f"{'answered' if found.answered else 'over'}: {found.why}"
    return f"{found.at:%H:%M} {found.notify} {' '.join(p.person for p in found.people)}"


@pytest.mark.demand("S27")
def test_the_person_on_call_for_the_component_is_paged_first_and_at_once() -> None:
    assert next_of(RAISED, "10:01") == ["10:00 schedule:payments bo"]


def test_the_next_step_waits_from_when_the_one_before_was_really_taken() -> None:
    """A driver that was away does not page everyone at once when it is back."""
    late = RAISED + paged("10:40", "bo")

    assert next_of(late, "10:41") == ["10:45 team:payments ana bo"]
    assert next_of(late, "11:30") == ["10:45 team:payments ana bo"]


def test_a_policy_begins_again_as_often_as_it_says_and_then_ends() -> None:
    team = paged("10:05", "ana", 2) + paged("10:05", "bo", 2)
    once = RAISED + paged("10:00", "bo") + team

    assert next_of(once, "10:06") == ["10:15 schedule:payments bo"]
    again = once + paged("10:15", "bo") + team.replace("10:05", "10:20")
    assert next_of(again, "10:40") == ["over: all steps were taken"]


@pytest.mark.parametrize(
    ("components", "level", "why"),
    [
        ("search", "immediate", "no team owns search (`owner` in sevlog.yaml)"),
        ("checkout", "immediate", "team payments has no policy, schedule or members in oncall.yaml"),
        ("checkout", "none", "SEV3 pages nobody (`page: none` in sevlog.yaml)"),
    ],
)
def test_why_nobody_is_paged_is_the_half_that_is_true(components: str, level: str, why: str) -> None:
    config = CONFIG + f"severities: [{{key: SEV3, page: {level}}}]\n"
    state = state_of(RAISED.replace("checkout", components), config)
    alone = read_oncall("people: [{key: ana}]\n")

    assert following(read_config(config), Rotations(alone), state, at("10:01")) == []
    assert why_nobody(read_config(config), alone, state) == why


@pytest.mark.demand("S18")
def test_for_a_major_the_incident_managers_are_paged_beside() -> None:
    assert next_of(MAJOR, "10:01") == ["10:00 schedule:payments bo", "10:00 schedule:managers chi"]


def test_who_takes_command_stops_all_but_what_was_asked_for() -> None:
    command = '- {kind: assigned, at: "10:02", by: ana, role: incident_manager, person: ana, lead: true}\n'
    asked = '- {kind: escalated, at: "10:03", by: ana, to: "team:payments", reason: the database}\n'

    assert next_of(MAJOR + command, "10:05") == ["answered: ana answered"] * 2
    assert next_of(MAJOR + command + asked, "10:05") == ["10:03 schedule:payments bo", "answered: ana answered"]


@pytest.mark.parametrize(
    "answer",
    [
        '- {kind: acknowledged, at: "10:02", by: bo, target: bo}',
        '- {kind: note, at: "10:02", by: bo, text: looking}',
        '- {kind: collaborator, at: "10:02", by: bo, person: bo}',
    ],
)
def test_a_page_is_answered_by_word_or_by_deed(answer: str) -> None:
    timeline = RAISED + paged("10:01", "bo")

    assert [p.target for p in waiting(state_of(timeline))] == ["bo"]
    assert next_of(timeline + answer, "10:20") == ["answered: bo answered"]
    assert waiting(state_of(timeline + answer)) == ()


def test_what_somebody_else_does_is_no_answer() -> None:
    other = '- {kind: note, at: "10:02", by: chi, text: me too}\n'

    assert next_of(RAISED + paged("10:01", "bo") + other, "10:03") == ["10:06 team:payments ana bo"]


def test_a_page_that_could_not_be_sent_is_not_waited_for() -> None:
    failed = RAISED + paged("10:01", "bo", more="policy: payments, result: failed")

    assert next_of(failed, "10:02") == ["10:01 team:payments ana bo"]
    assert waiting(state_of(failed)) == ()


def test_who_raised_it_is_not_woken_by_it() -> None:
    own = RAISED.replace("reporter", "bo")

    assert next_of(own, "10:01") == ["answered: bo raised it and would be paged"]
    assert next_of(own.replace("SEV3", "SEV1"), "10:01")[1:] == ["10:00 schedule:managers chi"]


@pytest.mark.demand("S55")
@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("chi", "10:03 person:chi chi"),
        ("schedule:managers", "10:03 schedule:managers chi"),
        ("policy:payments", "10:03 schedule:payments bo"),
    ],
)
def test_help_is_asked_for_from_a_person_a_schedule_or_a_policy(to: str, expected: str) -> None:
    asked = f'- {{kind: escalated, at: "10:03", by: ana, to: "{to}", reason: the database}}\n'

    assert expected in next_of(RAISED + paged("10:00", "bo") + asked, "10:04")


@pytest.mark.demand("S55")
def test_asking_a_team_without_a_policy_goes_on_from_its_schedule_to_all_of_it() -> None:
    asked = RAISED + '- {kind: escalated, at: "10:03", by: bo, to: "team:payments", reason: the database}\n'
    first = asked + paged("10:03", "ana", more='asked: "schedule:payments"')

    assert next_of(asked, "10:04", SOLO) == ["10:03 schedule:payments ana"]
    assert next_of(first, "10:04", SOLO) == ["10:08 team:payments bo chi"]


@pytest.mark.demand("S7")
def test_what_can_wait_for_working_hours_does() -> None:
    """2 May 2026 is a Saturday: the first working hour is on Monday at nine."""
    config = CONFIG + "severities: [{key: SEV1, page: immediate}, {key: SEV3, page: working_hours}]\n"

    state = state_of(RAISED, config)
    (found,) = following(read_config(config), Rotations(read_oncall(ROTA)), state, at("10:01"))

    assert isinstance(found, Step)
    assert (found.at, [p.person for p in found.people]) == (when("2026-05-04T09:00"), ["ana"])


@pytest.mark.demand("S46")
def test_a_severity_that_pages_otherwise_begins_anew() -> None:
    config = AT_ONCE.replace("{key: SEV3, page: immediate}", "{key: SEV2, major: true, page: immediate}, {key: SEV3}")
    worse = '- {kind: severity, at: "11:00", by: ana, to: %s, reason: all of them}\n'

    assert next_of(RAISED + worse % "SEV1", "11:01", config=config)[0] == "11:00 schedule:payments bo"
    both_major = RAISED.replace("SEV3", "SEV2") + worse % "SEV1"
    assert next_of(both_major, "11:01", config=config)[0] == "10:00 schedule:payments bo"


@pytest.mark.parametrize(
    "timeline",
    [
        '- {kind: status, at: "10:00", to: triage}',
        RAISED + '- {kind: status, at: "10:01", to: declined, from: raised, reason: a test}',
        "",
    ],
)
def test_nobody_is_paged_for_what_is_not_live(timeline: str) -> None:
    assert next_of(timeline or "[]", "10:05") == []


@pytest.mark.parametrize("kind", ["retrospective", "maintenance"])
def test_nobody_is_paged_for_what_is_written_down_afterwards_or_planned(kind: str) -> None:
    assert next_of(RAISED, "10:05", kind=kind) == []


def test_a_severity_that_pages_nobody_pages_who_is_asked_for() -> None:
    config = CONFIG + "severities: [{key: SEV3, page: none}]\n"
    asked = '- {kind: escalated, at: "10:03", by: ana, to: chi, reason: the database}\n'

    assert next_of(RAISED, "10:05", config=config) == []
    assert next_of(RAISED + asked, "10:05", config=config) == ["10:03 person:chi chi"]


def test_where_nobody_can_be_reached_it_says_so() -> None:
    assert next_of(RAISED, "10:05", re.sub(", contact: .*]", "", ROTA)) == ["over: no step reaches anybody"]


def test_components_with_one_owner_page_it_once() -> None:
    config = AT_ONCE.replace("key: search, name: Search", "key: search, name: Search, owner: payments")
    both = RAISED.replace("major_outage", "major_outage, search: major_outage")

    assert next_of(both, "10:01", config=config) == ["10:00 schedule:payments bo"]


@pytest.mark.demand("S22")
def test_quiet_hours_hold_what_can_wait_and_never_an_immediate_page() -> None:
    quiet = 'working_hours: {from: "00:00", to: "24:00"}, quiet_hours: [{from: "09:00", to: "15:00"}]'
    rota = SOLO.replace("{key: ana, contact: [A]}", f"{{key: ana, contact: [A], {quiet}}}")
    config = CONFIG + "severities: [{key: SEV1, page: immediate}, {key: SEV3, page: working_hours}]\n"

    assert next_of(RAISED, "10:01", rota, config) == ["15:00 schedule:payments ana"]
    assert next_of(MAJOR, "10:01", rota, config) == ["10:00 schedule:payments ana"]
    help_asked = RAISED + '- {kind: escalated, at: "10:02", by: bo, to: ana, reason: the database}\n'
    assert next_of(help_asked, "10:03", rota, config)[1] == "10:02 person:ana ana"
