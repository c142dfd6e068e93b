"""What fired while it was snoozed: a file in the git directory of the clone that takes in alerts."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from ...model.intake.snoozes import SnoozedAlert
from .. import files
from .live_cache import index_file

_MOST = 2000
_LIMIT = 16 * 1024 * 1024


def read_snoozed(root: Path) -> dict[str, SnoozedAlert]:
    """The alerts by source:fingerprint; empty where the file is missing or damaged."""
    path = _path(root)
    with contextlib.suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
        if path:
            return msgspec.json.decode(files.read_plain(path, _LIMIT), type=dict[str, SnoozedAlert])
    return {}


def write_snoozed(root: Path, known: dict[str, SnoozedAlert]) -> None:
    """Keep them, the newest if there are too many. Raises OSError: an alert that is forgotten would not be raised."""
    path = _path(root)
    if path is not None:
        newest = sorted(known, key=lambda name: known[name].last_at)[-_MOST:]
        files.write_whole(path, msgspec.json.encode({name: known[name] for name in newest}))


def _path(root: Path) -> Path | None:
    index = index_file(root)
    return index.parent / f"snoozed-{index.stem}.txt" if index else None
