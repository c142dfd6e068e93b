"""What a change of escalation policies would have meant, held to an oracle that waits minute by minute."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from fixtures.filled import filled
from sevlog.model.learning.back_test_escalations import taken
from sevlog.model.oncall.roster import EscalationPolicy, EscalationStep


def walked(policy: EscalationPolicy, usual: int, answered: int) -> list[str]:
    """The pages of a pager that looks at its clock once a minute."""
    found, place, left, minute = [policy.steps[0].notify], 0, [step.repeat or 0 for step in policy.steps], 0
    since = 0
    while True:
        minute += 1
        wait = int((policy.steps[place].wait or f"{usual}m")[:-1])
        if minute >= answered:
            return found
        if minute - since < wait:
            continue
        if left[place]:
            left[place], place = left[place] - 1, 0
        elif place + 1 < len(policy.steps):
            place += 1
        else:
            return found
        found, since = [*found, policy.steps[place].notify], minute


@pytest.mark.parametrize("seed", range(20))
def test_the_steps_before_an_answer_are_those_of_a_pager_that_looks_each_minute(seed: int) -> None:
    chance = random.Random(seed)
    steps = tuple(
        EscalationStep(
            notify=f"person:p{number}",
            wait=chance.choice([None, f"{chance.randint(1, 9)}m"]),
            repeat=chance.choice([None, None, 1, 2]),
        )
        for number in range(chance.randint(1, 4))
    )
    policy, usual = EscalationPolicy(key="x", steps=steps), chance.randint(1, 7)

    for answered in filled(range(1, 60, 3)):
        expected = walked(policy, usual, answered)
        assert list(taken(policy, timedelta(minutes=usual), timedelta(minutes=answered))) == expected
