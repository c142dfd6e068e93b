"""Folders for a moment: gone with their block, and swept away after a command that died in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from fixtures.repositories import Repository
from sevlog.stores import spare, transaction
from sevlog.stores.git import Git


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the system for such things."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_who_holds_the_checkout_leaves_nothing_in_the_folder_of_the_system(records: Repository, system: Path) -> None:
    git = Git(records.root)
    with transaction.exclusive(git), spare.space(git) as place:
        (place / "x").write_text("words", "utf-8")
        assert place.parent == git.folder / "sevlog"
        assert list(system.iterdir()) == []

    assert not place.exists()


def test_who_only_reads_writes_nothing_into_the_git_directory(records: Repository, system: Path) -> None:
    with spare.space(Git(records.root)) as place:
        assert place.parent == system

    assert list(system.iterdir()) == []


def test_what_a_dead_command_left_is_gone_with_the_next_one_that_writes(records: Repository) -> None:
    place = records.root / ".git/sevlog"
    (place / "spare-dead/incidents").mkdir(parents=True)
    (place / ".journal.json.05849526.tmp").write_text("{", "utf-8")

    with transaction.exclusive(Git(records.root)):
        pass

    assert [path.name for path in place.iterdir()] == ["lock"]
