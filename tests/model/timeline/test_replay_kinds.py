"""What each kind of entry does to the state."""

from __future__ import annotations

import pytest

from fixtures.timelines import FIXING, RAISED, RESOLVED, at, fold, record
from sevlog.model.guidance.runbook import ticks
from sevlog.model.timeline.state import AssessedFacts, State

PROMISE = '- {kind: update, at: "10:10", audience: public, phase: investigating, text: x, next_update_at: "10:40"}\n'


def facts(state: State) -> dict[str, object]:
    """The state without its timeline and card, which hold every entry anyway."""
    return {name: getattr(state, name) for name in state.__struct_fields__ if name not in ("timeline", "card")}


def test_every_entry_has_its_timeline_item() -> None:
    state = fold(RESOLVED)

    assert [item.entry for item in state.timeline] == list(record(RESOLVED).entries)
    assert [item.kind for item in state.timeline][:3] == ["raised", "assigned", "channel"]
    assert state.item("20260502T103000Z-action_taken") is state.timeline[4]
    assert state.item("nowhere") is None


def test_a_note_tells_and_changes_nothing() -> None:
    assert facts(fold(f'{FIXING}- {{kind: note, at: "10:20", text: Vendor called back}}')) == facts(fold(FIXING))


@pytest.mark.demand("S46")
def test_severity_and_priority_change_with_a_reason_and_keep_their_history() -> None:
    state = fold(f"""{RAISED}
    - {{kind: severity, at: "10:20", to: SEV3, reason: Only the test shop}}
    - {{kind: priority, at: "10:25", to: P3, reason: The data incident comes first}}
    """)

    assert (state.severity, state.priority, state.major) == ("SEV3", "P3", False)
    assert [(s.at, s.level, s.reason) for s in state.severity_steps] == [
        (at("10:00"), "SEV1", None),
        (at("10:20"), "SEV3", "Only the test shop"),
    ]
    assert [(s.at, s.level, s.reason) for s in state.priority_steps] == [
        (at("10:00"), "P1", None),
        (at("10:25"), "P3", "The data incident comes first"),
    ]


@pytest.mark.demand("S40")
@pytest.mark.demand("S41")
@pytest.mark.demand("S42")
@pytest.mark.demand("S43")
@pytest.mark.demand("S44")
@pytest.mark.demand("S45")
def test_an_assessment_replaces_what_it_says_and_keeps_the_rest() -> None:
    state = fold(f"""{RAISED}
    - {{kind: assessment, at: "10:10", customer_impact: No payments, employee_impact: Support is overrun, scope: all}}
    - {{kind: assessment, at: "10:11", symptoms: Errors, affected_count: 0, affected_percent: 99.5, support_cases: 12}}
    - {{kind: assessment, at: "10:12", scope: some, support_cases: [T1, T2], started_at: "09:50", factors: [security]}}
    """)

    assert state.assessment == AssessedFacts(
        customer_impact="No payments",
        employee_impact="Support is overrun",
        symptoms="Errors",
        scope="some",
        affected_count=0,
        affected_percent=99.5,
        support_cases=12,
        support_case_refs=("T1", "T2"),
        started_at=at("09:50"),
        factors=("security",),
    )
    assert state.milestones.started_at == at("09:50")


def test_what_it_was_raised_with_is_assessed_already() -> None:
    state = fold(RAISED.replace("priority: P1", 'priority: P1, scope: some, started_at: "09:40"'))

    assert (state.assessment.scope, state.milestones.started_at) == ("some", at("09:40"))


@pytest.mark.demand("S47")
def test_it_is_confirmed_until_somebody_says_that_it_is_not() -> None:
    yes, no = (f'- {{kind: assessment, at: "%s", confirmed: {word}}}\n' for word in ("true", "false"))

    assert fold(RAISED + yes % "10:10" + yes % "10:20").milestones.confirmed_at == at("10:10")
    assert fold(RAISED + yes % "10:10" + no % "10:20").milestones.confirmed_at is None
    assert fold(RAISED + yes % "10:10" + no % "10:20" + yes % "10:30").milestones.confirmed_at == at("10:30")


@pytest.mark.demand("S31")
def test_channels_are_kept() -> None:
    state = fold(f'{FIXING}- {{kind: channel, at: "10:20", type: document, url: "https://docs.example/state"}}')

    assert [(c.type, c.url) for c in state.channels] == [
        ("chat", "#war-room"),
        ("document", "https://docs.example/state"),
    ]


