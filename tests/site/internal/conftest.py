"""One internal site for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.internal_sites import build
from fixtures.repositories import make_template, records, template

__all__ = ["make_template", "records", "template"]


@pytest.fixture(scope="package")
def kept() -> dict[str, Path]:
    """Where the site is, once it is built."""
    return {}


@pytest.fixture
def out(kept: dict[str, Path], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The internal site; tests must not change it."""
    if "out" not in kept:
        folder = tmp_path_factory.mktemp("internal") / "out"
        build(request.getfixturevalue("records"), folder)
        kept["out"] = folder
        kept["root"] = request.getfixturevalue("records").root
    return kept["out"]
