"""What is outstanding at each point of the response, and the command for it."""

from __future__ import annotations

import pytest

from fixtures.timelines import FIXING, MONITORING, RAISED, RESOLVED, at, config, fold
from sevlog.model.guidance.stages import Stage, most_pressing, stages
from sevlog.model.problem import Problem
from sevlog.model.timeline.state import State

RESPONSE = ["detect", "raise", "open_comms", "assess", "initial_comms", "escalate", "delegate"]
ORDER = [*RESPONSE, "follow_up_comms", "review", "resolve"]


def looked(state: State, now: str, *obstacles: Problem) -> dict[str, Stage]:
    return {stage.key: stage for stage in stages(state, config(), at(now), obstacles)}


def asked(stage: Stage) -> list[str]:
    return [todo.what for todo in stage.todo if todo.needed]


@pytest.mark.demand("S23")
def test_the_ten_stages_stand_in_their_order() -> None:
    assert list(looked(fold(RAISED), "10:01")) == ORDER


@pytest.mark.demand("S6")
def test_a_raised_incident_asks_for_someone_to_take_command_within_the_time_of_its_severity() -> None:
    early, late = looked(fold(RAISED), "10:04")["open_comms"], looked(fold(RAISED), "10:06")["open_comms"]

    assert [t.overdue for t in (*early.todo, *late.todo)] == [False, True]
    assert early.todo[0].due_at == at("10:05")
    assert early.todo[0].command.startswith("sevlog ack -i 2026-05-02-checkout-fails ")


def test_nobody_is_told_to_write_updates_before_somebody_has_command() -> None:
    found = looked(fold(RAISED), "12:00")

    assert found["initial_comms"].todo == ()
    assert found["resolve"].state == "ahead"


@pytest.mark.demand("S47")
@pytest.mark.demand("S17")
def test_the_clocks_of_the_first_words_start_with_the_command() -> None:
    todo = looked(fold(FIXING), "10:16")["initial_comms"].todo

    assert [(t.due_at, t.overdue) for t in todo] == [(at("10:15"), True), (at("10:15"), True), (at("10:35"), False)]
    assert '--title "…"' in next(t.command for t in todo if "--audience public" in t.command)


CHANGES = {
    "stricter: from when it began": (("10:06", "SEV3"), ("10:20", "SEV1"), "10:30", ""),
    "stricter, but the limit before was sooner": (
        ("10:06", "SEV2"),
        ("10:22", "SEV1"),
        "10:26",
        ", as required at SEV2",
    ),
    "milder, before the limit": (("10:06", "SEV1"), ("10:10", "SEV3"), "14:10", ""),
    "milder, after the limit: it stays missed": (
        ("10:06", "SEV1"),
        ("10:20", "SEV3"),
        "10:16",
        ", as required at SEV1",
    ),
}


@pytest.mark.demand("S17")
@pytest.mark.parametrize(("first", "then", "due", "said"), CHANGES.values(), ids=CHANGES)
def test_the_first_update_is_due_by_the_severity_that_holds_and_not_before_it_held(
    first: tuple[str, str], then: tuple[str, str], due: str, said: str
) -> None:
    rows = "\n".join(f'- {{kind: severity, at: "{time}", to: {level}, reason: x}}' for time, level in (first, then))
    taken = FIXING.replace("10:05", "10:06")  # command is taken as the first of the two begins
    found = looked(fold(f"{taken}\n{rows}"), "10:23")["initial_comms"].todo

    customers = next(todo for todo in found if "customers" in todo.what)
    assert (customers.due_at, customers.what) == (at(due), f"send the first update to customers{said}")


def test_customers_who_are_not_hit_are_not_owed_a_word() -> None:
    state = fold(f'{FIXING}\n- {{kind: assessment, at: "10:10", scope: none}}')

    assert "customers" not in " ".join(t.what for t in looked(state, "10:16")["initial_comms"].todo)


def test_nothing_restricted_is_asked_to_be_published() -> None:
    todo = looked(fold(FIXING, visibility="restricted"), "10:16")["initial_comms"].todo

    assert todo and not any("--audience public" in t.command for t in todo)