@pytest.mark.demand("S57")
def test_collaborators_join_in_a_capacity_that_may_change() -> None:
    state = fold(f"""{RAISED}
    - {{kind: collaborator, at: "10:01", person: bo}}
    - {{kind: collaborator, at: "10:02", team: payments, audience: stakeholder}}
    - {{kind: collaborator, at: "10:03", person: bo, audience: observer}}
    - {{kind: collaborator, at: "10:04"}}
    """)

    assert state.collaborators == {"bo": "observer", "team:payments": "stakeholder"}


class TestPages:
    PAGED = """
    - {kind: paged, at: "10:01", target: "schedule:payments", policy: payments, step: 1, via: BO_PAGER}
    - {kind: paged, at: "10:06", target: "team:payments", policy: payments, step: 2}
    """

    def test_wait_until_they_are_answered(self) -> None:
        state = fold(RAISED + self.PAGED)

        assert [(p.target, p.policy, p.step, p.via, p.answered_at) for p in state.pages] == [
            ("schedule:payments", "payments", 1, "BO_PAGER", None),
            ("team:payments", "payments", 2, None, None),
        ]

    def test_are_answered_all_at_once(self) -> None:
        state = fold(RAISED + self.PAGED + '- {kind: acknowledged, at: "10:08", by: bo}')

        assert [(p.answered_at, p.answered_by) for p in state.pages] == [(at("10:08"), "bo")] * 2

    def test_are_answered_one_by_one_and_only_once(self) -> None:
        state = fold(f"""{RAISED}{self.PAGED}
        - {{kind: acknowledged, at: "10:07", by: chi, target: "team:payments"}}
        - {{kind: acknowledged, at: "10:08", by: bo, step: 1}}
        - {{kind: acknowledged, at: "10:09", by: dana}}
        """)

        assert [p.answered_by for p in state.pages] == ["bo", "chi"]


@pytest.mark.demand("S55")
def test_escalations_are_kept() -> None:
    state = fold(f'{RAISED}- {{kind: escalated, at: "10:20", to: "team:database", reason: Needs an owner}}')

    assert [(e.to, e.reason) for e in state.escalations] == [("team:database", "Needs an owner")]


class TestUpdates:
    def test_are_kept_with_their_ids(self) -> None:
        state = fold(RAISED + PROMISE)

        assert [(u.id, u.entry.audience, u.edited_at) for u in state.updates] == [
            ("20260502T101000Z-update", "public", None)
        ]

    @pytest.mark.demand("S50")
    def test_the_first_of_each_audience_sets_its_clock(self) -> None:
        internal = '- {kind: update, at: "10:05", audience: internal, phase: investigating, text: x}\n'
        social = '- {kind: update, at: "10:01", audience: social, phase: investigating, text: x}\n'
        later = PROMISE.replace("10:10", "10:30")
        clocks = fold(RAISED + social + internal + PROMISE + later).milestones

        assert (clocks.first_internal_update_at, clocks.first_public_update_at) == (at("10:05"), at("10:10"))

    @pytest.mark.demand("S17")
    def test_promise_the_next_one_for_each_audience(self) -> None:
        internal = PROMISE.replace("public", "internal").replace("10:40", "10:25")
        state = fold(RAISED + PROMISE + internal.replace("10:10", "10:11"))

        assert state.next_update_due == {"public": at("10:40"), "internal": at("10:25")}
        assert state.next_update_due_at == at("10:25")

    @pytest.mark.parametrize(
        "later",
        [
            '- {kind: update, at: "10:20", audience: public, phase: identified, text: x}',
            '- {kind: update, at: "10:20", audience: public, phase: resolved, text: x, next_update_at: "10:50"}',
            '- {kind: status, at: "10:20", to: merged, into: 2026-05-01-database-full}',
        ],
    )
    def test_promise_nothing_any_more_once_they_do_not_or_it_is_over(self, later: str) -> None:
        state = fold(RAISED + PROMISE + later)

        assert (state.next_update_due, state.next_update_due_at) == ({}, None)

    def test_promise_nothing_after_the_end(self) -> None:
        after = PROMISE.replace("10:10", "11:10").replace("investigating", "postmortem")

        assert fold(RESOLVED + after).next_update_due == {}
        assert fold(RESOLVED + after.replace("postmortem", "monitoring")).next_update_due == {}


@pytest.mark.demand("S69")
@pytest.mark.demand("S70")
@pytest.mark.demand("S71")
@pytest.mark.parametrize("audience", ["public", "social", "internal", "executive"])
@pytest.mark.parametrize(
    ("phase", "codes"), [("identified", ["update_after_end"]), ("resolved", []), ("postmortem", [])]
)
def test_no_audience_hears_after_the_end_that_it_goes_on(audience: str, phase: str, codes: list[str]) -> None:
    late = f'- {{kind: update, at: "11:30", audience: {audience}, phase: {phase}, text: x}}\n'

    assert [problem.code for problem in fold(RESOLVED + late).problems] == codes


