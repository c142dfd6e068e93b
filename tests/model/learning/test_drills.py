"""The scenario of a drill, and how it goes beside its original."""

from __future__ import annotations

from datetime import datetime, timedelta

from fixtures.timelines import at, config, fold
from sevlog.model.learning import drill_score, drills
from sevlog.model.learning.drill_score import Milestone
from sevlog.model.timeline.entries import Observation
from sevlog.model.timeline.state import State

ORIGINAL = """
- {kind: alert, at: "09:55", fingerprint: errors, source: prometheus, state: firing}
- {kind: raised, at: "10:00", severity: SEV1, priority: P1, components: {api: major_outage}, text: Cards are refused}
- {kind: assigned, at: "10:04", role: incident_manager, person: ana, lead: true}
- {kind: channel, at: "10:04", type: chat, url: "#war-room"}
- {kind: status, at: "10:04", to: fixing, from: raised}
- {kind: observation, at: "10:10", ref: O1, text: The pool of the database is full}
- {kind: update, at: "10:15", audience: public, phase: investigating, text: We look, next_update_at: "10:45"}
- {kind: assessment, at: "10:20", symptoms: Payments fail, support_cases: 3}
- {kind: theory, at: "10:21", ref: T1, text: A slow query holds connections}
- {kind: theory, at: "10:25", ref: T1, state: refuted}
- {kind: theory, at: "10:26", ref: T2, text: The new release leaks connections}
- {kind: action_taken, at: "10:40", type: rollback, text: Rolled back the release}
- {kind: observation, at: "10:45", text: Errors fall}
- {kind: status, at: "10:50", to: monitoring, from: fixing}
"""
DRILL = """
- {kind: status, at: "10:00", to: triage}
- {kind: link, at: "10:00", rel: related, target: 2026-01-01-original, text: "LINK"}
- {kind: observation, at: "10:00", text: "DRILL inject 1 of 4 (alert): prometheus firing errors"}
""".replace("LINK", drills.ORIGINAL)
RESPONSE = """
- {kind: raised, at: "10:02", severity: SEV2, priority: P1, components: {api: major_outage}}
- {kind: assigned, at: "10:10", role: incident_manager, person: bo, lead: true}
- {kind: channel, at: "10:10", type: chat, url: "#drill"}
- {kind: status, at: "10:10", to: fixing, from: raised}
- {kind: note, at: "10:11", text: "DRILL hint 1 of 3: not the cause: A slow query holds connections"}
- {kind: observation, at: "10:12", text: The database pool is full}
- {kind: observation, at: "10:13", text: Certificates expire tomorrow}
- {kind: update, at: "10:20", audience: public, phase: investigating, text: We look, next_update_at: "10:30"}
"""


def drill(more: str = "") -> State:
    return fold(DRILL + more, kind="drill")


def scenario() -> drills.Scenario:
    return drills.scenario_of(fold(ORIGINAL))


def milestones(state: State, now: str) -> dict[str, Milestone]:
    return {m.name: m for m in drill_score.milestones(state, fold(ORIGINAL), config(), at(now))}


def test_what_was_seen_until_the_mitigation_is_told_at_its_time_after_the_first_alert() -> None:
    told = [(inject.after, inject.source, inject.text) for inject in scenario().injects]

    assert told == [
        (0, "alert", "prometheus firing errors"),
        (300, "report", "Cards are refused"),
        (900, "observation", "The pool of the database is full"),
        (1500, "customers", "Payments fail; 3 support cases so far"),
    ]


def test_hints_are_what_was_ruled_out_found_and_done() -> None:
    assert [hint.text for hint in scenario().hints] == [
        "not the cause: A slow query holds connections",
        "a possible cause: The new release leaks connections",
        "rollback: Rolled back the release",
    ]


def test_what_was_recorded_of_the_original_after_the_start_changes_nothing() -> None:
    later = ORIGINAL + '- {kind: note, at: "11:00", text: x}\n'
    late = later.replace("The pool of the database is full", "The pool is fine")

    assert drills.scenario_of(fold(later, known_by="10:55")) == scenario()
    assert drills.scenario_of(fold(late)) != scenario()


def test_a_released_inject_counts_also_when_it_was_retracted() -> None:
    state = drill('- {kind: retraction, at: "10:01", of: 20260502T100000Z-observation, reason: Oops}\n')

    assert drills.released(state, "inject") == {1}
    assert [inject.number for inject in drills.waiting(state, scenario())] == [2, 3, 4]
    assert drills.due_at(state, scenario().injects[1]) == at("10:05")


def test_milestones_are_beside_the_original_and_the_targets() -> None:
    found = milestones(drill(RESPONSE), "10:30")

    assert found["raised"] == Milestone(name="raised", seconds=120, original=300, target=None, met=None)
    assert found["acknowledged"] == Milestone(name="acknowledged", seconds=480, original=240, target=900, met=True)
    public = Milestone(name="first public update", seconds=1080, original=900, target=1200, met=True)
    assert found["first public update"] == public
    assert found["mitigated"] == Milestone(name="mitigated", seconds=None, original=2400, target=None, met=None)


def test_half_way_a_target_is_open_until_its_time_has_passed() -> None:
    assert milestones(drill(RESPONSE), "10:21")["first internal update"].met is None
    assert milestones(drill(RESPONSE), "10:23")["first internal update"].met is False


def test_before_it_was_raised_nothing_is_reached_and_nothing_is_missed() -> None:
    found = milestones(drill(), "12:00")

    assert {m.seconds for m in found.values()} == {None}
    assert {m.met for m in found.values()} == {None}


def test_promises_and_waits_for_updates() -> None:
    state, now = drill(RESPONSE), at("12:00")

    assert drill_score.promises(state, at("10:25")) == {"kept": 0, "late": 0, "open": 1, "ended": 0}
    assert drill_score.promises(state, now) == {"kept": 0, "late": 1, "open": 0, "ended": 0}
    (public,) = [row for row in drill_score.cadence(state, fold(ORIGINAL), config(), now) if row.audience == "public"]
    assert (public.longest, public.target, public.met) == (6000, 3600, False)


def test_roles_say_whether_somebody_had_them_and_never_who() -> None:
    data = fold(DRILL + RESPONSE, kind="drill", type="data")
    found = drill_score.roles(data, fold(ORIGINAL), config(), ("incident_manager", "tech_lead"))

    rows = [(row.role, row.required, row.filled, row.original) for row in found]
    assert rows == [("Incident manager", True, True, True), ("Tech lead", True, False, False)]


def test_what_the_responders_found_earlier_or_alone_is_listed_without_injects_and_hints() -> None:
    found = [(row.after, row.text, row.original) for row in drill_score.knew(drill(RESPONSE), fold(ORIGINAL))]

    assert found == [(720, "The database pool is full", 900), (780, "Certificates expire tomorrow", None)]


def test_an_original_without_alerts_and_texts_still_tells_what_the_emergency_is() -> None:
    bare = fold('- {kind: raised, at: "10:00", severity: SEV1, priority: P1, components: {api: major_outage}}\n')

    assert [(i.after, i.text) for i in drills.scenario_of(bare).injects] == [(0, "Card payments are refused")]
    assert drills.zero_of(bare) + timedelta() == datetime.fromisoformat("2026-05-02T10:00:00+00:00")
    assert drills.release_of(bare.timeline[0]) is None
    assert Observation(at=at("10:00")).text is None
