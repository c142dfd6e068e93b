"""The index file is disposable: broken, gone, contended or out of reach, it costs time and nothing else."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures.commands import SEVLOG
from fixtures.edits import NOON, Editor
from fixtures.filled import filled
from sevlog.services.checking.run import check
from sevlog.services.publishing.public_view import publishable
from sevlog.services.views import board as views_board
from sevlog.services.views import incidents as views_incidents
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores import worker_processes
from sevlog.stores.index import file_index, live_cache

MANY = 60


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Incidents, some of them broken."""
    root = tmp_path_factory.mktemp("archive")
    editor = Editor(root, random.Random(5))
    for number in range(MANY):
        folder = root / f"incidents/2025/2025-{number % 12 + 1:02d}-11-number-{number}"
        (folder / "timeline").mkdir(parents=True)
        (folder / "incident.yaml").write_text(f"schema: 1\ntitle: Number {number}\npublic_title: Orders fail\n")
        (folder / "timeline/raised.yaml").write_text(
            f"kind: raised\nat: 2025-{number % 12 + 1:02d}-11T10:00:00Z\nby: ana\nseverity: SEV3\npriority: P3\n"
            f"components: {{checkout: partial_outage}}\n{'text: [' if number % 20 == 0 else ''}"
        )
    editor.commit()
    return root


@pytest.fixture
def root(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the archive in which what was just written is kept at once, and reading so much is shared."""
    monkeypatch.setattr(file_index, "FRESH", -(10**15))
    monkeypatch.setattr(worker_processes, "WORTHWHILE", MANY // 2)
    shutil.copytree(archive, tmp_path / "r")
    return tmp_path / "r"


def at_noon(root: Path) -> Workspace:
    return Workspace(root, clock=lambda: NOON)


def everything(root: Path, *, remember: bool = True) -> list[object]:
    """What commands say of all records."""
    workspace = at_noon(root)
    return [
        views_board.board(workspace, remember=remember),
        views_incidents.listed(workspace, views_incidents.Filter(), remember=remember),
        check(workspace, remember=remember).problems,
        publishable(workspace, NOON, remember=remember),
    ]


@pytest.fixture(scope="module")
def truth(archive: Path) -> list[object]:
    """What commands say of the archive without an index."""
    return everything(archive, remember=False)


def test_work_that_was_shared_is_kept_whole(root: Path) -> None:
    first = check(at_noon(root))
    again = check(at_noon(root))

    assert again.problems == first.problems
    assert (first.reused, again.checked, again.reused) == (0, first.checked, first.checked)


def test_shared_or_not_the_answers_are_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = everything(root, remember=False)
    monkeypatch.setattr(worker_processes, "AT_MOST", 1)
    assert everything(root, remember=False) == shared


def flipped(path: Path) -> None:
    """Turn bits of half the file's pages."""
    chance, data = random.Random(3), bytearray(path.read_bytes())
    for start in range(0, len(data), 2048):
        data[min(start + chance.randrange(2048), len(data) - 1)] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        flipped,
        folder_in_its_place,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"SQLite format 3\0 and nothing more"),
        lambda path: path.write_bytes(os.urandom(100_000)),
        lambda path: os.truncate(path, path.stat().st_size // 2),
        lambda path: os.truncate(path, path.stat().st_size - 8192),
        lambda path: path.with_name(f"{path.name}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 512),
    ],
)
def test_whatever_happened_to_the_file_the_answers_are_those_of_the_records(
    root: Path, truth: list[object], harm: Callable[[Path], object]
) -> None:
    everything(root)
    place = live_cache.index_file(root)
    assert place is not None
    harm(place)

    assert everything(root) == truth
    assert everything(root) == truth


def test_several_commands_at_once_on_no_index_all_tell_the_truth(root: Path) -> None:
    truth = [
        brief.id for brief in views_incidents.listed(at_noon(root), views_incidents.Filter(), remember=False).incidents
    ]
    command = [*SEVLOG, "list", "--json"]
    running = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        for _ in range(4)
    ]
    for process in filled(running):
        out, err = process.communicate()
        assert process.returncode == 0, err
        assert [brief["id"] for brief in json.loads(out)["incidents"]] == truth


@pytest.mark.parametrize("leads_to", ["kept.sqlite", "nothing.sqlite"])
def test_a_link_in_its_place_is_taken_away_and_not_followed(root: Path, tmp_path: Path, leads_to: str) -> None:
    everything(root)
    place = live_cache.index_file(root)
    assert place is not None
    kept = tmp_path / "kept.sqlite"
    place.rename(kept)
    before = kept.read_bytes()
    place.symlink_to(tmp_path / leads_to)

    everything(root)

    assert place.is_file() and not place.is_symlink()
    assert kept.read_bytes() == before
    assert not (tmp_path / "nothing.sqlite").exists()
