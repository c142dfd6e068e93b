"""The part of the index that is searched by words: for each word the incidents that contain it, and how often.

Full text search of SQLite (FTS5) was tried first and rejected: see docs/decisions/similar.md. Each hit is
checked against a seal (stores/index/facets) before it is used, and a list without a seal is not used.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import TYPE_CHECKING, Any

import msgspec

from .storage import IndexFile, sealed, unsealed

if TYPE_CHECKING:
    import sqlite3

MOST_COUNTED = 255
"""The highest count of a word in an incident."""

_SEAL = 4
_AT_ONCE = 400
"""Values that one query may name."""

Extra = tuple[Sequence[str], float, bool]
"""The weight for any of some words in an incident, and whether that alone is a match."""

Counts = Mapping[str, int]
"""Word -> how often an incident contains it, by weight."""


class Search:
    """The search by words. key: what it depends on besides the content of the folders."""

    def __init__(self, file: IndexFile, key: bytes) -> None:
        self._file, self._salt = file, sealed(b"", b"said", key)
        self._put: dict[str, tuple[bytes, Counts]] = {}
        self._stale: set[str] = set()
        self._reset = False

    def known(self) -> dict[str, bytes]:
        """The folders that can be found, each with the content that it was taken in with."""
        about = self._file.rows("SELECT data FROM about WHERE name = 'said'")
        rows = dict(self._file.rows("SELECT path, content FROM said"))
        if about == [(self._about(len(rows)),)]:
            return rows
        self.reset()
        return {}

    def counts(self, paths: Sequence[str]) -> Iterator[dict[str, int]]:
        """The words of folders as they were taken in."""
        for (data,) in self._rows("SELECT counts FROM said WHERE path IN", paths):
            yield msgspec.msgpack.decode(data, type=dict[str, int])

    def put(self, path: str, content: bytes, counts: Counts) -> None:
        """Keep the words of a folder as it is now."""
        self._put[path] = content, counts

    def forget(self, paths: Iterable[str]) -> None:
        """Folders of which nothing is to be found any more, or not as it was."""
        self._stale.update(paths)

    def reset(self) -> None:
        """Start over: the index is damaged."""
        self._reset = True

    def spread(self, words: Iterable[str]) -> dict[str, int]:
        """Word -> the number of folders that contain it, without words that no folder contains."""
        rows = self._rows("SELECT stem, length(data) FROM heard WHERE stem IN", list(words))
        return {stem: (size - _SEAL) // _ITEM for stem, size in rows}

    def find(
        self, weights: Mapping[str, float], strengths: Sequence[float], extras: Iterable[Extra], most: int
    ) -> list[str] | None:
        """The folders that the words find, the highest sums first, `most` of them; None where a list is broken.

        weights: word -> what it adds, times the strength for its count there (strengths: by count).
        """
        lists = dict(self._lists([*weights, *(word for words, *_ in extras for word in words)]))
        if None in lists.values():
            return None
        sums: dict[int, float] = {}
        for word, weight in weights.items():
            worth = [weight * strength for strength in strengths]
            for item in lists.get(word) or ():
                place = item >> 8
                sums[place] = sums.get(place, 0.0) + worth[item & 255]
        for words, extra, alone in extras:
            for place in {item >> 8 for word in words for item in lists.get(word) or ()}:
                if alone or place in sums:
                    sums[place] = sums.get(place, 0.0) + extra
        best = nlargest(most, sums, key=lambda place: (sums[place], -place))
        paths: dict[int, str] = dict(self._rows("SELECT place, path FROM said WHERE place IN", best))
        return [paths[place] for place in best if place in paths]

    @property
    def paths(self) -> Iterable[str]:
        """The folders to write; any non-empty value where everything is rewritten."""
        return self._put.keys() | self._stale | ({""} if self._reset else set())

    def write(self, connection: sqlite3.Connection, holds: Callable[[str], bool]) -> None:
        """Write what was put, as far as the folders still are as they were."""
        row = connection.execute("SELECT data FROM about WHERE name = 'said'").fetchone()
        if self._reset or row != (self._about(_count(connection)),):
            connection.execute("DELETE FROM said")
            connection.execute("DELETE FROM heard")
        gone, come = _Changes(), _Changes()
        for path in self.paths:
            for place, data in connection.execute("SELECT place, counts FROM said WHERE path = ?", (path,)).fetchall():
                connection.execute("DELETE FROM said WHERE place = ?", (place,))
                gone.add(place, msgspec.msgpack.decode(data, type=dict[str, int]))
        for path, (content, counts) in self._put.items():
            if holds(path):
                row = (path, content, msgspec.msgpack.encode(counts))
                place = connection.execute("INSERT INTO said (path, content, counts) VALUES (?, ?, ?)", row).lastrowid
                come.add(place or 0, counts)
        for stem in gone.items.keys() | come.items.keys():
            self._write_list(connection, stem, gone.items.get(stem, array("I")), come.items.get(stem, array("I")))
        row = (self._about(_count(connection)),)
        connection.execute("INSERT OR REPLACE INTO about VALUES ('said', ?)", row)

    def written(self) -> None:
        """What was put is kept, or never will be."""
        self._put.clear()
        self._stale.clear()
        self._reset = False

    def _about(self, count: int) -> bytes:
        """What tells that the lists are ours, and of how many folders."""
        return sealed(b"%d" % count, self._salt)

    def _write_list(self, connection: sqlite3.Connection, stem: str, gone: array[int], come: array[int]) -> None:
        row = connection.execute("SELECT data FROM heard WHERE stem = ?", (stem,)).fetchone()
        items = array("I", unsealed(row[0], self._salt, stem.encode()) or b"") if row else array("I")
        if gone:
            leave = set(gone)
            items = array("I", [item for item in items if item not in leave])
        items += come
        if items:
            data = sealed(items.tobytes(), self._salt, stem.encode())
            connection.execute("INSERT OR REPLACE INTO heard VALUES (?, ?)", (stem, data))
        else:
            connection.execute("DELETE FROM heard WHERE stem = ?", (stem,))

    def _lists(self, words: Sequence[str]) -> Iterator[tuple[str, array[int] | None]]:
        for stem, row in self._rows("SELECT stem, data FROM heard WHERE stem IN", words):
            data = unsealed(row, self._salt, stem.encode())
            yield stem, None if data is None or len(data) % _ITEM else array("I", data)

    def _rows(self, query: str, values: Sequence[str] | Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            yield from self._file.rows(f"{query} ({', '.join('?' * len(part))})", *part)


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM said").fetchone()[0])


class _Changes:
    """What comes to, or goes from, the list of each word. An item is a place, and how often the word occurs there."""

    def __init__(self) -> None:
        self.items: dict[str, array[int]] = {}

    def add(self, place: int, counts: Counts) -> None:
        for stem, count in counts.items():
            self.items.setdefault(stem, array("I")).append(place << 8 | min(count, MOST_COUNTED))


_ITEM = array("I").itemsize
