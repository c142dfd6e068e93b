"""The changelog is collected from one file for each change."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLLECT = runpy.run_path(str(ROOT / "changes/collect.py"))


def test_the_changes_that_wait_are_in_shape() -> None:
    written = [path.name for path in sorted((ROOT / "changes").glob("*.md")) if path.name != "README.md"]
    found = COLLECT["fragments"](ROOT / "changes")
    assert sorted(path.name for paths in found.values() for path in paths) == written


def test_a_release_collects_them_under_their_kind_and_removes_them(tmp_path: Path) -> None:
    (tmp_path / "b.added.md").write_text("A way\nto b.\n")
    (tmp_path / "a.added.md").write_text("A way to a.\n")
    (tmp_path / "c.fixed.md").write_text("No c any more.\n")
    changelog = tmp_path / "CHANGELOG"
    changelog.write_text("# Changelog\n\n<!-- releases, newest first -->\n\n## 0.1.0 (2026-11-30)\n")

    COLLECT["release"](tmp_path, changelog, "0.2.0", "2026-12-01")

    assert changelog.read_text() == (
        "# Changelog\n\n<!-- releases, newest first -->\n\n## 0.2.0 (2026-12-01)\n\n"
        "### Added\n\n- A way to a.\n- A way to b.\n\n### Fixed\n\n- No c any more.\n\n## 0.1.0 (2026-11-30)\n"
    )
    assert sorted(tmp_path.glob("*.md")) == []


@pytest.mark.parametrize(("name", "text"), [("a.new.md", "x"), ("a.md", "x"), ("a.added.md", " \n")])
def test_a_file_out_of_shape_is_told(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match=name):
        COLLECT["fragments"](tmp_path)
