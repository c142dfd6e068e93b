"""What an incident's folder gave, as the index keeps it: without what follows from the rest."""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Union

from msgspec import Struct

from ...model.problem import Problem
from ...model.timeline.entries import KIND_BY_NAME
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import ActionItem, IncidentCard, Postmortem, PublicPostmortem, Record
from .records import Reading

if TYPE_CHECKING:
    AnyEntry = Entry
else:
    AnyEntry = Union[tuple(KIND_BY_NAME.values())]  # noqa: UP007 - made of a table: by its tag, each comes back as itself

_at = attrgetter("at")


class Kept(Struct, array_like=True, gc=False):
    """A reading. files: name of each timeline file, and its entries."""

    card: IncidentCard | None
    files: tuple[tuple[str, tuple[AnyEntry, ...]], ...]
    actions: tuple[ActionItem, ...]
    postmortem: Postmortem | None
    postmortem_text: str | None
    public_postmortem: PublicPostmortem | None
    public_postmortem_text: str | None
    problems: tuple[Problem, ...]


def kept(reading: Reading) -> Kept:
    """A reading, to be kept."""
    record, files = reading.record, reading.files
    if record is None:
        return Kept(None, files, (), None, None, None, None, reading.problems)
    return Kept(
        record.card,
        files,
        record.actions,
        record.postmortem,
        record.postmortem_text,
        record.public_postmortem,
        record.public_postmortem_text,
        reading.problems,
    )


def reading(incident_id: str, row: Kept) -> Reading:
    """The reading that was kept."""
    record = None
    if row.card is not None:
        entries = sorted(chain.from_iterable(entries for _, entries in row.files), key=_at)
        record = Record(
            id=incident_id,
            card=row.card,
            entries=tuple(entries),
            actions=row.actions,
            postmortem=row.postmortem,
            postmortem_text=row.postmortem_text,
            public_postmortem=row.public_postmortem,
            public_postmortem_text=row.public_postmortem_text,
        )
    return Reading(id=incident_id, record=record, problems=row.problems, files=row.files)
