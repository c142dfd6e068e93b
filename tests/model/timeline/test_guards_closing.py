"""The guards of the end: what must hold before it is watched, resolved, closed, reopened or merged."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.timelines import FIXING, INCIDENT, MONITORING, RAISED, RESOLVED, config, fold, only_problem, record
from fixtures.walks import take, walked_to
from sevlog.model.timeline.replay import replay

CLOSE = '- {kind: status, at: "12:00", to: closed}'


class TestAttestation:
    RESOLVE = '- {kind: status, at: "11:00", to: resolved, attestation: It is over'
    READY = f"""{MONITORING}
- {{kind: assessment, at: "10:45", customer_impact: Nobody can pay, scope: all}}
- {{kind: impact, at: "11:00", components: {{api: operational}}, ended_at: "10:35"}}
"""

    @pytest.mark.demand("S76")
    def test_is_the_lead_incident_managers_alone(self) -> None:
        problem = only_problem(fold(f"{self.READY}{self.RESOLVE}, by: bo}}"))

        assert problem.code == "guard_attestation"
        assert problem.message == ("only the lead incident manager (ana) can attest that the impact has ended, not bo")
        assert f"sevlog assign -i {INCIDENT} incident_manager bo --lead" in (problem.hint or "")

    @pytest.mark.demand("S65")
    def test_passes_with_the_lead(self) -> None:
        bo_leads = '- {kind: assigned, at: "10:50", role: incident_manager, person: bo, lead: true}\n'

        assert fold(f"{self.READY}{bo_leads}{self.RESOLVE}, by: bo}}").problems == ()
        assert only_problem(fold(f"{self.READY}{bo_leads}{self.RESOLVE}, by: ana}}")).code == "guard_attestation"

    def test_cannot_be_given_when_nobody_leads(self) -> None:
        released = '- {kind: released, at: "10:50", role: incident_manager, person: ana}\n'
        state = fold(f"{self.READY}{released}{self.RESOLVE}}}")

        assert only_problem(state).message == (
            "no lead incident manager: only the lead can attest that the impact has ended"
        )


class TestAssessment:
    @pytest.mark.demand("S40")
    def test_asks_for_what_the_policies_ask_for(self) -> None:
        policy = config(assessment=("employee_impact", "affected_percent", "affected_count", "factors", "symptoms"))
        rows = f"""{FIXING}
- {{kind: assessment, at: "10:45", symptoms: Error 500}}
- {{kind: status, at: "11:00", to: resolved, attestation: It is over}}
        """
        problem = replay(record(rows), policy).problems[0]

        assert problem.message == (
            "assessment is incomplete: employee impact and affected percent and affected count and factors missing"
        )
        assert problem.hint == f"sevlog assess -i {INCIDENT} --employee-impact … --affected … --factor …"

    @pytest.mark.demand("S47")
    def test_does_not_hold_for_what_was_not_confirmed(self) -> None:
        state = fold(RESOLVED.replace("scope: all", "scope: all, confirmed: false"))

        assert only_problem(state).code == "guard_assessment"
        assert only_problem(state).message == "the assessment says that this incident is not confirmed"


class TestMitigation:
    def test_must_be_newer_than_the_relapse(self) -> None:
        state = fold(f"""{MONITORING}
- {{kind: status, at: "10:50", to: fixing, reason: Errors are back}}
- {{kind: status, at: "10:55", to: monitoring}}
        """)

        assert only_problem(state).message == "no mitigation recorded since the incident returned"

    def test_must_be_newer_than_the_reopening(self) -> None:
        state = fold(f"""{RESOLVED}
