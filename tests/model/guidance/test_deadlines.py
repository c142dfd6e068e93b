"""The time limits of an incident, as the board keeps them."""

from __future__ import annotations

import pytest

from fixtures.timelines import FIXING, RAISED, RESOLVED, at, config, fold
from sevlog.model.guidance.deadlines import deadlines
from sevlog.model.guidance.stages import stages


def test_limits_are_those_of_the_stages_whatever_the_time_is() -> None:
    state = fold(FIXING)
    later = [todo for stage in stages(state, config(), at("20:00")) for todo in stage.todo if todo.due_at]

    assert [(d.what, d.command, d.due_at) for d in deadlines(state, config())] == [
        (todo.what, todo.command, todo.due_at) for todo in later
    ]
    assert len(later) == 3


def test_before_somebody_takes_command_that_is_the_limit() -> None:
    (limit,) = deadlines(fold(RAISED), config())

    assert (limit.what, limit.due_at, limit.overdue) == ("take command as incident manager", at("10:05"), False)


def test_what_is_over_has_no_limits() -> None:
    assert deadlines(fold(RESOLVED), config()) == ()


@pytest.mark.demand("S1")
def test_a_retrospective_is_never_late() -> None:
    state = fold(RAISED, kind="retrospective")

    assert deadlines(state, config()) == ()
    assert not any(todo.overdue for stage in stages(state, config(), at("20:00")) for todo in stage.todo)
