"""Whatever is done to a repository, commands say with the index what they say without it, byte for byte."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fixtures.clocks import Clock
from fixtures.edits import Editor, tick, told
from sevlog.errors import InvalidRecord
from sevlog.model.oncall.ranking import ranked
from sevlog.services.checking.run import check
from sevlog.services.views import board as views_board
from sevlog.services.views import incidents as views_incidents
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.index import file_index, live_cache
from sevlog.stores.records import records


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was just written is kept at once: edits are a tick of the clock apart, so the index can be held to it."""
    monkeypatch.setattr(file_index, "FRESH", -(10**15))


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("seed", range(3))
def test_random_edits_are_seen(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "records"
    root.mkdir()
    editor = Editor(root, random.Random(seed))
    done: list[str] = []
    reused = 0

    for _ in range(30):
        done.append(editor.step())
        tick(tmp_path / "clock")
        with_index, without = (told(root, editor.now, remember=remember) for remember in (True, False))
        assert with_index == without, done
        hold_to_the_files(root)
        reused += check(Workspace(root, clock=lambda: editor.now)).reused

    assert reused > 30, "the index was of no use, so this shows nothing"


def hold_to_the_files(root: Path) -> None:
    """Boards, lists, and what completion offers are those of records that were just read and folded."""
    workspace = Workspace(root, clock=Clock())
    try:
        config = workspace.config
    except InvalidRecord:
        return
    readings = list(records.read_all(root))
    states = [workspace.state(reading.record) for reading in readings if reading.record is not None]
    live = [state for state in states if state.live]

    board, everything = views_board.board(workspace), views_incidents.listed(workspace, views_incidents.Filter())

    assert [b.id for b in board.incidents] == [
        s.id for kind in (("incident",), ("drill",)) for s in ranked(live, config) if s.card.kind in kind
    ]
    assert sorted(brief.id for brief in everything.incidents) == sorted(state.id for state in states)
    assert board.problems == everything.problems == [problem for reading in readings for problem in reading.problems]
    assert sorted(row[0] for row in live_cache.live(root)) == sorted(state.id for state in live)


@pytest.mark.usefixtures("at_once")
def test_broken_settings_are_told_however_much_is_known(tmp_path: Path) -> None:
    Editor(tmp_path, random.Random(1))
    views_board.board(Workspace(tmp_path, clock=Clock()))
    (tmp_path / "sevlog.yaml").write_text("schema: 1\n")

    for _ in range(2):
        with pytest.raises(InvalidRecord):
            views_board.board(Workspace(tmp_path, clock=Clock()))
