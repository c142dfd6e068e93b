"""Evidence that is given on the command line: addresses, and files that are copied into the record."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ...errors import NotFound, UsageError
from ...model.timeline.entries import DRAFT_FILES, Channel, Override, Raised, StatusChanged
from ...model.timeline.entry_parts import Entry, Evidence
from ...stores import files, layout
from ...stores.yaml import io as yaml_io
from ..workspace.workspace import Workspace

MAX_BYTES = 10 * 1024 * 1024
"""The limit for a file: every clone of the repository keeps it for good."""

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://\S")
_LABEL = re.compile(r"\s+=\s*")
_HOW = "write it as --evidence FILE, FILE=LABEL, https://…, or with a label in quotes: 'https://… =LABEL'"
_LONGEST_STEM, _LONGEST_SUFFIX = 80, 16
_DRAFT = DRAFT_FILES.rpartition("/")[2]


class Attachment(Struct, frozen=True, kw_only=True):
    """An address, or a file with its name and content."""

    url: str | None = None
    name: str = ""
    data: bytes = b""
    label: str | None = None


def read(values: Sequence[str]) -> tuple[Attachment, ...]:
    """The evidence that was typed, with the content of its files.

    An address ends at the first space, so that a `=` in it is not taken for a label. A file name ends at the last `=`
    before which there is a file. Raises NotFound for a missing file, UsageError for what cannot be used.
    """
    return tuple(_address(value) if _ADDRESS.match(value) else _file(value) for value in values)


def _address(value: str) -> Attachment:
    url, *labels = _LABEL.split(value, maxsplit=1)
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        raise UsageError(f"--evidence {url}: only http and https addresses", "save it as a file and give the file")
    try:
        msgspec.convert({"url": f"{scheme.lower()}://{rest}"}, Evidence)
    except msgspec.ValidationError:
        raise UsageError(f"--evidence {value}: not a valid address", _HOW) from None
    return Attachment(url=f"{scheme.lower()}://{rest}", label=labels[0].strip() or None if labels else None)


def _file(value: str) -> Attachment:
    path, label = next(
        ((path, label) for path, label in _readings(value) if path and os.path.lexists(path)), (None, None)
    )
    if path is None:
        raise NotFound(f"--evidence {value}: no such file", _HOW)
    try:
        data = files.read_plain(path, MAX_BYTES)
        size = Path(path).stat().st_size
    except OSError as error:
        why = "a symbolic link, which is not followed" if error.errno == errno.ELOOP else error.strerror or error
        raise UsageError(f"--evidence {path}: {why}", "give a regular file, or an address") from None
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"--evidence {path} has {size:,} bytes; the limit is {MAX_BYTES // 1024 // 1024} MiB",
            "attach an extract, or put it where the team can read it and give its address: --evidence https://…",
        )
    return Attachment(name=_safe(Path(path).name), data=data, label=(label or "").strip() or None)


def _readings(value: str) -> Iterator[tuple[str, str | None]]:
    """The ways to read FILE[=LABEL], the longest file name first."""
    yield value, None
    for place in sorted((at for at, sign in enumerate(value) if sign == "="), reverse=True):
        for name in dict.fromkeys((value[:place], value[:place].rstrip())):
            yield name, value[place + 1 :]


def _safe(name: str) -> str:
    """The name as every file system takes it, and as a record may hold it."""
    path = PurePosixPath(name.lstrip(".") or "file")
    stem, suffix = (_plain(part) for part in (path.stem, path.suffix))
    stem = stem[:_LONGEST_STEM].rstrip("-.") or "file"
    stem = f"file-{stem}" if stem.startswith(_DRAFT) else stem
    return f"{stem}.{suffix[:_LONGEST_SUFFIX]}" if suffix else stem


def _plain(part: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", ascii_only).strip("-.")


def attach(
    workspace: Workspace, incident: str, entries: Sequence[Entry], given: Sequence[Attachment], *, committed: bool
) -> tuple[tuple[Entry, ...], dict[str, bytes]]:
    """The entries of an act with the evidence on its main entry, and the files to add (path -> content).

    A file that the incident has already is not added again. committed: whether such a file must be in a commit.
    Raises UsageError if it must and is not.
    """
    folder = layout.folder_of(incident) / layout.EVIDENCE
    there = workspace.home(incident) / folder
    names = _names_in(there) if layout.is_plain_folder(workspace.home(incident), str(folder)) else {}
    added: dict[str, bytes] = {}
    evidence: list[Evidence] = []
    for one in given:
        if one.url is not None:
            evidence.append(Evidence(url=one.url, label=one.label))
            continue
        name, is_new = _placed(one, there, names, {PurePosixPath(path).name: data for path, data in added.items()})
        if is_new:
            added[str(folder / name)] = one.data
            names[name.casefold()] = name
        elif committed and str(folder / name) not in added:
            _require_committed(workspace, str(folder / name))
        evidence.append(Evidence(file=f"{layout.EVIDENCE}/{name}", label=one.label))
    place = main_entry(entries)
    main = replace(entries[place], evidence=tuple(dict.fromkeys((*entries[place].evidence, *evidence))))
    return (*entries[:place], main, *entries[place + 1 :]), added


def main_entry(entries: Sequence[Entry]) -> int:
    """The place of the entry that an act is about: its transition, else the first that only records what it does."""
    for place, entry in enumerate(entries):
        if isinstance(entry, StatusChanged | Raised):
            return place
    return next((place for place, entry in enumerate(entries) if not isinstance(entry, Override | Channel)), 0)


def texts(added: Mapping[str, bytes]) -> dict[str, str]:
    """Those of the files that `check` looks through for secrets, as text."""
    return {
        path: data.decode("utf-8", "replace")
        for path, data in added.items()
        if len(data) <= yaml_io.MAX_BYTES and b"\0" not in data[:8000]
    }


def _names_in(folder: Path) -> dict[str, str]:
    return {path.name.casefold(): path.name for path in sorted(folder.iterdir())}


def _placed(one: Attachment, there: Path, names: Mapping[str, str], added: Mapping[str, bytes]) -> tuple[str, bool]:
    """The name of a file in the evidence folder, and whether it is new there."""
    stem, suffix = PurePosixPath(one.name).stem, PurePosixPath(one.name).suffix
    number, name = 1, one.name
    while (taken := names.get(name.casefold())) is not None:
        if _same(there / taken, one.data, added.get(taken)):
            return taken, False
        number += 1
        name = f"{stem}-{number}{suffix}"
    return name, True


def _same(path: Path, data: bytes, added: bytes | None) -> bool:
    if added is not None:
        return added == data
    try:
        return files.read_plain(path, len(data)) == data
    except OSError:
        return False


def _require_committed(workspace: Workspace, path: str) -> None:
    if workspace.git.changed(path):
        raise UsageError(
            f"{path} has the same content, but is not committed",
            f"commit it first: git -C {workspace.root} add {path} && git -C {workspace.root} commit -- {path}",
            "or move it out of the record, and attach it from there",
        )
