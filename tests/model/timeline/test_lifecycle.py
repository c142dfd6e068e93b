"""The lifecycle table: every row is legal with its guards and refused without, and nothing else is legal."""

from __future__ import annotations

import pytest

from fixtures.timelines import INCIDENT, config
from fixtures.walks import GUARDS, take, walked_to
from sevlog.model.config.settings import Lifecycle, Status, Transition
from sevlog.model.timeline.acts import command_for, opening_status
from sevlog.model.timeline.guards import GUARDS as KNOWN
from sevlog.model.timeline.lifecycle import NEW, category_of, explain_illegal, first_of, goes_back, order_of, steps_from
from sevlog.model.timeline.replay import replay
from sevlog.model.vocabulary import UNCONDITIONAL

LIFECYCLES = config().lifecycles
ROWS = [(name, row) for name, lifecycle in LIFECYCLES.items() for row in lifecycle.transitions]
GUARDED = [(name, row, guard) for name, row in ROWS for guard in row.guards]
PAIRS = [
    (name, origin, status.key)
    for name, lifecycle in LIFECYCLES.items()
    for origin in (NEW, *(s.key for s in lifecycle.statuses))
    for status in lifecycle.statuses
    if status.key != origin and status.key not in steps_from(lifecycle, origin)
]


def _id(value: object) -> str:
    return f"{value.from_}-{value.to}" if isinstance(value, Transition) else str(value)


@pytest.mark.demand("S8")
@pytest.mark.parametrize(("name", "row"), ROWS, ids=_id)
def test_each_step_of_the_table_is_taken_when_its_guards_hold(name: str, row: Transition) -> None:
    walk = take(walked_to(name, row.from_), row)

    state = replay(walk.record(), config())

    assert state.problems == ()
    assert state.status == row.to
    assert state.category == category_of(LIFECYCLES[name], row.to)


@pytest.mark.parametrize(("name", "row", "guard"), GUARDED, ids=_id)
def test_each_step_of_the_table_is_refused_for_each_guard_that_does_not_hold(
    name: str, row: Transition, guard: str
) -> None:
    walk = take(walked_to(name, row.from_), row, without=guard)

    state = replay(walk.record(), config())

    assert [(p.code, p.severity, p.entry) for p in state.problems] == [(f"guard_{guard}", "error", walk.last)]
    assert state.problems[0].message
    hint = state.problems[0].hint or ""
    assert hint and "-i ID" not in hint and "NEW ID" not in hint


@pytest.mark.parametrize(("name", "row", "guard"), GUARDED, ids=_id)
def test_an_override_of_the_same_act_permits_one_guard_and_stays_on_record(
    name: str, row: Transition, guard: str
) -> None:
    walk = take(walked_to(name, row.from_), row, without=guard)
    walk.say(kind="override", rule=guard, reason="No time")

    state = replay(walk.record(), config())

    if guard in UNCONDITIONAL:
        assert [p.code for p in state.problems] == [f"guard_{guard}"]
        return
    assert (state.problems, state.status, state.overrides) == ((), row.to, (guard,))


@pytest.mark.parametrize(("name", "row", "guard"), GUARDED, ids=_id)
def test_an_override_of_another_guard_permits_nothing(name: str, row: Transition, guard: str) -> None:
    walk = take(walked_to(name, row.from_), row, without=guard)
    for other in GUARDS.keys() - {guard}:
        walk.say(kind="override", rule=other, reason="No time")

    assert [p.code for p in replay(walk.record(), config()).problems] == [f"guard_{guard}"]


@pytest.mark.parametrize(("name", "origin", "target"), PAIRS)
def test_a_step_that_is_not_in_the_table_is_refused_with_those_that_are(name: str, origin: str, target: str) -> None:
    walk = walked_to(name, origin)
    before = replay(walk.record(), config())
    take(walk, Transition(from_=origin, to=target))

    state = replay(walk.record(), config())

    (problem,) = state.problems
    assert (problem.code, problem.severity, problem.entry) == ("illegal_transition", "error", walk.last)
    assert f"`{target}`" in problem.message
    assert all(f"`{possible}`" in problem.message for possible in steps_from(LIFECYCLES[name], origin))
    assert problem.hint
    if origin != NEW:
        assert (state.status, state.status_steps) == (before.status, before.status_steps)


