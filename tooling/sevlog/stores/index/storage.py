"""The index as a file of the git directory: SQLite, disposable. Nothing in it is believed that does not carry its seal.

Whatever happens to the file costs time and nothing else: it is thrown away where it is broken, left alone where it
cannot be opened or others are writing, and never waited for on a disk. Each value carries a checksum over all that it
depends on, so a page that a power cut left old, or a flipped bit, is a value that is not there.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import live_cache

if TYPE_CHECKING:
    import sqlite3

_PATIENCE = 0.3
"""Seconds to wait while another process commits. Then we go on without: the next command will remember."""
_PATIENCE_TOGETHER = 20.0
"""The same among processes that share the work of one command: what one does not keep, the next command does again."""

FACETS = ("reading", "summary", "words", "found", "story", "ties", "metrics")
"""What can be known of a folder; each has a table of its own, so that looking through the small ones stays quick."""

_TABLES = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, data BLOB)",
    "CREATE TABLE sheet (year TEXT PRIMARY KEY, data BLOB)",
    "CREATE TABLE known (facet TEXT, year TEXT, data BLOB, PRIMARY KEY (facet, year))",
    "CREATE TABLE live (place INTEGER PRIMARY KEY, id TEXT, title TEXT, status TEXT, severity TEXT)",
    "CREATE TABLE said (place INTEGER PRIMARY KEY, path TEXT UNIQUE, content BLOB, counts BLOB)",
    "CREATE TABLE heard (stem TEXT PRIMARY KEY, data BLOB)",
    *(f"CREATE TABLE {facet} (path TEXT PRIMARY KEY, data BLOB)" for facet in FACETS),
)
_BUSY = frozenset({5, 6})
"""SQLITE_BUSY, SQLITE_LOCKED: others are at work."""

_OUT_OF_REACH = frozenset({3, 8, 10, 13, 14, 22, 23})
"""SQLITE_PERM, READONLY, IOERR, FULL, CANTOPEN, NOLFS, AUTH: the file may be sound, we just cannot get at it."""


def sealed(data: bytes, *depends_on: bytes) -> bytes:
    """The data behind a checksum of itself and of all that it depends on."""
    return _checksum(data, depends_on) + data


def unsealed(row: object, *depends_on: bytes) -> bytes | None:
    """The data of `sealed`; None where it, or what it depends on, is not what it was."""
    if not isinstance(row, bytes) or len(row) < 4:
        return None
    data = row[4:]
    return data if row[:4] == _checksum(data, depends_on) else None


def _checksum(data: bytes, depends_on: Iterable[bytes]) -> bytes:
    start = 0
    for part in depends_on:
        start = zlib.crc32(part, zlib.crc32(b"%d " % len(part), start))
    return zlib.crc32(data, start).to_bytes(4, "big")


class IndexFile:
    """One index file, the same to ask whether it is there or not. place: None where there is nowhere to keep one.

    program: what reads and writes it; a file that another program wrote is as good as none.
    """

    def __init__(self, place: Path | None, program: bytes) -> None:
        self._place, self._program = place, program
        self._connection: sqlite3.Connection | None = None
        self._looked = self._broken = False
        self._patience = _PATIENCE

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query gives; nothing where the file cannot be read."""
        with self._trouble():
            connection = self._readable_connection()
            return [] if connection is None else connection.execute(query, values).fetchall()
        return []

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All queries inside see one instant."""
        self.rows("BEGIN")
        try:
            yield
        finally:
            if self._connection is not None and self._connection.in_transaction:
                self.rows("COMMIT")

    def write(self, work: Callable[[sqlite3.Connection], None]) -> bool:
        """Do the work as one transaction; whether it was done. It is not where there is no room, right or time."""
        with self._trouble():
            connection = self._readable_connection() or self._writable_connection()
            if connection is None:
                return False
            connection.execute("PRAGMA synchronous = OFF")  # disposable: the seals find what a power cut left behind
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._prepare(connection)
                work(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return True
        return False

    def close(self) -> None:
        """Close the file; the next query opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._looked = None, False

    def share(self) -> None:
        """Let go of the file before processes are forked: each opens it for itself, and waits for the others.

        A stale index is replaced here, once: otherwise each process would discard the index of the others.
        """
        if self._broken:
            self.write(lambda _: None)
        self.close()
        self._patience = _PATIENCE_TOGETHER

    def _readable_connection(self) -> sqlite3.Connection | None:
        """The file to read, if it is there and ours."""
        if not self._looked and self._place is not None and not self._broken:
            self._looked = True
            if self._place.is_symlink():
                self._broken = True  # whatever it leads to is not ours to write
            elif self._place.is_file():
                connection = live_cache.connect(self._place, "rw", self._patience)
                if connection.execute("SELECT data FROM about WHERE name = 'program'").fetchone() == (self._program,):
                    self._connection = connection
                else:
                    connection.close()
                    self._broken = True
        return self._connection

    def _writable_connection(self) -> sqlite3.Connection | None:
        """The file to write, created where it is missing or broken. A link is removed, not followed."""
        if self._place is None or (self._place.exists() and not self._place.is_file()):
            return None
        if self._broken:
            for name in (self._place, self._place.with_name(f"{self._place.name}-journal")):
                name.unlink(missing_ok=True)
        self._broken, self._looked = False, True
        self._place.parent.mkdir(exist_ok=True)
        self._connection = live_cache.connect(self._place, "rwc", self._patience)
        self._connection.execute("PRAGMA page_size = 8192")
        return self._connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            for statement in _TABLES:
                connection.execute(statement)
            connection.execute("INSERT INTO about VALUES ('program', ?)", (self._program,))

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        """Take what SQLite and the system complain of for what it is: no index for now, or one to throw away."""
        try:
            import sqlite3
        except ImportError:  # a Python that was built without it
            self._place = None
            yield
            return
        try:
            yield
        except OSError:
            self._give_up(broken=False)
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            code = getattr(error, "sqlite_errorcode", 1) & 0xFF
            if code not in _BUSY:
                self._give_up(broken=code not in _OUT_OF_REACH)

    def _give_up(self, *, broken: bool) -> None:
        self.close()
        self._looked, self._broken = True, broken
        if not broken:
            self._place = None