SAID = f"""{FIXING}
- {{kind: update, at: "10:08", audience: internal, phase: investigating, text: In the room, next_update_at: "10:30"}}
"""


@pytest.mark.demand("S66")
def test_the_next_word_is_asked_for_once_it_is_due_soon() -> None:
    def follow_up(now: str) -> Stage:
        return looked(fold(SAID), now)["follow_up_comms"]

    assert asked(follow_up("10:20")) == []
    assert asked(follow_up("10:28")) == ["send the next update to colleagues"]
    assert [t.overdue for t in follow_up("10:31").todo] == [True]


def test_after_the_last_word_no_further_one_is_asked_for() -> None:
    state = fold(f'{SAID}\n- {{kind: update, at: "10:20", audience: internal, phase: resolved, text: Over}}')

    assert looked(state, "12:00")["follow_up_comms"].todo == ()


@pytest.mark.demand("S13")
def test_a_major_asks_for_the_roles_that_its_severity_requires() -> None:
    assert asked(looked(fold(FIXING), "10:06")["delegate"]) == [
        "role tech lead is not assigned",
        "role communications manager is not assigned",
    ]
    assert asked(looked(fold(FIXING.replace("SEV1", "SEV3")), "10:06")["delegate"]) == []


def test_an_offered_hand_over_waits_for_its_receiver() -> None:
    state = fold(f'{FIXING}\n- {{kind: handover, at: "10:10", role: incident_manager, from: ana, to: bo}}')

    assert "--accept --as bo" in looked(state, "10:11")["delegate"].todo[-1].command


@pytest.mark.demand("S55")
def test_an_unanswered_page_becomes_an_escalation_after_the_time_to_acknowledge() -> None:
    state = fold(f'{FIXING}\n- {{kind: paged, at: "10:10", target: "team:payments"}}')

    assert asked(looked(state, "10:14")["escalate"]) == []
    assert asked(looked(state, "10:16")["escalate"]) == ["team:payments has not answered the page yet"]


@pytest.mark.demand("S72")
def test_an_open_theory_that_nothing_tested_is_offered_for_a_test() -> None:
    theory = '- {kind: theory, at: "10:10", ref: T1, text: The pool is too small}'
    tried = '- {kind: experiment, at: "10:12", theory: T1, text: Double it, expectation: Errors stop}'
    before, after = (looked(fold(f"{FIXING}\n{more}"), "10:15")["review"] for more in (theory, f"{theory}\n{tried}"))

    assert "--theory T1" in before.todo[0].command
    assert after.todo == ()
    assert before.state == "done"


SEEN = '- {kind: observation, at: "10:10", text: The pool is full}'
THOUGHT = '- {kind: theory, at: "10:10", ref: T1, text: The pool is too small}'
TESTED = '- {kind: experiment, at: "10:12", theory: T1, text: Double it, expectation: Errors stop}'


@pytest.mark.parametrize(
    ("timeline", "offered"),
    [
        (FIXING, True),
        (RAISED, False),  # first somebody takes command
        (FIXING.replace("SEV1", "SEV3"), False),
        (f"{FIXING}\n{SEEN}", False),
        (f"{FIXING}\n{THOUGHT}\n{TESTED}", False),
    ],
    ids=["a major in hand", "nobody in command", "a minor", "something seen", "something thought"],
)
def test_a_major_that_somebody_commands_is_offered_a_first_observation(timeline: str, offered: bool) -> None:
    review = looked(fold(timeline), "10:15")["review"]

    assert [todo.what for todo in review.todo] == ["record observations and the first theory"] * offered
    assert asked(review) == []


@pytest.mark.parametrize(
    ("task", "offered"),
    [
        ('{kind: task, at: "10:10", ref: K1, text: Call the bank}', ["task K1 has no assignee: Call the bank"]),
        ('{kind: task, at: "10:10", ref: K1, text: Call the bank, assignee: bo}', []),
        ('{kind: task, at: "10:10", ref: K1, text: Call the bank, state: done}', []),
    ],
)
def test_a_task_is_offered_to_somebody_while_it_is_open_and_nobodys(task: str, offered: list[str]) -> None:
    review = looked(fold(f"{FIXING}\n{SEEN}\n- {task}"), "10:15")["review"]

    assert [todo.what for todo in review.todo] == offered


