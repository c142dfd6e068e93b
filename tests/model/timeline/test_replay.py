"""What the fold makes of a timeline: statuses, clocks, findings. What each kind of entry does: test_replay_kinds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fixtures.timelines import (
    FIXING,
    INCIDENT,
    RAISED,
    RESOLVED,
    at,
    codes,
    config,
    fold,
    imported,
    only_problem,
    record,
)
from sevlog.model.config.settings import IncidentType, Lifecycle, Status, Transition
from sevlog.model.timeline.replay import replay

CLOSED = f'{RESOLVED.replace("SEV1", "SEV3")}- {{kind: status, at: "12:00", to: closed}}'


def test_a_raised_incident_is_live_and_has_what_it_was_raised_with() -> None:
    state = fold(RAISED)

    assert (state.id, state.status, state.category, state.live) == (INCIDENT, "raised", "live", True)
    assert (state.severity, state.priority, state.major) == ("SEV1", "P1", True)
    assert state.components == {"api": "major_outage"}
    assert state.milestones.raised_at == state.milestones.detected_at == at("10:00")
    assert [(s.status, s.by, s.entry) for s in state.status_steps] == [("raised", "ana", "20260502T100000Z-raised")]


def test_a_declined_incident_is_over_and_was_never_resolved() -> None:
    state = fold(f'{RAISED}- {{kind: status, at: "10:20", to: declined, reason: The probe was wrong}}')

    assert (state.category, state.live) == ("dropped", False)
    clocks = state.milestones
    assert (clocks.closed_at, clocks.resolved_at, clocks.ended_at) == (at("10:20"), None, None)


def test_a_merged_incident_says_where_it_went() -> None:
    state = fold(f'{RAISED}- {{kind: status, at: "10:20", to: merged, into: 2026-05-01-database-full}}')

    assert (state.merged_into, state.live, state.problems) == ("2026-05-01-database-full", False, ())


def test_only_a_drop_merges_it() -> None:
    merged_into = fold(FIXING.replace("to: fixing,", "to: fixing, into: 2026-05-01-database-full,")).merged_into

    assert merged_into is None


@pytest.mark.demand("S25")
def test_an_incident_in_triage_has_no_severity_yet() -> None:
    state = fold('- {kind: status, at: "10:00", to: triage}')

    assert (state.status, state.severity, state.priority, state.major) == ("triage", None, None, False)
    assert state.milestones.raised_at == at("10:00")
    assert fold(f'- {{kind: status, at: "09:30", to: triage}}\n{RAISED}').milestones.raised_at == at("10:00")
    assert fold(f'- {{kind: status, at: "09:30", to: triage}}\n{RAISED}').milestones.detected_at == at("09:30")


def test_a_second_raising_changes_nothing() -> None:
    state = fold(
        f'{RAISED}- {{kind: raised, at: "10:20", severity: SEV3, priority: P4, components: {{web: operational}}}}'
    )
    problem = only_problem(state)

    assert (state.severity, state.priority, state.components) == ("SEV1", "P1", {"api": "major_outage"})
    assert problem.code == "raised_twice"
    assert problem.message == "this incident was already raised: this entry changes nothing"
    assert f"sevlog severity -i {INCIDENT}" in (problem.hint or "")


def test_what_was_declined_in_triage_cannot_be_raised() -> None:
    state = fold(f"""
    - {{kind: status, at: "09:00", to: triage}}
    - {{kind: severity, at: "09:10", to: SEV3, reason: Hardly anything}}
    - {{kind: status, at: "09:30", to: declined, reason: Nothing there}}
    {RAISED.strip()}
    """)

    assert (state.status, state.severity) == ("declined", "SEV3")
    assert only_problem(state).message == "`declined` is final: it cannot change to `raised`"


def test_a_status_it_has_already_changes_nothing() -> None:
    state = fold(f'{FIXING}- {{kind: status, at: "10:20", to: fixing}}')
    problem = only_problem(state)

    assert len(state.status_steps) == 2
    assert (problem.code, problem.severity) == ("repeated_transition", "warning")
    assert problem.message == "the status was already `fixing`: this entry changes nothing"


class TestNeverOpened:
    NOTE = '- {kind: note, at: "10:00", text: Something is odd, id: n}'

    def test_is_a_finding_and_the_rest_is_folded(self) -> None:
        state = fold(f'{self.NOTE}\n- {{kind: severity, at: "10:01", to: SEV2, reason: It is odd}}')
        problem = only_problem(state)

        assert (state.status, state.category, state.severity) == ("triage", "triage", "SEV2")
        assert (problem.code, problem.entry) == ("never_opened", "n")
        assert problem.message == "no entry opens the incident"
        assert problem.hint == "add an entry of kind `raised` (or of kind `status`, such as to: raised)"

    def test_is_said_in_the_words_of_a_maintenance(self) -> None:
        state = fold(self.NOTE, kind="maintenance")

        assert (state.status, state.category) == ("scheduled", "triage")
        assert (only_problem(state).hint or "").endswith("such as to: scheduled)")

    def test_is_a_finding_where_everything_was_taken_back(self) -> None:
        state = fold(f'{RAISED}- {{kind: retraction, at: "10:20", of: 20260502T100000Z-raised, reason: Wrong page}}')

        assert codes(state) == ["never_opened"]

    def test_is_no_finding_where_nothing_was_written_yet(self) -> None:
        assert fold("[]").problems == ()

    def test_is_no_finding_where_the_step_that_was_tried_is_one(self) -> None:
        problem = only_problem(fold('- {kind: status, at: "10:00", to: fixing}'))

        assert problem.code == "illegal_transition"
        assert problem.hint == "add an entry of kind `raised` before it"


class TestImported:
    ROWS = """
    - {kind: raised, at: "10:00", severity: SEV2, priority: P2, components: {unknown: partial_outage}}
    - {kind: status, at: "10:00", to: fixing}
    - {kind: status, at: "10:40", to: monitoring}
    - {kind: status, at: "11:00", to: resolved}
    - {kind: status, at: "11:00", id: closing, to: closed}
    """

    def test_entries_of_nobody_pass_all_guards(self) -> None:
        state = replay(imported(self.ROWS), config())

        assert (state.status, state.problems) == ("closed", ())

    def test_entries_of_nobody_take_legal_steps_only(self) -> None:
        state = replay(imported(self.ROWS.replace("to: fixing", "to: resolved")), config())

        assert codes(state)[0] == "illegal_transition"

    def test_what_somebody_adds_later_is_guarded(self) -> None:
        somebody = self.ROWS.replace('"11:00", id: closing,', '"12:00", by: ana,')

        assert codes(replay(imported(somebody), config())) == ["guard_postmortem"]

    def test_leaving_out_who_did_it_passes_no_guard_of_our_own_records(self) -> None:
        guarded = codes(replay(record(self.ROWS, by=None), config()))

        assert "guard_lead_incident_manager" in guarded and "guard_postmortem" in guarded


@pytest.mark.demand("S1")
@pytest.mark.parametrize("kind", ["incident", "drill", "retrospective"])
def test_drills_and_retrospectives_go_the_way_of_an_incident(kind: str) -> None:
    assert (fold(CLOSED, kind=kind).status, fold(CLOSED, kind=kind).problems) == ("closed", ())


@pytest.mark.demand("S15")
def test_a_type_may_have_a_lifecycle_of_its_own() -> None:
    own = Lifecycle(
        statuses=(
            Status(key="suspected", category="live"),
            Status(key="contained", category="live"),
            Status(key="over", category="closed"),
        ),
        transitions=(
            Transition(from_="new", to="suspected"),
            Transition(from_="suspected", to="contained"),
            Transition(from_="contained", to="suspected"),
            Transition(from_="contained", to="over"),
            Transition(from_="new", to="over"),
        ),
    )
    configured = replace(
        config(),
        lifecycles={**config().lifecycles, "security": own},
        types=(IncidentType(key="security", lifecycle="security"),),
    )
    way = ("contained", "suspected", "contained", "over")
    steps = "\n".join(f'- {{kind: status, at: "1{n}:00", to: {to}}}' for n, to in enumerate(way, start=1))
    state = replay(record(RAISED + steps, type="security"), configured)

    assert [s.status for s in state.status_steps] == ["suspected", *way]
    assert (state.problems, state.relapses, state.live) == ((), 1, False)
    clocks = state.milestones
    assert (clocks.raised_at, clocks.acknowledged_at) == (at("10:00"), at("11:00"))
    assert (clocks.resolved_at, clocks.closed_at) == (at("14:00"), at("14:00"))
    written_down = (
        '- {kind: impact, at: "09:00", components: {api: major_outage}}\n- {kind: status, at: "10:00", to: over}'
    )
    at_once = replay(record(written_down, type="security"), configured)
    assert (at_once.status, at_once.components, at_once.milestones.raised_at) == (
        "over",
        {"api": "operational"},
        at("10:00"),
    )
    assert [s.impact for s in at_once.component_steps] == ["major_outage", "operational"]
    assert replay(record("[]", type="security"), configured).status == "triage"
