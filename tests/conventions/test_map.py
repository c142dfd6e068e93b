"""tests/README.md is a map of the tests: every folder is on it, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
MAP = (TESTS / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| `([\w/]+)/` \|", re.MULTILINE)


def folders(top: Path) -> list[str]:
    """The folders below one that hold Python modules, by their path."""
    return sorted({path.parent.relative_to(top).as_posix() for path in top.rglob("*.py") if path.parent != top})


def test_every_folder_of_the_tests_has_a_row_in_the_map() -> None:
    assert sorted(ROW.findall(MAP)) == folders(TESTS)


def test_a_new_folder_is_missed_in_the_map(tmp_path: Path) -> None:
    for name in ("model/test_a.py", "torture/fuzzing/test_b.py", "conftest.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert folders(tmp_path) == ["model", "torture/fuzzing"]


def test_the_fixtures_that_the_map_names_exist() -> None:
    named = sorted(set(re.findall(r"`fixtures\.(\w+)", MAP)))

    assert len(named) > 10
    assert [name for name in named if not (TESTS / "fixtures" / f"{name}.py").is_file()] == []


def test_the_make_targets_that_the_map_names_exist() -> None:
    named = sorted(set(re.findall(r"\bmake (\w+)", MAP)))
    makefile = (TESTS.parent / "Makefile").read_text("utf-8")

    assert len(named) > 4
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
