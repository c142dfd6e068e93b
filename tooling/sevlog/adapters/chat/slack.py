"""Slack: an export as a zip file or a folder, or one file of a day."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .message import Author, Chat, Message, Row, Unreadable, from_epoch, named_files, remarks, rows_of

_SYSTEM = frozenset(
    f"{place}_{what}"
    for place in ("channel", "group")
    for what in ("join", "leave", "topic", "purpose", "name", "archive", "unarchive", "convert_to_private")
) | {"bot_add", "bot_remove", "tombstone", "reminder_add", "channel_posting_permissions", "sh_room_created"}
"""Unknown subtypes are messages of people."""
_REFERENCE = re.compile(r"<([@#!]?)([^<>|\s]+(?: [^<>|]*)?)(?:\|([^<>]*))?>")


def read(files: Iterator[tuple[str, object]], people: object, channel: str) -> Chat:
    """The messages of a channel. files: name and content of each day. people: users.json, if there is one."""
    chat = Chat(form="slack", channel=channel, messages=[], left_out={}, broken=[])
    users = {str(row.get("id")): row for row in rows_of(people)}
    known: set[str] = set()
    pinned: set[str] = set()
    for name, rows in files:
        for number, row in enumerate(rows_of(rows), 1):
            place = f"{name}: message {number}"
            try:
                if row.get("subtype") == "pinned_item":
                    pinned |= {str(item.get("ts")) for item in rows_of(row.get("attachments"))}
                _take(chat, row, place, users, known)
            except Unreadable as error:
                chat.broken.append(f"{place}: {error}")
    if pinned:
        chat.messages = [_pin(message) if message.id in pinned else message for message in chat.messages]
    return chat


def _pin(message: Message) -> Message:
    from msgspec.structs import replace

    return replace(message, pinned=True)


def _take(chat: Chat, row: Row, place: str, users: dict[str, Row], known: set[str]) -> None:
    subtype = row.get("subtype")
    if subtype == "tombstone" or row.get("hidden"):
        return chat.leave_out("deleted messages")
    if subtype in _SYSTEM or subtype == "pinned_item":
        return chat.leave_out("system messages")
    if subtype == "bot_message" or (row.get("bot_id") and not row.get("user")):
        return chat.leave_out("messages of bots")
    ts = row.get("ts")
    if not isinstance(ts, str):
        raise Unreadable("no `ts`")
    if ts in known:
        return chat.leave_out("repeated messages")
    known.add(ts)
    text = f"{_text(row)}{named_files(row.get('files'))}".strip()
    if not text:
        return chat.leave_out("empty messages")
    thread = str(row.get("thread_ts") or "")
    chat.messages.append(
        Message(
            id=ts,
            at=from_epoch(ts),
            author=_author(row, users),
            text=decoded(text, users),
            place=place,
            thread=thread if thread != ts else "",
            pinned=bool(row.get("pinned_to")),
            remark=remarks("edited later" if row.get("edited") else ""),
        )
    )
    return None


def _text(row: Row) -> str:
    """The text; of a message without one, that of its blocks and attachments."""
    if text := str(row.get("text") or ""):
        return text
    parts = [str(part.get("text") or part.get("fallback") or "") for part in rows_of(row.get("attachments"))]
    return "\n".join([*_of_blocks(row.get("blocks")), *parts])


def _of_blocks(blocks: object, depth: int = 0) -> Iterator[str]:
    for block in rows_of(blocks):
        text = block.get("text")
        if isinstance(text, str):
            yield text
        elif isinstance(text, dict):
            yield str(text.get("text") or "")
        elif depth < 8:
            yield "".join(_of_blocks(block.get("elements"), depth + 1))


def _author(row: Row, users: dict[str, Row]) -> Author:
    """Who it was: by users.json, else by the profile in the message; deleted people have neither."""
    key = str(row.get("user") or "")
    user = users.get(key) or {}
    profile = user.get("profile") or row.get("user_profile") or {}
    profile = profile if isinstance(profile, dict) else {}
    said = [profile.get("display_name"), profile.get("real_name"), user.get("real_name"), profile.get("name")]
    names = tuple(dict.fromkeys(str(name) for name in (user.get("name"), *said) if name))
    shown = next((str(name) for name in said if name), None) or (names[0] if names else "")
    mails = (str(profile["email"]),) if profile.get("email") else ()
    return Author(shown or f"{key or 'unknown'} (not in users.json)", names, mails)


def decoded(text: str, users: dict[str, Row]) -> str:
    """The text with names for mentions, addresses for links, and characters for entities."""

    def told(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        if sign == "@":
            return f"@{label or _author({'user': target}, users).name.removesuffix(' (not in users.json)')}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            return label or f"@{target.split('^')[0]}"
        return f"{label} ({target})" if label and label != target else target.removeprefix("mailto:")

    return html.unescape(_REFERENCE.sub(told, text))
