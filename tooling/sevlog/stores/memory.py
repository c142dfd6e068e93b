"""What an earlier check found, per folder, in the git directory: disposable, and never believed where a file changed.

A folder is known by the times and sizes of its files and directories (new and removed files change a directory's time).
Files that changed in the second before they were read are not remembered: another change might not show.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from .. import __version__

_T = TypeVar("_T")
_NAME = "check-memory"
_FRESH = 1_000_000_000
"""Nanoseconds for which a file counts as just changed."""


class Row(msgspec.Struct, Generic[_T], array_like=True, gc=False):
    """A folder as it was: the names of what it held (relative, one a line), a stamp of their state, what was found."""

    names: str
    stamp: int
    found: _T


class Memory(Generic[_T]):
    """Findings by folder. `found` is a msgspec type. Without a place to keep it (no git), nothing is remembered."""

    def __init__(self, root: Path, place: Path | None, found: type[_T], key: bytes) -> None:
        self._root, self._path = f"{root}/", place / _NAME if place is not None else None
        self._started = time.time_ns()
        self._key = hashlib.sha256(_program() + key).digest()
        self._row: type[Row[_T]] = Row[found]  # type: ignore[valid-type]
        self._rows: dict[str, Row[_T]] = self._load()
        self._changed = False

    def recall(self, folder: str) -> _T | None:
        """What was found in a folder, if nothing about its files changed since."""
        row = self._rows.get(folder)
        if row is None or self._stamp(folder, row.names)[0] != row.stamp:
            return None
        return row.found

    def remember(self, folder: str, found: _T) -> None:
        """Keep what was found in a folder just now."""
        names = self._names(folder)
        stamp, newest = self._stamp(folder, names)
        self._changed = True
        if stamp and newest < self._started - _FRESH:
            self._rows[folder] = Row(names, stamp, found)
        else:
            self._rows.pop(folder, None)

    def save(self, folders: set[str] | None = None) -> None:
        """Write it down, if there is anything new. folders: those that are still there. A full disk is no error."""
        if folders is not None and not self._rows.keys() <= folders:
            self._changed = True
            self._rows = {folder: row for folder, row in self._rows.items() if folder in folders}
        if self._path is None or not self._changed:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            draft = self._path.with_name(f".{_NAME}-{os.getpid()}")
            draft.write_bytes(self._key + msgspec.msgpack.encode(self._rows))  # disposable: not worth an fsync
            draft.replace(self._path)

    def _load(self) -> dict[str, Row[_T]]:
        try:
            data = self._path.read_bytes() if self._path is not None else b""
            if data.startswith(self._key):
                rows: dict[str, Row[_T]] = msgspec.msgpack.decode(data[len(self._key) :], type=dict[str, self._row])  # type: ignore[name-defined]
                return rows
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            pass
        return {}

    def _names(self, folder: str) -> str:
        """Everything in a folder whose change could matter: its directories and files, evidence files left out."""
        top = self._root + folder
        found = [""]
        for here, folders, files in os.walk(top):
            inner = here[len(top) + 1 :]
            found += [f"{inner}/{name}".lstrip("/") for name in folders]
            if not inner.startswith("evidence"):
                found += [f"{inner}/{name}".lstrip("/") for name in files]
        return "\n".join(found)

    def _stamp(self, folder: str, names: str) -> tuple[int, int]:
        """A number that differs when anything differs, and the newest time; (0, 0) where something is gone."""
        top = f"{self._root}{folder}/"
        states: list[int] = []
        newest = 0
        try:
            for name in names.split("\n"):
                state = os.lstat(top + name)
                states += (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
                newest = max(newest, state.st_mtime_ns, state.st_ctime_ns)
        except (OSError, ValueError):
            return 0, 0
        return hash(tuple(states)) or 1, newest


def _program() -> bytes:
    """What this sevlog is: its version and the state of its sources, so that new rules are not answered from memory."""
    package = Path(__file__).resolve().parents[1]
    state = [f"{p.name}{s.st_mtime_ns}{s.st_size}" for p in sorted(package.rglob("*.py")) if (s := p.stat())]
    return f"{__version__}\n{''.join(state)}".encode()
