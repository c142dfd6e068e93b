"""A folder that changed looks changed, and its content is another exactly where what is read from it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.edits import tick
from sevlog.stores import layout
from sevlog.stores.index.sheets import UNKNOWN, Seen, differing, listed, look, marks, sheet
from sevlog.stores.index.survey import suspects

NAME = "2026-11-20-checkout-errors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An incident with everything that one can have."""
    folder = tmp_path / "incidents/2026" / NAME
    for name in (
        "incident.yaml",
        "timeline/a.yaml",
        "timeline/b.yaml",
        "actions.yaml",
        "postmortem.md",
        "postmortem.public.md",
        "evidence/deep/graph.txt",
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"the text of {name}")
    tick(tmp_path / "clock")
    return folder


def seen(folder: Path) -> Seen:
    found = look(os.fsencode(folder.parent) + b"/", folder.name)
    assert found is not None
    return found


def looks_the_same(folder: Path, before: Seen) -> bool:
    known = sheet(b"", True, [folder.name], [before])
    return differing(known, os.fsencode(folder.parent) + b"/", 0, 1, known.paths()) == []


def edit_in_place(path: Path) -> None:
    state = path.stat()
    with path.open("r+b") as handle:
        handle.write(b"THE")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def replace_whole(path: Path) -> None:
    draft = path.with_name("draft")
    draft.write_bytes(path.read_bytes().upper())
    draft.replace(path)


def edited_in_place(name: str) -> Callable[[Path], None]:
    return lambda folder: edit_in_place(folder / name)


def folder_for_a_file(folder: Path) -> None:
    (folder / "actions.yaml").unlink()
    (folder / "actions.yaml").mkdir()


def file_for_a_folder(folder: Path) -> None:
    shutil.rmtree(folder / "evidence")
    (folder / "evidence").write_text("x")


def write_anew(folder: Path) -> None:
    spare = folder.with_name("spare")
    shutil.copytree(folder, spare)
    shutil.rmtree(folder)
    spare.rename(folder)


CHANGES: dict[str, Callable[[Path], object]] = {
    **{
        f"{name} edited, size and time as before": edited_in_place(name)
        for name in ("incident.yaml", "timeline/a.yaml", "actions.yaml", "postmortem.md", "postmortem.public.md")
    },
    "replaced whole": lambda folder: replace_whole(folder / "timeline/b.yaml"),
    "one more entry": lambda folder: (folder / "timeline/c.yaml").write_text("x"),
    "one entry less": lambda folder: (folder / "timeline/b.yaml").unlink(),
    "renamed": lambda folder: (folder / "timeline/b.yaml").rename(folder / "timeline/c.yaml"),
    "two swapped": lambda folder: [
        (folder / one).rename(folder / two)
        for one, two in (("timeline/a.yaml", "s"), ("timeline/b.yaml", "timeline/a.yaml"), ("s", "timeline/b.yaml"))
    ],
    "a file that nothing reads": lambda folder: (folder / "notes.txt").write_text("x"),
    "evidence added": lambda folder: (folder / "evidence/log.txt").write_text("x"),
    "evidence gone": lambda folder: (folder / "evidence/deep/graph.txt").unlink(),
    "a folder for a file": folder_for_a_file,
    "a file for a folder": file_for_a_folder,
    "the timeline gone": lambda folder: shutil.rmtree(folder / "timeline"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_shows_outside_and_in_the_content(folder: Path, change: Callable[[Path], object]) -> None:
    before = seen(folder)
    assert looks_the_same(folder, before)

    change(folder)

    assert not looks_the_same(folder, before)
    assert seen(folder).content != before.content


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "timeline/a.yaml").touch(),
        lambda folder: (folder / "timeline/a.yaml").chmod(0o600),
        lambda folder: (folder.rename(folder.with_name("spare")), folder.with_name("spare").rename(folder)),
        write_anew,
    ],
    ids=["touched", "other permissions", "moved away and back", "written anew"],
)
def test_the_same_bytes_are_the_same_content(folder: Path, change: Callable[[Path], object]) -> None:
    before = seen(folder)

    change(folder)

    assert not looks_the_same(folder, before)
    assert seen(folder).content == before.content


