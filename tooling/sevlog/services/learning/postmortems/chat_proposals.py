"""Proposals for the timeline from a chat: a file to review, with everything that a reviewer has to look at."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from ....adapters.chat.message import Chat, Message, cleaned, remarks
from ....errors import Refused, UsageError
from ....model.comms.private_words import secrets_in, without_secrets
from ....model.learning.chat.people import Matcher
from ....model.learning.chat.proposals import Proposal, Window, guessed, is_small_talk
from ....model.timeline.entries import entry_id
from ....model.timeline.incident import Record
from ....model.timeline.state import State
from ....model.vocabulary import instant
from ....stores.yaml import io as yaml_io
from ...common.documents import SCHEMA
from ...workspace import lookup
from ...workspace.workspace import Workspace

_HEAD = """\
# Messages of a chat, proposed for the timeline of {incident}. Nothing is recorded yet.
# For each message: keep: true or false; kind: note, observation, decision or action_taken (with `type`: mitigation,
# rollback, change or diagnostic); key: true shows it in the timeline of the postmortem; by: a handle of oncall.yaml.
# Change `text` as you like. Leave `source` as it is: it keeps a message from being recorded twice.
# Then set `reviewed: true`, and: sevlog postmortem import chat --apply FILE
"""


class Proposed(Struct, frozen=True, kw_only=True):
    """`sevlog postmortem import chat FILE --json`."""

    schema: str
    id: str
    format: Annotated[str, Meta(description="slack, teams, mattermost, discord or plain.")]
    out: Annotated[str | None, Meta(description="The file that was written.")]
    text: Annotated[str | None, Meta(description="The file, if none was written.")]
    proposed: int
    kept: Annotated[int, Meta(description="How many of them have keep: true.")]
    left_out: Annotated[dict[str, int], Meta(description="Reason -> number of messages.")]
    unmatched: Annotated[list[str], Meta(description="Names that match nobody in oncall.yaml.")]
    warnings: list[str]


def propose(
    workspace: Workspace, incident: str | None, chat: Chat, *, margin: timedelta, every: bool = False
) -> tuple[Proposed, str]:
    """The proposals and the text of their file. every: also what lies outside the incident.

    Raises Refused where no message is left, UsageError where they are too many for one file.
    """
    record = workspace.record(lookup.resolve(workspace, incident, learning=True))
    window = _window(workspace, workspace.state(record), margin)
    known, matcher = recorded(record), Matcher(workspace.oncall.people)
    left, rows = Counter(chat.left_out), []
    for message in chat.messages:
        source = source_of(chat, message)
        if not every and message.at not in window:
            left["outside the time of the incident"] += 1
        elif source in known:
            left["recorded already"] += 1
        else:
            rows.append(_proposal(message, matcher, source))
    if not rows:
        raise _nothing(record, window, left, chat)
    text = _text(record.id, chat, rows)
    unmatched = Counter(row.name for row in rows if row.name)
    warnings = [*_broken(chat), *_doubts(rows)]
    return Proposed(
        schema=SCHEMA,
        id=record.id,
        format=chat.form,
        out=None,
        text=text,
        proposed=len(rows),
        kept=sum(row.keep for row in rows),
        left_out=dict(left),
        unmatched=[name for name, _ in unmatched.most_common()],
        warnings=warnings,
    ), text


def source_of(chat: Chat, message: Message) -> str:
    """The identity of a message, for the id of its entry."""
    return hashlib.sha256(f"{chat.form}\n{chat.channel}\n{message.id}".encode()).hexdigest()[:12]


def recorded(record: Record) -> set[str]:
    """The identities of messages that are in a timeline, retracted and redacted ones included."""
    return {entry_id(entry).rpartition("-chat-")[2] for entry in record.entries if "-chat-" in entry_id(entry)}


def _window(workspace: Workspace, state: State, margin: timedelta) -> Window:
    m = state.milestones
    begins = [at for at in (m.started_at, m.detected_at, m.raised_at) if at]
    ends = [at for at in (m.ended_at, m.resolved_at) if at]
    now = workspace.clock()
    return Window(min(begins, default=now) - margin, (now if state.live else max(ends, default=now)) + margin)


def _proposal(message: Message, matcher: Matcher, source: str) -> Proposal:
    who = message.author
    handle = matcher.handle((*who.names, who.name), who.mails)
    said = cleaned(message.text)
    text = without_secrets(said) or "(empty)"
    secret = next(secrets_in(said), None)
    kind, type_ = guessed(text)
    hidden = f"a secret was removed ({secret.what}): revoke it" if secret else ""
    return Proposal(
        keep=not secret and not is_small_talk(text),
        at=message.at.astimezone(UTC),
        by=handle,
        name=None if handle else cleaned(who.name)[:100] or "unknown",
        kind=kind,
        type=type_,
        key=message.pinned or kind in ("decision", "action_taken"),
        text=text,
        remark=remarks(hidden, message.remark, *_notable(message, type_)) or None,
        thread=message.thread or None,
        link=message.url,
        source=source,
        message=message.place,
    )


def _notable(message: Message, type_: str | None) -> Iterator[str]:
    """What makes a message more than a note."""
    if message.pinned:
        yield "pinned in the chat"
    if type_ in ("mitigation", "rollback"):
        yield f"a {type_} sets when the incident was mitigated: check it"


def _text(incident: str, chat: Chat, rows: list[Proposal]) -> str:
    from ....stores.records import codec

    shown = [{"keep": row.keep, "by": row.by, "kind": row.kind, "key": row.key} for row in rows]
    plain = [{**codec.plain(row), **always} for row, always in zip(rows, shown, strict=True)]
    order = Proposal.__struct_fields__
    listed = [{key: row[key] for key in order if key in row} for row in plain]
    channel = f"{chat.form} {chat.channel}".strip()
    data = {"incident": incident, "chat": channel, "reviewed": False, "messages": listed}
    text = _HEAD.format(incident=incident) + yaml_io.dump(data)
    if len(text.encode()) > yaml_io.MAX_BYTES:
        limit = yaml_io.MAX_BYTES // 1024 // 1024
        raise UsageError(
            f"{len(rows)} messages are too many to review in one file (more than {limit} MiB)",
            "leave out --all, or give a smaller --margin, or export fewer days",
        )
    return text


def _nothing(record: Record, window: Window, left: Counter[str], chat: Chat) -> Refused:
    said = ", ".join(f"{number} {reason}" for reason, number in left.items()) or "the export is empty"
    days = f"{chat.messages[0].at:%Y-%m-%d} to {chat.messages[-1].at:%Y-%m-%d}" if chat.messages else "no day"
    return Refused(
        f"no message to propose for {record.id}: {said}",
        f"the incident, with its margin: {instant(window.start)} to {instant(window.end)}; the chat: {days}",
        "to take all of them, add --all; to widen the time: --margin 6h",
    )


def _broken(chat: Chat) -> list[str]:
    more = len(chat.broken) - 5
    return [*(f"left out: {text}" for text in chat.broken[:5]), *([f"left out: {more} more"] if more > 0 else [])]


def _doubts(rows: list[Proposal]) -> list[str]:
    """One warning per kind of remark, with the first place."""
    found: dict[str, list[Proposal]] = {}
    for row in rows:
        for word in ("ambiguous", "does not exist", "earlier than", "a secret was removed"):
            if word in (row.remark or ""):
                found.setdefault(word, []).append(row)
    return [f"{len(some)} of the messages: {some[0].remark} (first: {some[0].message})" for some in found.values()]