- {{kind: status, at: "11:50", to: fixing, reason: Errors are back}}
- {{kind: status, at: "11:55", to: monitoring}}
        """)

        assert only_problem(state).message == "no mitigation recorded since the incident returned"

    @pytest.mark.parametrize(
        ("kind", "holds"), [("mitigation", True), ("rollback", True), ("change", False), ("diagnostic", False)]
    )
    def test_is_an_action_that_mitigates(self, kind: str, holds: bool) -> None:
        state = fold(MONITORING.replace("type: rollback", f"type: {kind}"))

        assert [p.code for p in state.problems] == ([] if holds else ["guard_mitigation"])


class TestFinalUpdates:
    def updates(self, *told: tuple[str, str]) -> str:
        return "".join(
            f'- {{kind: update, at: "10:5{minute}", audience: {audience}, phase: {phase}, text: Read this}}\n'
            for minute, (audience, phase) in enumerate(told)
        )

    @pytest.mark.demand("S78")
    def test_are_asked_of_every_audience_that_heard_of_it(self) -> None:
        head, resolve = RESOLVED.rsplit("- {kind: impact", 1)
        told = self.updates(("public", "investigating"), ("internal", "identified"), ("executive", "resolved"))
        problem = only_problem(fold(f"{head}{told}- {{kind: impact{resolve}"))

        assert problem.message == "no final update sent to: public, internal"
        assert problem.hint == (
            'add --final-update "…" for all of them, or: '
            f'sevlog update -i {INCIDENT} --audience public --phase resolved "…"; '
            f'sevlog update -i {INCIDENT} --audience internal --phase resolved "…"'
        )

    def test_are_in_the_words_of_a_maintenance(self) -> None:
        row = next(r for r in config().lifecycles["maintenance"].transitions if "final_updates" in r.guards)
        walk = take(walked_to("maintenance", row.from_), row, without="final_updates")
        problem = only_problem(replay(walk.record(), config()))

        assert problem.hint == f'sevlog update -i {INCIDENT} --audience public --phase completed "…"'

    def test_of_the_same_instant_count(self) -> None:
        told = self.updates(("public", "investigating"))
        final = '- {kind: update, at: "11:00", audience: public, phase: resolved, text: It is over}\n'

        assert fold(f"{RESOLVED}{told}{final}").problems == ()


@pytest.mark.demand("S7")
def test_a_sev3_is_closed_without_a_postmortem() -> None:
    state = fold(f"{RESOLVED.replace('SEV1', 'SEV3')}{CLOSE}")

    assert (state.status, state.major, state.problems) == ("closed", False, ())


@pytest.mark.parametrize(
    ("postmortem", "message"),
    [
        (None, "SEV1 requires a postmortem: not started yet"),
        ({"status": "draft"}, "the postmortem is still `draft`: it must be approved or waived"),
        ({"status": "in_review"}, "the postmortem is still `in_review`: it must be approved or waived"),
        ({"status": "approved"}, None),
        ({"status": "published"}, None),
        ({"status": "waived"}, "the postmortem is waived without `reason` or `approved_by`"),
        ({"status": "waived", "reason": "Twin"}, "the postmortem is waived without `reason` or `approved_by`"),
        ({"status": "waived", "reason": "Twin", "approved_by": "bo"}, None),
    ],
)
def test_a_major_is_closed_with_a_postmortem_that_is_approved_or_waived(
    postmortem: dict[str, object] | None, message: str | None
) -> None:
    state = fold(f"{RESOLVED}{CLOSE}", postmortem=postmortem)

    assert [p.message for p in state.problems] == ([message] if message else [])


@pytest.mark.demand("S86")
@pytest.mark.parametrize(
    ("action", "vague"),
    [
        ({"status": "accepted"}, True),
        ({"status": "in_progress", "owner": "bo"}, True),
        ({"status": "accepted", "due": "2026-06-01"}, True),
        ({"status": "accepted", "owner": "bo", "due": "2026-06-01"}, False),
        ({"status": "accepted", "team": "payments", "due": "2026-06-01"}, False),
        ({"status": "idea"}, False),
        ({"status": "done"}, False),
        ({"status": "wont_do", "reason": "Too dear"}, False),
    ],
)
def test_a_major_is_closed_when_what_was_agreed_has_an_owner_and_a_day(action: dict[str, Any], vague: bool) -> None:
    actions = [{"id": "A1", "title": "Add an alert", **action}]
    closed = replay(record(f"{RESOLVED}{CLOSE}", actions=actions, postmortem={"status": "approved"}), config())
    minor = replay(record(f"{RESOLVED.replace('SEV1', 'SEV3')}{CLOSE}", actions=actions), config())

    assert [p.code for p in closed.problems] == (["guard_actions"] if vague else [])
    assert minor.problems == ()


@pytest.mark.demand("S77")
def test_tasks_are_done_or_dropped_before_it_is_closed() -> None:
    rows = f"""{RESOLVED.replace("SEV1", "SEV3")}
- {{kind: task, at: "11:10", ref: K1, text: Delete the canary, cleanup: true}}
- {{kind: task, at: "11:11", ref: K2}}
- {{kind: task, at: "11:12", ref: K3, text: Refund}}
- {{kind: task, at: "11:20", ref: K3, state: done}}
{CLOSE}"""
    problem = only_problem(fold(rows))
    done = rows + "".join(
        f'\n- {{kind: task, at: "11:30", id: {ref}, ref: {ref}, state: {state}}}'
        for ref, state in (("K1", "done"), ("K2", "dropped"))
    )

    assert problem.message == "open tasks: K1 (Delete the canary), K2"
    assert problem.hint == f"sevlog task -i {INCIDENT} --ref K1 --state done, and so on (or --state dropped)"
    assert fold(done).problems == ()


def test_a_draft_is_approved_or_dropped_before_it_is_closed() -> None:
    rows = f"""{RESOLVED.replace("SEV1", "SEV3")}
- {{kind: task, at: "11:10", ref: D1, text: We see errors, evidence: [{{file: evidence/draft-D1.md, label: Draft}}]}}
{CLOSE}"""
    problem = only_problem(fold(rows))

    assert problem.message == "drafts that wait for approval: D1 (We see errors)"
    assert problem.hint == (
        f"sevlog approve -i {INCIDENT} D1; or, to drop it: sevlog task -i {INCIDENT} --ref D1 --state dropped"
    )


def test_a_reopening_is_possible_to_the_last_second_of_the_window() -> None:
    def reopened(when: str) -> list[str]:
        rows = f'{RESOLVED}- {{kind: status, at: "{when}", to: fixing, reason: It is back}}'
        return [p.code for p in fold(rows).problems]

    assert reopened("2026-05-09T11:00:00Z") == []
    assert reopened("2026-05-09T11:00:01Z") == ["guard_reopen_window"]
    rows = f'{RESOLVED}- {{kind: status, at: "14:00", to: fixing, reason: It is back}}'
    problem = only_problem(replay(record(rows), config(reopen_within="2h")))
    assert problem.message == "too late to reopen: resolved more than 2h ago"
    assert problem.hint == (f"raise a new incident and link it: sevlog raise …, then: sevlog link -i NEW {INCIDENT}")


def test_an_incident_is_not_merged_into_itself() -> None:
    problem = only_problem(fold(f'{RAISED}- {{kind: status, at: "10:10", to: merged, into: {INCIDENT}}}'))

    assert problem.message == "an incident cannot be merged into itself"
    assert problem.hint == f"name the other incident: sevlog merge -i {INCIDENT} OTHER"
