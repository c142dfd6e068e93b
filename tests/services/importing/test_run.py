"""Importing: a whole history in one commit, a second run that adds nothing, nothing lost and nothing in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.importing import LIVE, OVER, PLANNED, T, again, git, one, run, started
from fixtures.statuspages import incident, update
from sevlog.errors import GitTrouble, InvalidRecord
from sevlog.model.timeline.entries import Note, StatusChanged, Update, entry_id
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.records import records
from sevlog.stores.yaml import io as yaml_io


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return started(tmp_path)


def test_an_import_is_one_commit_of_exactly_its_files_and_leaves_nothing_behind(workspace: Workspace) -> None:
    (workspace.root / "mine.txt").write_text("unsaved", "utf-8")
    git(workspace, "add", "mine.txt")
    before = git(workspace, "rev-parse", "HEAD")

    result = run(workspace, OVER, LIVE, PLANNED)

    assert (result.imported, result.updated, result.unchanged) == (3, 0, 0)
    assert git(workspace, "rev-list", "--count", f"{before}..HEAD") == "1"
    assert git(workspace, "rev-parse", "HEAD") == result.commit
    assert git(workspace, "status", "--porcelain") == "A  mine.txt"
    assert git(workspace, "log", "-1", "--format=%s") == "import(statuspage): 3 incidents of Parcel Post"
    names = git(workspace, "show", "--format=", "--name-only", "HEAD").splitlines()
    assert len(names) == result.files == 7
    assert "incidents/2026/2026-05-02-labels-are-late/timeline/history.yaml" in names


def test_what_was_imported_reads_back_and_folds_without_a_problem(workspace: Workspace) -> None:
    run(workspace, OVER, LIVE, PLANNED)

    readings = list(records.read_all(workspace.root))

    assert [r.id for r in readings] == ["2026-05-02-labels-are-late", "2026-05-02-move", "2026-05-02-tracking-is-slow"]
    assert [p for r in readings for p in r.problems] == []
    states = [again(workspace).state(r.record) for r in readings if r.record]
    assert [p for s in states for p in s.problems] == []
    assert [s.status for s in states] == ["closed", "scheduled", "fixing"]


def test_a_second_run_of_the_same_source_adds_nothing(workspace: Workspace) -> None:
    run(workspace, {**OVER, "impact": "odd"}, LIVE, PLANNED, {"id": "inc1dent0099", "name": "no updates"})
    before = git(workspace, "rev-parse", "HEAD")

    result = run(workspace, {**OVER, "impact": "odd"}, LIVE, PLANNED, {"id": "inc1dent0099", "name": "no updates"})

    assert (result.imported, result.updated, result.unchanged, result.files) == (0, 0, 3, 0)
    assert result.repaired == ()
    assert [q.id for q in result.quarantined] == ["inc1dent0099"]
    assert result.commit is None
    assert git(workspace, "rev-parse", "HEAD") == before
    assert git(workspace, "status", "--porcelain") == ""


def test_two_incidents_of_one_name_and_day_have_folders_of_their_own(workspace: Workspace) -> None:
    twin = {**OVER, "id": "over00000002"}

    result = run(workspace, OVER, twin)

    assert [c.id for c in result.incidents] == ["2026-05-02-labels-are-late", "2026-05-02-labels-are-late-2"]


def test_repairs_and_quarantine_stand_in_a_report_for_people_and_programs(workspace: Workspace) -> None:
    odd, bad = {**OVER, "impact": "odd"}, {"id": "inc1dent0099", "name": "no `updates`\nat all"}

    result = run(workspace, odd, bad)

    assert result.report == "imports/2026-06-01-statuspage.md"
    assert [(r.id, r.incident) for r in result.repaired] == [("over00000001", "2026-05-02-labels-are-late")]
    text = (workspace.root / result.report).read_text("utf-8")
    assert (
        "[2026-05-02-labels-are-late](../incidents/2026/2026-05-02-labels-are-late/incident.yaml): its impact" in text
    )
    kept = json.loads((workspace.root / "imports/2026-06-01-statuspage.json").read_text("utf-8"))
    assert kept["quarantined"] == [{"id": "inc1dent0099", "reason": "it has no updates", "raw": bad}]
    record, _ = one(workspace, "labels")
    assert [e.text for e in record.entries if isinstance(e, Note)] == [f"Import repair: {result.repaired[0].what}."]
    more = run(workspace, odd, bad, {"id": "inc1dent0098"})
    assert more.report == "imports/2026-06-01-statuspage-2.md"
    assert [
        q["id"]
        for q in json.loads((workspace.root / "imports/2026-06-01-statuspage-2.json").read_text())["quarantined"]
    ] == ["inc1dent0098"]


def test_an_incident_too_large_for_a_record_is_kept_in_quarantine(workspace: Workspace) -> None:
    huge = incident("huge00000001", "Long", update("hu1", "investigating", T[1], "x" * (yaml_io.MAX_BYTES + 1)))

    result = run(workspace, huge, LIVE)

    assert (result.imported, [q.id for q in result.quarantined]) == (1, ["huge00000001"])
    assert "the limit is 1,048,576 (1 MiB)" in result.quarantined[0].reason


def test_no_commit_writes_and_a_dry_run_does_not(workspace: Workspace) -> None:
    before = git(workspace, "rev-parse", "HEAD")

    dry = run(workspace, OVER, dry_run=True)
    assert (dry.imported, dry.dry_run, git(workspace, "status", "--porcelain")) == (1, True, "")

    run(workspace, OVER, commit=False)
    assert git(workspace, "rev-parse", "HEAD") == before
    assert (workspace.root / "incidents/2026/2026-05-02-labels-are-late/incident.yaml").exists()


def test_a_commit_that_is_refused_leaves_the_tree_as_it_was(workspace: Workspace) -> None:
    hook = workspace.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no; exit 1\n", "utf-8")
    hook.chmod(0o755)

    with pytest.raises(GitTrouble):
        run(workspace, OVER, LIVE)

    assert git(workspace, "status", "--porcelain") == ""
    assert not (workspace.root / "incidents/2026").exists()


def test_a_record_that_cannot_be_read_stops_the_import_for_it_may_be_one_of_them(workspace: Workspace) -> None:
    run(workspace, OVER)
    path = workspace.root / "incidents/2026/2026-05-02-labels-are-late/incident.yaml"
    path.write_text("title: [", "utf-8")

    with pytest.raises(InvalidRecord, match="may already have been imported"):
        run(workspace, OVER)


def test_texts_come_back_to_the_last_character(workspace: Workspace) -> None:
    texts = [
        "a\r\nb",
        " lead",
        "trail \n\n",
        "tab\there",
        "- not: a list\n# nor a comment",
        "emoji 🚢 \u2028",
        "---\nx: y",
        "\\n 'q' \"d\"",
    ]
    row = incident(
        "text00000001", "Texts", *(update(f"tx{n}", "investigating", T[n], text) for n, text in enumerate(texts))
    )

    run(workspace, row)

    record, _ = one(workspace, "texts")
    assert [e.text for e in record.entries if isinstance(e, Update)] == texts
    assert run(workspace, row).files == 0


def test_entries_of_one_instant_have_ids_of_their_own(workspace: Workspace) -> None:
    run(workspace, incident("over00000002", "At once", update("on1", "resolved", T[1])))

    record, state = one(workspace, "at-once")
    names = [entry_id(e) for e in record.entries]
    assert len(set(names)) == len(names)
    assert [e.to for e in record.entries if isinstance(e, StatusChanged)] == ["fixing", "resolved", "closed"]
    assert state.problems == ()
