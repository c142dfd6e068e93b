"""The JSON document of a page. The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Result = Literal["sent", "failed", "grouped", "would"]


class Delivery(Struct, kw_only=True):
    """What became of a page on one contact point."""

    person: str
    asked: Annotated[str, Meta(description="The target: person:KEY, schedule:KEY or team:KEY.")]
    policy: str | None
    step: int | None
    contact: Annotated[str | None, Meta(description="The name of the contact point; its address is in no document.")]
    result: Annotated[
        Result,
        Meta(description="would: with --dry-run. grouped: no message of its own; the person was paged shortly before."),
    ]
    reason: str
    tries: int
    until: Annotated[
        datetime | None, Meta(description="grouped: when one page names all that still waits for the person.")
    ] = None


class Waiting(Struct, kw_only=True):
    """A policy that does not page now."""

    policy: str
    why: str
    next_at: Annotated[datetime | None, Meta(description="When its next step is due.")]


class Left(Struct, kw_only=True):
    """A person whose page is left to another machine, because no contact point is set on this one."""

    person: str
    asked: str
    contacts: list[str]


class Pages(Struct, kw_only=True):
    """`sevlog page --json`."""

    schema: str
    incident: str
    rank: Annotated[str, Meta(description="`top priority`, or what comes first.")]
    text: str
    answer: Annotated[str, Meta(description="The command that answers.")]
    deliveries: list[Delivery]
    unreached: Annotated[list[str], Meta(description="People that no contact point reached: call them by hand, now.")]
    waiting: list[Waiting]
    left: Annotated[list[Left], Meta(description="People that another machine, such as CI, has to page.")]
    commit: str | None
    pushed: bool | None
    warnings: list[str]
