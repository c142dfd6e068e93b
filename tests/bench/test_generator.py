"""What the benchmarks measure is what they say: a sound archive, the same every time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.generator import words, write
from sevlog.services.workspace.catalog import Catalog
from sevlog.services.workspace.workspace import Workspace


@pytest.mark.parametrize("layout", ["list", "entries"])
def test_the_archive_breaks_no_rule(tmp_path: Path, layout: str) -> None:
    write(tmp_path / "archive", 8, layout=layout, live=1)
    workspace = Workspace(tmp_path / "archive")

    states = list(Catalog(workspace).states())
    findings = [p for state in states for p in (*workspace.read(state.id).problems, *state.problems)]

    assert findings == []
    assert [state.status for state in states] == ["resolved"] * 7 + ["fixing"]
    assert [len(state.timeline) for state in states] == [15] * 7 + [9]
    assert sum(state.postmortem is not None for state in states) == 4


def test_the_same_arguments_give_the_same_commit(tmp_path: Path) -> None:
    heads = set()
    for name in ("one", "two"):
        write(tmp_path / name, 4)
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path / name, capture_output=True, check=True)
        heads.add(head.stdout)

    assert len(heads) == 1


def test_a_text_has_as_many_words_as_asked_for() -> None:
    import random

    assert len(words(random.Random(1), 40).split()) == 40
