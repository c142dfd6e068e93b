"""One thing to do in the response: what, the command, and when it is due."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ..timeline.lifecycle import named
from ..vocabulary import Audience


class Todo(Struct, frozen=True, kw_only=True):
    """What to do. `ID` in the command stands for the incident until `about` names it.

    needed: the process requires it now; else it is a suggestion. overdue: `due_at` has passed.
    audience: of the update that is to be sent.
    """

    what: str
    command: str
    needed: bool = True
    due_at: datetime | None = None
    overdue: bool = False
    audience: Audience | None = None

    def about(self, incident: str) -> Todo:
        """The same, with the id of the incident in the command."""
        return replace(self, command=named(self.command, incident))

    def untimed(self) -> Todo:
        """The same without a time limit; what had one is a suggestion."""
        return self if self.due_at is None else replace(self, needed=False, due_at=None, overdue=False)

    def must(self) -> Todo:
        """The same, required now."""
        return replace(self, needed=True)


def late(todo: Todo, now: datetime) -> Todo:
    """The same, marked as overdue if `due_at` has passed."""
    return replace(todo, overdue=todo.due_at is not None and todo.due_at < now)
