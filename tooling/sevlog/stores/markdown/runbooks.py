"""Reads runbooks/: the front matter as a card, the text as steps, as far as the files can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ...model.guidance.runbook import Runbook, RunbookCard
from ...model.guidance.runbook_steps import first_heading, steps_of
from .. import files
from ..yaml import io as yaml_io
from . import frontmatter

FOLDER = "runbooks"


def names(root: Path) -> list[str]:
    """The names of the files, sorted; none where the folder is a link. README.md is none."""
    folder = root / FOLDER
    return [] if folder.is_symlink() else sorted(p.name for p in folder.glob("*.md") if p.name != "README.md")


def read_runbooks(root: Path) -> Iterator[Runbook]:
    """Every runbook by name. An unreadable one is left out (`sevlog check` reports it); of a card that is
    wrong in part, what is right counts."""
    for name in names(root):
        try:
            yield runbook_of(name, files.read_plain(root / FOLDER / name, yaml_io.MAX_BYTES))
        except (OSError, frontmatter.FrontMatterError, yaml_io.YamlError):
            continue


def runbook_of(name: str, data: bytes) -> Runbook:
    """The runbook of a file's bytes. Raises FrontMatterError or YamlError."""
    if len(data) > yaml_io.MAX_BYTES:
        raise frontmatter.FrontMatterError("the file is too large")
    matter, text = frontmatter.split(data)
    value = yaml_io.read(matter)
    card = _card(value if isinstance(value, dict) else {})
    title = card.title or first_heading(text) or name.removesuffix(".md")
    return Runbook(name=name, card=card, title=title, text=text, steps=steps_of(text))


def _card(value: dict[str, object]) -> RunbookCard:
    try:
        return msgspec.convert(value, RunbookCard)
    except msgspec.ValidationError:
        kept: dict[str, object] = {}
        for key, one in value.items():
            try:
                msgspec.convert({key: one}, RunbookCard)
            except (msgspec.ValidationError, TypeError):
                continue
            kept[key] = one
        return msgspec.convert(kept, RunbookCard)
