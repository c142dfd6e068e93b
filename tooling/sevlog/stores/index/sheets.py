"""What the folders of one year looked like from outside, and whether they still do: times, sizes and inodes.

A folder's `marks` are those of its directories and of the files that are read from it. A file that is added, removed,
renamed, or replaced by a link changes the time of its directory; one that is edited in place changes its own.
"""

from __future__ import annotations

import contextlib
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import msgspec

from .. import files, layout

FRESH = 2_000_000_000
"""Nanoseconds for which what changed counts as just changed: file systems tell times apart by up to two seconds."""

MARK = 32
"""Bytes of a mark."""

_READ = frozenset(
    os.fsencode(name)
    for name in (layout.CARD_FILE, layout.ACTIONS_FILE, layout.POSTMORTEM_FILE, layout.PUBLIC_POSTMORTEM_FILE)
)
_TIMELINE, _EVIDENCE = os.fsencode(layout.TIMELINE), os.fsencode(layout.EVIDENCE)
_ABSENT = (-1, -1, -1, -1)
_HALF = 1 << 63
"""Some file systems number files beyond it."""

_facts: Callable[[os.stat_result], tuple[int, int, int, int]] = attrgetter(
    "st_mtime_ns", "st_ctime_ns", "st_size", "st_ino"
)


class Seen(msgspec.Struct, frozen=True, gc=False):
    """One incident's folder as it was looked at.

    names: below the year's folder, the incident's own first. marks: theirs. content: an id of what is read from there,
    as 16 bytes. newest: the latest time among the marks, in nanoseconds.
    """

    names: tuple[bytes, ...]
    marks: bytes
    content: bytes
    newest: int


class Sheet(msgspec.Struct, array_like=True, gc=False):
    """The folders of a year. Of one that cannot be relied on there are no names, no marks and no content.

    listing: the mark of the year's own folder when it was listed; empty where it must be listed again.
    plain: whether it holds nothing but folders. counts: how many names each folder has, as an array of unsigned ints.
    names: all of them, parted by NUL.
    """

    listing: bytes
    plain: bool
    folders: list[str]
    counts: bytes
    names: bytes
    marks: bytes
    contents: list[bytes]

    def starts(self) -> list[int]:
        """Where each folder's names begin, and the end of them all."""
        return list(accumulate(array("I", self.counts), initial=0))

    def seen(self) -> Iterator[Seen]:
        """Each folder as it was looked at; the time is not kept."""
        names, starts = self.paths(), self.starts()
        for place, content in enumerate(self.contents):
            start, end = starts[place], starts[place + 1]
            yield Seen(tuple(names[start:end]), self.marks[start * MARK : end * MARK], content, 0)

    def paths(self) -> list[bytes]:
        """All names, relative to the year's folder."""
        return self.names.split(b"\0") if self.names else []


UNKNOWN = Seen((), b"", b"", 0)
"""A folder of which nothing is known that could be relied on."""


def sheet(listing: bytes, plain: bool, folders: Sequence[str], seen: Iterable[Seen]) -> Sheet:
    """A year's sheet from what was seen of each of its folders."""
    rows = list(seen)
    return Sheet(
        listing,
        plain,
        list(folders),
        array("I", [len(row.names) for row in rows]).tobytes(),
        b"\0".join(chain.from_iterable(row.names for row in rows)),
        b"".join(row.marks for row in rows),
        [row.content for row in rows],
    )


def marks(place: bytes, names: Iterable[bytes]) -> bytes:
    """The marks of names below a folder; what is not there (any more) has one that nothing else has."""
    paths = [place + name for name in names]
    try:
        return array("q", chain.from_iterable(map(_facts, map(os.lstat, paths)))).tobytes()
    except (OSError, OverflowError):
        return array("q", chain.from_iterable(map(_careful_facts, paths))).tobytes()


def _careful_facts(path: bytes) -> tuple[int, ...]:
    try:
        return tuple((fact + _HALF) % (2 * _HALF) - _HALF for fact in _facts(os.lstat(path)))
    except OSError:
        return _ABSENT


