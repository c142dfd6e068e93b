"""Reads incidents from their folders. A mistake in one file is a finding: it never hides the rest."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from ...errors import NotFound
from ...model.problem import Problem
from ...model.timeline.entries import entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import ActionItem, IncidentCard, Postmortem, PublicPostmortem, Record
from .. import files, layout
from ..markdown import frontmatter
from ..yaml import io as yaml_io
from . import codec

MAX_ENTRIES = 10_000
NEWEST_SCHEMA = 1
"""The newest format of incident.yaml that this version reads."""

_T = TypeVar("_T")
_AT = attrgetter("at")


class Reading(Struct, frozen=True, kw_only=True):
    """What a folder gave: the record (None where its card cannot be read) and the findings about its files.

    files: each timeline file, relative to the repository, with its entries.
    """

    id: str
    record: Record | None
    problems: tuple[Problem, ...]
    files: tuple[tuple[str, tuple[Entry, ...]], ...] = ()

    @property
    def sources(self) -> dict[str, str]:
        """Entry id -> the file it came from, relative to the repository (two entries of one id: the last)."""
        return {entry_id(entry): path for path, entries in self.files for entry in entries}


def read_incident(root: Path, incident_id: str) -> Reading:
    """One incident's folder. Raises NotFound where there is none."""
    if not layout.is_incident(root, incident_id):
        raise NotFound(f"there is no incident `{incident_id}`", "sevlog list")
    return _Reader(root, str(layout.folder_of(incident_id)), incident_id).read()


def read_all(root: Path) -> Iterator[Reading]:
    """Every incident of the repository, by id."""
    for path in folders_of_all(root):
        yield read_folder(root, path)


def folders_of_all(root: Path) -> list[str]:
    """The folder of each incident by id, relative to the repository; without those whose name is not an id."""
    return [path for path in layout.incident_paths(root) if layout.INCIDENT_ID.fullmatch(path.rpartition("/")[2])]


def read_folder(root: Path, path: str) -> Reading:
    """The incident of a folder that is there, named relative to the repository: incidents/<year>/<id>."""
    return _Reader(root, path, path.rpartition("/")[2]).read()


