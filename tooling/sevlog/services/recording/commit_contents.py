"""The files of new entries, and the message of their commit."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ...errors import InvalidRecord, UsageError
from ...model.timeline.entries import Raised, SeverityChanged, StatusChanged, entry_id, kind_of
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from ...model.vocabulary import shortened
from ...stores import layout
from ...stores.records import codec
from ...stores.yaml import io as yaml_io

if TYPE_CHECKING:
    pass


_SUBJECT = 100
"""The longest subject of a commit, in characters."""


def entry_files(incident_id: str, entries: list[Entry]) -> list[tuple[PurePosixPath, str]]:
    """Path and text of a file for each entry. Raises UsageError for an entry that is too large."""
    result = []
    for entry in entries:
        path = layout.timeline_file(incident_id, entry_id(entry))
        text = yaml_io.dump(codec.entry_data(entry), schema=layout.schema_reference(path, "entry"))
        if len(text.encode()) > yaml_io.MAX_BYTES:
            raise UsageError(
                f"this {kind_of(entry)} is larger than {yaml_io.MAX_BYTES // 1024} KiB, the limit for an entry",
                f"put the content in a file under {layout.folder_of(incident_id) / layout.EVIDENCE} and name that file",
            )
        plain: object = yaml_io.read(text.encode())
        read_back = codec.made(plain, type(entry), "entry")
        if codec.entry_data(read_back) != codec.entry_data(entry):
            raise InvalidRecord(f"{path} would not read back as written", "this is a bug: sevlog doctor")
        result.append((path, text))
    return result


def commit_message(
    incident_id: str, summary: str, entries: list[Entry], before: State, after: State, more: tuple[str, ...]
) -> str:
    """Subject and trailers of the commit (cli.md, Commits)."""
    subject = f"incident({incident_id}): {' '.join(summary.split())}"
    trailers = [f"Incident: {incident_id}", *(f"Entry: {entry_id(e)}" for e in entries)]
    if any(isinstance(e, StatusChanged | Raised) for e in entries):
        origin = before.status if before.status_steps else "new"
        trailers.append(f"Transition: {origin} -> {after.status}")
    if any(isinstance(e, SeverityChanged | Raised) for e in entries):
        trailers.append(f"Severity: {after.severity}")
    trailers += more
    subject = shortened(subject, _SUBJECT)
    return f"{subject}\n\n" + "\n".join(trailers) + "\n"
