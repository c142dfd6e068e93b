"""What the tests of fuzzing share: a ground of their own, that nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.hostile.ground import Ground, tree


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """A records repository to be ill-treated. Nothing beside it may be other than before."""
    monkeypatch.setenv("SEVLOG_PERSON", "ana")
    ground = Ground(tmp_path)
    outside = tree(ground.outside)
    yield ground
    assert tree(ground.outside) == outside
    assert {path.name for path in tmp_path.iterdir()} == {"records", "outside"}
