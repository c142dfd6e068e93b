"""Finds the line and column that a finding is about. Files are looked at only when something was found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from ...model.config.settings import Lifecycle
from ...model.problem import Problem
from ...model.rules.by_hand import what_to_write
from ...model.timeline.entries import KIND_BY_NAME, Correction, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State, TimelineItem
from ...stores import files, layout
from ...stores.markdown import frontmatter
from ...stores.records.records import Reading
from ...stores.yaml import io as yaml_io
from ...stores.yaml.rows import PlainRows, plain_rows

if TYPE_CHECKING:
    from ...stores.yaml.nodes import Node  # with the careful reader, only where there is something to find

_ABOUT_KEYS = frozenset({"unknown_component", "unknown_field", "unknown_class", "unknown_lint"})
"""Codes whose pointer leads to a mapping's key that is wrong, not to its value."""

_KEY_OF_FOLD = {
    "illegal_transition": "/to",
    "repeated_transition": "/to",
    "fork": "/to",
    "unknown_entry": "/of",
    "invalid_correction": "/set",
    "impact_ends_before_start": "/ended_at",
    "duplicate_entry_id": "/id",
    "before_raised": "/at",
}


def in_a_file(root: Path, problem: Problem) -> Problem:
    """The finding with a file for its path: forges place annotations on files, not on folders or on what was deleted.

    Of a folder it is the card, else its first file; of a file that is not there, the same of the nearest folder.
    """
    place = root / problem.path
    if not problem.path or place.is_symlink() or place.is_file():
        return problem
    above = [folder for folder in (place, *place.parents) if root in folder.parents and folder.is_dir()]
    cards = [folder / layout.CARD_FILE for folder in above if (folder / layout.CARD_FILE).is_file()]
    inside = sorted(path for path in above[0].rglob("*") if path.is_file()) if above and not cards else []
    found = next(iter((*cards, *inside)), None)
    if found is None:
        return problem
    message = f"{problem.path}: {problem.message}"
    return replace(problem, path=found.relative_to(root).as_posix(), line=1, column=1, message=message)


class _Seen(NamedTuple):
    """An entry's id in a file: the first entry that has it, the place of the last, and how many entries there are."""

    path: str
    entry: Entry
    place: int
    total: int