class _Reader:
    """Reads one folder; findings pile up on the way."""

    def __init__(self, root: Path, prefix: str, incident_id: str) -> None:
        self.folder, self.prefix, self.id = f"{root}/{prefix}", prefix, incident_id
        self.problems: list[Problem] = []
        self.files: list[tuple[str, tuple[Entry, ...]]] = []

    def read(self) -> Reading:
        card = self._read_card()
        entries = self._read_timeline()
        actions = self._read_actions()
        postmortem, text = self._read_document(layout.POSTMORTEM_FILE, Postmortem, "postmortem")
        public, public_text = self._read_document(
            layout.PUBLIC_POSTMORTEM_FILE, PublicPostmortem, "public-postmortem", optional=True
        )
        record = None
        if card is not None:
            record = Record(
                id=self.id,
                card=card,
                entries=entries,
                actions=actions,
                postmortem=postmortem,
                postmortem_text=text,
                public_postmortem=public,
                public_postmortem_text=public_text,
            )
        return Reading(id=self.id, record=record, problems=tuple(self.problems), files=tuple(self.files))

    def _bytes(self, path: str) -> bytes | None:
        """The file's bytes; None where there is no file, or a finding was made about it."""
        try:
            data = files.read_plain(path, yaml_io.MAX_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._report(files.code_of(error), path, f"the file cannot be read: {error.strerror or error}")
            return None
        if len(data) > yaml_io.MAX_BYTES:
            self._report("too_large", path, f"the file is larger than {yaml_io.MAX_BYTES // 1024} KiB")
            return None
        return data

    def _report(self, code: str, path: str, message: str, hint: str | None = None) -> None:
        self.problems.append(
            Problem(code=code, message=message, path=self._relative(path), hint=hint, incident=self.id)
        )

    def _relative(self, path: str) -> str:
        return f"{self.prefix}/{path[len(self.folder) + 1 :]}"

    def _diagnose(self, path: str, data: bytes, shape: str) -> None:
        from .diagnosis import diagnose

        relative = self._relative(path)
        found = diagnose(relative, data, shape)
        for problem in found:
            self.problems.append(msgspec.structs.replace(problem, incident=self.id))
        if not found:  # the readers disagree: never let the file pass in silence
            self._report("invalid", path, f"the file is not a valid {shape}")

    def _read_card(self) -> IncidentCard | None:
        path = f"{self.folder}/{layout.CARD_FILE}"
        data = self._bytes(path)
        if data is None:
            if not any(p.path.endswith(layout.CARD_FILE) for p in self.problems):
                self._report(
                    "missing_card",
                    path,
                    f"the folder has no {layout.CARD_FILE}",
                    "create one from schemas/examples, or use sevlog raise",
                )
            return None
        try:
            card = msgspec.convert(yaml_io.read(data), IncidentCard)
        except (msgspec.ValidationError, yaml_io.YamlError):
            self._diagnose(path, data, "incident")
            return None
        if card.schema > NEWEST_SCHEMA:
            self._report(
                "newer_schema",
                path,
                f"schema {card.schema} is newer than this sevlog supports",
                "install a newer sevlog",
            )
            return None
        return card

    def _read_timeline(self) -> tuple[Entry, ...]:
        folder = f"{self.folder}/{layout.TIMELINE}"
        names = self._timeline_files(folder)
        entries: list[Entry] = []
        for name in names:
            path = f"{folder}/{name}"
            data = self._bytes(path)
            if data is not None:
                entries += self._read_entries(path, data)
        if not names:
            self._report(
                "empty_timeline",
                folder,
                "the incident has no timeline",
                "add timeline/history.yaml with an entry of kind `raised`",
            )
        if len(entries) > MAX_ENTRIES:
            self._report("too_many_entries", folder, f"more than {MAX_ENTRIES} entries in one incident")
            entries = entries[:MAX_ENTRIES]
        entries.sort(key=_AT)
        return tuple(entries)

    def _timeline_files(self, folder: str) -> list[str]:
        """The names of the files that hold entries, sorted."""
        try:
            if os.path.islink(folder):  # noqa: PTH114 - ten thousand of these: pathlib costs twice as much
                raise OSError(errno.ELOOP, "symbolic link; records must be regular folders")
            found = _yaml_files(folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            self._report(files.code_of(error), folder, f"the timeline cannot be read: {error.strerror or error}")
            return []
        names = [name for name in found if _is_text(name)]
        for name in found:
            if not _is_text(name):
                shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
                self._report("unreadable", f"{folder}/{shown}", "the name of the file is not UTF-8", "rename it")
        return names

    def _read_entries(self, path: str, data: bytes) -> list[Entry]:
        """The entries of one file; of a list, those that are well-formed."""
        try:
            content = yaml_io.read(data)
        except yaml_io.YamlError:
            self._diagnose(path, data, "timeline")
            return []
        rows = content if isinstance(content, list) else [content]
        entries: list[Entry] = []
        broken = not rows
        for row in rows:
            try:
                entries.append(codec.entry_of(row))
            except (msgspec.ValidationError, KeyError, TypeError):
                broken = True
        if broken:
            self._diagnose(path, data, "timeline")
        self.files.append((f"{self.prefix}/{layout.TIMELINE}/{path.rpartition('/')[2]}", tuple(entries)))
        return entries

    def _read_actions(self) -> tuple[ActionItem, ...]:
        path = f"{self.folder}/{layout.ACTIONS_FILE}"
        data = self._bytes(path)
        if data is None:
            return ()
        try:
            rows = yaml_io.read(data)
            return msgspec.convert([] if rows is None else rows, tuple[ActionItem, ...])
        except (msgspec.ValidationError, yaml_io.YamlError):
            self._diagnose(path, data, "actions")
            return ()

    def _read_document(
        self, name: str, shape: type[_T], schema: str, *, optional: bool = False
    ) -> tuple[_T | None, str | None]:
        """Front matter and text of a Markdown file; (None, None) where there is no such file or it is broken."""
        path = f"{self.folder}/{name}"
        data = self._bytes(path)
        if data is None:
            return None, None
        try:
            matter, text = frontmatter.split(data)
            if optional and not matter:
                return None, text
            fields = yaml_io.read(matter)
            return msgspec.convert({} if fields is None else fields, shape), text
        except (msgspec.ValidationError, yaml_io.YamlError, frontmatter.FrontMatterError):
            self._diagnose(path, data, schema)
            return None, None


def timeline_files(folder: str) -> list[str]:
    """The names of the files in a timeline's folder that entries can be read from, sorted."""
    try:
        return [] if os.path.islink(folder) else [name for name in _yaml_files(folder) if _is_text(name)]  # noqa: PTH114
    except OSError:
        return []


def _yaml_files(folder: str) -> list[str]:
    return sorted(n for n in os.listdir(folder) if n.endswith(".yaml") and not n.startswith("."))  # noqa: PTH208


def _is_text(name: str) -> bool:
    """Whether a file's name is UTF-8 (what is not has half a surrogate pair for each odd byte)."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)
