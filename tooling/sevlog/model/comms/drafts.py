"""Drafts that wait for approval: each is a task for its approver, with the text in a file of the evidence folder.

A draft is never public: only recorded updates are published.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from ..timeline.entries import DRAFT_FILES, Task
from ..timeline.state import State


class Waiting(Struct, frozen=True, kw_only=True):
    """A draft: its short name (that of the task), its file, who wrote it, who is to approve it, and what became of it.

    settled_at: when it was sent or dropped; None while it waits.
    """

    ref: str
    file: str
    author: str
    asked: str | None
    written_at: datetime
    state: str
    text: str
    settled_at: datetime | None = None

    def waited(self, now: datetime) -> timedelta:
        """How long it waited, or waits."""
        return (self.settled_at or now) - self.written_at


def drafts(state: State) -> tuple[Waiting, ...]:
    """The drafts of an incident, oldest first."""
    found: dict[str, Waiting] = {}
    for item in state.timeline:
        entry = item.effective
        if not isinstance(entry, Task) or entry.ref not in state.tasks:
            continue
        file = next((e.file for e in entry.evidence if e.file and e.file.startswith(DRAFT_FILES)), None)
        if file is not None:
            now = state.tasks[entry.ref]
            found[entry.ref] = Waiting(
                ref=entry.ref,
                file=file,
                author=entry.by or "",
                asked=now.assignee,
                written_at=entry.at,
                state=now.state,
                text=now.text or "",
                settled_at=None if now.state == "open" else now.changed_at,
            )
    return tuple(found.values())


def waiting(state: State) -> tuple[Waiting, ...]:
    """Those that still wait."""
    return tuple(draft for draft in drafts(state) if draft.state == "open")
