"""The state as of a time and as known by a time, and what happens at one instant."""

from __future__ import annotations

import pytest

from fixtures.timelines import FIXING, INCIDENT, MONITORING, RAISED, RESOLVED, at, codes, fold, only_problem

LATE = '- {kind: severity, at: "10:15", recorded_at: "11:30", id: late, to: SEV2, reason: Only half of them}\n'
CORRECTED = '- {kind: correction, at: "12:00", id: c1, of: 20260502T100000Z-raised, set: {severity: SEV2}}\n'


class TestAsOf:
    @pytest.mark.parametrize(
        ("when", "status"),
        [("10:00", "raised"), ("10:04", "raised"), ("10:05", "fixing"), ("10:40", "monitoring"), ("11:00", "resolved")],
    )
    def test_only_what_had_happened_by_then_counts(self, when: str, status: str) -> None:
        state = fold(RESOLVED, as_of=when)

        assert (state.status, state.problems) == (status, ())
        assert all(item.at <= at(when) for item in state.timeline)

    def test_what_was_taken_back_since_never_was(self) -> None:
        rows = MONITORING + '- {kind: retraction, at: "12:00", of: 20260502T104000Z-status, reason: Too early}'
        state = fold(rows, as_of="11:00")

        assert (state.status, [i.id for i in state.timeline if i.effective is None]) == (
            "fixing",
            ["20260502T104000Z-status"],
        )

    def test_before_everything_there_is_nothing_and_nothing_is_wrong(self) -> None:
        state = fold(RESOLVED, as_of="09:00")

        assert (state.status, state.timeline, state.problems, state.severity) == ("triage", (), (), None)

    def test_before_it_was_opened_nothing_is_wrong(self) -> None:
        alert = '- {kind: alert, at: "09:50", fingerprint: f, source: probe, state: firing}\n'

        assert fold(alert + RAISED, as_of="09:55").problems == ()

    def test_the_end_is_the_same_as_no_time_at_all(self) -> None:
        assert fold(RESOLVED, as_of="11:00") == fold(RESOLVED)

    def test_what_was_found_out_later_counts_from_when_it_was_true(self) -> None:
        assert fold(RAISED + LATE, as_of="10:20").severity == "SEV2"
        assert fold(RAISED + LATE, as_of="10:14").severity == "SEV1"

    def test_a_correction_counts_from_when_its_entry_was_true(self) -> None:
        state = fold(RAISED + CORRECTED, as_of="10:30")

        assert (state.severity, [item.id for item in state.timeline]) == ("SEV2", ["20260502T100000Z-raised"])

    def test_a_corrected_time_is_the_one_that_counts(self) -> None:
        moved = '- {kind: correction, at: "12:00", of: 20260502T101500Z-severity, set: {at: "2026-05-02T10:45:00Z"}}'
        rows = RAISED + '- {kind: severity, at: "10:15", to: SEV2, reason: x}\n' + moved

        assert [fold(rows, as_of=when).severity for when in ("10:44", "10:45")] == ["SEV1", "SEV2"]


class TestKnownBy:
    def test_only_what_had_been_recorded_by_then_counts(self) -> None:
        assert fold(RAISED + LATE, known_by="11:29").severity == "SEV1"
        assert fold(RAISED + LATE, known_by="11:30").severity == "SEV2"

    def test_a_correction_counts_from_when_it_was_made(self) -> None:
        assert fold(RAISED + CORRECTED, known_by="11:59").severity == "SEV1"
        assert fold(RAISED + CORRECTED, known_by="12:00").severity == "SEV2"

    def test_a_retraction_counts_from_when_it_was_made(self) -> None:
        rows = MONITORING + '- {kind: retraction, at: "11:00", of: 20260502T104000Z-status, reason: Too early}'

        assert fold(rows, known_by="10:59").status == "monitoring"
        assert fold(rows).status == "fixing"

    def test_before_it_was_opened_nothing_is_wrong(self) -> None:
        assert fold(RAISED.replace("severity:", 'recorded_at: "14:00", severity:'), known_by="12:00").problems == ()

    def test_with_as_of_it_is_what_somebody_could_see_then(self) -> None:
        rows = RAISED + LATE + CORRECTED.replace("SEV2", "SEV3")

        assert fold(rows, as_of="10:30", known_by="10:30").severity == "SEV1"
        assert fold(rows, as_of="10:30", known_by="11:30").severity == "SEV2"
        assert fold(rows, as_of="10:10", known_by="12:00").severity == "SEV3"

    def test_an_update_that_was_corrected_later_was_not_edited_yet(self) -> None:
        rows = (
            RAISED
            + """
        - {kind: update, at: "10:10", id: u1, audience: public, phase: investigating, text: We loook}
        - {kind: correction, at: "10:20", of: u1, set: {text: We look}}
        """
        )

        assert [(u.entry.text, u.edited_at) for u in fold(rows, known_by="10:19").updates] == [("We loook", None)]


