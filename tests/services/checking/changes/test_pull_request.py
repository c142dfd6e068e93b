"""`check --base`: entries are only ever added, ids are taken once, and steps still fit after the merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CARD, CONFIG, FOLDER, HISTORY, ID, NOTE, RAISED, checked, commit, git, records, told
from sevlog.errors import GitTrouble, NotFound

NOTE_ID = "20261120T100500Z-note"
MORE = "- {kind: note, at: 2026-11-20T10:30:00Z, by: ana, text: Installed the new one.}\n"


def codes(root: Path, base: str = "main") -> list[str]:
    return [problem.code for problem in checked(root, base=base).problems]


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    """A repository with one commit on main, and a branch checked out that is there to change things."""
    commit(tmp_path)
    git(tmp_path, "switch", "-q", "-c", "change")
    return tmp_path


def test_entries_that_are_added_are_fine(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE + MORE, f"{FOLDER}/incident.yaml": CARD + "tags: [a]\n"})
    assert told(checked(branch, base="main")) == []


def test_what_is_not_committed_yet_counts(branch: Path) -> None:
    (branch / HISTORY).write_text(RAISED)
    assert codes(branch) == ["deleted_entry"]
    (branch / HISTORY).write_text(RAISED + NOTE)
    (branch / FOLDER / "timeline/new.yaml").write_text("kind: nte\nat: 2026-11-20T10:06:00Z\nby: ana\ntext: x\n")
    assert codes(branch) == ["unknown_kind"]


def test_an_edited_entry_is_told_with_the_key_and_the_way_back(branch: Path) -> None:
    base = git(branch, "rev-parse", "main")[:10]
    commit(branch, {HISTORY: RAISED + NOTE.replace("noon", "midnight")})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.severity, found.line, found.pointer) == ("changed_entry", "error", 10, "/1/text")
    assert found.message == f"`text` of the entry `{NOTE_ID}` was changed; entries are added, never edited"
    assert found.hint == (
        f"restore it (git checkout {base} -- {HISTORY}) and add a correction: sevlog correct -i {ID} {NOTE_ID} text=…"
    )


def test_a_deleted_entry_is_told(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED})
    (found,) = checked(branch, base="main").problems
    assert found.code == "deleted_entry"
    assert found.message == f"the entry `{NOTE_ID}` (note by bo) was deleted; entries are never removed"
    assert (found.hint or "").endswith(f'sevlog retract -i {ID} {NOTE_ID} --reason "…"')


def test_a_time_that_was_edited_is_told_as_that(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE.replace("10:05:00Z", "10:06:00Z")})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.line, found.column) == ("changed_entry", 8, 7)
    assert found.message.startswith(f"`at` of the entry `{NOTE_ID}` was changed")


def test_an_id_that_was_edited_is_told_as_that(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE + "  id: another\n"})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.line) == ("changed_entry_id", 11)
    assert found.hint == f"restore it: id: {NOTE_ID}"


@pytest.mark.parametrize(
    "rewritten",
    [
        {HISTORY: "# a comment\n" + NOTE + RAISED},
        {HISTORY: None, f"{FOLDER}/timeline/a.yaml": RAISED, f"{FOLDER}/timeline/b.yaml": NOTE},
        {HISTORY: RAISED + NOTE.replace("2026-11-20T10:05:00Z", "'2026-11-20T11:05:00+01:00'")},
        {HISTORY: RAISED + NOTE + f"  id: {NOTE_ID}\n"},
    ],
    ids=["order", "compaction", "another offset", "its own id spelt out"],
)
def test_the_same_entries_written_otherwise_are_no_edit(branch: Path, rewritten: dict[str, str | None]) -> None:
    commit(branch, rewritten)
    assert told(checked(branch, base="main")) == []


REDACTION = f"- {{kind: redaction, at: 2026-11-20T12:00:00Z, by: ana, of: {NOTE_ID}, reason: It held a name.}}\n"
WORDS = "The certificate ended at noon."


def test_a_redaction_permits_that_content_becomes_the_marker(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE.replace(WORDS, "(redacted)") + REDACTION})
    assert told(checked(branch, base="main")) == []


@pytest.mark.parametrize(
    ("history", "code"),
    [
        (RAISED + NOTE.replace(WORDS, "(removed)") + REDACTION, "changed_entry"),
        (RAISED + NOTE.replace(WORDS, "(redacted) ended at noon.") + REDACTION, "changed_entry"),
        (RAISED + NOTE.replace(WORDS, "(redacted)").replace("by: bo", "by: ana") + REDACTION, "changed_entry"),
        (RAISED + NOTE.replace(WORDS, "(redacted)").replace("10:05", "10:06") + REDACTION, "deleted_entry"),
        (RAISED + NOTE.replace(WORDS, "(redacted)") + "  public: true\n" + REDACTION, "changed_entry"),
        (RAISED.replace("SEV3", "SEV2") + NOTE.replace(WORDS, "(redacted)") + REDACTION, "changed_entry"),
        (RAISED + REDACTION, "deleted_entry"),
        (RAISED + NOTE.replace(WORDS, "(redacted)"), "changed_entry"),
    ],
    ids=["other words", "more words", "author", "time", "another key", "another entry", "deleted", "no redaction"],
)
def test_a_redaction_permits_nothing_more(branch: Path, history: str, code: str) -> None:
    commit(branch, {HISTORY: history})
    assert code in {p.code for p in checked(branch, base="main").problems if p.severity == "error"}


def test_a_redaction_of_another_entry_permits_nothing(branch: Path) -> None:
    other = REDACTION.replace(NOTE_ID, "20261120T100000Z-raised")
    commit(branch, {HISTORY: RAISED + NOTE.replace(WORDS, "(redacted)") + other})
    assert "changed_entry" in codes(branch)


def test_a_redaction_that_leaves_the_content_is_told(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE + REDACTION})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.severity, found.entry) == ("not_redacted", "warning", NOTE_ID)


def test_content_does_not_come_back(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE.replace(WORDS, "(redacted)") + REDACTION})
    git(branch, "branch", "-f", "main")
    commit(branch, {HISTORY: RAISED + NOTE + REDACTION})
    assert "changed_entry" in codes(branch)


def test_an_attached_file_stays_as_it_was_while_an_entry_names_it(branch: Path) -> None:
    named = RAISED + NOTE + "  evidence: [{file: evidence/graph.txt}]\n"
    git(branch, "checkout", "-q", "main")
    commit(branch, {HISTORY: named, f"{FOLDER}/evidence/graph.txt": "a graph\n"})
    git(branch, "checkout", "-q", "-B", "other")
    commit(branch, {f"{FOLDER}/evidence/graph.txt": "another graph\n"})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.pointer, found.severity) == ("changed_evidence", "/1/evidence/0/file", "error")
    gone = named.replace(WORDS, "(redacted)").replace("  evidence: [{file: evidence/graph.txt}]\n", "") + REDACTION
    commit(branch, {HISTORY: gone, f"{FOLDER}/evidence/graph.txt": None})
    assert told(checked(branch, base="main")) == []


def test_a_deleted_record_is_told_once(branch: Path) -> None:
    git(branch, "rm", "-rq", FOLDER)
    commit(branch)
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.path) == ("deleted_record", FOLDER)
    assert found.message == f"the incident `{ID}` was deleted; records are kept"


def test_a_renamed_record_is_told_as_that(branch: Path) -> None:
    git(branch, "mv", FOLDER, "incidents/2026/2026-11-20-orders-fail")
    commit(branch)
    (found,) = checked(branch, base="main").problems
    assert found.code == "changed_incident_id"
    assert "was renamed to `2026-11-20-orders-fail`" in found.message


@pytest.mark.parametrize(("policy", "expected"), [("warning", ["warning"]), ("off", []), ("error", ["error"])])
def test_the_policy_decides_how_grave_an_edit_is(tmp_path: Path, policy: str, expected: list[str]) -> None:
    commit(tmp_path, {"sevlog.yaml": CONFIG + f"policies: {{append_only: {policy}}}\n"})
    commit(tmp_path, {HISTORY: RAISED})
    assert [p.severity for p in checked(tmp_path, base="HEAD^1").problems] == expected


def test_a_change_cannot_excuse_itself_by_changing_the_policy(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED, "sevlog.yaml": CONFIG + "policies: {append_only: 'off'}\n"})
    assert codes(branch) == ["deleted_entry", "weakened_process"]


def test_an_entry_in_a_file_that_was_broken_is_not_called_deleted(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE + "  text: again\n"})
    assert codes(branch) == ["duplicate_key"]


def test_an_illegal_new_step_is_told(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE + "- {kind: status, at: 2026-11-20T11:00:00Z, by: ana, to: closed}\n"})
    assert codes(branch) == ["illegal_transition"]


def test_only_what_changed_is_checked(branch: Path) -> None:
    git(branch, "switch", "-q", "main")
    commit(branch, {"incidents/2026/2026-11-21-other/incident.yaml": "schema: 1\n"})
    git(branch, "switch", "-q", "change")
    git(branch, "merge", "-q", "--no-edit", "main")
    commit(branch, {HISTORY: RAISED + NOTE + MORE})
    result = checked(branch, base="main")
    assert (told(result), result.checked) == ([], 1)


def test_everything_is_checked_where_the_configuration_changed(branch: Path) -> None:
    commit(branch, {"sevlog.yaml": CONFIG.replace("key: checkout", "key: shop")})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.severity, found.line) == ("unknown_component", "error", 6)


def test_what_was_wrong_before_is_only_a_warning(branch: Path) -> None:
    git(branch, "switch", "-q", "main")
    commit(branch, {HISTORY: RAISED + NOTE.replace("by: bo", "by: chi")})
    git(branch, "switch", "-q", "-c", "later")
    commit(branch, {HISTORY: "# moved down\n" + RAISED + NOTE.replace("by: bo", "by: chi") + MORE})
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.severity) == ("unknown_person", "warning")
    assert (found.hint or "").endswith("it was already there before this change")


def test_an_incident_id_that_both_sides_took_is_told(branch: Path) -> None:
    other = "incidents/2026/2026-11-21-search-down"
    commit(branch, {f"{other}/incident.yaml": CARD, f"{other}/timeline/a.yaml": RAISED})
    git(branch, "switch", "-q", "main")
    commit(branch, {f"{other}/incident.yaml": CARD.replace("Checkout", "Search"), f"{other}/timeline/b.yaml": RAISED})
    git(branch, "switch", "-q", "change")
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.path) == ("incident_id_taken", f"{other}/incident.yaml")
    assert found.message.endswith("is now used on main: Search answers with errors")
    assert found.hint == f"rename yours: git mv {other} {other}-2"


def test_an_entry_id_that_both_sides_took_is_told(branch: Path) -> None:
    commit(branch, {f"{FOLDER}/timeline/a.yaml": MORE})
    git(branch, "switch", "-q", "main")
    commit(branch, {f"{FOLDER}/timeline/b.yaml": MORE.replace("by: ana", "by: bo")})
    git(branch, "switch", "-q", "change")
    (found,) = checked(branch, base="main").problems
    assert (found.code, found.path) == ("entry_id_taken", f"{FOLDER}/timeline/a.yaml")
    assert found.message == "the entry id `20261120T103000Z-note` is now used on main, by a note by bo"


def test_a_step_that_does_not_fit_with_what_was_done_meanwhile_is_told(branch: Path) -> None:
    step = "{kind: status, at: 2026-11-20T11:00:00Z, by: ana, from: raised, to: declined, reason: x}\n"
    commit(branch, {f"{FOLDER}/timeline/a.yaml": step})
    git(branch, "switch", "-q", "main")
    commit(
        branch,
        {
            f"{FOLDER}/timeline/b.yaml": "{kind: status, at: 2026-11-20T10:50:00Z, by: bo, to: merged, "
            "into: 2026-11-20-other}\n",
            "incidents/2026/2026-11-20-other/incident.yaml": CARD,
            "incidents/2026/2026-11-20-other/timeline/a.yaml": RAISED,
        },
    )
    git(branch, "switch", "-q", "change")
    (found,) = checked(branch, base="main").problems
    assert found.code == "fork"
    assert found.message.startswith("combined with main: ")
    assert (found.path, found.hint) == (f"{FOLDER}/timeline/a.yaml", "merge main and check again: git merge main")


def test_a_merge_commit_is_compared_with_its_first_parent(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE.replace("noon", "midnight")})
    git(branch, "switch", "-q", "main")
    commit(
        branch,
        {
            "incidents/2026/2026-11-21-other/incident.yaml": CARD,
            "incidents/2026/2026-11-21-other/timeline/a.yaml": RAISED,
        },
    )
    git(branch, "merge", "-q", "--no-edit", "change")
    result = checked(branch, base="HEAD^1")
    assert ([p.code for p in result.problems], result.checked) == (["changed_entry"], 1)


def test_records_below_the_top_of_a_repository_are_compared_too(tmp_path: Path) -> None:
    root = records(tmp_path / "ops" / "status")
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    commit(tmp_path, {f"ops/status/{HISTORY}": RAISED})
    (found,) = checked(root, base="HEAD^1").problems
    assert (found.code, found.path) == ("deleted_entry", f"{FOLDER}/timeline/history.yaml")


def test_a_revision_that_is_not_there_is_refused_with_the_cure(branch: Path) -> None:
    with pytest.raises(NotFound, match="unknown git revision `origin/main`") as caught:
        checked(branch, base="origin/main")
    assert "git fetch" in caught.value.hints[0]
    with pytest.raises(NotFound):
        checked(branch, base="--upload-pack=x")


def test_histories_that_never_met_are_refused(branch: Path) -> None:
    git(branch, "switch", "-q", "--orphan", "island")
    commit(branch, {"sevlog.yaml": CONFIG})
    with pytest.raises(GitTrouble, match="no commit in common"):
        checked(branch, base="main")


def test_without_git_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with pytest.raises(GitTrouble, match="not in a git repository"):
        checked(records(tmp_path), base="main")


@pytest.mark.parametrize("below", ["", "ops/status"])
def test_a_repository_whose_objects_have_long_ids_is_compared_too(tmp_path: Path, below: str) -> None:
    root = tmp_path / below
    root.mkdir(parents=True, exist_ok=True)
    git(tmp_path, "init", "-q", "--object-format=sha256")
    records(root)
    other = root / "incidents/2026/2026-11-21-other"
    other.mkdir(parents=True)
    (other / "incident.yaml").write_text(CARD, "utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "start")
    (root / HISTORY).write_text(RAISED, "utf-8")
    git(tmp_path, "commit", "-qam", "delete an entry")

    assert [problem.code for problem in checked(root, base="HEAD~1").problems] == ["deleted_entry"]
    with pytest.raises(NotFound, match="unknown git revision `nowhere`"):
        checked(root, base="nowhere")


@pytest.mark.parametrize("what", ["deleted", "kept"])
def test_what_is_deleted_from_a_list_that_was_faulty_before_is_told(tmp_path: Path, what: str) -> None:
    faulty = RAISED + "  colour: red\n"
    commit(tmp_path, {HISTORY: faulty + NOTE + MORE})
    commit(tmp_path, {HISTORY: faulty + MORE if what == "deleted" else faulty + NOTE + MORE + "# a word\n"})

    found = [p.message for p in checked(tmp_path, base="HEAD~1").problems if p.code == "deleted_entry"]

    rule = "entries are never removed"
    assert found == ([f"the entry `{NOTE_ID}` (note by bo) was deleted; {rule}"] if what == "deleted" else [])


BROKEN = RAISED.replace("priority: P3", "priority: P3: x")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BROKEN + MORE, [("deleted_entry", "note by bo")]),
        (BROKEN + NOTE.replace("noon", "midnight") + MORE, [("changed_entry", "`text`")]),
        (BROKEN + NOTE + MORE + "# a word\n", []),
        (RAISED + NOTE + MORE, []),
        (RAISED + MORE, [("deleted_entry", "note by bo")]),
        (NOTE + MORE, [("deleted_entry", "raised by ana")]),
        (RAISED.replace("priority: P3", "priority: [P3") + NOTE + MORE, []),
    ],
    ids=["deleted", "edited", "kept", "corrected", "corrected and deleted", "the broken one deleted", "broken anew"],
)
def test_broken_yaml_in_one_entry_hides_no_edit_of_another(
    tmp_path: Path, after: str, expected: list[tuple[str, str]]
) -> None:
    commit(tmp_path, {HISTORY: BROKEN + NOTE + MORE})
    commit(tmp_path, {HISTORY: after})

    found = [p for p in checked(tmp_path, base="HEAD~1").problems if p.code in ("deleted_entry", "changed_entry")]

    assert [problem.code for problem in found] == [code for code, _ in expected]
    assert all(part in problem.message for problem, (_, part) in zip(found, expected, strict=True))


@pytest.mark.parametrize(("after", "expected"), [(NOTE, ["deleted_entry"]), (RAISED + NOTE, [])])
def test_an_entry_that_was_faulty_may_be_corrected_and_not_deleted(
    tmp_path: Path, after: str, expected: list[str]
) -> None:
    commit(tmp_path, {HISTORY: RAISED + "  colour: red\n" + NOTE})
    commit(tmp_path, {HISTORY: after})

    found = [p.code for p in checked(tmp_path, base="HEAD~1").problems]
    assert [code for code in found if code in ("deleted_entry", "changed_entry")] == expected


def test_an_entry_that_can_no_longer_be_read_is_not_called_deleted(branch: Path) -> None:
    commit(branch, {HISTORY: RAISED + NOTE.replace("kind: note", "kind: nonsense")})

    assert "deleted_entry" not in codes(branch)
