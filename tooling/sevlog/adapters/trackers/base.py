"""The interface of trackers: the issue to create, the state of one, and the errors."""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

from ...errors import Exit, SevlogError
from .contents import Content

PREFIX = "SEVLOG_"
"""The prefix of environment variables for tokens: TRACKER is read from SEVLOG_TRACKER."""


class NewIssue(Struct, frozen=True, kw_only=True):
    """An issue to create. facts: label and text of each line of its body. link: the record. marker: finds it again."""

    title: str
    facts: tuple[tuple[str, str], ...]
    marker: str
    link: str | None = None


class Standing(Struct, frozen=True):
    """The state of an issue. word: the tracker's own name for it.

    completed: closed, because it is done. dropped: closed without being done. gone: there is none, or it cannot be
    seen. other: nothing follows from it. content: what it says, of an open one.
    """

    kind: Literal["open", "completed", "dropped", "gone", "other"]
    word: str
    content: Content | None = None


class Tracker(Protocol):
    """One project of a tracker. What it answers is checked; each method raises the errors below."""

    name: str

    def check(self) -> None:
        """Raise TrackerTrouble where the tracker, the project or the token does not work."""
        ...

    def find(self, marker: str) -> str | None:
        """The address of the issue with a marker, the oldest one; None where there is none."""
        ...

    def create(self, issue: NewIssue) -> str:
        """Create an issue; its address."""
        ...

    def read(self, ref: str) -> Standing:
        """The state of an issue."""
        ...

    def written(self, issue: NewIssue) -> Content:
        """What an issue says after it was created or edited with this."""
        ...

    def edit(self, ref: str, issue: NewIssue) -> None:
        """Give an issue another title and other facts. The rest of its text stays."""
        ...

    def owns(self, ref: str) -> bool:
        """Whether an address is that of an issue of this project."""
        ...


class TrackerTrouble(SevlogError):
    """The tracker cannot be used: a wrong setting or token."""

    exit_code = Exit.FINDINGS


class Later(TrackerTrouble):
    """The tracker does not answer, or asks to come back later. Nothing was created."""


class Rejected(SevlogError):
    """The tracker does not take this one issue. Others may work."""

    exit_code = Exit.FINDINGS


class Unknown(SevlogError):
    """A request to create an issue got no answer: it may exist."""

    exit_code = Exit.FINDINGS


def shortened(title: str, most: int) -> str:
    """A title that fits into the field of a tracker."""
    return title if len(title) <= most else f"{title[: most - 1]}…"
