"""The states of components, during an incident, after it, and in a maintenance."""

from __future__ import annotations

from typing import ClassVar

import pytest

from fixtures.cards import CardKeys
from fixtures.timelines import RAISED, RESOLVED, at, fold, only_problem


class TestComponents:
    def test_the_last_word_of_raised_impact_and_update_counts(self) -> None:
        state = fold(f"""{RAISED}
        - {{kind: impact, at: "10:10", components: {{api: partial_outage, web: degraded_performance}}}}
        - {{kind: update, at: "10:20", audience: public, phase: identified, text: x, components: {{web: operational}}}}
        """)

        assert state.components == {"api": "partial_outage", "web": "operational"}
        assert [(s.at, s.component, s.impact) for s in state.component_steps] == [
            (at("10:00"), "api", "major_outage"),
            (at("10:10"), "api", "partial_outage"),
            (at("10:10"), "web", "degraded_performance"),
            (at("10:20"), "web", "operational"),
        ]

    def test_what_is_left_is_operational_again_from_the_end_of_the_impact(self) -> None:
        rows = RESOLVED.replace("components: {api: operational}", "components: {web: operational}")
        state = fold(rows)

        assert state.components == {"api": "operational", "web": "operational"}
        last = state.component_steps[-1]
        assert (last.at, last.component, last.impact) == (at("10:35"), "api", "operational")
        assert last.entry == state.status_steps[-1].entry

    @pytest.mark.parametrize("step", ["to: declined, reason: x", "to: merged, into: 2026-05-01-database-full"])
    def test_what_is_left_is_operational_again_from_the_step_that_drops_it(self, step: str) -> None:
        state = fold(f'{RAISED}- {{kind: status, at: "10:20", {step}}}')

        assert state.components == {"api": "operational"}
        assert [(s.at, s.impact) for s in state.component_steps[1:]] == [(at("10:20"), "operational")]

    def test_an_end_that_lies_ahead_is_no_later_than_the_step(self) -> None:
        rows = RESOLVED.replace('ended_at: "10:35"', 'ended_at: "11:30"').replace(
            "api: operational", "web: operational"
        )

        assert fold(rows).component_steps[-1].at == at("11:00")

    def test_closing_says_nothing_new_of_components(self) -> None:
        closed = f'{RESOLVED.replace("SEV1", "SEV3")}- {{kind: status, at: "12:00", to: closed}}'

        assert fold(closed).component_steps == fold(RESOLVED).component_steps

    @pytest.mark.parametrize(
        "late",
        [
            '- {kind: impact, at: "11:30", id: late, components: {api: major_outage, web: operational}}',
            '- {kind: update, at: "11:30", id: late, audience: internal, phase: resolved, text: x, '
            "components: {api: major_outage}}",
        ],
    )
    def test_impact_after_the_end_changes_nothing_and_asks_whether_it_is_back(self, late: str) -> None:
        state = fold(RESOLVED + late)
        problem = only_problem(state)

        assert (state.components["api"], state.milestones.ended_at) == ("operational", at("10:35"))
        assert (problem.code, problem.severity, problem.entry) == ("impact_after_end", "error", "late")
        assert problem.message == "impact on api after the end: the incident was already `resolved`"
        assert "sevlog reopen" in (problem.hint or "")

    def test_come_back_when_it_is_reopened_as_they_are_said_to_be(self) -> None:
        reopened = '- {kind: status, at: "12:00", to: fixing, reason: It is back}\n'
        worse = '- {kind: impact, at: "12:01", components: {api: partial_outage}}'

        assert fold(RESOLVED + reopened).components == {"api": "operational"}
        assert fold(RESOLVED + reopened + worse).components == {"api": "partial_outage"}


class TestMaintenance:
    CARD: ClassVar[CardKeys] = {
        "kind": "maintenance",
        "scheduled": {"start": "2026-05-03T10:00:00Z", "end": "2026-05-03T12:00:00Z"},
    }
    PLANNED = """
    - {kind: update, at: "10:00", audience: public, phase: scheduled, text: x, components: {api: operational}}
    - {kind: status, at: "10:00", to: scheduled}
    """
    BEGUN = f"""{PLANNED}
    - {{kind: impact, at: "2026-05-03T10:05:00Z", components: {{api: under_maintenance}}}}
    - {{kind: status, at: "2026-05-03T10:05:00Z", to: in_progress}}
    """
    DONE = f"""{BEGUN}
    - {{kind: status, at: "2026-05-03T11:00:00Z", to: verifying}}
    - {{kind: update, at: "2026-05-03T11:30:00Z", audience: public, phase: completed, text: x}}
    - {{kind: status, at: "2026-05-03T11:30:00Z", to: completed}}
    """

    def test_is_planned_before_it_begins(self) -> None:
        state = fold(self.PLANNED, **self.CARD)

        assert (state.status, state.category, state.live, state.severity) == ("scheduled", "triage", True, None)
        assert state.milestones.started_at == at("2026-05-03T10:00:00Z")
        assert state.milestones.raised_at == at("10:00")
        assert state.milestones.acknowledged_at is None

    def test_alone_has_a_window_that_starts_it(self) -> None:
        assert fold(RAISED, scheduled=self.CARD["scheduled"]).milestones.started_at is None

    def test_is_completed_with_its_components_operational_again(self) -> None:
        state = fold(self.DONE, **self.CARD)

        assert (state.status, state.live, state.problems) == ("completed", False, ())
        assert state.components == {"api": "operational"}
        assert [(s.impact, s.at) for s in state.component_steps[1:]] == [
            ("under_maintenance", at("2026-05-03T10:05:00Z")),
            ("operational", at("2026-05-03T11:30:00Z")),
        ]
        clocks = state.milestones
        assert clocks.acknowledged_at == at("2026-05-03T10:05:00Z")
        assert clocks.ended_at == clocks.resolved_at == clocks.closed_at == at("2026-05-03T11:30:00Z")
        assert clocks.mitigated_at is None

    def test_may_be_cancelled_while_it_goes_on(self) -> None:
        cancelled = '- {kind: status, at: "2026-05-03T10:30:00Z", to: cancelled, reason: No spare disk}'
        state = fold(self.BEGUN + cancelled, **self.CARD)

        assert (state.category, state.components, state.problems) == ("dropped", {"api": "operational"}, ())

    def test_cannot_be_skipped(self) -> None:
        problem = only_problem(fold(f'{self.PLANNED}- {{kind: status, at: "10:30", to: completed}}', **self.CARD))

        assert problem.message == ("`scheduled` cannot change to `completed`, only to `in_progress` or `cancelled`")

    def test_may_be_opened_by_an_entry_of_kind_raised(self) -> None:
        state = fold(RAISED.replace("major_outage", "operational"), **self.CARD)

        assert (state.status, state.problems) == ("scheduled", ())
