"""Folders for a moment: gone with their block, and swept away after a command that died in it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from fixtures.repositories import Repository
from sevlog.stores.git import scratch, transaction
from sevlog.stores.git.command import Git


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the system for such things."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_it_lies_in_the_git_directory_and_goes_with_its_block(records: Repository, system: Path) -> None:
    git = Git(records.root)
    with scratch.Space(git) as place:
        (place / "x").write_text("words", "utf-8")
        assert git.folder / "sevlog" in place.parents
        assert [path.name for path in sorted(place.iterdir())] == ["x"]

    assert sorted((git.folder / "sevlog").iterdir()) == []
    assert sorted(system.iterdir()) == []


def test_where_the_git_directory_takes_nothing_it_lies_in_the_folder_of_the_system(
    records: Repository, system: Path
) -> None:
    (records.root / ".git/sevlog").write_text("this is no folder", "utf-8")

    with scratch.Space(Git(records.root)) as place:
        assert system in place.parents

    assert sorted(system.iterdir()) == []


def test_outside_of_any_repository_it_lies_in_the_folder_of_the_system(tmp_path: Path, system: Path) -> None:
    with scratch.Space(Git(tmp_path)) as place:
        assert system in place.parents


def test_what_a_dead_command_left_is_gone_with_the_next_one_that_writes(records: Repository) -> None:
    place = records.root / ".git/sevlog"
    for name in ("spare-old/room/incidents", "spare-bare", "spare-young/room"):
        (place / name).mkdir(parents=True)
    for name in ("spare-old", "spare-bare"):
        os.utime(place / name, (1, 1))
    (place / ".journal.json.05849526.tmp").write_text("{", "utf-8")

    with transaction.exclusive(Git(records.root)):
        pass

    assert sorted(path.name for path in place.iterdir()) == ["lock", "spare-young"]


def test_what_a_living_command_uses_stays(records: Repository) -> None:
    with scratch.Space(Git(records.root)) as place:
        os.utime(place.parent, (1, 1))

        with transaction.exclusive(Git(records.root)):
            pass

        assert place.is_dir()