def test_what_is_in_evidence_and_in_files_that_nothing_reads_does_not_matter(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    before = seen(folder)

    (folder / "evidence/deep/graph.txt").write_text("another picture")
    (folder / "notes.txt").write_text("another note")

    assert looks_the_same(folder, before)
    assert seen(folder).content == before.content


def test_a_folder_of_another_name_is_another_content(folder: Path) -> None:
    before = seen(folder)
    assert seen(folder.rename(folder.with_name("2026-11-21-other"))).content != before.content


@pytest.mark.parametrize(
    "name", ["incident.yaml", "timeline/a.yaml", "timeline", "evidence", "evidence/deep/link", "other", ".hidden"]
)
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_leads_elsewhere_is_never_relied_on(folder: Path, name: str, kind: str) -> None:
    place = folder / name
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.symlink_to(folder.parent) if kind == "link" else os.mkfifo(place)

    assert look(os.fsencode(folder.parent) + b"/", folder.name) is None


def test_what_is_gone_or_is_no_folder_is_not_relied_on(folder: Path) -> None:
    (folder.parent / "file").write_text("x")
    for name in ("gone", "file"):
        assert look(os.fsencode(folder.parent) + b"/", name) is None


def test_a_name_that_is_no_text_is_seen_and_not_relied_on(folder: Path) -> None:
    (folder.parent / os.fsdecode(b"2026-11-20-\xff")).mkdir()

    found = listed(folder.parent)

    assert found.folders == layout.folders(folder.parent) and len(found.folders) == 2
    assert look(os.fsencode(folder.parent) + b"/", found.folders[1]) is None


def test_times_before_1970_and_sizes_of_any_kind_are_marks_too(folder: Path) -> None:
    os.utime(folder / "incident.yaml", (-10, -10))
    before = seen(folder)
    assert looks_the_same(folder, before)


def test_marks_are_the_same_whether_something_is_missing_or_not(folder: Path) -> None:
    place = os.fsencode(folder) + b"/"
    whole = marks(place, [b"incident.yaml", b"actions.yaml"])
    (folder / "incident.yaml").unlink()

    assert marks(place, [b"incident.yaml", b"actions.yaml"])[32:] == whole[32:]
    assert marks(place, [b"incident.yaml"]) != whole[:32]


def test_a_folder_of_which_nothing_is_known_is_always_suspect(folder: Path) -> None:
    known = sheet(b"", True, [folder.name, "other"], [UNKNOWN, UNKNOWN])
    assert differing(known, os.fsencode(folder.parent) + b"/", 0, 2, known.paths()) == [0, 1]


@pytest.mark.parametrize("worthwhile", [0, 10**9], ids=["two processes", "one process"])
def test_a_survey_finds_what_changed_among_many(
    tmp_path: Path, worthwhile: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sevlog.stores.index.survey._WORTHWHILE", worthwhile)
    monkeypatch.setattr("sevlog.stores.worker_processes.WORTHWHILE", worthwhile)
    years = {}
    for year in ("2025", "2026"):
        names = [f"{year}-01-01-{number}" for number in range(100)]
        for name in names:
            (tmp_path / year / name).mkdir(parents=True)
            (tmp_path / year / name / "incident.yaml").write_text(name)
        base = os.fsencode(tmp_path / year) + b"/"
        years[year] = sheet(b"", True, names, [look(base, name) or UNKNOWN for name in names])
    tick(tmp_path / "clock")

    (tmp_path / "2025/2025-01-01-7/incident.yaml").write_text("other")
    shutil.rmtree(tmp_path / "2026/2026-01-01-99")
    (tmp_path / "2026/2026-01-01-0/actions.yaml").write_text("new")

    assert suspects(os.fsencode(tmp_path) + b"/", years) == {"2025": [7], "2026": [0, 99]}
