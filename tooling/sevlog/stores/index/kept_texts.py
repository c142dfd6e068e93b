"""Texts that are being written: in a file of the git directory until they are recorded, so that none is ever lost."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import datetime
from pathlib import Path

from ...model.vocabulary import compact
from .live_cache import index_file

_FOLDER = "texts"


def keep(root: Path, what: str, now: datetime, text: str) -> Path:
    """A new file with the text; `what` begins its name."""
    beside = index_file(root)
    place = beside.parent / _FOLDER if beside is not None else Path(tempfile.mkdtemp(prefix="sevlog-"))
    place.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = place / f"{what}-{compact(now)}{'' if number == 1 else f'-{number}'}.md"
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(text)
            return path
        number += 1


def forget_same(root: Path, text: str) -> None:
    """Take the files away that hold just this text: it is recorded now."""
    beside = index_file(root)
    place = beside.parent / _FOLDER if beside is not None else None
    if place is None or not place.is_dir():
        return
    for path in sorted(place.glob("*.md")):
        with contextlib.suppress(OSError, UnicodeError):
            if path.read_text("utf-8").strip() == text.strip():
                path.unlink()


def forget(path: Path) -> None:
    """Take the file away: the text is recorded, or nobody wants it."""
    path.unlink(missing_ok=True)
