"""Reads problems/: which incidents belong to which problem record, as far as the files can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from .. import files
from ..yaml import io as yaml_io
from . import frontmatter

FOLDER = "problems"


class ProblemRecord(Struct, frozen=True, kw_only=True):
    """A problem record: its file's name without the ending, and its front matter."""

    key: str
    title: str
    status: str
    incidents: tuple[str, ...]


def read_problem_records(root: Path) -> Iterator[ProblemRecord]:
    """Every problem record by name. Unreadable files are left out: `sevlog check` reports them."""
    folder = root / FOLDER
    if folder.is_symlink():
        return
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        try:
            matter = yaml_io.read(frontmatter.split(files.read_plain(path, yaml_io.MAX_BYTES))[0])
        except (OSError, frontmatter.FrontMatterError, yaml_io.YamlError):
            continue
        if isinstance(matter, dict):
            named = matter.get("incidents")
            yield ProblemRecord(
                key=path.stem,
                title=str(matter.get("title") or path.stem),
                status=str(matter.get("status") or "open"),
                incidents=tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else (),
            )