class TestOneInstant:
    def test_what_is_said_counts_before_the_step_it_is_said_with(self) -> None:
        rows = (
            RAISED
            + """
        - {kind: status, at: "10:05", id: a, to: fixing}
        - {kind: channel, at: "10:05", id: b, type: chat, url: "#war-room"}
        - {kind: assigned, at: "10:05", id: c, role: incident_manager, person: ana}
        """
        )

        assert (fold(rows).status, fold(rows).problems) == ("fixing", ())

    def test_it_may_be_written_in_several_time_zones(self) -> None:
        rows = FIXING.replace('"10:05", type', '"2026-05-02T12:05:00+02:00", type')

        assert (fold(rows).status, fold(rows).problems) == ("fixing", ())

    def test_raised_comes_first(self) -> None:
        rows = '- {kind: impact, at: "10:00", id: a, components: {api: partial_outage}}\n' + RAISED

        assert fold(rows).components == {"api": "partial_outage"}
        assert [s.impact for s in fold(rows).component_steps] == ["major_outage", "partial_outage"]

    def test_steps_are_taken_in_an_order_in_which_they_are_legal(self) -> None:
        state = fold(
            RAISED
            + """
        - {kind: status, at: "10:00", id: a, to: monitoring}
        - {kind: status, at: "10:00", id: b, to: fixing}
        - {kind: status, at: "10:00", id: c, to: triage}
        - {kind: assigned, at: "10:00", role: incident_manager, person: ana}
        - {kind: channel, at: "10:00", type: chat, url: "#war-room"}
        - {kind: action_taken, at: "10:00", type: mitigation, text: Restarted}
        """
        )

        assert [s.status for s in state.status_steps] == ["triage", "raised", "fixing", "monitoring"]
        assert (state.problems, state.severity) == ((), "SEV1")

    def test_two_raisings_count_once(self) -> None:
        second = RAISED.replace("kind: raised", "kind: raised, id: z").replace("SEV1", "SEV2")

        assert (fold(RAISED + second).severity, codes(fold(RAISED + second))) == ("SEV1", ["raised_twice"])


class TestFork:
    """Two people moved it from the same status; the later one saw what was no longer so."""

    RESOLVE = '- {kind: status, at: "10:41", by: bo, id: r, to: resolved, from: fixing, attestation: x}\n'

    def test_the_first_counts_and_the_second_is_a_finding(self) -> None:
        state = fold(MONITORING + self.RESOLVE)
        problem = only_problem(state)

        assert (state.status, problem.code, problem.severity, problem.entry) == ("monitoring", "fork", "error", "r")
        assert problem.message == (
            "conflict: `fixing` to `resolved`, but ana had already changed it to `monitoring` "
            "(20260502T104000Z-status); this entry does not count"
        )
        assert f"sevlog retract -i {INCIDENT} ENTRY" in (problem.hint or "")

    def test_is_what_is_said_also_where_the_step_would_not_be_legal_now(self) -> None:
        state = fold(MONITORING + '- {kind: status, at: "10:41", to: declined, from: raised, reason: x}')

        assert codes(state) == ["fork"]

    def test_of_one_instant_is_decided_by_the_ids(self) -> None:
        state = fold(MONITORING + self.RESOLVE.replace("10:41", "10:40"))

        assert (state.status, codes(state)) == ("monitoring", ["fork"])

    def test_is_settled_by_taking_one_back(self) -> None:
        back = '- {kind: retraction, at: "10:50", of: r, reason: Ana was right}'

        assert fold(MONITORING + self.RESOLVE + back).problems == ()

    def test_to_the_same_status_is_harmless(self) -> None:
        twin = '- {kind: status, at: "10:41", by: bo, id: r, to: monitoring, from: fixing}'

        assert [(p.code, p.severity) for p in fold(MONITORING + twin).problems] == [("repeated_transition", "warning")]

    def test_without_a_status_seen_is_none(self) -> None:
        state = fold(MONITORING + '- {kind: status, at: "10:41", to: fixing, reason: It is back}')

        assert (state.status, state.problems) == ("fixing", ())

    def test_before_it_was_opened_says_so(self) -> None:
        illegal = only_problem(fold('- {kind: status, at: "10:00", to: fixing, from: raised}'))
        stale = only_problem(fold('- {kind: status, at: "10:00", to: raised, from: triage}'))

        assert illegal.code == "illegal_transition"
        assert stale.message == "conflict: `triage` to `raised`, but it was not opened yet; this entry does not count"

    def test_names_someone_where_nobody_signed(self) -> None:
        rows = MONITORING.replace("to: monitoring", "to: monitoring, by: null") + self.RESOLVE

        assert "but someone had already changed it" in next(p.message for p in fold(rows).problems if p.code == "fork")


def test_very_much_at_one_instant_is_no_trouble() -> None:
    rows = "\n".join(
        f'- {{kind: {kind}, at: "10:00", id: x{n}-{kind}, {said}}}'
        for n in range(600)
        for kind, said in (
            ("status", "to: fixing"),
            ("retraction", f"of: x{n + 1}-retraction, reason: x"),
            ("correction", f"of: x{n}-status, set: {{reason: y}}"),
            ("override", "rule: channel, reason: x"),
        )
    )

    assert len(fold(rows).timeline) == 2400