def test_a_watched_incident_asks_to_be_resolved_or_names_what_stands_against_it() -> None:
    obstacle = Problem(
        code="guard_assessment", message="assessment is incomplete: scope missing", hint="sevlog assess -i X --scope …"
    )

    assert looked(fold(MONITORING), "10:50")["resolve"].todo[-1].command.startswith("sevlog resolve -i ")
    assert asked(looked(fold(MONITORING), "10:50", obstacle)["resolve"]) == ["assessment is incomplete: scope missing"]
    assert asked(looked(fold(FIXING), "10:50", obstacle)["resolve"]) == []


def test_a_missing_final_update_is_sent_with_the_command_that_resolves() -> None:
    obstacle = Problem(code="guard_final_updates", message="no final update", hint='add --final-update "…"')
    (todo,) = looked(fold(MONITORING), "10:50", obstacle)["resolve"].todo

    assert todo.command.startswith("sevlog resolve -i ") and todo.command.endswith('--final-update "…"')


def test_who_recorded_a_mitigation_is_asked_to_monitor_and_not_to_record_it_again() -> None:
    recorded = f'{FIXING}- {{kind: action_taken, at: "10:30", type: rollback, text: Rolled back}}\n'

    assert looked(fold(FIXING), "10:50")["resolve"].todo[0].command.startswith("sevlog act -i ")
    assert looked(fold(recorded), "10:50")["resolve"].todo[0].command.startswith("sevlog monitor -i ")


def test_what_is_resolved_waits_for_its_learning_only() -> None:
    found = stages(
        fold(RESOLVED), config(), at("12:00"), (Problem(code="guard_postmortem", message="none", hint="new"),)
    )

    assert [(s.key, asked(s)) for s in found] == [("learn", ["none"])]
    assert stages(fold(RESOLVED), config(), at("12:00"))[0].todo[0].what.startswith("close the incident")


def test_triage_asks_for_a_decision_and_for_nothing_else() -> None:
    found = looked(fold('- {kind: status, at: "10:00", to: triage}'), "10:30")

    assert {key for key, stage in found.items() if stage.state == "ahead"} == set(ORDER) - {"detect", "raise"}
    assert asked(found["raise"]) == ["decide whether this is an incident"]


def test_what_is_overdue_the_longest_comes_first() -> None:
    found = stages(fold(FIXING), config(), at("10:40"))

    first = most_pressing(found)

    assert first is not None and first.due_at == at("10:15")
    assert most_pressing(()) is None


def test_an_offer_is_never_what_must_be_done_now() -> None:
    quiet = f"""{FIXING.replace("SEV1", "SEV3")}
- {{kind: update, at: "10:06", audience: internal, phase: investigating, text: a}}
- {{kind: update, at: "10:06", audience: public, phase: investigating, text: b}}
- {{kind: assessment, at: "10:06", customer_impact: Search is slow, scope: some}}
"""
    assert most_pressing(stages(fold(quiet), config(), at("10:07"))) is None


@pytest.mark.demand("S6")
def test_pages_that_reached_nobody_ask_for_a_call() -> None:
    failed = f'{RAISED}\n- {{kind: paged, at: "10:01", target: bo, asked: "schedule:api", step: 1, result: failed}}'
    (todo,) = looked(fold(failed), "10:02")["escalate"].todo

    assert (todo.what, todo.needed, todo.overdue) == ("no page reached anybody: call bo, or page again", True, True)
    assert todo.command.endswith(" --now")

    reached = f'{failed}\n- {{kind: paged, at: "10:02", target: chi, asked: "person:chi", step: 2}}'
    assert "reached anybody" not in " ".join(t.what for t in looked(fold(reached), "10:03")["escalate"].todo)


def test_no_command_of_a_todo_would_be_a_pipe_in_the_shell() -> None:
    stages_of = (looked(fold(state), "10:50") for state in (RAISED, FIXING, MONITORING, RESOLVED))
    commands = [todo.command for found in stages_of for stage in found.values() for todo in stage.todo]

    assert commands and [command for command in commands if "|" in command] == []
