"""Files that a merge or a hand broke, and folders with a name that no incident can have: what is said helps."""

from __future__ import annotations

from pathlib import Path

from fixtures.checkable import CARD, FOLDER, HISTORY, NOTE, RAISED, checked, records, told


def test_a_merge_conflict_is_told_as_one_in_each_file(tmp_path: Path) -> None:
    conflict = "<<<<<<< HEAD\n" + NOTE + "=======\n" + NOTE.replace("bo", "ana") + ">>>>>>> other\n"
    card = CARD + "<<<<<<< HEAD\ncolor: red\n=======\ncolor: blue\n>>>>>>> other\n"
    root = records(tmp_path, {HISTORY: RAISED + conflict, f"{FOLDER}/incident.yaml": card})

    assert [line for line in told(checked(root)) if "unchecked" not in line] == [
        f"incident.yaml:{card.count(chr(10)) - 4}:1 yaml_syntax: merge conflict: the marker `<<<<<<< HEAD`",
        "timeline/history.yaml:7:1 yaml_syntax: merge conflict: the marker `<<<<<<< HEAD`",
    ]


def test_an_author_on_a_line_that_cannot_be_read_is_not_missing(tmp_path: Path) -> None:
    broken = {HISTORY: RAISED + NOTE.replace("by: bo", "by bo"), f"{FOLDER}/timeline/one.yaml": "kind: note\nby bo\n"}

    assert "no_author" not in "".join(told(checked(records(tmp_path, broken))))


def test_a_folder_of_a_day_that_does_not_exist_gets_another_name(tmp_path: Path) -> None:
    folder = "incidents/2026/2026-13-21-search-down"
    root = records(tmp_path, {f"{folder}/incident.yaml": CARD, f"{folder}/timeline/history.yaml": RAISED})

    (found,) = checked(root).problems
    assert (found.hint or "").endswith(f"git mv {folder} incidents/2026/2026-MM-DD-search-down")