def differing(known: Sheet, place: bytes, start: int, end: int, paths: Sequence[bytes]) -> list[int]:
    """Which of the folders `start` to `end` of a sheet do not look as they did, or were never relied on.

    place: the year's folder, with a slash at its end. paths: `known.paths()`.
    """
    starts = known.starts()
    first, last = starts[start], starts[end]
    now, then = marks(place, paths[first:last]), known.marks[first * MARK : last * MARK]
    suspects = range(start, end)
    if now == then:
        return [row for row in suspects if not known.contents[row]]
    edges = [(at - first) * MARK for at in starts[start : end + 1]]
    changed = [now[a:b] != then[a:b] for a, b in pairwise(edges)]
    return [row for row in suspects if changed[row - start] or not known.contents[row]]


class Listing(NamedTuple):
    """A year's folder: its mark, the names of the folders in it (see layout.folders), whether it holds nothing else,
    and the latest of its times. mark: empty where it may change unseen, so that it must be listed again."""

    mark: bytes
    folders: list[str]
    plain: bool
    newest: int


def listed(place: Path) -> Listing:
    """List a year's folder. Raises InvalidRecord where that is not allowed."""
    facts = _careful_facts(os.fsencode(place))  # before it is listed: what comes later shows in the time
    folders = layout.folders(place)
    with contextlib.suppress(OSError):
        plain = len(folders) == sum(not name.startswith(".") for name in os.listdir(place))  # noqa: PTH208
        return Listing(array("q", facts).tobytes(), folders, plain, max(facts[:2]))
    return Listing(b"", folders, False, 0)


class _NotPlain(Exception):
    """A link, a device, or an unreadable file: the result depends on more than the folder."""


def look(place: bytes, folder: str) -> Seen | None:
    """An incident's folder as it is now; None where its findings depend on more than its own files.

    place: the year's folder, with a slash at its end.
    """
    try:
        return _Look(place, folder.encode()).seen()
    except (OSError, UnicodeEncodeError, _NotPlain):
        return None


class _Look:
    """One look at one folder. Directories are marked before they are listed, files before they are read."""

    def __init__(self, place: bytes, folder: bytes) -> None:
        from hashlib import blake2b  # only what changed is looked at: most commands need none of it

        from ..yaml.plain import MAX_BYTES

        self._limit = MAX_BYTES
        self._place, self._folder = place, folder
        self._names: list[bytes] = []
        self._facts: list[int] = []
        self._newest = 0
        self._digest = blake2b(folder, digest_size=16)

    def seen(self) -> Seen:
        for name, kind in self._directory(b""):
            if kind == b"d" and name in (_TIMELINE, _EVIDENCE):
                self._part(name)
            elif kind == b"f" and name in _READ:
                self._file(name)
        return Seen(tuple(self._names), array("q", self._facts).tobytes(), self._digest.digest(), self._newest)

    def _part(self, part: bytes) -> None:
        for name, kind in self._directory(part):
            inner = part + b"/" + name
            if kind == b"d" and inner.startswith(_EVIDENCE):
                self._part(inner)
            elif kind == b"f" and part == _TIMELINE and name.endswith(b".yaml") and name[:1] != b".":
                self._file(inner)

    def _directory(self, inner: bytes) -> list[tuple[bytes, bytes]]:
        """What a directory holds: names in order, each with `d` or `f`."""
        path = self._mark(inner)
        rows = []
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    rows.append((entry.name, b"d"))
                elif entry.is_file(follow_symlinks=False):
                    rows.append((entry.name, b"f"))
                else:
                    raise _NotPlain
        rows.sort()
        self._add(b"".join(b"%s%s\0" % (kind, name) for name, kind in rows))
        return rows

    def _file(self, inner: bytes) -> None:
        path = self._mark(inner)
        self._add(files.read_plain(os.fsdecode(path), self._limit))

    def _add(self, data: bytes) -> None:
        self._digest.update(b"%d\0" % len(data))
        self._digest.update(data)

    def _mark(self, inner: bytes) -> bytes:
        name = self._folder + (b"/" + inner if inner else b"")
        path = self._place + name
        facts = _careful_facts(path)
        if facts == _ABSENT:
            raise _NotPlain
        self._names.append(name)
        self._facts += facts
        self._newest = max(self._newest, facts[0], facts[1])
        return path