@pytest.mark.demand("S69")
@pytest.mark.demand("S70")
def test_observations_theories_experiments_and_decisions_are_kept() -> None:
    state = fold(f"""{RAISED}
    - {{kind: observation, at: "10:10", ref: O1, text: The pool is full, confirmed_by: [bo]}}
    - {{kind: theory, at: "10:11", ref: T1, text: A leak, proposed_fix: Restart, from: [O1]}}
    - {{kind: theory, at: "10:12", ref: T2, text: A burst}}
    - {{kind: experiment, at: "10:13", theory: T1, text: Restart one, expectation: It recovers, result: It did}}
    - {{kind: decision, at: "10:14", text: Restart all}}
    - {{kind: theory, at: "10:15", ref: T1, state: supported, evidence: [{{url: "https://graphs.example/1"}}]}}
    """)

    assert [(o.ref, o.text, o.confirmed_by) for o in state.observations] == [("O1", "The pool is full", ("bo",))]
    assert [(e.theory, e.result) for e in state.experiments] == [("T1", "It did")]
    assert [d.text for d in state.decisions] == ["Restart all"]
    assert {ref: theory.state for ref, theory in state.theories.items()} == {"T1": "supported", "T2": "open"}
    first = state.theories["T1"]
    assert (first.text, first.proposed_fix, first.from_) == ("A leak", "Restart", ("O1",))
    assert [e.url for e in first.evidence] == ["https://graphs.example/1"]


@pytest.mark.demand("S77")
def test_a_task_is_changed_by_its_name() -> None:
    state = fold(f"""{RAISED}
    - {{kind: task, at: "10:10", ref: K1, text: Delete the canary, assignee: bo, cleanup: true}}
    - {{kind: task, at: "10:20", ref: K1, assignee: chi}}
    - {{kind: task, at: "10:30", ref: K1, state: done}}
    """)

    task = state.tasks["K1"]
    assert (task.text, task.assignee, task.state, task.cleanup) == ("Delete the canary", "chi", "done", True)
    assert (task.opened_at, task.changed_at) == (at("10:10"), at("10:30"))


@pytest.mark.demand("S60")
def test_runbook_steps_and_ideas_are_kept() -> None:
    state = fold(f"""{RAISED}
    - {{kind: runbook_step, at: "10:10", runbook: checkout.md, step: Drain, result: Drained}}
    - {{kind: follow_up_idea, at: "10:11", text: Alert on the pool}}
    """)

    assert [(s.runbook, s.step, s.result) for s in state.runbook_steps] == [("checkout.md", "Drain", "Drained")]
    assert [idea.text for idea in state.ideas] == ["Alert on the pool"]


def test_one_name_is_a_list_of_one_and_a_number_of_a_step_is_its_text() -> None:
    state = fold(f"""{RAISED}
    - {{kind: observation, at: "10:10", ref: O1, text: The pool is full, confirmed_by: bob}}
    - {{kind: runbook_step, at: "10:11", runbook: checkout.md, step: 1, state: failed, result: No}}
    - {{kind: runbook_step, at: "10:12", runbook: checkout.md, step: "1"}}
    """)

    assert [o.confirmed_by for o in state.observations] == [("bob",)]
    assert [(tick.step, tick.state, tick.times) for tick in ticks(state, "checkout")] == [("1", "done", 2)]


@pytest.mark.demand("S56")
def test_links_are_kept() -> None:
    state = fold(f'{RAISED}- {{kind: link, at: "10:10", rel: caused_by, target: 2026-05-01-database-full}}')

    assert [(link.rel, link.target) for link in state.links] == [("caused_by", "2026-05-01-database-full")]


@pytest.mark.demand("S58")
def test_an_alert_is_one_alert_however_often_it_fires() -> None:
    state = fold(f"""{RAISED}
    - {{kind: alert, at: "09:50", fingerprint: f1, source: grafana, state: firing, url: "https://graphs.example/1"}}
    - {{kind: alert, at: "10:10", fingerprint: f1, source: grafana, state: resolved}}
    - {{kind: alert, at: "10:20", fingerprint: f2, source: probe, state: firing}}
    """)

    assert {f: (a.state, a.since, a.changed_at, a.url) for f, a in state.alerts.items()} == {
        "f1": ("resolved", at("09:50"), at("10:10"), "https://graphs.example/1"),
        "f2": ("firing", at("10:20"), at("10:20"), None),
    }
    assert state.milestones.detected_at == at("09:50")


def test_overrides_stay_on_record() -> None:
    state = fold(f'{RAISED}- {{kind: override, at: "10:10", rule: channel, reason: The chat is down}}')

    assert (state.overrides, state.problems) == (("channel",), ())
