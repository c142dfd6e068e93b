"""Reads problems/: which incidents belong to which problem record, as far as the files can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from ...model.learning.problems import ProblemCard
from .. import files
from ..yaml import io as yaml_io
from . import frontmatter

FOLDER = "problems"


class ProblemRecord(Struct, frozen=True, kw_only=True):
    """A problem record: its file's name without the ending, its front matter, and its text."""

    key: str
    card: ProblemCard
    text: str

    @property
    def title(self) -> str:
        """Its title, or its name."""
        return self.card.title or self.key

    @property
    def status(self) -> str:
        """Its status."""
        return self.card.status

    @property
    def incidents(self) -> tuple[str, ...]:
        """The incidents that it names."""
        return self.card.incidents


def read_problem_records(root: Path) -> Iterator[ProblemRecord]:
    """Every problem record by name. Unreadable files are left out: `sevlog check` reports them.

    Of front matter that is wrong in part, what is right counts.
    """
    folder = root / FOLDER
    if folder.is_symlink():
        return
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        try:
            matter, text = frontmatter.split(files.read_plain(path, yaml_io.MAX_BYTES))
            value = yaml_io.read(matter)
        except (OSError, frontmatter.FrontMatterError, yaml_io.YamlError):
            continue
        if isinstance(value, dict):
            yield ProblemRecord(key=path.stem, card=_card(value), text=text)


def _card(value: dict[str, object]) -> ProblemCard:
    try:
        return msgspec.convert(value, ProblemCard)
    except msgspec.ValidationError:
        kept: dict[str, object] = {}
        for key, one in value.items():
            try:
                msgspec.convert({key: one}, ProblemCard)
            except (msgspec.ValidationError, TypeError):
                continue
            kept[key] = one
        return msgspec.convert(kept, ProblemCard)
