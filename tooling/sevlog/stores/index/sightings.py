"""When alerts were sent that wait to be counted: a small file in the git directory, of no use to anybody else."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from .. import files
from .live_cache import index_file

_MOST_ALERTS, _MOST_TIMES, _KEPT = 2000, 100, 7 * 86_400
_LIMIT = 4 * 1024 * 1024

Sightings = dict[str, list[float]]
"""`source fingerprint` -> when it was sent, in seconds since 1970."""


def read_sightings(root: Path) -> Sightings:
    """The stored times; empty where the file is missing or damaged (it is only a cache)."""
    path = _path(root)
    with contextlib.suppress(OSError, ValueError):
        value = json.loads(files.read_plain(path, _LIMIT)) if path else {}
        if isinstance(value, dict):
            return {key: [float(at) for at in times] for key, times in value.items() if isinstance(times, list)}
    return {}


def write_sightings(root: Path, known: Sightings, now: float) -> None:
    """Keep what may still count: the newest alerts of a week. A memory that cannot be written is lost, no more."""
    path = _path(root)
    if path is None:
        return
    fresh = {key: [at for at in times if at > now - _KEPT][-_MOST_TIMES:] for key, times in known.items()}
    newest = sorted((key for key in fresh if fresh[key]), key=lambda key: -fresh[key][-1])[:_MOST_ALERTS]
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        files.write_whole(path, json.dumps({key: fresh[key] for key in newest}).encode())


def _path(root: Path) -> Path | None:
    index = index_file(root)
    return index.parent / f"sightings-{index.stem}.txt" if index else None
