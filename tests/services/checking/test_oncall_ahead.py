"""The on-call plan of the days ahead, as `check` reports it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.checkable import commit, git
from fixtures.oncalls import CONFIG as TWO_COMPONENTS
from fixtures.oncalls import ONCALL, when
from sevlog.model.problem import Problem
from sevlog.services.checking.run import check
from sevlog.services.workspace.workspace import Workspace

NOW = when("2026-01-06T12:00")
CONFIG = TWO_COMPONENTS.replace("name: Search", "name: Search, owner: payments")
UNTIL_APRIL = ONCALL.replace(
    "start: 2026-01-05T09:00, rotate: daily", "start: 2026-01-05T09:00, until: 2026-04-08T09:00"
)
UNTIL_MARCH = UNTIL_APRIL.replace("2026-04-08", "2026-03-08")
GAP = "nobody is on call for `managers` from Sun 2026-03-08 09:00 to Mon 2026-04-06 13:00 (Europe/Berlin)"


def problems(
    root: Path, *, policy: str = "", oncall: str | None = None, days: float = 0, base: str | None = None
) -> list[Problem]:
    """What `check` says of the settings, so many days after NOW."""
    if oncall is not None:
        (root / "sevlog.yaml").write_text(CONFIG + (f"policies: {{oncall: {policy}}}\n" if policy else ""), "utf-8")
        (root / "oncall.yaml").write_text(oncall, "utf-8")
    workspace = Workspace(root, clock=lambda: NOW + timedelta(days=days))
    return [problem for problem in check(workspace, base=base).problems if not problem.incident]


@pytest.mark.demand("S20")
def test_a_gap_in_the_next_90_days_is_an_error_at_its_schedule(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, oncall=UNTIL_MARCH)
    assert (found.severity, found.code, found.path, found.line, found.message) == (
        "error",
        "oncall_gap",
        "oncall.yaml",
        14,
        GAP,
    )
    assert found.hint and found.hint.startswith("sevlog oncall override managers --person WHO --from 2026-03-08T09:00")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("{findings: warning}", ["warning oncall_gap"]),
        ('{findings: "off"}', []),
        ("{ahead: 30d}", []),
        ("{ahead: 52w}", ["error oncall_gap"]),
        ("{ahead: 53w}", ["error too_far_ahead"]),
    ],
)
def test_the_policy_says_how_far_and_how_severe(tmp_path: Path, policy: str, expected: list[str]) -> None:
    found = problems(tmp_path, policy=policy, oncall=UNTIL_MARCH)
    assert [f"{problem.severity} {problem.code}" for problem in found] == expected


def test_without_a_plan_nothing_is_said(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, oncall="schema: 1\npeople: [{key: ana}]\nteams: [{key: payments, members: [ana]}]\n") == []
    )


def test_mistakes_in_the_file_come_first(tmp_path: Path) -> None:
    found = problems(tmp_path, oncall=UNTIL_MARCH.replace("members: [chi]", "members: [chy]"))
    assert [problem.code for problem in found] == ["unknown_person"]


def test_a_clean_plan_is_remembered_only_as_long_as_it_is_clean(tmp_path: Path) -> None:
    commit(tmp_path, {"sevlog.yaml": CONFIG, "oncall.yaml": UNTIL_APRIL})
    seen = [len(problems(tmp_path, days=days)) for days in (0, 0.5, 1.5, 2.5)]
    assert seen == [0, 0, 0, 1]
    assert problems(tmp_path, days=0) == []
    (tmp_path / "oncall.yaml").write_text(UNTIL_MARCH, "utf-8")
    assert [problem.code for problem in problems(tmp_path, days=0)] == ["oncall_gap"]


def test_a_gap_that_was_there_before_a_pull_request_is_not_its_fault(tmp_path: Path) -> None:
    commit(tmp_path, {"sevlog.yaml": CONFIG, "oncall.yaml": UNTIL_MARCH})
    git(tmp_path, "switch", "-q", "-c", "change")
    (found,) = problems(tmp_path, base="main")
    assert (found.severity, found.message) == ("warning", GAP)
    commit(tmp_path, {"oncall.yaml": UNTIL_MARCH.replace("2026-03-08", "2026-02-08")})
    (found,) = problems(tmp_path, base="main")
    assert found.severity == "error"
    assert "from Sun 2026-02-08 09:00" in found.message
