"""Histories: in whatever files and order the entries lie they fold to the same bytes, and so does every prefix."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from msgspec.structs import replace

from fixtures.any_entries import any_record
from fixtures.timelines import config
from sevlog.model.public.publication import publish
from sevlog.model.timeline.entry_parts import Entry
from sevlog.model.timeline.incident import Record
from sevlog.model.timeline.replay import replay
from sevlog.stores import layout
from sevlog.stores.records import codec, records
from sevlog.stores.records import settings as files_of_settings
from sevlog.stores.yaml import io as yaml_io
from torture.figures import Figures
from torture.sizes import size

ROOT = Path(__file__).resolve().parents[2]
OWN = [path.name for path in sorted((ROOT / "incidents").glob("*/*"))]
NOW = datetime(2030, 1, 1, tzinfo=UTC)
CHANCE = random.Random(size("seed"))


def folded(record: Record) -> bytes:
    """The state and the public view of a record, as bytes."""
    view = publish([record], config(), NOW)
    return msgspec.json.encode(replay(record, config())) + msgspec.json.encode(view)


def written(root: Path, record: Record, chance: random.Random) -> Record:
    """The record as it is read again from files that have its entries in any order: alone, or several in a list."""
    folder = root / layout.folder_of(record.id)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / layout.TIMELINE).mkdir(parents=True)
    (folder / layout.CARD_FILE).write_text(yaml_io.dump(codec.plain(record.card)), "utf-8")
    entries = shuffled(record.entries, chance)
    names = chance.sample(range(len(entries)), len(entries))
    while entries:
        some = [entries.pop() for _ in range(chance.choice((1, 1, chance.randint(1, len(entries)))))]
        rows = [codec.entry_data(entry) for entry in some]
        text = yaml_io.dump(rows[0] if len(rows) == 1 and chance.random() < 0.8 else rows)
        (folder / layout.TIMELINE / f"{names.pop()}.yaml").write_text(text, "utf-8")
    reading = records.read_incident(root, record.id)
    assert reading.problems == () and reading.record is not None
    return replace(reading.record, card=record.card, actions=record.actions, postmortem=record.postmortem)


def shuffled(entries: tuple[Entry, ...], chance: random.Random) -> list[Entry]:
    return chance.sample(entries, len(entries))


def test_any_files_in_any_order_fold_to_the_same_bytes(tmp_path: Path, figures: Figures) -> None:
    @settings(
        max_examples=size("histories"),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @seed(size("seed"))
    @given(any_record())
    def same(record: Record) -> None:
        known = folded(written(tmp_path, record, CHANCE))
        for _ in range(size("shuffles")):
            assert folded(written(tmp_path, record, CHANCE)) == known
            figures(folds=1)

    same()


def test_every_prefix_of_a_history_folds_whatever_came_first(figures: Figures) -> None:
    @settings(
        max_examples=size("histories"),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @seed(size("seed"))
    @given(any_record())
    def folds(record: Record) -> None:
        entries = shuffled(record.entries, CHANCE)
        for length in range(len(entries) + 1):
            there = replace(record, entries=tuple(entries[:length]))
            assert folded(there) == folded(replace(there, entries=tuple(shuffled(there.entries, CHANCE))))
            figures(folds=2)

    folds()


@pytest.mark.parametrize("name", OWN)
def test_our_own_incidents_were_right_at_every_moment(name: str, tmp_path: Path, figures: Figures) -> None:
    record = records.read_incident(ROOT, name).record
    assert record is not None
    rules = files_of_settings.read_config(ROOT)
    for moment in sorted({entry.recorded_at or entry.at for entry in record.entries}):
        state = replay(record, rules, as_of=moment, known_by=moment)
        assert [problem for problem in state.problems if problem.severity == "error"] == []
        figures(folds=1)
    known = msgspec.json.encode(replay(record, rules))
    for _ in range(size("shuffles")):
        assert msgspec.json.encode(replay(written(tmp_path, record, CHANCE), rules)) == known
        figures(folds=1)
    assert PurePosixPath(layout.folder_of(name)).name == name
