"""The shipped process (data/defaults.yaml) is the one that the documentation describes, row by row."""

from __future__ import annotations

import msgspec
import pytest

from fixtures.filled import filled
from sevlog.model.config.settings import Config, duration
from sevlog.model.timeline.guards import GUARDS
from sevlog.model.timeline.lifecycle import NEW
from sevlog.stores.records.settings import with_defaults

SHIPPED = msgspec.convert(with_defaults({"schema": 1, "page": {"name": "Any", "url": "https://any.example"}}), Config)

STEPS = """
new -> triage: title detection reporter
new -> raised: severity priority component summary
triage -> raised: severity priority component summary
triage -> declined: reason closing_update
raised -> declined: reason closing_update
fixing -> declined: reason closing_update
monitoring -> declined: reason closing_update
raised -> fixing: lead_incident_manager channel
fixing -> monitoring: mitigation
monitoring -> fixing: reason
fixing -> resolved: assessment attestation impact_end final_updates
monitoring -> resolved: assessment attestation impact_end final_updates
resolved -> fixing: reason reopen_window
resolved -> closed: cleanups postmortem actions
triage -> merged: merge_target
raised -> merged: merge_target
fixing -> merged: merge_target
monitoring -> merged: merge_target
"""

MAINTENANCE_STEPS = """
new -> scheduled: title
scheduled -> in_progress:
in_progress -> verifying:
verifying -> completed: final_updates
scheduled -> cancelled: reason
in_progress -> cancelled: reason
verifying -> cancelled: reason
"""


def table(name: str) -> str:
    rows = [f"{t.from_} -> {t.to}: {' '.join(t.guards)}".rstrip() for t in SHIPPED.lifecycles[name].transitions]
    return "\n".join(["", *rows, ""])


def test_the_steps_of_an_incident_and_their_guards() -> None:
    assert table("default") == STEPS


def test_the_steps_of_a_maintenance() -> None:
    assert table("maintenance") == MAINTENANCE_STEPS


@pytest.mark.parametrize("name", ["default", "maintenance"])
def test_every_step_is_between_known_statuses_and_every_guard_exists(name: str) -> None:
    lifecycle = SHIPPED.lifecycles[name]
    statuses = {status.key for status in lifecycle.statuses}

    assert {t.from_ for t in lifecycle.transitions} <= statuses | {NEW}
    assert {t.to for t in lifecycle.transitions} == statuses
    assert {guard for t in lifecycle.transitions for guard in t.guards} <= GUARDS.keys()


def test_the_categories_of_the_statuses() -> None:
    assert {s.key: s.category for s in SHIPPED.lifecycles["default"].statuses} == {
        "triage": "triage",
        "raised": "live",
        "fixing": "live",
        "monitoring": "live",
        "resolved": "learning",
        "closed": "closed",
        "declined": "dropped",
        "merged": "dropped",
    }


@pytest.mark.demand("S4")
def test_sev1_and_sev2_are_major_and_sev3_is_not() -> None:
    assert {s.key: s.major for s in SHIPPED.severities} == {"SEV1": True, "SEV2": True, "SEV3": False}


def test_the_worse_the_severity_the_sooner_people_answer_and_speak() -> None:
    for worse, milder in filled(zip(SHIPPED.severities, SHIPPED.severities[1:], strict=False)):
        assert duration(worse.ack_within or "1s") < duration(milder.ack_within or "9w")
        for audience in ("public", "internal"):
            assert duration(worse.update_every[audience]) < duration(milder.update_every[audience])
            assert duration(worse.first_update_within[audience]) < duration(milder.first_update_within[audience])


def test_only_majors_wake_people_and_need_a_postmortem() -> None:
    assert {s.key: (s.page, s.postmortem) for s in SHIPPED.severities} == {
        "SEV1": ("immediate", "required"),
        "SEV2": ("immediate", "required"),
        "SEV3": ("working_hours", "optional"),
    }


def test_every_scope_and_urgency_has_a_priority() -> None:
    known = {priority.key for priority in SHIPPED.priorities}

    assert set(SHIPPED.priority_matrix) == {"all", "some", "none"}
    for row in SHIPPED.priority_matrix.values():
        assert set(row) == {"high", "low"}
        assert set(row.values()) <= known


@pytest.mark.demand("S88")
def test_the_thirteen_roles_have_duties_and_at_most_three_first_moves() -> None:
    assert [role.key for role in SHIPPED.roles] == [
        "incident_manager",
        "deputy",
        "tech_lead",
        "communications_manager",
        "customer_support_lead",
        "social_media_lead",
        "scribe",
        "responder",
        "problem_manager",
        "investigation_board",
        "reporter",
        "stakeholder",
        "observer",
    ]
    assert [role.key for role in SHIPPED.roles if not role.duties or len(role.first_moves) > 3] == []


def test_one_incident_manager_leads_and_is_not_the_tech_lead() -> None:
    managers = [role for role in SHIPPED.roles if role.single_lead]

    assert [role.key for role in managers] == ["incident_manager"]
    assert managers[0].not_with == ("tech_lead",)
    assert managers[0].required is not None
    assert managers[0].required.severities == ("SEV1", "SEV2")


def test_the_roles_that_types_audiences_and_pairs_name_exist() -> None:
    roles = {role.key for role in SHIPPED.roles}
    named = {plan.approver for plan in SHIPPED.comms.audiences.values() if plan.approver}
    named |= {role for kind in SHIPPED.types if kind.roles for role in kind.roles.required}
    named |= {other for role in SHIPPED.roles for other in role.not_with}

    assert named <= roles


def test_security_incidents_are_restricted() -> None:
    assert {t.key: t.visibility for t in SHIPPED.types if t.visibility} == {"security": "restricted"}
