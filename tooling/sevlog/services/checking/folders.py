"""Looks at the files themselves: names and places that nothing reads, links, evidence that is not there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ...errors import InvalidRecord
from ...model.problem import Problem
from ...model.suggestions import did_you_mean
from ...model.timeline.entries import entry_id
from ...model.timeline.entry_parts import Entry
from ...stores import layout
from ...stores.records.records import Reading

_FILES = (layout.CARD_FILE, layout.ACTIONS_FILE, layout.POSTMORTEM_FILE, layout.PUBLIC_POSTMORTEM_FILE)
_FOLDERS = (layout.TIMELINE, layout.EVIDENCE)
_KNOWN = frozenset((*_FILES, *_FOLDERS))
_READ = frozenset((*_FILES, layout.TIMELINE))
"""The reader reports links in their place; it does not follow them."""

_TOLERATED = frozenset({"README.md", "Thumbs.db", "desktop.ini"})


def stray_files(root: Path, plain_years: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Files and folders below incidents/ that belong to no incident.

    plain_years: those whose folder is known to hold nothing but folders.
    """
    base = root / layout.INCIDENTS
    if base.is_symlink():
        yield linked(layout.INCIDENTS)
        return
    for year in _rows(base):
        path = f"{layout.INCIDENTS}/{year.name}"
        if year.is_symlink():
            yield linked(path)
        elif not year.is_dir():
            yield _unread(path, "only year folders are allowed here: incidents/2026/…")
        elif not re.fullmatch(r"[0-9]{4}", year.name):
            yield Problem(
                code="wrong_folder",
                message=f"`{year.name}` is not a year",
                path=path,
                hint="incidents belong in incidents/<year>/<id>",
            )
        elif year.name not in plain_years:
            for row in _rows(base / year.name):
                inner = f"{path}/{row.name}"
                if row.is_symlink():
                    yield linked(inner)
                elif not row.is_dir():
                    yield _unread(inner, "only incident folders are allowed here: incidents/<year>/<id>")


def folder_name(year: str, name: str) -> Problem | None:
    """What is wrong with the name or the year of an incident's folder."""
    path = f"{layout.INCIDENTS}/{year}/{name}"
    if not layout.INCIDENT_ID.fullmatch(name):
        day = re.match(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?![0-9])", name)
        words = layout.slug(name.lstrip("0123456789-") or name)
        better = f"{day[0]}-{layout.slug(name[10:])}" if day else f"{year}-MM-DD-{words}"
        cure = f"git mv {path} {layout.INCIDENTS}/{year}/{better}"
        return Problem(
            code="wrong_folder",
            message=f"`{name}` is not an incident id, so the folder is not read",
            path=path,
            hint=f"an id is a date and a few words: {cure}",
        )
    if name[:4] != year:
        return Problem(
            code="wrong_folder",
            message=f"the incident is from {name[:4]} but is in folder {year}",
            path=path,
            hint=f"git mv {path} {layout.folder_of(name)}",
            incident=name,
        )
    return None


def folder_files(root: Path, folder: str, incident: str) -> Iterator[Problem]:
    """Files of an incident's folder that nothing reads, and links."""
    for row in _rows(root / folder):
        path = f"{folder}/{row.name}"
        if row.is_symlink():
            if row.name not in _READ:
                yield linked(path, incident)
        elif row.name not in _KNOWN:
            hint = did_you_mean(row.name, _KNOWN) or f"allowed here: {', '.join((*_FILES, *_FOLDERS))}"
            yield _unread(path, hint, incident)
        elif row.is_dir() != (row.name in _FOLDERS):
            what = "a folder" if row.name in _FOLDERS else "a file"
            yield Problem(code="wrong_file", message=f"`{row.name}` must be {what}", path=path, incident=incident)
    yield from _timeline_files(root, f"{folder}/{layout.TIMELINE}", incident)
    yield from _links_below(root, f"{folder}/{layout.EVIDENCE}", incident)


def _timeline_files(root: Path, folder: str, incident: str) -> Iterator[Problem]:
    for row in _rows(root / folder):
        path = f"{folder}/{row.name}"
        if row.is_symlink():
            if not row.name.endswith(".yaml") or row.name.startswith("."):
                yield linked(
                    path, incident
                )  # the reader reports links with the name of an entry: it does not follow them
        elif row.is_dir():
            yield _unread(path, "entries must be directly in timeline/", incident)
        elif not row.name.endswith(".yaml"):
            stem = row.name.rpartition(".")[0] or row.name
            yield _unread(path, f"only .yaml files are read as entries: git mv {path} {folder}/{stem}.yaml", incident)


def _links_below(root: Path, folder: str, incident: str) -> Iterator[Problem]:
    for row in _rows(root / folder):
        if row.is_symlink():
            yield linked(f"{folder}/{row.name}", incident)
        elif row.is_dir():
            yield from _links_below(root, f"{folder}/{row.name}", incident)


def missing_evidence(root: Path, folder: str, reading: Reading) -> Iterator[Problem]:
    """Evidence files that entries name and that are not there."""
    for _, entries in reading.files:
        for entry in entries:
            for place, evidence in enumerate(entry.evidence):
                if evidence.file is None:
                    continue
                path = root / folder / evidence.file
                if not path.is_file():
                    yield _evidence_problem(root, folder, evidence.file, place, entry)


def _evidence_problem(root: Path, folder: str, name: str, place: int, entry: Entry) -> Problem:
    below = root / folder / layout.EVIDENCE
    there = [p.relative_to(root / folder).as_posix() for p in below.rglob("*") if p.is_file()] if below.is_dir() else []
    return Problem(
        code="missing_evidence",
        message=f"the incident has no file `{name}`",
        entry=entry_id(entry),
        pointer=f"/evidence/{place}/file",
        hint=did_you_mean(name, there) or "commit the file, or correct the entry",
    )


def _rows(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, by name, without hidden files; nothing where there is no such folder, or a link to one.

    Raises InvalidRecord where it cannot be read.
    """
    if folder.is_symlink():
        return []
    try:
        with os.scandir(folder) as rows:
            kept = [row for row in rows if row.is_symlink() or not _is_passed_over(row.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise InvalidRecord(f"{folder} cannot be read: {error.strerror}", "fix its permissions") from None
    return sorted(kept, key=lambda row: row.name)


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name in _TOLERATED


def linked(path: str, incident: str | None = None) -> Problem:
    """The finding about a symbolic link."""
    return Problem(
        code="symbolic_link",
        message="this is a symbolic link; records must be regular files and folders",
        path=path,
        hint="links are not followed: put the file itself here",
        incident=incident,
    )


def _unread(path: str, hint: str, incident: str | None = None) -> Problem:
    return Problem(
        code="unread_file", message="sevlog does not read this file", path=path, hint=hint, incident=incident
    )
