"""After an incident: what is due, when, and by which command."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from fixtures.timelines import FIXING, RESOLVED, at, config, fold
from sevlog.model.guidance.follow_up import follow_up
from sevlog.model.guidance.stages import stages
from sevlog.model.learning.postmortem.review import awaited
from sevlog.model.oncall.roster import OnCall, Person, Team
from sevlog.model.timeline.incident import ActionItem, Postmortem, Record
from sevlog.model.timeline.state import State

DAY = timedelta(days=1)


def over(status: str | None = None, *items: ActionItem, **more: object) -> State:
    """A SEV1 that was resolved at 11:00. status: of its postmortem."""
    postmortem = Postmortem(status=status, **more) if status else None  # type: ignore[arg-type]
    return replace(fold(RESOLVED), postmortem=postmortem, actions=items)


def due(state: State) -> list[tuple[str, str]]:
    return [(todo.what, f"{todo.due_at:%Y-%m-%d %H:%M}") for todo in follow_up(state, config())]


@pytest.mark.demand("S8")
def test_the_postmortem_is_due_by_the_policy_until_it_is_approved() -> None:
    assert due(over()) == [("start the postmortem", "2026-05-07 11:00")]
    assert due(over("draft", owner="ana")) == [("write the postmortem (ana)", "2026-05-07 11:00")]
    assert due(over("draft", due="2026-05-20")) == [("write the postmortem", "2026-05-20 23:59")]
    assert due(over("in_review", reviewers=("bo", "chi"))) == [
        ("review the postmortem (0 of 1 approvals, waiting for bo, chi)", "2026-05-07 11:00")
    ]
    for settled in ("approved", "published", "waived"):
        assert due(over(settled)) == []


@pytest.mark.demand("S86")
def test_agreed_items_are_due_at_the_end_of_their_day() -> None:
    items = (
        ActionItem(id="A1", title="Alert on refused cards", status="in_progress", owner="ana", due="2026-06-01"),
        ActionItem(id="A2", title="Tidy", status="accepted", team="payments", due="2026-05-20"),
        ActionItem(id="A3", title="Done", status="done", due="2026-05-01"),
        ActionItem(id="A4", title="An idea", due="2026-05-01"),
        ActionItem(id="A5", title="No such day", status="accepted", due="2026-02-30"),
    )
    assert due(over("approved", *items)) == [
        ("A2 Tidy (payments), accepted", "2026-05-20 23:59"),
        ("A1 Alert on refused cards (ana), in progress", "2026-06-01 23:59"),
    ]


def test_what_is_live_or_imported_owes_nothing_yet() -> None:
    assert list(follow_up(fold(FIXING), config())) == []


def test_next_names_what_is_due_and_needs_it_once_it_is_late() -> None:
    item = ActionItem(id="A1", title="Alert", status="accepted", owner="ana", due="2026-05-20")
    state = over("approved", item)

    def needed(days: int) -> bool:
        (learn,) = stages(state, config(), at("12:00") + days * DAY)
        return next(todo for todo in learn.todo if todo.what.startswith("A1")).needed

    assert (needed(1), needed(17), needed(19)) == (False, False, True)


def test_a_review_waits_for_people_of_teams_too_and_at_the_end_for_the_board_alone() -> None:
    roster = OnCall(
        schema=1,
        people=tuple(Person(key=name, name=name) for name in ("ana", "bo", "chi", "dee")),
        teams=(Team(key="payments", members=("ana", "bo")), Team(key="board", members=("dee", "ana"))),
    )
    policy = replace(config().policies.postmortem, board=("board",))
    settings = replace(config(), policies=replace(config().policies, postmortem=policy))

    def waits(status: str, *approved: str) -> tuple[str, ...]:
        state = over(status, authors=("ana",), reviewers=("payments", "chi"), approved_by=approved)
        record = Record(id=state.id, card=state.card, entries=(), postmortem=state.postmortem)
        return awaited(record, state, settings, roster)

    assert waits("in_review") == ("bo", "chi", "dee")
    assert waits("in_review", "bo") == ("dee",)
    assert waits("in_review", "dee") == ()
    assert waits("draft") == waits("approved", "bo") == ()
