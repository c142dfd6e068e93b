"""What was known of each incident's folder when it last looked as it does now. Disposable: see docs/decisions/index.md.

An `Index` is one look at the folders below incidents/. The knowledge about them is in facets (stores/index/facets): a
value depends on the folder's content and the facet's key, and on nothing else.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ... import __version__
from .. import layout
from . import live_cache
from .facets import Facet
from .sheets import FRESH, UNKNOWN, Listing, Seen, Sheet, listed, look, marks, sheet
from .storage import FACETS, IndexFile, sealed, unsealed
from .survey import suspects

if TYPE_CHECKING:
    import sqlite3

    from .search import Search

_T = TypeVar("_T")
Live = tuple[str, str, str, str | None]
"""A live incident as completion shows it: id, title, status, severity."""

_MOST_PENDING = 16 * 1024 * 1024
"""Bytes that wait to be written at most."""

_FAR = 3_600_000_000_000
"""Nanoseconds that no run takes."""


class Index:
    """The incidents' folders of a records repository as they are now, and what is known of them.

    remember: whether to use what earlier runs kept, and to keep what this one finds.
    """

    def __init__(self, root: Path, *, remember: bool = True) -> None:
        self._started = time.time_ns()
        self._base = os.fsencode(root / layout.INCIDENTS) + b"/"
        self.file = IndexFile(live_cache.index_file(root) if remember else None, program() if remember else b"")
        self._pages = {year: _Page(known) for year, known in self._read_sheets()}
        self._listings = dict(self._list(root))
        self._contents: dict[str, dict[str, bytes | None]] = {year: {} for year in self._listings}
        self._seen: dict[str, Seen] = {}
        self._facets: list[Facet[Any] | Search] = []
        self._pending = 0

    def facet(self, name: str, key: bytes, shape: type[_T]) -> Facet[_T]:
        """One facet, one of `index_file.FACETS`. key: what it depends on besides the content."""
        facet = Facet(self, name, key, shape)
        self._facets.append(facet)
        return facet

    def search(self, key: bytes) -> Search:
        """The search by words. key: what the words depend on besides the content."""
        from .search import Search

        search = Search(self.file, key)
        self._facets.append(search)
        return search

    @property
    def years(self) -> Iterator[tuple[str, list[str]]]:
        """Each year with the names of its folders, in order."""
        return ((year, row.folders) for year, row in self._listings.items())

    @property
    def folders(self) -> list[str]:
        """Every folder that should be an incident, relative to the repository, by year and name."""
        return [f"{layout.INCIDENTS}/{year}/{name}" for year, names in self.years for name in names]

    @functools.cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all incidents there are."""
        return frozenset(name for _, names in self.years for name in names if layout.INCIDENT_ID.fullmatch(name))

    @property
    def plain_years(self) -> frozenset[str]:
        """The years whose folder holds nothing but folders."""
        return frozenset(year for year, row in self._listings.items() if row.plain)

    def survey(self) -> None:
        """Look at all folders at once, which is quick; without it, each is looked at when it is asked for."""
        pages = {year: page for year, page in self._pages.items() if year in self._listings}
        for year, places in suspects(self._base, {year: page.sheet for year, page in pages.items()}).items():
            known = pages[year].sheet
            contents = dict(zip(known.folders, known.contents, strict=True))
            for place in places:
                del contents[known.folders[place]]
            if known.folders is not self._listings[year].folders:
                here = set(self._listings[year].folders)
                contents = {name: content for name, content in contents.items() if name in here}
            self._contents[year] |= contents

    def content(self, path: str) -> bytes | None:
        """An id of the content of a folder; None where its findings depend on more than its files."""
        _, year, name = path.split("/")
        contents = self._contents[year]
        if name not in contents:
            contents[name] = self._look(path)
        return contents[name]

    def contents(self, year: str) -> dict[str, bytes | None]:
        """The content of each of a year's folders."""
        known = self._contents[year]
        for name in self._listings[year].folders if len(known) < len(self._listings[year].folders) else ():
            if name not in known:
                known[name] = self._look(f"{layout.INCIDENTS}/{year}/{name}")
        return known

    def pending(self, size: int) -> None:
        """So many bytes more wait to be written: a long run writes now and then, so that it is not lost whole."""
        self._pending += size
        if self._pending > _MOST_PENDING:
            self.save()

    def save(self, live: Sequence[Live] | None = None) -> None:
        """Keep what is new. live: the live incidents, the most pressing first, where they are known.

        Where nothing can be written, nothing is kept, and nothing is said.
        """
        told = live is not None and self.file.rows(live_cache.LIVE) != list(live)
        sheets = self._changed_sheets()
        if sheets or told or any(facet.paths for facet in self._facets):
            self.file.write(functools.partial(self._write, sheets, live if told else None))
        for year, known in sheets.items():
            self._pages[year] = _Page(known)
        for facet in self._facets:
            facet.written()
        self._seen.clear()
        self._pending = 0

    def _read_sheets(self) -> Iterator[tuple[str, Sheet]]:
        for year, row in self.file.rows("SELECT year, data FROM sheet"):
            data = unsealed(row, str(year).encode())
            if data is not None:
                with contextlib.suppress(msgspec.MsgspecError):
                    yield year, msgspec.msgpack.decode(data, type=Sheet)

    def _list(self, root: Path) -> Iterator[tuple[str, Listing]]:
        """Each year's folders; those of a year that did not change are known."""
        for year in layout.years(root):
            known = self._pages[year].sheet if year in self._pages else None
            if known is not None and known.listing and marks(self._base, [os.fsencode(year)]) == known.listing:
                yield year, Listing(known.listing, known.folders, known.plain, 0)
            else:
                now = listed(root / layout.INCIDENTS / year)
                yield year, now if self._is_settled(now.newest) else now._replace(mark=b"")

    def _is_settled(self, newest: int) -> bool:
        """Whether another change would show by its time: the last one was long enough before we looked (or, where a
        clock was wrong, will be long after)."""
        return newest < self._started - FRESH or newest > self._started + _FAR

    def _look(self, path: str) -> bytes | None:
        _, year, name = path.split("/")
        known = self._pages[year].seen(name) if year in self._pages else UNKNOWN
        if known.content and self._holds(path, known):
            return known.content
        seen = look(self._base + os.fsencode(year) + b"/", name)
        if seen is not None and self._is_settled(seen.newest):
            self._seen[path] = seen
        return seen.content if seen else None

    def _holds(self, path: str, seen: Seen | None = None) -> bool:
        """Whether a folder still is as it was when it was looked at."""
        _, year, name = path.split("/")
        seen = seen or self._seen.get(path) or (self._pages[year].seen(name) if year in self._pages else UNKNOWN)
        return bool(seen.names) and marks(self._base + os.fsencode(year) + b"/", seen.names) == seen.marks

    def _changed_sheets(self) -> dict[str, Sheet]:
        """The sheets of the years of which there is something new to keep."""
        seen: dict[str, dict[str, Seen]] = {}
        for path, row in self._seen.items():
            _, year, name = path.split("/")
            if self._holds(path, row):
                seen.setdefault(year, {})[name] = row
        found = {}
        for year, now in self._listings.items():
            page = self._pages.get(year)
            if year in seen or (now.mark and (page is None or page.sheet.listing != now.mark)):
                news = seen.get(year, {})
                names = [name for name in now.folders if _is_text(name)]
                rows = [news.get(name) or (page.seen(name) if page else UNKNOWN) for name in names]
                found[year] = sheet(now.mark if names == now.folders else b"", now.plain, names, rows)
        return found

    def _write(self, sheets: dict[str, Sheet], live: Sequence[Live] | None, connection: sqlite3.Connection) -> None:
        gone = self._removed_folders(sheets)
        for name in FACETS if gone else ():
            connection.executemany(f"DELETE FROM {name} WHERE path = ?", ((path,) for path in gone))
        years = ((year,) for year in self._pages.keys() - self._listings.keys())
        connection.executemany("DELETE FROM sheet WHERE year = ?", years)
        for year, known in sheets.items():
            data = sealed(msgspec.msgpack.encode(known), year.encode())
            connection.execute("INSERT OR REPLACE INTO sheet VALUES (?, ?)", (year, data))
        for facet in self._facets:
            if facet.paths:
                facet.write(connection, self._holds)
        if live is not None:
            connection.execute("DELETE FROM live")
            connection.executemany("INSERT INTO live VALUES (?, ?, ?, ?, ?)", ((n, *row) for n, row in enumerate(live)))

    def _removed_folders(self, sheets: dict[str, Sheet]) -> list[str]:
        """Folders that were known and are there no more."""
        found = []
        for year, page in self._pages.items():
            if year in sheets or year not in self._listings:
                here = set(self._listings[year].folders) if year in self._listings else set()
                found += [f"{layout.INCIDENTS}/{year}/{name}" for name in page.sheet.folders if name not in here]
        return found


class _Page:
    """A sheet of an earlier run, opened."""

    def __init__(self, known: Sheet) -> None:
        self.sheet = known

    @functools.cached_property
    def _rows(self) -> dict[str, Seen]:
        return dict(zip(self.sheet.folders, self.sheet.seen(), strict=True))

    def seen(self, name: str) -> Seen:
        """A folder as it was."""
        return self._rows.get(name, UNKNOWN)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


@functools.cache
def program() -> bytes:
    """What this sevlog is: version, libraries, reader and the state of its files, so that none of another is used."""
    libraries = Path(msgspec.__file__).parents[1].stat().st_mtime_ns
    reader = os.geteuid() if hasattr(os, "geteuid") else ""
    facts = [__version__, sys.version, str(libraries), str(reader), *_sources(str(Path(__file__).parents[2]))]
    return "\n".join(facts).encode()


def _sources(folder: str) -> Iterator[str]:
    with os.scandir(folder) as rows:
        for row in sorted(rows, key=lambda row: row.name):
            if row.is_dir() and row.name != "__pycache__":
                yield from _sources(row.path)
            elif row.is_file():
                state = row.stat()
                yield f"{row.name} {state.st_mtime_ns} {state.st_size}"
