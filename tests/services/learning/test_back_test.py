"""`check --base` notes what a change of the process or of the rota would have meant."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fixtures.checkable import CONFIG, HISTORY, NOW, ONCALL, RAISED, commit
from sevlog.model.oncall.rotations import Rotations
from sevlog.services.checking.result import CheckResult
from sevlog.services.learning.back_test import with_back_test
from sevlog.services.workspace.workspace import Workspace

LEVELS = """\
severities:
  - {key: SEV1, major: true}
  - {key: SEV3, ack_within: LIMIT, page: PAGE}
"""
ACKNOWLEDGED = "- {kind: status, at: 2026-11-20T10:10:00Z, by: ana, to: fixing}\n"
ROTA = f"""{ONCALL}schedules:
  - key: payments
    time_zone: UTC
    layers: [{{key: weekly, members: [ana, bo], start: 2026-01-05T09:00, rotate: weekly}}]
"""


def levels(limit: str, page: str = "none") -> str:
    return CONFIG + LEVELS.replace("LIMIT", limit).replace("PAGE", page)


def run_on(root: Path) -> CheckResult:
    return with_back_test(CheckResult(problems=(), checked=0), Workspace(root, clock=lambda: NOW), "HEAD~1")


def notes(root: Path) -> list[tuple[str, str]]:
    found = run_on(root).problems
    return [(p.path, p.message) for p in found if (p.code, p.severity) == ("back_test", "note")]


def test_a_shorter_limit_is_noted_at_its_line_and_is_no_error(tmp_path: Path) -> None:
    commit(tmp_path, {"sevlog.yaml": levels("15m"), HISTORY: RAISED + ACKNOWLEDGED})
    commit(tmp_path, {"sevlog.yaml": levels("5m", "immediate")})
    result = run_on(tmp_path)

    few = "(only 1: too few to conclude from)"
    assert [message for _, message in notes(tmp_path)] == [
        "over the last 12 months: ack_within SEV3 15m -> 5m: 1 of 1 incidents kept the old limit, "
        f"0 of 1 would have kept the new one {few}",
        f"over the last 12 months: SEV3 would page immediately: 1 more page, 0 of them at night (local) {few}",
    ]
    assert [p.line for p in result.problems if p.code == "back_test"] == [8, 8]
    assert result.notes == 2


def test_a_change_without_effect_is_not_noted(tmp_path: Path) -> None:
    commit(tmp_path, {"sevlog.yaml": levels("15m"), HISTORY: RAISED + ACKNOWLEDGED})
    commit(tmp_path, {"sevlog.yaml": levels("11m")})

    assert notes(tmp_path) == []


def test_a_role_that_becomes_required_is_noted_with_how_many_had_it(tmp_path: Path) -> None:
    roles = "roles: [{key: incident_manager, leads: true}, {key: scribe%s}]\n"
    commit(tmp_path, {"sevlog.yaml": CONFIG + roles % ""})
    commit(tmp_path, {"sevlog.yaml": CONFIG + roles % ", required: {severities: [SEV3]}"})

    ((path, message),) = notes(tmp_path)
    assert path == "sevlog.yaml"
    assert "role scribe required for SEV3: 0 of 1 incident had one" in message


def test_nights_on_call_are_those_of_an_oracle_that_asks_for_each_night(tmp_path: Path) -> None:
    commit(tmp_path, {"oncall.yaml": ROTA})
    before = Rotations(Workspace(tmp_path, clock=lambda: NOW).oncall)
    commit(tmp_path, {"oncall.yaml": ROTA.replace("[ana, bo], start", "[ana, ana, bo], start")})
    after = Rotations(Workspace(tmp_path, clock=lambda: NOW).oncall)

    first = (NOW - timedelta(days=365)).astimezone(ZoneInfo("UTC")).replace(hour=3)
    nights = [int((first + timedelta(days=day)).timestamp()) for day in range(1, 366)]
    counts = [
        sum(duty is not None and duty.person == who for at in nights for duty in [rota.holder("payments", at)])
        for who in ("ana", "bo")
        for rota in (before, after)
    ]
    assert min(counts) > 0
    assert sorted(message for _, message in notes(tmp_path)) == [
        f"on call: ana {counts[0]} nights -> {counts[1]} nights (last 12 months)",
        f"on call: bo {counts[2]} nights -> {counts[3]} nights (last 12 months)",
    ]


def test_a_policy_that_pages_its_second_step_sooner_is_noted_with_how_often(tmp_path: Path) -> None:
    owned = levels("15m", "immediate").replace("name: Checkout}", "name: Checkout, owner: payments}")
    policy = ROTA.replace("members: [ana]", "members: [ana], escalation: payments") + (
        "escalations:\n  - key: payments\n    steps: [{notify: 'schedule:payments'}, {notify: 'person:bo'}]\n"
    )
    commit(tmp_path, {"sevlog.yaml": owned, "oncall.yaml": policy, HISTORY: RAISED + ACKNOWLEDGED})
    commit(tmp_path, {"oncall.yaml": policy.replace("'schedule:payments'}", "'schedule:payments', wait: 11m}")})
    assert notes(tmp_path) == []

    commit(tmp_path, {"oncall.yaml": policy.replace("'schedule:payments'}", "'schedule:payments', wait: 9m}")})
    assert notes(tmp_path) == [
        (
            "oncall.yaml",
            "escalation payments, 1 incident: person:bo paged 0 -> 1 times (last 12 months) "
            "(only 1: too few to conclude from)",
        )
    ]
    assert [p.line for p in run_on(tmp_path).problems] == [9]
