"""Reads saved JSON answers of an API: one file, a folder with files, or a zip file. Sizes are bounded."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from ...errors import NotFound, UsageError
from .source import Quarantined

Row = Mapping[str, object]
MAX_BYTES = 16 * 1024 * 1024
MAX_FILES = 20_000
_SPACE = re.compile(r"\s*")
_TOTAL = 128 * 1024 * 1024
_WRAPPERS = ("data", "results", "values")
"""The keys under which an API puts its rows (Opsgenie, Grafana OnCall, Jira Service Management)."""


class SavedRow(msgspec.Struct, frozen=True):
    """One object. place: the file it is from, for the report. hint: the path in lower case, which may name its kind."""

    place: str
    hint: str
    value: Row
    parent: Row | None = None


def read_saved(source: Path) -> tuple[list[SavedRow], list[Quarantined]]:
    """Every object, and the files that are not JSON. Raises NotFound or UsageError."""
    rows: list[SavedRow] = []
    bad: list[Quarantined] = []
    total = 0
    for number, (place, data) in enumerate(_files(source)):
        total += len(data)
        if number >= MAX_FILES or total > _TOTAL:
            raise UsageError(f"{source} has more than {MAX_FILES} files or {_TOTAL >> 20} MiB", "import it in parts")
        try:
            value = _decoded(data)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            bad.append(Quarantined(place, f"it is not JSON ({error})", data[:2000].decode("utf-8", "replace")))
            continue
        found = list(_rows(place, value))
        rows += found
        if not found and value not in ([], {}):
            bad.append(Quarantined(place, "it contains no JSON objects", str(value)[:2000]))
    return rows, bad


def _decoded(data: bytes) -> object:
    """The value; of several values one after another (as `gh api --paginate` prints pages), all of them as one list.

    Raises DecodeError, RecursionError or UnicodeDecodeError.
    """
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        text, found, place = data.decode(), [], 0
        while place < len(text):
            try:
                value, place = json.JSONDecoder().raw_decode(text, place)
            except ValueError as error:
                raise msgspec.DecodeError(str(error)) from None
            found.append(value)
            space = _SPACE.match(text, place)
            place = space.end() if space else place
        return found


def _rows(place: str, value: object) -> Iterator[SavedRow]:
    parent: Row | None = None
    if isinstance(value, Mapping):
        wrapped = next((value[key] for key in _WRAPPERS if isinstance(value.get(key), list | Mapping)), None)
        above = value.get("_parent")
        parent = above if isinstance(above, Mapping) else None
        value = value if wrapped is None else wrapped
    rows = value if isinstance(value, list) else [value]
    flat = (inner for row in rows for inner in (row if isinstance(row, list) else [row]))
    for row in flat:
        if isinstance(row, Mapping):
            yield SavedRow(place, place.lower(), row, parent)


def _files(source: Path) -> Iterator[tuple[str, bytes]]:
    if source.is_dir():
        yield from _of_folder(source)
    elif not source.is_file():
        raise NotFound(f"{source} does not exist", "pass a JSON file, a folder with JSON files, or a zip file")
    elif zipfile.is_zipfile(source):
        yield from _of_archive(source)
    else:
        yield source.name, _bounded(source.name, source.stat().st_size, source.read_bytes)


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    found = sorted(p for p in folder.rglob("*.json") if p.is_file() and not p.is_symlink())
    if not found:
        raise NotFound(f"{folder} contains no .json file", "pass the folder with the saved answers of the API")
    for path in found:
        name = path.relative_to(folder).as_posix()
        yield name, _bounded(name, path.stat().st_size, path.read_bytes)


def _of_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in sorted(archive.infolist(), key=lambda info: info.filename):
                if info.filename.lower().endswith(".json"):
                    with archive.open(info) as file:
                        yield info.filename, _bounded(info.filename, info.file_size, lambda: file.read(MAX_BYTES + 1))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "unpack it, and pass the folder") from None


def _bounded(name: str, size: int, read: Callable[[], bytes]) -> bytes:
    data = read() if size <= MAX_BYTES else b""
    if size > MAX_BYTES or len(data) > MAX_BYTES:
        raise UsageError(f"{name} is larger than {MAX_BYTES >> 20} MiB", "split it, and import the parts")
    return data
