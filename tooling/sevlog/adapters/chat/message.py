"""A message of any chat, and what a reader of exports found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

Row = Mapping[str, Any]

LONGEST = 4000
"""Characters of a message that are kept."""
_REMOVED = dict.fromkeys(
    [
        *(code for code in range(0x20) if code not in (9, 10)),
        *range(0x7F, 0xA0),
        *(0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0xFEFF),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
        *range(0xD800, 0xE000),
        *range(0xE0000, 0xE0080),
    ]
)


class Author(Struct, frozen=True):
    """Who wrote a message. name: as people see it. names: what may match somebody. mails: addresses, never recorded."""

    name: str
    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


class Message(Struct, frozen=True, kw_only=True):
    """A message. id: unique in its channel. place: where in the export. remark: what a reviewer should know."""

    id: str
    at: datetime
    author: Author
    text: str
    place: str
    thread: str = ""
    url: str | None = None
    pinned: bool = False
    remark: str = ""


class Chat(Struct, kw_only=True):
    """What a reader found. channel: part of the identity of each message. left_out: reason -> how many messages.

    broken: messages that could not be read, and why.
    """

    form: str
    channel: str
    messages: list[Message]
    left_out: dict[str, int]
    broken: list[str]

    def leave_out(self, reason: str) -> None:
        """Count a message that is not one of a person."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


class Unreadable(ValueError):
    """A message that is not as its format says; the rest of the export is read."""


def cleaned(text: str) -> str:
    """The text without control characters and those that hide or change its order; cut with a mark if too long."""
    whole = len(text)
    text = re.sub(r"\r\n?", "\n", text[: LONGEST * 2]).translate(_REMOVED).strip()
    if whole <= LONGEST * 2 and len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rstrip()} … (cut: the message has {whole:,} characters)"


def named_files(files: object) -> str:
    """The names of attached files. Their addresses hold access tokens, so they are left out."""
    rows = [row for row in files if isinstance(row, Mapping)] if isinstance(files, list) else []
    names = [str(row.get("name") or row.get("fileName") or row.get("title") or "file") for row in rows]
    return "".join(f"\n[file: {name}]" for name in names)


def remarks(*found: str) -> str:
    """Remarks in one text."""
    return "; ".join(part for part in found if part)


def rows_of(value: object) -> Iterable[Row]:
    """The objects of a list."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def iso(text: object) -> datetime:
    """A time with an offset. Raises Unreadable."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise Unreadable(f"`{str(text)[:40]}` is not a time") from None
    if found.tzinfo is None:
        raise Unreadable(f"`{str(text)[:40]}` has no offset")
    return found


def from_epoch(seconds: object) -> datetime:
    """A time in seconds since 1970. Raises Unreadable."""
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable(f"`{str(seconds)[:40]}` is not a time") from None
