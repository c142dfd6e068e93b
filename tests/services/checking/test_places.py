"""What lies in the wrong place, or leads elsewhere, is reported and not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CARD, FOLDER, HISTORY, NOTE, RAISED, checked, records, told


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {f"{FOLDER}/incident.yaml": None},
            [
                "incident.yaml missing_card: the folder has no incident.yaml",
                "incident.yaml steps_unchecked: until this is fixed, transitions, guards and roles that depend on it "
                "are not checked",
            ],
        ),
        ({HISTORY: None}, ["timeline empty_timeline: the incident has no timeline"]),
        ({f"{FOLDER}/timeline/late.yml": NOTE}, ["timeline/late.yml unread_file: sevlog does not read this file"]),
        ({f"{FOLDER}/timeline/old/x.yaml": NOTE}, ["timeline/old unread_file: sevlog does not read this file"]),
        ({f"{FOLDER}/action.yaml": "[]"}, ["action.yaml unread_file: sevlog does not read this file"]),
        ({"incidents/2026/notes.txt": "x"}, ["incidents/2026/notes.txt unread_file: sevlog does not read this file"]),
        ({"incidents/new/x.yaml": "x"}, ["incidents/new wrong_folder: `new` is not a year"]),
        (
            {
                "incidents/2026/Search down/incident.yaml": CARD,
                "incidents/2026/Search down/timeline/history.yaml": RAISED.replace("ana", "anna"),
            },
            [
                "incidents/2026/Search down wrong_folder: "
                "`Search down` is not an incident id, so the folder is not read",
                "incidents/2026/Search down/timeline/history.yaml:3:7 unknown_person: "
                "person `anna` is not listed in oncall.yaml",
            ],
        ),
        (
            {
                "incidents/2025/2026-11-21-other/incident.yaml": CARD,
                "incidents/2025/2026-11-21-other/timeline/history.yaml": RAISED.replace("ana", "anna"),
            },
            [
                "incidents/2025/2026-11-21-other wrong_folder: the incident is from 2026 but is in folder 2025",
                "incidents/2025/2026-11-21-other/timeline/history.yaml:3:7 unknown_person: "
                "person `anna` is not listed in oncall.yaml",
            ],
        ),
        ({f"{FOLDER}/.DS_Store": "x", f"{FOLDER}/evidence/a.log": "x", "incidents/.keep": ""}, []),
    ],
)
def test_files_in_the_wrong_place_are_told(tmp_path: Path, changed: dict[str, str | None], expected: list[str]) -> None:
    root = records(tmp_path, changed)
    if changed.get(HISTORY, "") is None:
        assert told(checked(root))[-1:] == expected
    else:
        assert told(checked(root)) == expected


def test_a_name_for_a_badly_named_folder_is_proposed(tmp_path: Path) -> None:
    folder = "incidents/2026/2026-11-21 Search down"
    root = records(tmp_path, {f"{folder}/incident.yaml": CARD, f"{folder}/timeline/history.yaml": RAISED})
    (found,) = checked(root).problems
    assert found.hint is not None
    assert found.hint.endswith("git mv incidents/2026/2026-11-21 Search down incidents/2026/2026-11-21-search-down")


def test_symbolic_links_are_told_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text(NOTE)
    root = records(tmp_path / "records")
    for name in ("timeline/linked.yaml", "evidence/linked.log", "linked"):
        (root / FOLDER / name).parent.mkdir(exist_ok=True)
        (root / FOLDER / name).symlink_to(outside / "secret.yaml")
    (root / "incidents/2026/2026-11-22-linked").symlink_to(outside)
    found = told(checked(root))
    assert [line.split(" ")[0] for line in found if "symbolic link" in line] == [
        "evidence/linked.log",
        "linked",
        "timeline/linked.yaml",
        "incidents/2026/2026-11-22-linked",
    ]
    assert [line for line in found if "symbolic link" not in line] == [
        "timeline/linked.yaml:1:1 steps_unchecked: until this is fixed, transitions, guards and roles that "
        "depend on it are not checked"
    ]


@pytest.mark.parametrize(
    ("place", "leads_to", "path"),
    [
        ("runbooks", "outside", "runbooks"),
        ("problems", "outside", "problems"),
        ("incidents", "outside", "incidents"),
        (f"{FOLDER}/evidence", "outside", f"{FOLDER}/evidence"),
        (f"{FOLDER}/evidence", "records", f"{FOLDER}/evidence"),
    ],
)
def test_a_linked_folder_is_told_and_not_followed(tmp_path: Path, place: str, leads_to: str, path: str) -> None:
    outside = tmp_path / "outside"
    (outside / "2026").mkdir(parents=True)
    for name in ("secret.md", "2026/secret.yaml"):
        (outside / name).write_text("---\nowner: secret\n---\n")
    root = records(tmp_path / "records")
    if place == "incidents":
        (root / place).rename(tmp_path / "away")
    (root / place).symlink_to(tmp_path / leads_to)

    assert [(p.code, p.path) for p in checked(root).problems] == [("symbolic_link", path)]


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    root = records(tmp_path)
    (root / FOLDER / "evidence").symlink_to("evidence")

    assert [p.code for p in checked(root).problems] == ["symbolic_link"]


def test_a_document_without_end_is_not_read_to_it(tmp_path: Path) -> None:
    root = records(tmp_path, {"runbooks/x.md": ""})
    with (root / "runbooks/x.md").open("wb") as handle:
        handle.truncate(10**12)

    assert [p.path for p in checked(root).problems] == ["runbooks/x.md"]
