"""tests/README.md is a map of the tests: every folder is on it, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
MAP = (TESTS / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| `([\w/]+)/` \|", re.MULTILINE)


PACKAGE = TESTS.parent / "tooling/sevlog"
LAYERS = ("adapters", "cli", "model", "services", "site", "stores")


def folders(top: Path, package: Path = PACKAGE) -> list[str]:
    """The folders below one that hold Python modules, by their path, without those that mirror a folder of the code."""
    found = {path.parent.relative_to(top) for path in top.rglob("*.py") if path.parent != top}
    mirrors = {path for path in found if len(path.parts) > 1 and (package / path).is_dir()}
    return sorted(path.as_posix() for path in {*found, *(Path(path.parts[0]) for path in mirrors)} - mirrors)


def test_the_tests_of_a_layer_are_in_folders_like_those_of_its_code() -> None:
    found = sorted({path.parent.relative_to(TESTS) for layer in LAYERS for path in (TESTS / layer).rglob("test_*.py")})

    assert len(found) > 30
    assert [str(path) for path in found if not (PACKAGE / path).is_dir()] == []


def test_every_folder_of_the_tests_has_a_row_in_the_map() -> None:
    assert sorted(ROW.findall(MAP)) == folders(TESTS)


def test_a_new_folder_is_missed_in_the_map(tmp_path: Path) -> None:
    for name in ("model/test_a.py", "model/config/test_c.py", "torture/fuzzing/test_b.py", "conftest.py"):
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


MODULE = re.compile(r"`([\w/]+\.py)(?:::\w+)?`")


def modules_named(text: str) -> list[str]:
    """The Python modules that a document names, by their path or the end of it."""
    return sorted(set(MODULE.findall(text)))


def test_the_modules_that_documents_name_exist() -> None:
    root = TESTS.parent
    paths = [path for top in (PACKAGE, TESTS, root / "changes") for path in sorted(top.rglob("*.py"))]
    there = [f"/{path.relative_to(root).as_posix()}" for path in paths]
    documents = [*sorted((root / "docs").rglob("*.md")), root / "CONTRIBUTING.md", TESTS / "README.md"]
    named = [(document.name, name) for document in documents for name in modules_named(document.read_text("utf-8"))]

    assert len(named) > 60
    assert [row for row in named if not any(path.endswith(f"/{row[1]}") for path in there)] == []
