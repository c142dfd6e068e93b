"""What a check at night reports although nobody changed anything: postmortems, reviews, action items, problems."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from fixtures.checkable import FOLDER, HISTORY, ID, RAISED, checked, records

RESOLVED = RAISED.replace("SEV3", "SEV1") + "".join(
    f"- {{kind: status, at: 2026-11-20T1{n}:00:00Z, by: ana, to: {to}}}\n"
    for n, to in enumerate(("fixing", "monitoring", "resolved"), 1)
)
SUBMITTED = "- {kind: note, at: 2026-11-21T09:00:00Z, by: ana, text: 'Postmortem submitted for review to bo.'}\n"
IN_REVIEW = "---\nstatus: in_review\nauthors: [ana]\nreviewers: [bo]\n---\n"
ITEM = "- {id: A1, title: Alert, status: accepted, owner: ana, due: 2026-12-01}\n"
PROBLEM = (
    "---\nschema: 1\ntitle: Cards are refused\nstatus: open\nopened_on: 2026-10-01\ndue: 2027-01-01\n"
    f"incidents: [{ID}]\n---\n"
)
OVER = {HISTORY: RESOLVED + SUBMITTED, f"{FOLDER}/postmortem.md": IN_REVIEW}
CODES = {"overdue_postmortem", "waiting_review", "overdue_action", "problem_recurred"}


def found(root: Path, day: int, month: int = 11) -> list[tuple[str, str, str]]:
    now = datetime(2026, month, day, 12, tzinfo=UTC)
    return [(p.code, p.severity, p.message) for p in checked(root, now=now).problems if p.code in CODES]


def test_one_run_reports_all_that_is_overdue(tmp_path: Path) -> None:
    root = records(tmp_path, OVER | {f"{FOLDER}/actions.yaml": ITEM, "problems/cards.md": PROBLEM})

    assert {(code, severity) for code, severity, _ in found(root, 24, 12)} == {
        ("overdue_postmortem", "warning"),
        ("overdue_action", "warning"),
        ("problem_recurred", "error"),
    }


def test_a_review_that_waits_is_reported_after_three_days_until_it_is_overdue(tmp_path: Path) -> None:
    root = records(
        tmp_path, OVER | {f"{FOLDER}/postmortem.md": IN_REVIEW.replace("---\n", "---\ndue: 2026-12-20\n", 1)}
    )

    assert found(root, 23) == []
    waits = "0 of 1 approvals, waiting for bo"
    assert found(root, 25) == [("waiting_review", "warning", f"the postmortem is in review since 2026-11-21: {waits}")]
    assert found(root, 21, 12) == [
        ("overdue_postmortem", "warning", f"the postmortem was due on 2026-12-20: still in review ({waits})")
    ]


def test_a_review_that_is_due_soon_is_reported_also_without_its_submission(tmp_path: Path) -> None:
    early = IN_REVIEW.replace("---\n", "---\ndue: 2026-11-25\n", 1)
    root = records(tmp_path, OVER | {HISTORY: RESOLVED, f"{FOLDER}/postmortem.md": early})

    assert [code for code, _, _ in found(root, 23)] == []
    assert [code for code, _, _ in found(root, 24)] == ["waiting_review"]
    approved = early.replace("in_review", "approved\napproved_by: bo")
    (root / FOLDER / "postmortem.md").write_text(approved, "utf-8")
    assert found(root, 24) == []


def test_a_live_incident_without_entries_is_reported_after_a_week_or_as_the_policy_says(tmp_path: Path) -> None:
    def reported(root: Path, day: int) -> list[str]:
        now = datetime(2026, 11, day, 12, tzinfo=UTC)
        return [p.message for p in checked(root, now=now).problems if p.code == "stale_incident"]

    root = records(tmp_path, {HISTORY: RAISED})
    assert reported(root, 27) == ["it is raised, and has no entry since 2026-11-20"]
    assert reported(root, 26) == []

    (root / HISTORY).write_text(RESOLVED, "utf-8")
    assert reported(root, 27) == []

    (root / HISTORY).write_text(RAISED, "utf-8")
    settings = root / "sevlog.yaml"
    settings.write_text(settings.read_text("utf-8") + "policies: {stale_after: 3d}\n", "utf-8")
    assert (reported(root, 22), len(reported(root, 24))) == ([], 1)
