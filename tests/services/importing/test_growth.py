"""A source that has grown since it was imported: new entries, corrections, a newer card; people keep their word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.importing import LIVE, OVER, PLANNED, T, append, git, one, run, started
from fixtures.statuspages import affected, incident, update
from sevlog.model.timeline.entries import Correction, SeverityChanged
from sevlog.services.workspace.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return started(tmp_path)


def test_a_source_that_has_grown_adds_a_file_and_rewrites_no_entry(workspace: Workspace) -> None:
    run(workspace, LIVE)
    old = (workspace.root / "incidents/2026/2026-05-02-tracking-is-slow/timeline/history.yaml").read_bytes()
    later = incident(
        "live00000001",
        "Tracking is slow",
        *LIVE["incident_updates"],
        update(
            "li2",
            "monitoring",
            T[5],
            affected_components=affected(("c0mptracking", "operational", "degraded_performance")),
        ),
        update("li3", "resolved", T[6]),
        impact="minor",
    )

    result = run(workspace, later, OVER)

    assert (result.imported, result.updated, result.unchanged) == (1, 1, 0)
    folder = workspace.root / "incidents/2026/2026-05-02-tracking-is-slow/timeline"
    assert sorted(p.name for p in folder.iterdir()) == ["history-2.yaml", "history.yaml"]
    assert (folder / "history.yaml").read_bytes() == old
    record, state = one(workspace, "tracking")
    assert state.problems == ()
    assert [s.status for s in state.status_steps] == ["raised", "fixing", "monitoring", "resolved", "closed"]
    assert [u.id for u in state.updates] == ["li1", "li2", "li3"]
    assert record.card.origin is not None
    assert record.card.origin.updated_at == datetime(2026, 5, 2, 6, 0, 0, 6000, UTC)
    assert run(workspace, later, OVER).files == 0


def test_an_edited_text_is_a_correction(workspace: Workspace) -> None:
    run(workspace, LIVE)
    edited = incident(
        "live00000001",
        "Tracking is slow",
        update("li1", "identified", T[3], "Truly slow.", updated_at=T[4]),
        updated_at=T[4],
    )

    run(workspace, edited)

    record, state = one(workspace, "tracking")
    corrections = [e for e in record.entries if isinstance(e, Correction)]
    assert [(c.of, c.set) for c in corrections] == [("li1", {"text": "Truly slow.", "phase": "identified"})]
    assert [(u.entry.text, u.entry.phase) for u in state.updates] == [("Truly slow.", "identified")]
    assert state.problems == ()
    assert run(workspace, edited).files == 0


def test_what_a_person_corrected_here_stays_until_the_source_says_something_new(workspace: Workspace) -> None:
    run(workspace, LIVE)
    append(
        workspace,
        "2026-05-02-tracking-is-slow",
        "kind: correction\nat: 2026-05-03T10:00:00Z\nby: ana\nof: li1\nset:\n  text: Our better words.\n",
    )

    assert run(workspace, LIVE).files == 0
    assert [u.entry.text for u in one(workspace, "tracking")[1].updates] == ["Our better words."]


def test_a_status_that_a_person_set_here_is_left_to_people(workspace: Workspace) -> None:
    run(workspace, LIVE)
    append(
        workspace,
        "2026-05-02-tracking-is-slow",
        "kind: status\nat: 2026-05-02T04:00:00Z\nby: ana\nto: resolved\nattestation: Seen.\n",
    )
    later = incident("live00000001", "Tracking is slow", *LIVE["incident_updates"], update("li2", "monitoring", T[5]))

    run(workspace, later)

    _, state = one(workspace, "tracking")
    assert state.status == "resolved"
    assert [u.id for u in state.updates] == ["li1", "li2"]


def test_an_incident_that_its_source_opened_again_is_live_again(workspace: Workspace) -> None:
    run(workspace, OVER)
    later = incident(
        "over00000001",
        "Labels are late",
        *OVER["incident_updates"][::-1],
        update("ov3", "investigating", T[5]),
        impact="critical",
    )

    run(workspace, later)

    _, state = one(workspace, "labels")
    assert state.status == "fixing"
    assert state.problems == ()
    assert run(workspace, later).files == 0
    over = incident(
        "over00000001", "Labels are late", *later["incident_updates"][::-1], update("ov4", "resolved", T[7])
    )
    run(workspace, {**over, "impact": "critical"})
    assert one(workspace, "labels")[1].status == "closed"


def test_an_older_capture_changes_nothing_that_is_known(workspace: Workspace) -> None:
    newer = {**OVER, "name": "Labels were late", "updated_at": T[9]}
    run(workspace, newer)

    result = run(workspace, {**OVER, "impact": "minor"})

    assert (result.unchanged, result.files) == (1, 0)


def test_a_worse_impact_is_a_new_severity_and_a_new_name_a_new_title(workspace: Workspace) -> None:
    run(workspace, LIVE)
    worse = {**LIVE, "impact": "critical", "name": "Tracking is down", "updated_at": T[8]}

    run(workspace, worse)

    record, state = one(workspace, "tracking")
    assert (state.severity, state.priority) == ("SEV1", "P1")
    assert [e.to for e in record.entries if isinstance(e, SeverityChanged)] == ["SEV1"]
    assert (record.card.title, record.card.public_title) == ("Tracking is down", "Tracking is down")
    assert run(workspace, worse).files == 0


def test_a_title_of_ones_own_and_comments_in_the_card_stay(workspace: Workspace) -> None:
    run(workspace, LIVE)
    path = workspace.root / "incidents/2026/2026-05-02-tracking-is-slow/incident.yaml"
    path.write_text(
        path.read_text("utf-8").replace("title: Tracking is slow\nkind", "title: Pool is full # ours\nkind"), "utf-8"
    )
    git(workspace, "commit", "-qam", "our title")

    run(workspace, {**LIVE, "name": "Tracking is down", "updated_at": T[8]})

    text = path.read_text("utf-8")
    assert "title: Pool is full # ours\n" in text
    assert "public_title: Tracking is slow\n" in text
    assert "updated_at: 2026-05-02T08:00:00.008Z\n" in text


def test_an_update_that_the_source_dropped_stays_and_is_told(workspace: Workspace) -> None:
    run(workspace, OVER)
    fewer = incident("over00000001", "Labels are late", OVER["incident_updates"][0], updated_at=T[9], impact="critical")

    result = run(workspace, fewer)

    assert result.warnings == ("2026-05-02-labels-are-late: the source no longer has update ov1; it stays here",)
    assert [u.id for u in one(workspace, "labels")[1].updates] == ["ov1", "ov2"]


def test_a_moved_window_is_followed(workspace: Workspace) -> None:
    run(workspace, PLANNED)

    run(workspace, {**PLANNED, "scheduled_for": T[12], "scheduled_until": T[14], "updated_at": T[5]})

    card = one(workspace, "move")[0].card
    assert card.scheduled is not None
    assert (card.scheduled.start.hour, card.scheduled.end.hour) == (12, 14)


def test_a_record_with_a_mistake_in_its_timeline_is_left_alone(workspace: Workspace) -> None:
    run(workspace, LIVE)
    append(workspace, "2026-05-02-tracking-is-slow", "kind: nonsense\n")
    later = incident("live00000001", "Tracking is slow", *LIVE["incident_updates"], update("li2", "resolved", T[5]))

    result = run(workspace, later)

    assert (result.unchanged, result.files) == (1, 0)
    assert "has errors and was not changed" in result.warnings[0]
