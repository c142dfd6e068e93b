"""Problem records: what several incidents have in common, its causes, the changes it takes, and recurrence (S89)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..forms import Day, Handle, Key, Prose, ShortText, Url

ProblemStatus = Literal["open", "in_progress", "fixed", "closed"]
CHANGE_DONE = "done"


class RequiredChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A change that the problem takes, beyond the resolution of its incidents."""

    title: Annotated[ShortText, Meta(description="What has to change.")]
    state: Annotated[ShortText, Meta(description="open, done, or a few words on how far it is.")] = "open"
    owner: Annotated[Handle | None, Meta(description="The responsible person.")] = None
    due: Annotated[Day | None, Meta(description="By when.")] = None
    ref: Annotated[Url | None, Meta(description="The change record or the ticket.")] = None
    action: Annotated[ShortText | None, Meta(description="The action item that does it: INCIDENT/A1.")] = None

    @property
    def done(self) -> bool:
        """Whether it is made."""
        return self.state == CHANGE_DONE or self.state.startswith(f"{CHANGE_DONE} ")


class ProblemCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The front matter of a problem record."""

    title: Annotated[ShortText | None, Meta(description="The title; default: the name of the file.")] = None
    status: Annotated[ProblemStatus, Meta(description="open, in_progress, fixed, or closed without a fix.")] = "open"
    owner: Annotated[Handle | None, Meta(description="The problem manager.")] = None
    components: Annotated[tuple[Key, ...], Meta(description="The components that it affects.")] = ()
    incidents: Annotated[tuple[ShortText, ...], Meta(description="The incidents that it caused.")] = ()
    causes: Annotated[tuple[Prose, ...], Meta(description="What causes it.")] = ()
    changes: Annotated[tuple[RequiredChange, ...], Meta(description="The changes that it takes.")] = ()
    opened_on: Annotated[Day | None, Meta(description="When it was recognized as a problem.")] = None
    due: Annotated[Day | None, Meta(description="By when it is promised to be fixed.")] = None
    fixed_on: Annotated[Day | None, Meta(description="When the last change took effect.")] = None
    reviewed_on: Annotated[Day | None, Meta(description="When the promise was last reviewed, after a recurrence.")] = (
        None
    )
    reason: Annotated[Prose | None, Meta(description="Why it was closed without a fix, or promised again.")] = None


class Recurrence(Struct, frozen=True, kw_only=True):
    """An incident of a problem that began although a fix was promised, or made. why: in words."""

    incident: str
    began: datetime
    why: str


def recurrences(card: ProblemCard, began: Mapping[str, datetime]) -> Iterator[Recurrence]:
    """The recurrences that nobody has reviewed since. began: incident -> when it began; others are left out."""
    fixed, opened, due = day(card.fixed_on), day(card.opened_on), day(card.due)
    reviewed = day(card.reviewed_on)
    for incident in card.incidents:
        at = began.get(incident)
        if at is None or (reviewed is not None and at.date() <= reviewed):
            continue
        if fixed is not None and at.date() > fixed:
            yield Recurrence(incident=incident, began=at, why=f"after it was fixed on {fixed}")
        elif fixed is None and due is not None and opened is not None and at.date() > opened:
            yield Recurrence(incident=incident, began=at, why=f"and its fix is promised by {due}")


def day(text: str | None) -> date | None:
    """A day; None for one that does not exist."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def open_changes(card: ProblemCard) -> list[RequiredChange]:
    """The changes that are not done yet."""
    return [change for change in card.changes if not change.done]
