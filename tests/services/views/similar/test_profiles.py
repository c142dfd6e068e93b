"""Stories of past incidents come from the index as they come from the files, whatever became of either."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from fixtures.clocks import Clock
from fixtures.edits import NOON, Editor
from sevlog.services.views.similar import search as similar_search
from sevlog.services.views.similar.profiles import Stories
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores import worker_processes
from sevlog.stores.index import file_index, live_cache

MANY = 40
WORDS = ("disk", "pool", "certificate", "latency", "queue", "login", "search", "cache", "region", "quota")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("archive")
    editor, chance = Editor(root, random.Random(3)), random.Random(4)
    for number in range(MANY):
        folder = root / f"incidents/2025/2025-{number % 12 + 1:02d}-11-number-{number}"
        (folder / "timeline").mkdir(parents=True)
        title, seen = (" ".join(chance.sample(WORDS, 3)) for _ in range(2))
        (folder / "incident.yaml").write_text(f"schema: 1\ntitle: {title}\nkind: incident\n")
        (folder / "timeline/history.yaml").write_text(
            f"- {{kind: raised, at: 2025-{number % 12 + 1:02d}-11T10:00:00Z, by: ana, severity: SEV3, priority: P3,"
            f" components: {{{chance.choice(('checkout', 'search'))}: partial_outage}}}}\n"
            f"- {{kind: observation, at: 2025-{number % 12 + 1:02d}-11T10:09:00Z, by: bo, text: {seen}}}\n"
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


def told(root: Path, *, remember: bool = True) -> list[str]:
    """What is said of several incidents and of a text."""
    workspace = Workspace(root, clock=lambda: NOON, environment={})
    asked = [(f"number-{number}", None) for number in (5, 17, 33)] + [(None, "the pool is full, certificate expired")]
    return [
        msgspec.json.encode(similar_search.similar(workspace, name, text, most=20, remember=remember)).decode()
        for name, text in asked
    ]


def taken_in(root: Path) -> tuple[int, int]:
    """How many stories the index can find after a look, and how many had to be held against by hand."""
    stories = Stories(Workspace(root, clock=lambda: NOON))
    assert stories.take_in()
    return len(stories._known), len(stories._by_hand)


def tables(root: Path) -> sqlite3.Connection:
    place = live_cache.index_file(root)
    assert place is not None
    return sqlite3.connect(place)


def test_with_the_index_is_as_without(root: Path) -> None:
    without = told(root, remember=False)

    assert all(json.loads(one)["incidents"] for one in without)
    assert [told(root), told(root), told(root)] == [without] * 3


def test_what_is_known_is_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(root)
    read: list[str] = []
    monkeypatch.setattr(Stories, "_profile_of", lambda self, path: read.append(path))

    stories = Stories(Workspace(root, clock=Clock()))

    assert stories.take_in()
    assert read == []


def test_what_others_threw_away_is_made_once_by_all_who_share_the_work(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of another version goes, and nothing of what two processes then find is lost."""
    told(root)
    monkeypatch.setattr(file_index, "program", lambda: b"another version")
    told(root)
    read: list[str] = []
    monkeypatch.setattr(Stories, "_profile_of", lambda self, path: read.append(path))

    assert Stories(Workspace(root, clock=Clock())).take_in()
    assert read == []


def test_only_what_changed_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(root)
    path = root / "incidents/2025/2025-06-11-number-5/incident.yaml"
    path.write_text(path.read_text() + "summary: The certificate of the disk expired\n")
    read: list[str] = []
    real = Stories._profile_of

    def noted(self: Stories, path: str) -> object:
        read.append(path)
        return real(self, path)

    monkeypatch.setattr(Stories, "_profile_of", noted)
    again = told(root)

    assert read == ["incidents/2025/2025-06-11-number-5"]
    assert again == told(root, remember=False)


def test_what_is_gone_is_not_found_and_weighs_nothing(root: Path) -> None:
    before = told(root)
    for number in (3, 9, 12, 21):
        shutil.rmtree(min(root.glob(f"incidents/*/*-number-{number}")))

    after = told(root)

    assert after == told(root, remember=False) != before


def break_list(root: Path) -> None:
    with tables(root) as connection:
        connection.execute("UPDATE heard SET data = zeroblob(length(data)) WHERE stem = 'pool'")


def drop_words(root: Path) -> None:
    with tables(root) as connection:
        connection.execute("DELETE FROM said")


def break_story(root: Path) -> None:
    with tables(root) as connection:
        connection.execute("UPDATE story SET data = x'00112233445566'")


def swap_places(root: Path) -> None:
    with tables(root) as connection:
        connection.execute("UPDATE said SET content = x'00' WHERE place % 3 = 0")


def no_index(root: Path) -> None:
    place = live_cache.index_file(root)
    assert place is not None
    place.unlink()


def scribble(root: Path) -> None:
    place = live_cache.index_file(root)
    assert place is not None
    data = bytearray(place.read_bytes())
    for at in range(9000, len(data), 977):
        data[at] ^= 0x55
    place.write_bytes(data)


@pytest.mark.parametrize("harm", [break_list, drop_words, break_story, swap_places, no_index, scribble])
def test_harm_to_the_index_costs_time_and_nothing_else(root: Path, harm: Callable[[Path], None]) -> None:
    without = told(root, remember=False)
    assert told(root) == without

    harm(root)

    assert told(root) == without
    assert told(root) == without
    assert taken_in(root) == (len(list(root.glob("incidents/*/*"))), 0)


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_an_index_that_others_write_is_done_without(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = told(root)
    monkeypatch.setattr(worker_processes, "WORTHWHILE", 1000)  # who shares the work waits longer for the others
    command = [sys.executable, "-c", HOLD, str(live_cache.index_file(root))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        path = root / "incidents/2025/2025-06-11-number-5/incident.yaml"
        path.write_text(path.read_text() + "summary: The pool of the disk\n")

        held = told(root)
        process.communicate("")

    assert held == told(root, remember=False) != before


def test_what_was_just_written_counts_and_is_not_believed_later(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(root)
    monkeypatch.setattr(file_index, "FRESH", 10**15)
    path = root / "incidents/2025/2025-06-11-number-5/incident.yaml"
    path.write_text("schema: 1\ntitle: pool pool pool\nkind: incident\n")

    assert told(root) == told(root, remember=False)
    assert taken_in(root)[1] == 1


def test_a_cold_index_is_not_waited_for(root: Path) -> None:
    stories = Stories(Workspace(root, clock=Clock()))

    assert not stories.take_in(patience=0.01)
    assert stories.take_in(patience=10)
    assert Stories(Workspace(root, clock=Clock())).take_in(patience=0)
