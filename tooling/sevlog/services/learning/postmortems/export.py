"""A postmortem with everything that a document of its own needs: facts, text, actions and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Annotated

from msgspec import Meta, Struct

from ....model.learning.postmortem.markdown_parts import clock, one_line
from ....model.learning.postmortem.markers import Part, joined, parts
from ....model.learning.postmortem.source import Source
from ....model.timeline.incident import ActionItem, Postmortem
from ....model.vocabulary import in_words
from ....stores import files, layout
from ...workspace.workspace import Workspace
from .drafts import source_of
from .text import found

_PICTURE = re.compile(r"(?:\./)?(evidence(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+)")
_PICTURES = re.compile(r"!\[[^\]\n]{0,500}\]\(\s*<?" + _PICTURE.pattern)
MOST_BYTES = 2 * 1024 * 1024
"""The limit for one picture."""
MOST_BYTES_IN_ALL = 8 * 1024 * 1024
_ENDED = frozenset({"done", "verified", "wont_do"})
_KINDS = (
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "image/svg+xml"),
)


class Picture(Struct, frozen=True):
    """An image of the evidence. path: from the root of the repository. kind: its media type."""

    path: str
    kind: str
    data: bytes


class Task(Struct, frozen=True):
    """An action item in one line."""

    done: bool
    text: str


class Exportable(Struct, frozen=True, kw_only=True):
    """A postmortem to be written as a document.

    rank: 0 for the most severe level. pictures: by their address in the text. warnings: for the person who exports.
    """

    id: str
    title: str
    severity: str | None
    rank: int
    restricted: bool
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    tasks: tuple[Task, ...]
    pictures: Mapping[str, Picture]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text in Markdown."""
        return joined(self.parts)


class Exported(Struct, frozen=True, kw_only=True):
    """`sevlog postmortem export --json`."""

    schema: str
    id: str
    title: Annotated[str, Meta(description="The title of the document.")]
    format: Annotated[str, Meta(description="markdown, html, confluence or pdf.")]
    out: Annotated[str | None, Meta(description="The file that was written.")]
    text: Annotated[str | None, Meta(description="The document, if no file was written.")]
    attachments: Annotated[
        list[str], Meta(description="Files that the document shows and that have to be attached to its page.")
    ]
    warnings: list[str]


RESTRICTED = "This incident is restricted: do not share this document beyond the people who may see the incident."


def exportable(workspace: Workspace, incident: str | None, *, every: bool = False) -> Exportable:
    """What a document of a postmortem shows. every: the whole timeline. Raises NotFound where there is none."""
    record, front = found(workspace, incident)
    source = source_of(workspace, record, workspace.state(record))
    pieces = tuple(parts(record.postmortem_text or "", source, every=every))
    restricted = record.card.visibility == "restricted"
    pictures, missing = _pictures(workspace, record.id, joined(pieces))
    levels = [level.key for level in workspace.config.severities]
    severity = source.state.severity
    said = (f"{record.id} is restricted: share the document only with people who may see it",) * restricted
    return Exportable(
        id=record.id,
        title=record.card.title,
        severity=severity,
        rank=levels.index(severity) if severity in levels else len(levels),
        restricted=restricted,
        facts=tuple(_facts(source, record.id, front)),
        parts=pieces,
        tasks=tuple(_task(source, item) for item in source.state.actions),
        pictures=pictures,
        warnings=(*said, *missing),
    )


def _facts(source: Source, incident: str, front: Postmortem) -> Iterator[tuple[str, str]]:
    state, m = source.state, source.state.milestones
    approved = (front.approved_by,) if isinstance(front.approved_by, str) else front.approved_by or ()
    yield "Incident", incident
    if state.severity:
        yield "Severity", state.severity
    touched = dict.fromkeys(step.component for step in state.component_steps)
    began = m.started_at or m.raised_at
    rows = (
        ("Components", ", ".join(source.component(key) for key in touched)),
        ("Began", f"{clock(began)} UTC" if began else ""),
        ("Ended", f"{clock(m.ended_at)} UTC" if m.ended_at else ""),
        ("Postmortem", in_words(front.status)),
        ("Owner", source.name(front.owner) if front.owner else ""),
        ("Authors", ", ".join(source.name(name) for name in front.authors)),
        ("Reviewers", ", ".join(source.name(name) for name in front.reviewers)),
        ("Waived by" if front.status == "waived" else "Approved by", ", ".join(map(source.name, approved))),
        ("Exported", f"{clock(source.now)} UTC"),
    )
    yield from ((name, one_line(text)) for name, text in rows if text)


def _task(source: Source, item: ActionItem) -> Task:
    who = source.name(item.owner) if item.owner else item.team
    about = [who or "nobody yet", f"due {item.due}" if item.due else "", in_words(item.status), one_line(item.ref)]
    return Task(item.status in _ENDED, f"{item.id} {one_line(item.title)} ({', '.join(a for a in about if a)})")


def picture_name(address: str) -> str | None:
    """The path below the folder of the incident, if an address in the text is one of the evidence."""
    match = _PICTURE.fullmatch(address)
    return match[1] if match and ".." not in match[1] else None


def _pictures(workspace: Workspace, incident: str, text: str) -> tuple[dict[str, Picture], list[str]]:
    """The images of the evidence that a text shows, and what is missing."""
    pictures: dict[str, Picture] = {}
    missing: list[str] = []
    left = MOST_BYTES_IN_ALL
    for name in dict.fromkeys(match[1] for match in _PICTURES.finditer(text)):
        path = layout.folder_of(incident) / PurePosixPath(name)
        try:
            data = files.read_plain(workspace.home(incident) / path, MOST_BYTES)
        except OSError as error:
            missing.append(f"{path}: {error.strerror}; the document names it instead")
            continue
        kind = next((kind for start, kind in _KINDS if data.lstrip()[:8].startswith(start)), None)
        if kind is None:
            missing.append(f"{path}: not a PNG, JPEG, GIF, WebP or SVG image; the document names it instead")
        elif len(data) > min(MOST_BYTES, left):
            missing.append(f"{path}: larger than 2 MiB, or 8 MiB with the others; the document names it instead")
        else:
            left -= len(data)
            pictures[name] = Picture(str(path), kind, data)
    return pictures, missing
