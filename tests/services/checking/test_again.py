"""A second check answers from memory what cannot have changed, and nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.checkable import CARD, CONFIG, FOLDER, HISTORY, NOTE, NOW, RAISED, checked, commit, git, records, told
from sevlog.stores.index import file_index

OTHER = "incidents/2026/2026-11-21-search-down"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two incidents that were checked once. Files of this very second are remembered, which is else too risky."""
    monkeypatch.setattr(file_index, "FRESH", -(10**15))
    commit(tmp_path, {f"{OTHER}/incident.yaml": CARD, f"{OTHER}/timeline/a.yaml": RAISED})
    assert checked(tmp_path).reused == 0
    return tmp_path


def test_nothing_is_read_again_where_nothing_changed(repository: Path) -> None:
    again = checked(repository)
    assert (again.checked, again.reused, told(again)) == (2, 2, [])


def test_findings_are_remembered_as_well(repository: Path) -> None:
    (repository / HISTORY).write_text(RAISED.replace("SEV3", "SEV9"))
    first, second = checked(repository), checked(repository)
    assert (first.reused, second.reused) == (1, 2)
    assert (
        told(first)
        == told(second)
        == ["timeline/history.yaml:4:13 unknown_severity: severity `SEV9` is not listed in sevlog.yaml"]
    )


def test_an_edit_in_place_is_seen_even_where_size_and_time_stay(repository: Path) -> None:
    path = repository / HISTORY
    state = path.stat()
    with path.open("r+b") as handle:
        handle.write(path.read_bytes().replace(b"SEV3", b"SEV9"))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert len(told(checked(repository))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (f"{FOLDER}/timeline/new.yaml", NOTE),
        (f"{FOLDER}/postmortem.md", "no front matter"),
        (f"{FOLDER}/evidence/a.log", "x"),
        (HISTORY, None),
    ],
)
def test_a_new_or_removed_file_is_seen(repository: Path, name: str, text: str | None) -> None:
    records(repository, {HISTORY: RAISED + NOTE, name: text})
    assert checked(repository).reused == 1


def test_a_change_of_the_settings_is_seen_everywhere(repository: Path) -> None:
    (repository / "sevlog.yaml").write_text(CONFIG.replace("key: checkout", "key: shop"))
    result = checked(repository)
    assert (result.reused, len(result.problems)) == (0, 2)


def never_stale(repository: Path) -> None:
    with (repository / "sevlog.yaml").open("a", encoding="utf-8") as settings:
        settings.write("policies: {stale_after: null}\n")


def test_time_itself_is_a_change(repository: Path) -> None:
    never_stale(repository)
    actions = "- {id: A1, title: Watch, status: accepted, owner: ana, due: 2026-12-01}\n"
    (repository / FOLDER / "actions.yaml").write_text(actions)
    assert told(checked(repository)) == []
    assert checked(repository).reused == 2
    later = checked(repository, now=NOW + timedelta(days=14))
    assert (later.reused, [p.code for p in later.problems]) == (1, ["overdue_action"])


def test_an_incident_that_goes_is_missed_where_it_is_named(repository: Path) -> None:
    link = "- {kind: link, at: 2026-11-20T12:00:00Z, by: ana, rel: related, target: 2026-11-21-search-down}\n"
    (repository / HISTORY).write_text(RAISED + link)
    assert told(checked(repository)) == []
    git(repository, "rm", "-rq", OTHER)
    assert [p.code for p in checked(repository).problems] == ["unknown_incident"]


def test_a_check_of_some_paths_forgets_nothing(repository: Path) -> None:
    assert checked(repository, FOLDER).reused == 1
    assert checked(repository).reused == 2


def test_memory_that_cannot_be_read_is_no_memory(repository: Path) -> None:
    (repository / ".git/sevlog/index.sqlite").write_bytes(b"\x00\xff" * 100)
    assert (checked(repository).reused, checked(repository).reused) == (0, 2)


def test_files_of_this_very_second_are_read_again(tmp_path: Path) -> None:
    commit(tmp_path)
    assert (checked(tmp_path).reused, checked(tmp_path).reused) == (0, 0)


def test_nothing_is_left_in_the_working_tree(repository: Path) -> None:
    assert git(repository, "status", "--porcelain", "--ignored") == ""


def test_without_git_nothing_is_remembered(tmp_path: Path) -> None:
    records(tmp_path)
    assert (checked(tmp_path).reused, checked(tmp_path).reused) == (0, 0)


def test_a_finding_of_a_clock_that_was_ahead_does_not_stay(repository: Path) -> None:
    never_stale(repository)
    actions = "- {id: A1, title: Watch the certificates, owner: ana, status: accepted, due: 2026-12-01}\n"
    (repository / FOLDER / "actions.yaml").write_text(actions)
    ahead = checked(repository, now=NOW + timedelta(days=30))
    assert [problem.code for problem in ahead.problems] == ["overdue_action"]
    assert told(checked(repository)) == []
