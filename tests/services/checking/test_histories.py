"""Findings about a history that is written by hand say what to write, and what they say makes the finding go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fixtures.checkable import HISTORY, checked, records
from fixtures.checkable import RAISED as MINOR

RAISED = MINOR.replace("SEV3", "SEV2")
LEAD = "- {kind: assigned, at: 2026-11-20T10:01:00Z, by: ana, role: incident_manager, person: ana, lead: true}\n"
CHANNEL = '- {kind: channel, at: 2026-11-20T10:01:00Z, by: ana, type: chat, url: "https://chat.example/1"}\n'
FIXING = "- {kind: status, at: 2026-11-20T10:02:00Z, by: ana, to: fixing}\n"
ROLLED_BACK = "- {kind: action_taken, at: 2026-11-20T10:10:00Z, by: ana, type: rollback, text: x}\n"
ASSESSED = "- {kind: assessment, at: 2026-11-20T10:10:00Z, by: ana, customer_impact: x, scope: some}\n"
TOLD = "- {kind: update, at: 2026-11-20T10:10:00Z, by: ana, audience: internal, phase: investigating, text: x}\n"
MONITORING = "- {kind: status, at: 2026-11-20T10:20:00Z, by: ana, to: monitoring}\n"
ENDED = (
    "- {kind: impact, at: 2026-11-20T10:30:00Z, by: ana, components: {checkout: operational}, "
    "ended_at: 2026-11-20T10:25:00Z}\n"
)
RESOLVED = "- {kind: status, at: 2026-11-20T10:30:00Z, by: ana, to: resolved, attestation: quiet}\n"
RUNNING = RAISED + LEAD + CHANNEL + FIXING

HISTORIES = {
    "guard_lead_incident_manager": (RAISED + CHANNEL, FIXING),
    "guard_channel": (RAISED + LEAD, FIXING),
    "guard_mitigation": (RUNNING, MONITORING),
    "guard_assessment": (RUNNING + ENDED, RESOLVED),
    "guard_impact_end": (RUNNING + ASSESSED, RESOLVED),
    "guard_final_updates": (RUNNING + ASSESSED + TOLD + ENDED, RESOLVED),
    "guard_closing_update": (
        RAISED + TOLD,
        "- {kind: status, at: 2026-11-20T10:30:00Z, by: ana, to: declined, reason: x}\n",
    ),
}


@pytest.mark.parametrize("code", HISTORIES)
def test_the_entry_that_is_missing_is_spelled_out_and_makes_the_finding_go(tmp_path: Path, code: str) -> None:
    before, step = HISTORIES[code]
    root = records(tmp_path, {HISTORY: before + step})
    (found,) = [problem for problem in checked(root).problems if problem.severity == "error"]
    assert (found.code, found.path) == (code, HISTORY)

    hint = found.hint or ""
    assert hint.startswith("add before it: - {kind: ") and "sevlog " not in hint
    entry = re.sub("KEY", "checkout", hint.removeprefix("add before it: "))
    (root / HISTORY).write_text(f"{before}{entry}\n{step}", "utf-8")

    assert [problem for problem in checked(root).problems if problem.severity == "error"] == []


@pytest.mark.parametrize(
    ("code", "history", "hint"),
    [
        (
            "guard_reason",
            RUNNING + ROLLED_BACK + MONITORING + FIXING.replace("10:02", "10:40"),
            "add `reason: …` to this entry",
        ),
        (
            "guard_attestation",
            RUNNING + ASSESSED + ENDED + RESOLVED.replace(", attestation: quiet", ""),
            "add `attestation: …` (and `by:` the lead) to this entry",
        ),
        (
            "illegal_transition",
            RAISED + MONITORING,
            "add the missing transition before it: - {kind: status, at: 2026-11-20T10:20:00Z, by: ana, to: fixing}",
        ),
        (
            "illegal_transition",
            RAISED + RESOLVED.replace("to: resolved", "to: closed"),
            "add the missing transition before it: - {kind: status, at: 2026-11-20T10:30:00Z, by: ana, to: fixing} "
            "and - {kind: status, at: 2026-11-20T10:30:00Z, by: ana, to: resolved}",
        ),
        (
            "illegal_transition",
            RUNNING + FIXING.replace("fixing", "declined, reason: x").replace("10:02", "10:03") + MONITORING,
            "add the missing transition before it: - {kind: status, at: 2026-11-20T10:20:00Z, by: ana, to: …}",
        ),
    ],
)
def test_the_key_or_step_that_is_missing_is_named(tmp_path: Path, code: str, history: str, hint: str) -> None:
    found = checked(records(tmp_path, {HISTORY: history})).problems

    assert [problem.hint for problem in found if problem.code == code] == [hint]


def test_an_entry_that_a_command_wrote_keeps_the_hint_at_a_command(tmp_path: Path) -> None:
    step = HISTORY.replace("history", "20261120T102000.000Z-status")
    root = records(tmp_path, {HISTORY: RUNNING, step: MONITORING.removeprefix("- ")})

    (found,) = checked(root).problems
    assert (found.code, found.path) == ("guard_mitigation", step)
    assert "sevlog act -i " in (found.hint or "")
