"""sevlog redact: removes content from a file and nothing else; check accepts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import Repository
from sevlog.model.public.updates import REMOVED

LEAK = "Acme Industries, 12 Harbour Street, sees other people's orders"


def told(records: Repository, text: str = LEAK) -> Path:
    """An incident with a note that says too much; the note's file."""
    records.raised()
    records.does("note", text)
    return min(records.folder().glob("timeline/*-note.yaml"))


def attach(records: Repository, note: Path, *names: str) -> None:
    """Files of evidence, named by the note, committed."""
    folder = records.folder() / "evidence"
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("name,street\n", "utf-8")
    rows = "".join(f"  - file: evidence/{name}\n    label: The list of customers\n" for name in names)
    note.write_text(note.read_text("utf-8") + "evidence:\n" + rows, "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "evidence")


def test_the_content_goes_and_an_entry_says_so_in_one_commit(records: Repository) -> None:
    note = told(records)
    before, commits = note.read_text("utf-8"), len(records.commits())
    done = records.tells("redact", "note", "--reason", "it held an address")
    assert note.read_text("utf-8") == before.replace(f"text: {LEAK}", "text: (redacted)")
    assert len(records.commits()) == commits + 1
    assert len(records.committed()) == 2
    assert f"Redacted: {note.stem}" in records.trailers()
    assert "Acme" not in records.git("show", "--format=%B", "--no-patch")
    entry = min(records.folder().glob("timeline/*-redaction.yaml")).read_text("utf-8")
    assert f"of: {note.stem}\nreason: it held an address\n" in entry
    assert done["removed"] == [] and records.status() == ""


def test_check_takes_this_edit_and_the_state_is_what_it_was(records: Repository) -> None:
    note = told(records)
    before = records.tells("show", records.incident())
    records.does("redact", "note", "--reason", "an address")
    assert records.tells("check", "--base", "HEAD~1")["problems"] == []
    after = records.tells("show", records.incident())
    for key in ("status", "severity", "priority", "components", "roles", "milestones", "problems"):
        assert before[key] == after[key]
    row = next(row for row in after["timeline"] if row["id"] == note.stem)
    assert (row["text"], row["summary"]) == ("(redacted)", "(redacted)")
    assert row["redacted_by"].endswith("-redaction")
    assert "(redacted) [redacted]" in records.does("timeline")


def test_comments_layout_and_neighbours_in_a_list_stay_to_the_byte(records: Repository) -> None:
    incident = records.raised()
    path = records.folder() / "timeline" / "history.yaml"
    head = "# by hand, afterwards\n-   kind:   note   # the first\n    at: 2026-01-02T10:00:00+01:00\n    by:  'bo'\n"
    tail = "\n# and then\n- {kind: note, at: 2026-01-02T10:05:00Z, by: bo,\n   text: 'quiet'}   # trailing\n\n"
    path.write_text(f"{head}    text: >-   # said by phone\n      {LEAK}\n      and more\n{tail}", "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "history")
    done = records.sevlog("redact", "-i", incident, "20260102T090000Z-note", "--reason", "an address")
    assert done.code == 0
    assert path.read_text("utf-8") == f"{head}    text: (redacted)  # said by phone\n{tail}"
    assert "comments in" in done.err and "history.yaml stay" in done.err
    assert records.tells("check", "--base", "HEAD~1")["problems"] == []


def test_every_copy_of_an_entry_goes(records: Repository) -> None:
    note = told(records)
    (note.parent / "history.yaml").write_text("- " + note.read_text("utf-8").partition("\n")[2].replace("\n", "\n  "))
    records.git("add", "-A")
    records.git("commit", "-qm", "twice")
    records.does("redact", note.stem, "--reason", "an address")
    assert "Acme" not in "".join(p.read_text("utf-8") for p in note.parent.glob("*.yaml"))


def test_attached_files_go_unless_another_entry_names_them(records: Repository) -> None:
    note = told(records)
    attach(records, note, "list.csv", "graph.txt")
    records.does("observe", "the graph is flat")
    seen = min(records.folder().glob("timeline/*-observation.yaml"))
    seen.write_text(seen.read_text("utf-8") + "evidence: [{file: evidence/graph.txt}]\n", "utf-8")
    records.git("commit", "-qam", "graph")
    done = records.sevlog("redact", note.stem, "--reason", "customers")
    assert done.code == 0
    assert sorted(p.name for p in (records.folder() / "evidence").iterdir()) == ["graph.txt"]
    assert "evidence" not in note.read_text("utf-8")
    assert "evidence/graph.txt stays, because" in done.err
    assert records.tells("check", "--base", "HEAD~1")["problems"] == []


def test_a_file_that_no_entry_names_can_be_asked_for(records: Repository) -> None:
    note = told(records, "see evidence/export.csv for the customers of Acme Industries")
    (records.folder() / "evidence").mkdir()
    (records.folder() / "evidence" / "export.csv").write_text("x\n", "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "export")
    assert records.tells("redact", note.stem, "--reason", "x", "--evidence", "export.csv")["removed"]
    assert not (records.folder() / "evidence").exists()


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, ("nope", "--reason", "x"), "has no entry with the id `nope`"),
        (2, ("note",), "Missing option '--reason'"),
        (2, ("summary", "--reason", "x"), "is not a timeline entry"),
        (2, ("postmortem.md", "--reason", "x"), "postmortem.md and commit it"),
        (3, ("raised", "--reason", "x"), "has no content"),
        (2, ("note", "--key", "text", "--reason", "x"), "is not a name that can be removed"),
        (4, ("note", "--evidence", "nope.csv", "--reason", "x"), "has no file evidence/nope.csv"),
        (4, ("note", "--evidence", "../incident.yaml", "--reason", "x"), "has no file evidence/../incident.yaml"),
    ],
)
def test_what_cannot_be_redacted_is_refused_and_nothing_is_written(
    records: Repository, code: int, words: tuple[str, ...], said: str
) -> None:
    told(records)
    assert said in records.refuses(code, "redact", *words)


