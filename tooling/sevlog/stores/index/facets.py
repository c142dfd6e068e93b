"""What is known of folders in one respect: a record, its short form, its findings. Each value is under a seal.

A value is found only where the folder's content and the facet's key are those that it was made from.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import msgspec

from .. import layout
from .storage import IndexFile, sealed, unsealed

if TYPE_CHECKING:
    import sqlite3

_T = TypeVar("_T")


class Folders(Protocol):
    """The folders as they are now (stores/index/file_index.Index)."""

    file: IndexFile

    @property
    def years(self) -> Iterator[tuple[str, list[str]]]: ...

    def content(self, path: str) -> bytes | None: ...

    def contents(self, year: str) -> dict[str, bytes | None]: ...

    def pending(self, size: int) -> None: ...


class KnownYear(msgspec.Struct, array_like=True, gc=False):
    """Of which folders of a year something is known, by the content it is about; and the notable ones among them."""

    contents: dict[str, bytes]
    notable: set[str]


class Facet(Generic[_T]):
    """One facet of every folder. key: what all its values depend on besides the content. shape: the type of a value."""

    def __init__(self, index: Folders, name: str, key: bytes, shape: type[_T]) -> None:
        self._index, self.name = index, name
        self._salt = sealed(b"", name.encode(), key)
        self._decode: Callable[[bytes], _T] = msgspec.json.Decoder(shape).decode
        self._put: dict[str, tuple[bytes, bytes, bool]] = {}

    @property
    def is_kept(self) -> bool:
        """Whether anything was kept under this key."""
        return self._index.file.rows("SELECT data FROM about WHERE name = ?", self.name) == [(self._salt,)]

    def get(self, path: str) -> _T | None:
        """What is known of one folder."""
        content = self._index.content(path)
        rows = self._index.file.rows(f"SELECT data FROM {self.name} WHERE path = ?", path) if content else []
        return self._value(path, content, rows[0][0]) if content and rows else None

    def everything(self) -> dict[str, _T | None]:
        """Every folder, in order, with what is known of it."""
        rows = dict(self._index.file.rows(f"SELECT path, data FROM {self.name}"))
        found: dict[str, _T | None] = {}
        for year, names in self._index.years:
            contents = self._index.contents(year)
            for name in names:
                path = f"{layout.INCIDENTS}/{year}/{name}"
                found[path] = self._value(path, contents[name], rows.get(path))
        return found

    def notable(self) -> dict[str, _T | None]:
        """The notable folders with what is known of them, and those of which nothing is known, in order."""
        with self._index.file.snapshot():
            known = self._years_known(self._index.file.rows(_KNOWN, self.name))
            asked: list[str] = []
            for year, names in self._index.years:
                page, contents = known.get(year, KnownYear({}, set())), self._index.contents(year)
                unknown = set(names) if page.contents != contents else page.notable  # most years are as they were
                asked += [
                    f"{layout.INCIDENTS}/{year}/{name}"
                    for name in names
                    if name in unknown
                    and (name in page.notable or contents[name] is None or page.contents.get(name) != contents[name])
                ]
            return self._several(asked)

    def _several(self, paths: list[str]) -> dict[str, _T | None]:
        if len(paths) < _FEW:
            return {path: self.get(path) for path in paths}
        rows = dict(self._index.file.rows(f"SELECT path, data FROM {self.name}"))
        return {path: self._value(path, self._index.content(path), rows.get(path)) for path in paths}

    def put(self, path: str, value: _T, *, notable: bool = False) -> None:
        """Keep what was made from a folder as it is now. What would not come back the same is not kept."""
        content = self._index.content(path)
        if content is None:
            return
        try:
            data = msgspec.json.encode(value)
            if self._decode(data) != value:
                return
        except (msgspec.MsgspecError, OverflowError, UnicodeError):
            return
        self._put[path] = content, sealed(data, self._salt, path.encode(), content), notable
        self._index.pending(len(data))

    @property
    def paths(self) -> Iterable[str]:
        """The folders that there is something to write of."""
        return self._put.keys()

    def write(self, connection: sqlite3.Connection, holds: Callable[[str], bool]) -> None:
        """Write what was put, as far as the folders still are as they were."""
        row = connection.execute("SELECT data FROM about WHERE name = ?", (self.name,)).fetchone()
        if row != (self._salt,):
            connection.execute(f"DELETE FROM {self.name}")
            connection.execute("DELETE FROM known WHERE facet = ?", (self.name,))
            connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (self.name, self._salt))
        kept = {path: row for path, row in self._put.items() if holds(path)}
        rows = ((path, data) for path, (_, data, _) in kept.items())
        connection.executemany(f"INSERT OR REPLACE INTO {self.name} VALUES (?, ?)", rows)
        known = self._years_known(connection.execute(_KNOWN, (self.name,)).fetchall())
        changed: set[str] = set()
        for path, (content, _, notable) in kept.items():
            _, year, name = path.split("/")
            page = known.setdefault(year, KnownYear({}, set()))
            page.contents[name] = content
            (page.notable.add if notable else page.notable.discard)(name)
            changed.add(year)
        for year in changed:
            data = sealed(msgspec.msgpack.encode(known[year]), self._salt, year.encode())
            connection.execute("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", (self.name, year, data))

    def written(self) -> None:
        """What was put is kept, or never will be."""
        self._put.clear()

    def _value(self, path: str, content: bytes | None, row: object) -> _T | None:
        data = unsealed(row, self._salt, path.encode(), content) if content else None
        if data is not None:
            with contextlib.suppress(msgspec.MsgspecError):
                return self._decode(data)
        return None

    def _years_known(self, rows: Iterable[tuple[object, object]]) -> dict[str, KnownYear]:
        found: dict[str, KnownYear] = {}
        for year, row in rows:
            data = unsealed(row, self._salt, str(year).encode())
            if data is not None:
                with contextlib.suppress(msgspec.MsgspecError):
                    found[str(year)] = msgspec.msgpack.decode(data, type=KnownYear)
        return found


_KNOWN = "SELECT year, data FROM known WHERE facet = ?"
_FEW = 300
"""Up to so many values are asked for one by one."""
