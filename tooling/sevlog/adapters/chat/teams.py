"""Microsoft Teams: messages as Microsoft Graph lists them (`chatMessage`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from .message import Author, Chat, Message, Row, Unreadable, iso, named_files, remarks, rows_of

_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote", "pre"})


def read(name: str, value: object) -> Chat:
    """The messages of a list, with the replies of each."""
    chat = Chat(form="teams", channel="", messages=[], left_out={}, broken=[])
    known: set[str] = set()
    rows = value.get("value") if isinstance(value, dict) else value
    for place, row, root in _with_replies(rows_of(rows), name):
        try:
            _take(chat, row, place, root, known)
        except Unreadable as error:
            chat.broken.append(f"{place}: {error}")
    return chat


def _with_replies(rows: object, name: str) -> Iterator[tuple[str, Row, str]]:
    for number, row in enumerate(rows_of(rows), 1):
        yield f"{name}: message {number}", row, ""
        for reply, under in enumerate(rows_of(row.get("replies")), 1):
            yield f"{name}: message {number}, reply {reply}", under, str(row.get("id") or "")


def _take(chat: Chat, row: Row, place: str, root: str, known: set[str]) -> None:
    sender = row.get("from") or {}
    user = sender.get("user") if isinstance(sender, dict) else None
    if row.get("messageType", "message") != "message":
        return chat.leave_out("system messages")
    if row.get("deletedDateTime"):
        return chat.leave_out("deleted messages")
    if not isinstance(user, dict):
        return chat.leave_out("messages of bots" if sender else "system messages")
    if not row.get("id"):
        raise Unreadable("no `id`")
    if str(row["id"]) in known:
        return chat.leave_out("repeated messages")
    known.add(str(row["id"]))
    body = row.get("body") if isinstance(row.get("body"), dict) else {}
    assert isinstance(body, dict)
    content = str(body.get("content") or "")
    text = plain_text(content) if body.get("contentType") == "html" else content
    subject = f"{row['subject']}: " if row.get("subject") else ""
    text = f"{subject}{text}{named_files(row.get('attachments'))}".strip()
    if not text:
        return chat.leave_out("empty messages")
    shown = str(user.get("displayName") or f"{user.get('id') or 'unknown'} (deleted)")
    mail = str(user.get("userPrincipalName") or user.get("email") or "")
    address = str(row.get("webUrl") or "")
    chat.messages.append(
        Message(
            id=str(row["id"]),
            at=iso(row.get("createdDateTime")),
            author=Author(shown, (shown, mail.split("@")[0]) if mail else (shown,), (mail,) if mail else ()),
            text=text,
            place=place,
            thread=root or str(row.get("replyToId") or ""),
            url=address if re.fullmatch(r"https?://[^\s<>\"]+", address) else None,
            remark=remarks("edited later" if row.get("lastEditedDateTime") else ""),
        )
    )
    return None


def plain_text(source: str) -> str:
    """The text of HTML: mentions with an @, blocks on lines of their own."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._hidden += tag in ("script", "style")
        if tag == "at":
            self.parts.append("@")
        elif tag in ("img", "emoji"):
            self.parts.append(known.get("alt") or "")
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\xa0", " "))
