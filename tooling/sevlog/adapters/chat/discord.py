"""Discord: JSON of DiscordChatExporter."""

from __future__ import annotations

import re

from .message import Author, Chat, Message, Row, Unreadable, iso, named_files, remarks, rows_of

_TALK = frozenset({"Default", "Reply", "0", "19"})
_MENTION = re.compile(r"<(@[!&]?|#|a?:(\w+):)(\d+)>")


def read(name: str, value: Row) -> Chat:
    """The messages of a channel."""
    guild, channel = value.get("guild") or {}, value.get("channel") or {}
    path = f"{guild.get('id') or '@me'}/{channel.get('id') or ''}"
    chat = Chat(form="discord", channel=str(channel.get("id") or ""), messages=[], left_out={}, broken=[])
    known: set[str] = set()
    for number, row in enumerate(rows_of(value.get("messages")), 1):
        place = f"{name}: message {number}"
        try:
            _take(chat, row, place, path, known)
        except Unreadable as error:
            chat.broken.append(f"{place}: {error}")
    return chat


def _take(chat: Chat, row: Row, place: str, path: str, known: set[str]) -> None:
    key = str(row.get("id") or "")
    author = row.get("author") if isinstance(row.get("author"), dict) else {}
    assert isinstance(author, dict)
    if str(row.get("type", "Default")) not in _TALK:
        return chat.leave_out("system messages")
    if author.get("isBot"):
        return chat.leave_out("messages of bots")
    if not key.isdigit():
        raise Unreadable("no `id`")
    if key in known:
        return chat.leave_out("repeated messages")
    known.add(key)
    text = _decoded(str(row.get("content") or ""), row) + named_files(row.get("attachments"))
    if not text.strip():
        return chat.leave_out("empty messages")
    names = tuple(str(n) for n in (author.get("name"), author.get("nickname")) if n)
    reference = row.get("reference")
    chat.messages.append(
        Message(
            id=key,
            at=iso(row.get("timestamp")),
            author=Author(names[-1] if names else "unknown", names),
            text=text.strip(),
            place=place,
            thread=str(reference.get("messageId") or "") if isinstance(reference, dict) else "",
            url=f"https://discord.com/channels/{path}/{key}" if re.fullmatch(r"[\d@me/]+", path) else None,
            pinned=bool(row.get("isPinned")),
            remark=remarks("edited later" if row.get("timestampEdited") else ""),
        )
    )
    return None


def _decoded(text: str, row: Row) -> str:
    names = {str(m.get("id")): str(m.get("nickname") or m.get("name") or "") for m in rows_of(row.get("mentions"))}

    def told(match: re.Match[str]) -> str:
        sign, emoji, key = match.groups()
        if emoji:
            return f":{emoji}:"
        return f"{sign[0]}{names.get(key) or key}"

    return _MENTION.sub(told, text)
