"""When each stage of a response was gone through, the first time and each time after."""

from __future__ import annotations

import pytest

from fixtures.timelines import FIXING, MONITORING, at, config, fold
from sevlog.model.guidance.stages import stages

REOPENED = f"""{MONITORING}
- {{kind: assessment, at: "10:45", customer_impact: Nobody can pay, scope: all}}
- {{kind: update, at: "10:13", audience: public, phase: investigating, text: We look.}}
- {{kind: update, at: "10:55", audience: public, phase: resolved, text: It is over.}}
- {{kind: impact, at: "11:00", components: {{api: operational}}, ended_at: "10:35"}}
- {{kind: status, at: "11:00", to: resolved, from: monitoring, attestation: No errors for 30 minutes}}
- {{kind: status, at: "12:00", to: fixing, from: resolved, reason: It is back.}}
- {{kind: update, at: "12:05", audience: public, phase: investigating, text: It is back.}}
- {{kind: update, at: "12:30", audience: public, phase: identified, text: The same.}}
"""


def times(text: str, now: str = "15:00") -> dict[str, list[str]]:
    """Stage -> its times as hours and minutes."""
    return {s.key: [f"{time:%H:%M}" for time in s.times] for s in stages(fold(text), config(), at(now))}


@pytest.mark.demand("S23")
@pytest.mark.demand("S68")
def test_each_time_a_stage_is_repeated_is_kept() -> None:
    found = times(f"""{FIXING}
- {{kind: assessment, at: "10:10", customer_impact: None can pay.}}
- {{kind: assessment, at: "10:40", scope: some}}
- {{kind: observation, at: "10:20", text: Full.}}
- {{kind: theory, at: "10:30", ref: T1, text: The pool.}}
- {{kind: escalated, at: "10:25", to: bo, reason: Needs a database owner.}}
- {{kind: assigned, at: "10:26", role: scribe, person: bo}}
- {{kind: update, at: "10:12", audience: internal, phase: investigating, text: We look.}}
- {{kind: update, at: "10:13", audience: public, phase: investigating, text: We look.}}
- {{kind: update, at: "10:42", audience: internal, phase: identified, text: It is the pool.}}
""")

    assert found["assess"] == ["10:10", "10:40"]
    assert found["review"] == ["10:20", "10:30"]
    assert found["escalate"] == ["10:25"]
    assert found["delegate"] == ["10:26"]
    assert found["initial_comms"] == ["10:12", "10:13"]
    assert found["follow_up_comms"] == ["10:42"]
    assert found["raise"] == ["10:00"]
    assert found["resolve"] == []


def test_the_first_time_is_the_one_that_is_shown_as_done() -> None:
    (assess,) = (
        stage
        for stage in stages(
            fold(
                f'{FIXING}\n- {{kind: assessment, at: "10:10", customer_impact: x, scope: some, symptoms: x, '
                'employee_impact: x, support_cases: 1, started_at: "10:00", confirmed: true}'
            ),
            config(),
            at("11:00"),
        )
        if stage.key == "assess"
    )
    assert (assess.state, assess.done_at) == ("done", at("10:10"))


def test_what_was_retracted_is_no_time() -> None:
    text = f'{FIXING}\n- {{kind: observation, at: "10:20", id: seen, text: Full.}}\n'
    assert times(text)["review"] == ["10:20"]
    assert times(text + '- {kind: retraction, at: "10:21", of: seen, reason: Wrong.}\n')["review"] == []


def test_before_it_is_raised_nothing_was_raised() -> None:
    found = times('- {kind: status, at: "10:00", to: triage}\n')
    assert (found["raise"], found["open_comms"]) == ([], [])


def test_a_reopening_raises_again_and_the_next_words_are_the_first_again() -> None:
    found = times(REOPENED)
    assert found["raise"] == ["10:00", "12:00"]
    assert found["resolve"] == ["11:00"]
    assert found["initial_comms"] == ["10:13", "12:05"]
    assert found["follow_up_comms"] == ["10:55", "12:30"]