def test_every_guard_is_in_some_row_and_has_a_way_to_hold_and_to_fail() -> None:
    assert {guard for _, _, guard in GUARDED} == set(KNOWN) == set(GUARDS)


@pytest.mark.demand("S47")
@pytest.mark.demand("S54")
@pytest.mark.demand("S76")
def test_the_shipped_table_is_the_process() -> None:
    assert [(t.from_, t.to, t.guards) for t in LIFECYCLES["default"].transitions] == [
        ("new", "triage", ("title", "detection", "reporter")),
        ("new", "raised", ("severity", "priority", "component", "summary")),
        ("triage", "raised", ("severity", "priority", "component", "summary")),
        ("triage", "declined", ("reason", "closing_update")),
        ("raised", "declined", ("reason", "closing_update")),
        ("fixing", "declined", ("reason", "closing_update")),
        ("monitoring", "declined", ("reason", "closing_update")),
        ("raised", "fixing", ("lead_incident_manager", "channel")),
        ("fixing", "monitoring", ("mitigation",)),
        ("monitoring", "fixing", ("reason",)),
        ("fixing", "resolved", ("assessment", "attestation", "impact_end", "final_updates")),
        ("monitoring", "resolved", ("assessment", "attestation", "impact_end", "final_updates")),
        ("resolved", "fixing", ("reason", "reopen_window")),
        ("resolved", "closed", ("cleanups", "postmortem", "actions")),
        ("triage", "merged", ("merge_target",)),
        ("raised", "merged", ("merge_target",)),
        ("fixing", "merged", ("merge_target",)),
        ("monitoring", "merged", ("merge_target",)),
    ]
    assert [(t.from_, t.to, t.guards) for t in LIFECYCLES["maintenance"].transitions] == [
        ("new", "scheduled", ("title",)),
        ("scheduled", "in_progress", ()),
        ("in_progress", "verifying", ()),
        ("verifying", "completed", ("final_updates",)),
        ("scheduled", "cancelled", ("reason",)),
        ("in_progress", "cancelled", ("reason",)),
        ("verifying", "cancelled", ("reason",)),
    ]


def test_the_shipped_statuses_have_their_categories() -> None:
    assert {s.key: s.category for s in LIFECYCLES["default"].statuses} == {
        "triage": "triage",
        "raised": "live",
        "fixing": "live",
        "monitoring": "live",
        "resolved": "learning",
        "closed": "closed",
        "declined": "dropped",
        "merged": "dropped",
    }
    assert {s.key: s.category for s in LIFECYCLES["maintenance"].statuses} == {
        "scheduled": "triage",
        "in_progress": "live",
        "verifying": "live",
        "completed": "closed",
        "cancelled": "dropped",
    }


def test_a_refusal_reads_as_a_sentence() -> None:
    table = LIFECYCLES["default"]

    assert explain_illegal(table, "raised", "closed") == (
        "`raised` cannot change to `closed`, only to `declined`, `fixing` or `merged`"
    )
    assert explain_illegal(table, "new", "fixing") == (
        "a new record cannot change to `fixing`, only to `triage` or `raised`"
    )
    assert explain_illegal(table, "closed", "fixing") == "`closed` is final: it cannot change to `fixing`"
    assert explain_illegal(LIFECYCLES["maintenance"], "in_progress", "fixed") == (
        "unknown status `fixed`; statuses: scheduled, in_progress, verifying, completed, cancelled"
    )


def test_one_possible_step_is_named_alone() -> None:
    only = Lifecycle(
        statuses=(Status(key="open", category="live"), Status(key="shut", category="closed")),
        transitions=(Transition(from_="open", to="shut"),),
    )

    assert explain_illegal(only, "open", "open") == "`open` cannot change to `open`, only to `shut`"


