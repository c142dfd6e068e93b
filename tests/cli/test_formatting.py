"""sevlog fmt: formats record files without an edit."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository

UNTIDY = 'text: "one\\ntwo"\nby: bo\n# said by phone\nat: 2026-01-02T10:00:00+01:00\nkind: note\n'
TIDY = "kind: note\n# said by phone\nat: 2026-01-02T09:00:00Z\nby: bo\ntext: |-\n  one\n  two\n"


@pytest.fixture
def untidy(records: Repository) -> Repository:
    records.raised()
    (records.folder() / "timeline" / "20260102T090000Z-note.yaml").write_text(UNTIDY, "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "by hand")
    return records


def test_it_brings_files_into_form_and_commits_nothing(untidy: Repository) -> None:
    before = untidy.commits()
    path = untidy.folder() / "timeline" / "20260102T090000Z-note.yaml"
    assert f"changed: {path.relative_to(untidy.root)}" in untidy.does("fmt")
    assert path.read_text("utf-8") == TIDY
    assert untidy.commits() == before
    assert untidy.tells("check", "--base", "HEAD")["problems"] == []
    assert untidy.tells("fmt")["changed"] == []


def test_what_commands_write_is_in_form(records: Repository) -> None:
    records.resolved()
    found = records.tells("fmt", "--check")
    assert (found["changed"], found["left"]) == ([], []) and found["looked_at"] > 8


def test_a_check_changes_nothing_and_says_so_with_its_exit_code(untidy: Repository) -> None:
    before = untidy.snapshot()
    done = untidy.sevlog("fmt", "--check")
    assert done.code == 1 and "would change: incidents/" in done.out and done.out.endswith(" 1 would change\n")
    assert untidy.snapshot() == before
    untidy.does("fmt", "--dry-run")
    assert untidy.snapshot() == before


def test_a_file_with_errors_is_left_as_it_is(untidy: Repository) -> None:
    path = untidy.folder() / "timeline" / "20260102T090000Z-note.yaml"
    for broken in (UNTIDY + "txt: x\n", UNTIDY + "kind: note\n", UNTIDY.replace("by: bo", "by: nobody"), "a: [\n"):
        path.write_text(broken, "utf-8")
        done = untidy.sevlog("fmt")
        assert done.code == 0 and "was skipped: it has errors" in done.err
        assert path.read_text("utf-8") == broken


def test_only_what_is_named(untidy: Repository) -> None:
    (untidy.folder() / "incident.yaml").write_text(
        "title: T\nschema: 1\nsummary: x\nkind: incident\ndetection: {source: monitoring}\n", "utf-8"
    )
    path = str((untidy.folder() / "incident.yaml").relative_to(untidy.root))
    assert untidy.tells("fmt", path)["changed"] == [path]
    assert len(untidy.tells("fmt", str(untidy.folder() / "timeline"))["changed"]) == 1
    assert "nowhere does not exist" in untidy.refuses(4, "fmt", "nowhere")
    assert "xxx does not exist" in untidy.refuses(4, "fmt", "x" * 5000)


def test_a_list_of_actions_without_any_is_left_as_it_is(untidy: Repository) -> None:
    """Nothing but a comment, and no line end: it says nothing, before and after."""
    (untidy.folder() / "actions.yaml").write_text("# none yet")

    untidy.does("fmt")

    assert (untidy.folder() / "actions.yaml").read_text().rstrip() == "# none yet"


def test_front_matter_is_formed_and_the_words_below_are_not_touched(untidy: Repository) -> None:
    path = untidy.folder() / "postmortem.md"
    path.write_text("---\nowner: ana\nmeeting_at: 2026-01-03T10:00:00+01:00 # c\nstatus: draft\n---\n\n# A  \n\n- b\n")
    untidy.does("fmt")
    assert path.read_text() == (
        "---\nstatus: draft\nowner: ana\nmeeting_at: 2026-01-03T09:00:00Z # c\n---\n\n# A  \n\n- b\n"
    )


def test_what_commands_write_is_in_form_already(records: Repository) -> None:
    records.raised("--ref", "ALERT: 17", "--tag", "a", "--started-at", "-20m", title="Cards: 50% # fail")
    records.does("ack", "--channel", "chat=https://chat.example/1")
    for text in ("yes", "123", "a: b", "# x", "line\n\n- list\n\ttab", "'quoted'", "emoji 🔥", "x" * 200):
        records.does("note", "--", text)
    records.does("assess", "--customer-impact", "x: y", "--affected", "40%", "--factor", "security", "--scope", "some")
    records.does("update", "Hi: there", "--title", "Cards: fail", "--component", "checkout=partial")
    records.does(
        "correct", records.tells("timeline", "cards")["timeline"][0]["id"], "severity=SEV1", "--reason", "a: b"
    )
    records.does("resolve", "--attestation", "x", "--ended-at", "now", "--final-update", "Over: x")

    assert records.does("fmt", "--check").endswith(": none would change\n")
