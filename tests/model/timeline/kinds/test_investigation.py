"""An experiment is one thing, however many entries speak of it, and so is an observation."""

from __future__ import annotations

import pytest

from fixtures.timelines import RAISED, at, codes, fold, only_problem

TRIED = f"""{RAISED}
- {{kind: theory, at: "10:11", ref: T1, text: A leak}}
- {{kind: experiment, at: "10:13", ref: E1, theory: T1, text: Restart one, expectation: It recovers}}
"""


@pytest.mark.demand("S71")
def test_an_experiment_gets_its_result_from_a_later_entry() -> None:
    state = fold(f"""{TRIED}
    - {{kind: experiment, at: "10:20", ref: E1, result: It did, by: bo, evidence: [{{url: "https://graphs.example/1"}}]}}
    - {{kind: experiment, at: "10:30", ref: E1, reverted: true}}
    """)

    (one,) = state.experiments
    assert (one.text, one.theory, one.expectation, one.at) == ("Restart one", "T1", "It recovers", at("10:13"))
    assert (one.result, one.reverted, one.result_at, one.result_by) == ("It did", True, at("10:20"), "bo")
    assert [e.url for e in one.evidence] == ["https://graphs.example/1"]
    assert state.problems == ()


@pytest.mark.parametrize("kind", ["experiment", "observation"])
def test_the_evidence_of_the_first_entry_is_listed_once(kind: str) -> None:
    keys = "theory: T1, expectation: It recovers, result: It did" if kind == "experiment" else "by: ana"
    state = fold(f"""{RAISED}
    - {{kind: theory, at: "10:11", ref: T1, text: A leak}}
    - {{kind: {kind}, at: "10:13", ref: X1, text: One, {keys}, evidence: [{{url: "https://graphs.example/1"}}]}}
    - {{kind: {kind}, at: "10:20", ref: X1, by: bo, evidence: [{{url: "https://graphs.example/2"}}]}}
    """)

    lists = [one.evidence for one in state.experiments] + [one.evidence for one in state.observations]
    assert [[e.url for e in evidence] for evidence in lists] == [
        ["https://graphs.example/1", "https://graphs.example/2"]
    ]


def test_the_last_result_of_an_experiment_counts() -> None:
    (one,) = fold(f"""{TRIED}
    - {{kind: experiment, at: "10:20", ref: E1, result: It did, reverted: true}}
    - {{kind: experiment, at: "10:40", ref: E1, result: It did for ten minutes}}
    """).experiments

    assert (one.result, one.result_at, one.reverted) == ("It did for ten minutes", at("10:40"), True)


def test_a_result_with_an_earlier_time_than_its_experiment_counts() -> None:
    state = fold(f"""{TRIED}
    - {{kind: experiment, at: "10:12", ref: E1, result: It did}}
    """)

    assert [(e.text, e.result) for e in state.experiments] == [("Restart one", "It did")]
    assert state.problems == ()


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ("ref: E9, result: It did", "unknown_reference", "this is about experiment `E9`, which no entry describes"),
        ("ref: E9, text: Try", "incomplete_experiment", "the experiment has no `theory` and no `expectation`"),
        ("theory: T1, text: Try, result: x", "incomplete_experiment", "the experiment has no `expectation`"),
        (
            "result: It did",
            "incomplete_experiment",
            "the experiment has no `text` and no `theory` and no `expectation`",
        ),
    ],
)
def test_an_experiment_that_no_entry_describes_is_a_finding(row: str, code: str, said: str) -> None:
    state = fold(f"{TRIED}\n- {{kind: experiment, at: '10:20', {row}}}")

    problem = only_problem(state)
    assert (problem.code, problem.severity, problem.message) == (code, "error", said)
    assert [e.ref for e in state.experiments] == ["E1"]


def test_the_result_of_a_retracted_experiment_is_no_finding() -> None:
    state = fold(f"""{TRIED}
    - {{kind: experiment, at: "10:20", ref: E1, result: It did}}
    - {{kind: retraction, at: "10:30", of: 20260502T101300Z-experiment, reason: Wrong host}}
    """)

    assert (state.experiments, state.problems) == ((), ())


def test_a_short_name_that_two_experiments_have_is_a_warning_and_both_are_kept() -> None:
    state = fold(f"""{TRIED}
    - {{kind: experiment, at: "10:15", ref: E1, theory: T1, text: Double the pool, expectation: It recovers}}
    - {{kind: experiment, at: "10:20", ref: E1, result: It did}}
    """)

    assert codes(state) == ["ref_taken"]
    assert "ref=E2" in (state.problems[0].hint or "")
    assert [(e.text, e.result) for e in state.experiments] == [("Restart one", "It did"), ("Double the pool", None)]


@pytest.mark.demand("S69")
def test_those_who_confirm_an_observation_add_up() -> None:
    state = fold(f"""{RAISED}
    - {{kind: observation, at: "10:10", ref: O1, text: The pool is full, confirmed_by: [chi, ana]}}
    - {{kind: observation, at: "10:12", ref: O1, by: bo, confirmed_by: [bo], text: Here too}}
    - {{kind: observation, at: "10:14", ref: O1, by: dee, confirmed_by: [chi, dee, ana]}}
    """)

    (one,) = state.observations
    assert (one.text, one.by, one.at) == ("The pool is full", "ana", at("10:10"))
    assert one.confirmed_by == ("chi", "bo", "dee")
    assert state.problems == ()


@pytest.mark.parametrize("ref", ["ref: O1, ", ""])
def test_an_observation_whose_author_is_listed_as_confirming_it_is_kept(ref: str) -> None:
    (one,) = fold(
        f'{RAISED}\n- {{kind: observation, at: "10:10", {ref}text: The pool is full, confirmed_by: [ana]}}'
    ).observations

    assert (one.text, one.confirmed_by) == ("The pool is full", ())


def test_a_short_name_that_two_observations_have_is_a_warning_and_both_are_kept() -> None:
    state = fold(f"""{RAISED}
    - {{kind: observation, at: "10:10", ref: O1, text: The pool is full}}
    - {{kind: observation, at: "10:11", ref: O1, by: bo, text: The disk is full, confirmed_by: [chi]}}
    """)

    assert codes(state) == ["ref_taken"]
    assert [o.text for o in state.observations] == ["The pool is full", "The disk is full"]


def test_a_confirmation_of_an_unknown_observation_is_a_finding() -> None:
    problem = only_problem(fold(f"{RAISED}\n- {{kind: observation, at: '10:20', ref: O7, confirmed_by: [bo]}}"))

    assert (problem.code, problem.message) == (
        "unknown_reference",
        "this is about observation `O7`, which no entry describes",
    )
