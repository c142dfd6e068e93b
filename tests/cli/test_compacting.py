"""sevlog compact: many files become one list, and published files do not change by a byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.clocks import Clock
from fixtures.repositories import Repository
from sevlog.services.common.documents import as_json
from sevlog.services.views.incidents import timeline
from sevlog.services.workspace.workspace import Workspace


def closed(records: Repository) -> str:
    """An incident that went all the way, with an update to the public and what people wrote by hand; its id."""
    incident = records.fixing()
    records.does("update", "We *see* errors.\n\n- one\n- two", "--phase", "identified", "--title", "Orders fail")
    records.does("note", "A note with `# no comment`\nand: a second line")
    by_hand = records.folder() / "timeline" / "history.yaml"
    by_hand.write_text(
        "# from the chat\n  # of the night\n- kind: note   # said by phone\n  at: 2026-01-05T10:00:00+01:00\n"
        "  by: 'bo'\n  text: >-\n    folded\n    words\n\n# the second\n"
        '- {kind: note, at: 2026-01-05T10:05:00Z, by: bo, text: "in\\tbrackets"}\n',
        "utf-8",
    )
    records.git("add", "-A")
    records.git("commit", "-qm", "by hand")
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "some", "--confirmed")
    records.does(
        "resolve", "--attestation", "No error for an hour", "--ended-at", "now", "--final-update", "It is over."
    )
    records.does("close", "-i", incident, "--override", "postmortem", "--reason", "a test")
    return incident


@pytest.fixture
def incident(records: Repository) -> str:
    return closed(records)


def files(records: Repository) -> list[Path]:
    return sorted((records.folder() / "timeline").iterdir())


def read(records: Repository, incident: str) -> tuple[str, str]:
    """Everything that commands show of it, from the fold; and everything a publisher makes of it."""
    workspace = Workspace(records.root, clock=Clock())
    shown = json.loads(records.does("show", incident, "--json"))
    shown.pop("time_in_severity")
    return as_json(timeline(workspace, incident)), json.dumps(shown, sort_keys=True)


def site(records: Repository, out: Path, as_of: str) -> dict[str, bytes]:
    records.does("site", "build", "--as-of", as_of, "--out", str(out))
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_fold_ids_and_words_are_the_same_before_and_after(records: Repository, incident: str) -> None:
    before, commits, number = read(records, incident), len(records.commits()), len(files(records))
    done = records.tells("compact", "-i", incident)
    assert read(records, incident) == before
    (path,) = files(records)
    (row,) = done["compacted"]
    assert (row["before"], row["files"]) == (number, [path.relative_to(records.root).as_posix()])
    assert len(records.commits()) == commits + 1 and records.status() == ""
    assert f"Compacted: {incident}" in records.trailers()
    assert records.tells("check")["problems"] == [] == records.tells("check", "--base", "HEAD~1")["problems"]


def test_what_people_wrote_is_there_to_the_byte(records: Repository, incident: str) -> None:
    records.does("compact", "-i", incident)
    text = files(records)[0].read_text("utf-8")
    assert text.startswith(
        "# yaml-language-server: $schema=../../../../schemas/timeline.schema.json\n# from the chat\n"
    )
    assert "# of the night\n- kind: note   # said by phone\n  at: 2026-01-05T10:00:00+01:00\n  by: 'bo'\n" in text
    assert "  text: >-\n    folded\n    words\n# the second\n- {kind: note, at: 2026-01-05T10:05:00Z, by: bo, " in text
    assert "  text: |-\n    A note with `# no comment`\n    and: a second line\n" in text
    assert text.count("$schema") == 1


def test_the_site_with_its_feeds_and_documents_is_the_same_to_the_byte(
    records: Repository, incident: str, tmp_path: Path
) -> None:
    pytest.importorskip("mkdocs")
    as_of = records.clock().isoformat()
    before = site(records, tmp_path / "before", as_of)
    assert any(path.startswith("incidents/") for path in before)
    records.does("compact", "-i", incident)
    assert site(records, tmp_path / "after", as_of) == before


def test_a_second_time_there_is_nothing_to_do(records: Repository, incident: str) -> None:
    records.does("compact", "-i", incident)
    commits = len(records.commits())
    assert "already one file" in records.does("compact", "-i", incident)
    assert "nothing to compact" in records.does("compact", "--all-closed")
    assert len(records.commits()) == commits


def test_entries_that_come_later_are_taken_in_the_next_time(records: Repository, incident: str) -> None:
    records.does("compact", "-i", incident)
    records.does("note", "-i", incident, "one more")
    before = read(records, incident)
    assert len(files(records)) == 2
    records.does("compact", "-i", incident)
    assert len(files(records)) == 1 and read(records, incident) == before
    assert records.tells("check", "--base", "HEAD~1")["problems"] == []


def test_an_incident_at_work_is_refused(records: Repository) -> None:
    live = records.raised()
    assert "`raised`" in records.refuses(3, "compact", "-i", live)
    assert "nothing to compact" in records.does("compact", "--all-closed")


def test_a_file_that_is_not_in_order_is_refused_and_does_not_stop_the_others(
    records: Repository, incident: str
) -> None:
    other = records.raised(title="Search is slow")
    records.does("decline", "-i", other, "--reason", "false alarm")
    broken = records.root / "incidents" / incident[:4] / incident / "timeline" / "20260101T000000Z-note.yaml"
    broken.write_text("kind: note\nat: 2026-01-01T00:00:00Z\nby: bo\ntxt: x\n", "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "broken")
    said = records.refuses(6, "compact", "-i", incident)
    assert "note.yaml:4:1: " in said and "all files must be valid" in said
    done = records.tells("compact", "--all-closed")
    assert [row["id"] for row in done["compacted"]] == [other]
    assert [row["id"] for row in done["left"]] == [incident]


def test_how_long_ago_it_must_have_been_closed(records: Repository, incident: str) -> None:
    assert "which is too recent" in records.refuses(3, "compact", "-i", incident, "--older-than", "90d")
    assert "nothing to compact" in records.does("compact", "--all-closed", "--older-than", "1h")
    assert "not a duration" in records.refuses(2, "compact", "--all-closed", "--older-than", "soon")


def test_it_must_be_said_what_to_compact(records: Repository, incident: str) -> None:
    assert "name one incident, or use --all-closed" in records.refuses(2, "compact")
    assert "name one incident, or use --all-closed" in records.refuses(2, "compact", "--all-closed", "-i", incident)


def test_a_dry_run_and_no_commit(records: Repository, incident: str) -> None:
    before, commits = [path.name for path in files(records)], len(records.commits())
    assert records.tells("compact", "-i", incident, "--dry-run")["dry_run"]
    assert [path.name for path in files(records)] == before
    records.does("compact", "-i", incident, "--no-commit")
    assert len(files(records)) == 1 and len(records.commits()) == commits


def test_a_timeline_too_large_for_one_file_becomes_several(records: Repository, incident: str) -> None:
    folder = records.folder() / "timeline"
    for number in range(5):
        words = f"line {number} " * 40_000
        (folder / f"2026010{number + 1}T000000Z-note.yaml").write_text(
            f"kind: note\nat: 2026-01-0{number + 1}T00:00:00Z\nby: bo\ntext: {words.strip()}\n", "utf-8"
        )
    records.git("add", "-A")
    records.git("commit", "-qm", "long")
    before = read(records, incident)
    (row,) = records.tells("compact", "-i", incident)["compacted"]
    assert len(row["files"]) > 1 and all(Path(records.root / name).stat().st_size < 2**20 for name in row["files"])
    assert read(records, incident) == before
    assert ": already one file" in records.does("compact", "-i", incident)


def test_a_branch_that_changed_it_too_is_told(records: Repository, incident: str) -> None:
    records.git("checkout", "-q", "-b", "side")
    records.does("note", "-i", incident, "on the side", "--any-branch")
    records.git("checkout", "-q", "main")
    done = records.tells("compact", "-i", incident)
    assert done["warnings"] == [
        f"side changed {incident} and is not merged here; its new entries will become separate files"
    ]
    records.git("merge", "-q", "-m", "merge", "side")
    assert len(files(records)) == 2
    assert records.tells("check")["problems"] == []
