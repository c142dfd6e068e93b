"""The clocks of an incident: when each is set, and when it is taken back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fixtures.timelines import (
    FIXING,
    INCIDENT,
    MONITORING,
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
from sevlog.model.config.settings import Lifecycle, Status, Transition
from sevlog.model.timeline.replay import replay

CLOSED = f'{RESOLVED.replace("SEV1", "SEV3")}- {{kind: status, at: "12:00", to: closed}}'
BACK = '- {kind: status, at: "10:50", to: fixing, from: monitoring, reason: Errors are back}\n'
REOPENED = f'{RESOLVED}- {{kind: status, at: "13:00", to: fixing, reason: Errors are back}}\n'


@pytest.mark.demand("S29")
@pytest.mark.demand("S79")
def test_an_incident_that_goes_its_way_sets_its_clocks() -> None:
    alert = '- {kind: alert, at: "09:58", fingerprint: f1, source: grafana, state: firing}\n'
    state = fold(alert + CLOSED.replace("scope: all", 'scope: all, started_at: "09:50", confirmed: true'))
    clocks = state.milestones

    assert state.problems == ()
    assert clocks.started_at == at("09:50")
    assert clocks.detected_at == at("09:58")
    assert clocks.raised_at == at("10:00")
    assert clocks.acknowledged_at == at("10:05")
    assert clocks.mitigated_at == at("10:30")
    assert clocks.confirmed_at == at("10:45")
    assert clocks.ended_at == at("10:35")
    assert clocks.resolved_at == at("11:00")
    assert clocks.closed_at == at("12:00")


class TestAcknowledged:
    PAGE = '- {kind: acknowledged, at: "10:02", by: bo}\n'

    def test_when_the_first_page_is_answered(self) -> None:
        assert fold(RAISED + self.PAGE).milestones.acknowledged_at == at("10:02")

    def test_and_stays_so_when_somebody_takes_command_later(self) -> None:
        assert fold(FIXING + self.PAGE).milestones.acknowledged_at == at("10:02")

    def test_when_somebody_takes_command_before_the_page_is_answered(self) -> None:
        assert fold(FIXING + self.PAGE.replace("10:02", "10:20")).milestones.acknowledged_at == at("10:05")


class TestMitigated:
    def test_not_while_nobody_knows_whether_it_helped(self) -> None:
        rolled_back = '- {kind: action_taken, at: "10:30", type: rollback, text: Rolled back}'

        assert fold(FIXING + rolled_back).milestones.mitigated_at is None

    def test_by_the_last_mitigation_before_it_is_watched(self) -> None:
        earlier = '- {kind: action_taken, at: "10:10", type: mitigation, text: Restarted}'
        later = '- {kind: action_taken, at: "10:43", type: mitigation, text: More machines}'

        assert fold(MONITORING + earlier).milestones.mitigated_at == at("10:30")
        assert fold(MONITORING + later).milestones.mitigated_at == at("10:30")

    def test_by_the_last_mitigation_before_it_is_resolved_straight_away(self) -> None:
        rows = [row for row in RESOLVED.replace("from: monitoring, ", "").splitlines() if "to: monitoring" not in row]

        assert fold("\n".join(rows)).milestones.mitigated_at == at("10:30")
        assert fold("\n".join(row for row in rows if "action_taken" not in row)).milestones.mitigated_at is None

    def test_not_by_what_was_done_while_it_was_watched(self) -> None:
        later = '- {kind: action_taken, at: "10:43", type: mitigation, text: More machines}'

        assert fold(RESOLVED + later).milestones.mitigated_at == at("10:30")

    def test_by_the_step_to_monitoring_or_the_step_that_asks_for_a_mitigation(self) -> None:
        keys = ("open", "worked_on", "contained", "monitoring")
        own = Lifecycle(
            statuses=tuple(Status(key=key, category="live") for key in keys),
            transitions=(
                Transition(from_="new", to="open"),
                Transition(from_="open", to="worked_on"),
                Transition(from_="worked_on", to="contained", guards=("mitigation",)),
                Transition(from_="worked_on", to="monitoring"),
            ),
        )
        configured = replace(config(), lifecycles={**config().lifecycles, "default": own})
        rows = f"""{RAISED}
        - {{kind: status, at: "10:10", to: worked_on}}
        - {{kind: action_taken, at: "10:20", type: mitigation, text: Restarted}}
        """
        mitigated = [
            replay(record(f"{rows}{more}"), configured).milestones.mitigated_at
            for more in ("", *(f'- {{kind: status, at: "10:30", to: {to}}}' for to in ("contained", "monitoring")))
        ]

        assert mitigated == [None, at("10:20"), at("10:20")]

    def test_when_it_is_watched_where_an_import_knows_no_action(self) -> None:
        rows = [row for row in MONITORING.splitlines() if "action_taken" not in row]

        assert replay(imported("\n".join(rows)), config()).milestones.mitigated_at == at("10:40")


@pytest.mark.demand("S68")
class TestRelapse:
    def test_is_counted_and_takes_back_mitigation_and_end(self) -> None:
        ended = '- {kind: impact, at: "10:42", components: {api: operational}, ended_at: "10:41"}\n'
        before, after = fold(MONITORING + ended), fold(MONITORING + ended + BACK)

        assert (before.relapses, before.milestones.mitigated_at, before.milestones.ended_at) == (
            0,
            at("10:30"),
            at("10:41"),
        )
        assert (after.status, after.relapses) == ("fixing", 1)
        assert (after.milestones.mitigated_at, after.milestones.ended_at) == (None, None)
        assert after.milestones.acknowledged_at == at("10:05")
        assert after.problems == ()

    def test_is_counted_each_time(self) -> None:
        again = """
        - {kind: action_taken, at: "10:55", type: mitigation, text: Restarted}
        - {kind: status, at: "10:56", to: monitoring}
        - {kind: status, at: "10:57", to: fixing, reason: And again}
        """

        assert fold(MONITORING + BACK + again).relapses == 2
        assert fold(MONITORING + BACK + again).problems == ()


class TestReopened:
    def test_takes_the_end_back_and_keeps_the_history(self) -> None:
        state = fold(REOPENED)

        assert (state.status, state.live, state.relapses, state.problems) == ("fixing", True, 1, ())
        clocks = state.milestones
        assert (clocks.resolved_at, clocks.ended_at, clocks.mitigated_at, clocks.closed_at) == (None,) * 4
        assert [s.status for s in state.status_steps] == ["raised", "fixing", "monitoring", "resolved", "fixing"]
        assert state.status_steps[-1].reason == "Errors are back"

    def test_resolves_anew_by_its_own_guards_and_clocks(self) -> None:
        again = """
        - {kind: impact, at: "13:10", components: {api: partial_outage}}
        - {kind: action_taken, at: "13:20", type: mitigation, text: Restarted}
        - {kind: status, at: "13:30", to: resolved, attestation: It is over}
        """
        ended = '- {kind: impact, at: "13:30", components: {api: operational}, ended_at: "13:25"}\n'

        assert codes(fold(REOPENED + again)) == ["guard_impact_end"]
        clocks = fold(REOPENED + again + ended).milestones
        assert (clocks.ended_at, clocks.mitigated_at, clocks.resolved_at) == (at("13:25"), at("13:20"), at("13:30"))


class TestEnded:
    def test_is_when_it_was_resolved_where_nobody_said(self) -> None:
        rows = "\n".join(row for row in RESOLVED.splitlines() if "impact, at" not in row)
        override = '- {kind: override, at: "11:00", rule: impact_end, reason: Nobody knows}'

        assert fold(f"{rows}\n{override}").milestones.ended_at == at("11:00")

    def test_can_be_found_out_after_it_was_resolved(self) -> None:
        late = '- {kind: impact, at: "14:00", components: {api: operational}, ended_at: "10:20"}'

        assert fold(RESOLVED + late).milestones.ended_at == at("10:20")
        assert fold(RESOLVED + late).problems == ()

    def test_after_the_resolution_is_odd(self) -> None:
        late = '- {kind: impact, at: "14:00", id: late, components: {api: operational}, ended_at: "13:20"}'
        problem = only_problem(fold(RESOLVED + late))

        assert (problem.code, problem.severity, problem.entry) == ("impact_ends_after_resolved", "warning", "late")
        assert problem.message == (
            "it was resolved (2026-05-02 11:00 UTC) before its impact ended (2026-05-02 13:20 UTC)"
        )

    def test_in_the_same_minute_as_it_started_or_was_resolved_is_fine(self) -> None:
        late = '- {kind: impact, at: "14:00", components: {api: operational}, ended_at: "11:00"}'

        assert fold(RESOLVED.replace("scope: all", 'scope: all, started_at: "10:35"')).problems == ()
        assert fold(RESOLVED + late).problems == ()

    def test_before_it_started_cannot_be(self) -> None:
        problem = only_problem(fold(RESOLVED.replace("scope: all", 'scope: all, started_at: "10:36"')))

        assert (problem.code, problem.severity) == ("impact_ends_before_start", "error")
        assert problem.message == ("the impact ends (2026-05-02 10:35 UTC) before it starts (2026-05-02 10:36 UTC)")
        assert problem.hint == (
            f"correct the wrong time: sevlog correct -i {INCIDENT} 20260502T110000Z-impact ended_at=TIME"
        )

    def test_is_told_in_utc(self) -> None:
        rows = RESOLVED.replace("scope: all", 'scope: all, started_at: "2026-05-02T12:36:00+02:00"')

        assert "starts (2026-05-02 10:36 UTC)" in only_problem(fold(rows)).message

    def test_before_it_started_is_found_also_where_only_the_status_says_the_end(self) -> None:
        rows = '- {kind: status, at: "10:30", to: fixing}\n- {kind: status, at: "10:40", to: resolved}'
        started = '- {kind: assessment, at: "10:20", started_at: "10:50"}\n'
        problem = only_problem(replay(imported(RAISED + started + rows), config()))

        assert problem.hint == f"correct the wrong time: sevlog assess -i {INCIDENT} --started-at TIME"

    def test_is_open_again_when_the_impact_is(self) -> None:
        ended = '- {kind: impact, at: "10:42", components: {api: operational}, ended_at: "10:41"}\n'
        worse = '- {kind: impact, at: "10:44", components: {api: partial_outage}}'
        told = '- {kind: update, at: "10:44", audience: public, phase: %s, text: x, components: {api: %s}}'

        assert fold(MONITORING + ended + worse).milestones.ended_at is None
        assert fold(MONITORING + ended + told % ("identified", "partial_outage")).milestones.ended_at is None
        assert fold(MONITORING + ended + told % ("monitoring", "operational")).milestones.ended_at == at("10:41")
        assert fold(MONITORING + ended + told % ("resolved", "partial_outage")).milestones.ended_at == at("10:41")