@pytest.mark.parametrize(("name", "status"), [(n, s.key) for n, t in LIFECYCLES.items() for s in t.statuses])
def test_each_shipped_status_says_what_leads_on(name: str, status: str) -> None:
    command = command_for(LIFECYCLES[name], status, INCIDENT)

    assert "sevlog " in command
    if status not in ("completed", "cancelled"):
        assert not command.startswith("sevlog show")
    assert f" {INCIDENT}" in command and " ID" not in command


def test_a_status_that_no_command_leaves_says_how_to_look() -> None:
    assert command_for(LIFECYCLES["default"], "contained", INCIDENT) == f"sevlog show -i {INCIDENT}"


def test_a_status_the_lifecycle_does_not_know_decides_nothing() -> None:
    assert category_of(LIFECYCLES["default"], "contained") == "triage"
    assert first_of(LIFECYCLES["maintenance"], "learning") is None


OWN = Lifecycle(
    statuses=(
        Status(key="suspected", category="triage"),
        Status(key="confirmed", category="live"),
        Status(key="contained", category="live"),
        Status(key="over", category="closed"),
    ),
    transitions=(
        Transition(from_="new", to="suspected"),
        Transition(from_="new", to="confirmed"),
        Transition(from_="suspected", to="confirmed"),
        Transition(from_="confirmed", to="contained"),
        Transition(from_="contained", to="confirmed"),
        Transition(from_="contained", to="over"),
    ),
)


def test_what_raised_leads_to_follows_from_the_table() -> None:
    assert opening_status(LIFECYCLES["default"], maintenance=False) == "raised"
    assert opening_status(LIFECYCLES["maintenance"], maintenance=True) == "scheduled"
    assert opening_status(OWN, maintenance=False) == "confirmed"
    assert opening_status(OWN, maintenance=True) == "suspected"


def test_without_a_way_in_raised_leads_to_the_first_status() -> None:
    closed_in = Lifecycle(statuses=OWN.statuses, transitions=(Transition(from_="confirmed", to="over"),))

    assert opening_status(closed_in, maintenance=False) == "suspected"


def test_going_back_is_by_the_list_of_statuses() -> None:
    assert goes_back(OWN, "contained", "confirmed")
    assert not goes_back(OWN, "confirmed", "contained")
    assert not goes_back(OWN, "confirmed", "confirmed")
    assert not goes_back(OWN, "elsewhere", "nowhere")


class TestOrderOfStepsOfOneInstant:
    TABLE = LIFECYCLES["default"]

    def order(self, origin: str, *steps: str) -> list[str]:
        split = [(start or None, end) for start, _, end in (step.rpartition(">") for step in steps)]
        return [steps[place] for place in order_of(self.TABLE, origin, split)]

    def test_is_one_in_which_all_are_legal(self) -> None:
        assert self.order("new", "closed", "fixing", "monitoring", "raised", "resolved") == [
            "raised",
            "fixing",
            "monitoring",
            "resolved",
            "closed",
        ]

    def test_does_not_take_the_first_legal_one_where_that_leads_nowhere(self) -> None:
        assert self.order("new", "raised", "triage") == ["triage", "raised"]
        assert self.order("fixing", "resolved", "monitoring") == ["monitoring", "resolved"]

    def test_prefers_the_given_one(self) -> None:
        assert self.order("fixing", "monitoring", "fixing", "resolved") == ["monitoring", "fixing", "resolved"]

    def test_minds_what_their_authors_saw(self) -> None:
        assert self.order("fixing", "monitoring>resolved", "fixing>monitoring") == [
            "fixing>monitoring",
            "monitoring>resolved",
        ]
        assert self.order("fixing", "monitoring>resolved", "fixing>resolved")[0] == "fixing>resolved"

    def test_takes_what_is_legal_first_where_not_all_can_be(self) -> None:
        assert self.order("raised", "triage", "monitoring", "fixing") == ["fixing", "monitoring", "triage"]
        assert self.order("raised", "closed") == ["closed"]

    def test_keeps_every_step_however_many_there_are(self) -> None:
        for many in (9, 100, 101, 3000):
            assert sorted(order_of(self.TABLE, "fixing", [(None, "monitoring"), (None, "fixing")] * many)) == list(
                range(2 * many)
            )