def test_what_was_redacted_is_not_redacted_again_and_a_redaction_is_not_taken_back(records: Repository) -> None:
    told(records)
    records.does("redact", "note", "--reason", "x")
    assert "was already redacted, by" in records.refuses(3, "redact", "Z-note", "--reason", "x")
    assert "the content it removed no longer exists" in records.refuses(3, "retract", "redaction", "--reason", "x")


def test_a_file_that_another_entry_names_is_not_taken_away_on_request(records: Repository) -> None:
    note = told(records)
    attach(records, note, "list.csv")
    records.does("observe", LEAK)
    said = records.refuses(3, "redact", "observation", "--evidence", "list.csv", "--reason", "x")
    assert "refers to evidence/list.csv" in said and "redact that entry too" in said
    assert records.sevlog("redact", "observation", "Z-note", "--reason", "x").code == 0
    assert not (records.folder() / "evidence").exists()


def test_changes_of_the_users_own_in_the_file_are_in_the_way(records: Repository) -> None:
    note = told(records)
    note.write_text(note.read_text("utf-8") + "# mine\n", "utf-8")
    assert "has uncommitted changes" in records.refuses(5, "redact", "note", "--reason", "x")


def test_names_stay_until_they_are_named(records: Repository) -> None:
    incident = records.raised()
    path = records.folder() / "timeline" / "20260102T090000Z-alert.yaml"
    path.write_text(
        "kind: alert\nat: 2026-01-02T09:00:00Z\nby: bo\nfingerprint: acme-industries\nsource: grafana\n"
        "state: firing\nurl: https://graphs.example/acme\n"
    )
    records.git("add", "-A")
    records.git("commit", "-qm", "alert")
    done = records.sevlog("redact", "-i", incident, "alert", "--reason", "x")
    assert done.code == 0 and "fingerprint, source stay, because" in done.err and "--key fingerprint" in done.err
    assert "fingerprint: acme" in path.read_text("utf-8") and "url" not in path.read_text("utf-8")
    records.does("redact", "alert", "--key", "fingerprint", "--reason", "x")
    assert "fingerprint: (redacted)\nsource: grafana\n" in path.read_text("utf-8")
    assert records.tells("check", "--base", "HEAD~2")["problems"] == []


def test_it_says_where_the_same_words_still_stand(records: Repository) -> None:
    note = told(records)
    attach(records, note, "list.csv")
    (records.folder() / "postmortem.md").write_text(f"---\nstatus: draft\n---\n\n{LEAK}.\nSee list.csv\n", "utf-8")
    records.does("correct", "note", f"text={LEAK}, they say")
    said = records.sevlog("redact", note.stem, "--reason", "x", "--dry-run").err
    assert "postmortem.md:5 too" in said and "postmortem.md:6 too" in said
    assert "-correction corrects" in said
    assert "revoke it first" in said and "for the purge, see sevlog redact --help" in said


def test_a_correction_goes_by_the_kind_of_what_it_corrects(records: Repository) -> None:
    told(records)
    records.does("severity", "SEV1", "--reason", "more of them")
    records.does("correct", "severity", "to=SEV3", f"reason={LEAK}")
    records.does("redact", "correction", "--reason", "x")
    path = min(records.folder().glob("timeline/*-correction.yaml"))
    assert "set:\n  to: SEV3\n  reason: (redacted)\n" in path.read_text("utf-8")
    assert records.tells("show", records.incident())["severity"] == "SEV3"


def test_without_a_commit_the_files_are_as_they_would_be(records: Repository) -> None:
    note = told(records)
    attach(records, note, "list.csv")
    before = len(records.commits())
    shown = records.tells("redact", note.stem, "--reason", "x", "--dry-run")
    assert shown["removed"] and LEAK in note.read_text("utf-8")
    assert "list.csv: removed" in records.does("redact", note.stem, "--reason", "x", "--dry-run")
    records.does("redact", note.stem, "--reason", "x", "--no-commit")
    assert len(records.commits()) == before
    assert "(redacted)" in note.read_text("utf-8") and not sorted(records.folder().glob("evidence/*"))


def test_the_public_site_does_not_have_it_any_more(records: Repository, tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    records.raised()
    records.does("update", LEAK, "--phase", "investigating", "--title", "Some orders show the wrong address")
    records.does("redact", "update", "--reason", "secret reason")
    records.does("site", "build", "--out", str(tmp_path / "site"))
    built = [p.read_bytes() for p in sorted((tmp_path / "site").rglob("*")) if p.is_file()]
    assert not any(b"Acme" in data or b"secret reason" in data for data in built)
    assert sum(REMOVED.encode() in data for data in built) >= 3, "pages, feeds and the API"


def test_its_help_says_how_to_purge_what_git_still_has(records: Repository) -> None:
    said = records.does("redact", "--help")
    for word in (
        "filter-repo",
        "--replace-message",
        "pull requests",
        "forks",
        "artifacts",
        "search engines",
        "Invalidate it first",
        "docs/redaction.md",
    ):
        assert word in said
