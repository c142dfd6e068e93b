"""A proposal: a message that may become an entry of the timeline, after somebody has looked at it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ...forms import Handle, Instant, Prose, Url
from ...vocabulary import ActionTakenType

ProposalKind = Literal["note", "observation", "decision", "action_taken"]

_STARTS: tuple[tuple[ProposalKind, ActionTakenType | None, str], ...] = (
    ("decision", None, r"(?:decision|decided|we (?:have )?decide[d]?|agreed)\b[:,]?"),
    ("action_taken", "rollback", r"(?:(?:i|we)(?: have|'ve)? )?(?:rolled back|reverted)\b"),
    (
        "action_taken",
        "change",
        r"(?:(?:i|we)(?: have|'ve)? )?(?:restarted|deployed|failed over|scaled|disabled|enabled|drained|killed)\b",
    ),
    ("observation", None, r"(?:i(?:'m| am)? see(?:ing)?|we (?:see|are seeing)|seeing)\b"),
    ("observation", None, r"(?:the )?(?:graphs?|logs?|dashboards?) (?:show|say)s?\b"),
)
_RULES = [(kind, type_, re.compile(pattern, re.I)) for kind, type_, pattern in _STARTS]
_AGREEMENT = "ok okay yes yep no nope ack same sure done +1 on it great nice cool"
_GREETING = "thx thank thanks ty you all everyone hi hello"
_SMALL_TALK = frozenset(f"{_AGREEMENT} {_GREETING}".split())


class Proposal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One message. source: its identity in the chat; the same one is recorded once."""

    keep: Annotated[bool, Meta(description="Whether it becomes an entry.")]
    at: Annotated[Instant, Meta(description="When it was written.")]
    by: Annotated[Handle | None, Meta(description="Who wrote it; null: the name goes into the text.")]
    name: Annotated[str | None, Meta(description="The name in the chat, if it matches nobody.")] = None
    kind: Annotated[ProposalKind, Meta(description="note, observation, decision or action_taken.")] = "note"
    type: Annotated[ActionTakenType | None, Meta(description="Of action_taken.")] = None
    key: Annotated[bool, Meta(description="Whether the timeline of the postmortem shows it.")] = False
    text: Annotated[Prose, Meta(description="The text of the entry.")]
    remark: Annotated[str | None, Meta(description="What to look at; it is not recorded.")] = None
    thread: Annotated[str | None, Meta(description="The message that it answers; it is not recorded.")] = None
    link: Annotated[Url | None, Meta(description="The message on the web; recorded as evidence.")] = None
    source: Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z", description="Do not change it.")]
    message: Annotated[str | None, Meta(description="Where it is in the export; it is not recorded.")] = None


class Review(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file to edit. reviewed: nothing is recorded until a person sets it to true."""

    incident: str
    chat: str
    reviewed: bool
    messages: list[object] = field(default_factory=list)


def guessed(text: str) -> tuple[ProposalKind, ActionTakenType | None]:
    """What a message may be, by its first words; a note if they say nothing."""
    for kind, type_, pattern in _RULES:
        if pattern.match(text):
            return kind, type_
    return "note", None


def is_small_talk(text: str) -> bool:
    """Whether a message has nothing but thanks, agreement or emoji."""
    words = [word.strip("!.,?") for word in text.lower().split()]
    return all(word in _SMALL_TALK or re.fullmatch(r"[\W_]*|:[\w+-]+:|@\S+", word) for word in words)


class Window(Struct, frozen=True):
    """The time of an incident, with a margin."""

    start: datetime
    end: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.start <= at <= self.end
