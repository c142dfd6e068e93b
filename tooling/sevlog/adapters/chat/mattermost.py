"""Mattermost: JSON lines of a bulk export."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from .message import Author, Chat, Message, Row, Unreadable, from_epoch, named_files, remarks, rows_of


def channels(rows: list[tuple[int, Row]]) -> list[str]:
    """The channels that have posts."""
    posts = (row.get("post") for _, row in rows)
    return sorted({str(post.get("channel")) for post in posts if isinstance(post, dict)})


def read(name: str, rows: list[tuple[int, Row]], channel: str) -> Chat:
    """The posts of a channel. rows: the line and the content of each."""
    chat = Chat(form="mattermost", channel=channel, messages=[], left_out={}, broken=[])
    users: dict[str, Row] = {
        str(user.get("username")): user for _, row in rows if isinstance(user := row.get("user"), dict)
    }
    known: set[str] = set()
    for line, row in rows:
        post = row.get("post")
        if not isinstance(post, dict) or post.get("channel") != channel:
            continue
        root = ""
        for place, part in _with_replies(post, f"{name}: line {line}"):
            try:
                key = _take(chat, part, place, root, users, known)
                root = root or key
            except Unreadable as error:
                chat.broken.append(f"{place}: {error}")
    return chat


def _with_replies(post: Row, place: str) -> Iterator[tuple[str, Row]]:
    yield place, post
    for number, reply in enumerate(rows_of(post.get("replies")), 1):
        yield f"{place}, reply {number}", reply


def _take(chat: Chat, row: Row, place: str, root: str, users: dict[str, Row], known: set[str]) -> str:
    """Add a post; its identity: an export has no ids."""
    made = row.get("create_at")
    if not isinstance(made, int | float) or isinstance(made, bool):
        raise Unreadable("no `create_at`")
    props = row.get("props")
    seen = [row.get("user"), made, row.get("message"), props]
    key = f"{made}-{hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:8]}"
    kind = str(row.get("type") or "")
    text = f"{row.get('message') or ''}{named_files(row.get('attachments'))}".strip()
    if key in known:
        chat.leave_out("repeated messages")
    elif row.get("delete_at"):
        chat.leave_out("deleted messages")
    elif kind.startswith("system_"):
        chat.leave_out("system messages")
    elif isinstance(props, dict) and str(props.get("from_webhook") or props.get("from_bot")) == "true":
        chat.leave_out("messages of bots")
    elif not text:
        chat.leave_out("empty messages")
    else:
        edited = isinstance(at := row.get("edit_at"), int | float) and at > made
        chat.messages.append(
            Message(
                id=key,
                at=from_epoch(made / 1000),
                author=_author(str(row.get("user") or "unknown"), users),
                text=text,
                place=place,
                thread=root,
                pinned=bool(row.get("is_pinned")),
                remark=remarks("edited later" if edited else ""),
            )
        )
    known.add(key)
    return key


def _author(name: str, users: dict[str, Row]) -> Author:
    user = users.get(name) or {}
    whole = " ".join(str(user.get(part) or "") for part in ("first_name", "last_name")).strip()
    nick = str(user.get("nickname") or "")
    mail = str(user.get("email") or "")
    return Author(whole or nick or name, tuple(part for part in (name, whole, nick) if part), (mail,) if mail else ())