class Locator:
    """Places of one repository. Trees of files are kept, so many findings in one file cost one look at it."""

    def __init__(self, root: Path, rows: Mapping[str, Sequence[Entry | None]] | None = None) -> None:
        """rows: timeline file -> the entry of each of its items, for files that cannot be read as they stand."""
        self._root, self._rows = root, rows or {}
        self._trees: dict[str, tuple[Node | None, int]] = {}
        self._items: dict[str, dict[str, int]] = {}
        self._indexed: Reading | None = None
        self._folded: State | None = None
        self._told: dict[str, TimelineItem] = {}
        self._files: dict[str, list[_Seen]] = {}
        self._plain: dict[str, PlainRows | None] = {}

    def in_file(self, problem: Problem) -> Problem:
        """The problem with the line and column of its pointer in its file; without them where it cannot be found."""
        if not problem.pointer:  # the whole file is meant
            return replace(problem, line=1, column=1) if (self._root / problem.path).is_file() else problem
        tree, offset = self._tree(problem.path)
        return problem if tree is None else _placed(problem, tree, offset)

    def in_record(self, problem: Problem, reading: Reading, state: State, prefix: str, lifecycle: Lifecycle) -> Problem:
        """A finding about an entry, or about a file named relative to the incident's folder, with path and place."""
        problem = replace(problem, incident=reading.id)
        if problem.entry is None:
            return self.in_file(replace(problem, path=f"{prefix}/{problem.path or 'incident.yaml'}"))
        if self._folded is not state:
            self._folded, self._told = state, state.items()
        problem = self._for_a_history(_to_the_correction(problem, self._told), reading, state, lifecycle)
        return self.entry(problem, reading) or replace(problem, path=f"{prefix}/timeline")

    def _for_a_history(self, problem: Problem, reading: Reading, state: State, lifecycle: Lifecycle) -> Problem:
        """The finding with the YAML to add in place of a command, where its entry is in a list that people write."""
        for found in self._files_with(problem.entry, reading)[:1]:
            better = what_to_write(problem, found.entry, state, lifecycle)
            if better is None or not self._is_list(found.path):
                return problem
            return replace(problem, hint=better)
        return problem

    def entry(self, problem: Problem, reading: Reading) -> Problem | None:
        """A finding about an entry with path and place (the later one of two with one id); None if it is not there."""
        found = None
        for seen in self._files_with(problem.entry, reading):
            found = self._at_once(problem, seen) or self._in_timeline(problem, seen.path) or found
        return found

    def _files_with(self, name: str | None, reading: Reading) -> list[_Seen]:
        """The files that have an entry of this id. Looked up once for a reading."""
        if self._indexed is not reading:
            self._indexed, self._files = reading, {}
            for path, entries in reading.files:
                for place, entry in enumerate(entries):
                    known = self._files.setdefault(entry_id(entry), [])
                    first = known.pop().entry if known and known[-1].path == path else entry
                    known.append(_Seen(path, first, place, len(entries)))
        return self._files.get(name or "", [])

    def _at_once(self, problem: Problem, seen: _Seen) -> Problem | None:
        """The place in a file of the plain form, which need not be composed; None where it takes more to say."""
        rows = self._plain_rows(seen.path)
        pointer = problem.pointer or _KEY_OF_FOLD.get(problem.code, "")
        if rows is None or rows.count != seen.total or pointer.count("/") > 1 or problem.code in _ABOUT_KEYS:
            return None
        spot = rows.spot(seen.place, pointer[1:])
        if spot is None:
            return None
        pointer = f"/{seen.place}{pointer}"
        return replace(problem, path=seen.path, pointer=pointer, line=spot.line, column=spot.column)

    def _plain_rows(self, path: str) -> PlainRows | None:
        if path not in self._plain:
            try:
                data = files.read_plain(self._root / path, yaml_io.MAX_BYTES)
            except OSError:
                data = b""
            self._plain[path] = plain_rows(data) if path not in self._rows else None
        return self._plain[path]

    def _is_list(self, path: str) -> bool:
        if self._plain_rows(path) is not None:
            return True
        tree, _ = self._tree(path)
        return tree is not None and tree.kind == "list"

    def _in_timeline(self, problem: Problem, path: str) -> Problem | None:
        tree, _ = self._tree(path)
        if tree is None:
            return None
        problem = replace(problem, path=path, pointer=problem.pointer or _KEY_OF_FOLD.get(problem.code, ""))
        place = self._items_of(path, tree).get(problem.entry or "")
        if place is None:
            return None
        if tree.kind != "list":
            return _placed(problem, tree, 0)
        found = _placed(problem, tree.items[place], 0)
        return replace(found, pointer=f"/{place}{found.pointer}")

    def _items_of(self, path: str, tree: Node) -> dict[str, int]:
        """Entry id -> the place of its item in the file; of two with one id the later."""
        if path not in self._items:
            rows = tree.items if tree.kind == "list" else [tree]
            known = self._rows.get(path)
            entries = [_entry(row) for row in rows] if known is None else known[: len(rows)]
            self._items[path] = {entry_id(e): place for place, e in enumerate(entries) if e is not None}
        return self._items[path]

    def _tree(self, path: str) -> tuple[Node | None, int]:
        """The tree of a file, and how many lines stand before it (front matter)."""
        if path not in self._trees:
            from ...stores.yaml import document as yaml_document

            try:
                data = files.read_plain(self._root / path, yaml_io.MAX_BYTES)
                offset = 1 if path.endswith(".md") else 0
                tree, _ = yaml_document.compose(frontmatter.split(data)[0] if offset else data)
            except (OSError, frontmatter.FrontMatterError):
                tree, offset = None, 0
            self._trees[path] = (tree, offset)
        return self._trees[path]


def _placed(problem: Problem, tree: Node, offset: int) -> Problem:
    from ...stores.yaml import nodes as yaml_nodes

    value, key = yaml_nodes.find(tree, problem.pointer)
    at = key if key is not None and problem.code in _ABOUT_KEYS else value
    return replace(problem, line=at.line + offset, column=at.column)


def _entry(row: Node) -> Entry | None:
    from ...stores.yaml import nodes as yaml_nodes

    value = yaml_nodes.construct(row)
    try:
        kind = value["kind"] if isinstance(value, dict) else ""
        return msgspec.convert(value, KIND_BY_NAME[kind])
    except (KeyError, TypeError, msgspec.ValidationError):
        return None


def _to_the_correction(problem: Problem, items: Mapping[str, TimelineItem]) -> Problem:
    """The problem at the last correction that gave the key its value, if one did."""
    item = items.get(problem.entry or "")
    key = problem.pointer.split("/")[1] if problem.pointer else ""
    for name in reversed(item.corrected_by if item else ()):
        correcting = items.get(name)
        if correcting and isinstance(correcting.entry, Correction) and key in correcting.entry.set:
            return replace(problem, entry=name, pointer=f"/set{problem.pointer}")
    return problem
