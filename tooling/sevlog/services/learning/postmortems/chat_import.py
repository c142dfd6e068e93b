"""Records the messages of a chat that a person has reviewed: one act, each message once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

import msgspec

from ....errors import InvalidRecord, NotFound, Refused, UsageError
from ....model.comms.private_words import secrets_in
from ....model.learning.chat.proposals import Proposal, Review
from ....model.rules.known_names import person_line
from ....model.suggestions import did_you_mean
from ....model.timeline.entries import KIND_BY_NAME
from ....model.timeline.entry_parts import Entry
from ....model.vocabulary import compact, instant
from ....stores import files
from ....stores.records import codec
from ....stores.yaml import io as yaml_io
from ...common.outcome import Outcome
from ...recording.incident_session import IncidentSession
from ...recording.recorder import Options
from ...workspace import lookup
from ...workspace.workspace import Workspace
from .chat_proposals import recorded


def apply(workspace: Workspace, incident: str | None, file: Path, options: Options) -> Outcome:
    """Record what was kept. Raises Refused before a review and for secrets, UsageError with the row that is wrong."""
    review = _read(file)
    if incident is not None and lookup.resolve(workspace, incident) != review.incident:
        raise UsageError(f"{file} is for {review.incident}, not for {incident}", "leave out -i")
    if not review.reviewed:
        raise Refused(
            f"{file} is not reviewed yet", "look at each message, set `reviewed: true` in the file, and repeat"
        )
    rows = [_row(file, number, row) for number, row in enumerate(review.messages, 1)]
    session = IncidentSession(workspace, review.incident, options)
    known, entries = recorded(session.record), []
    kept = [(number, row) for number, row in enumerate(rows, 1) if row.keep]
    for number, row in kept:
        _check(session, f"{file}: message {number}", row)
        if row.source not in known:
            known.add(row.source)
            entries.append(_entry(row, session))
    if not entries:
        raise Refused(
            f"{review.incident}: all {len(kept)} messages are recorded already"
            if kept
            else f"{file}: no message has `keep: true`",
            "nothing to record",
        )
    already = len(kept) - len(entries)
    hints = (f"{already} of the messages were recorded already",) if already else ()
    return session.do(entries, f"import {len(entries)} messages of a chat", hints=hints, as_told=True)


def _read(file: Path) -> Review:
    try:
        data = files.read_plain(file, yaml_io.MAX_BYTES)
    except FileNotFoundError:
        raise NotFound(f"{file}: no such file", "make it: sevlog postmortem import chat EXPORT -o FILE") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from None
    try:
        return msgspec.convert(yaml_io.read(data), Review)
    except yaml_io.YamlError as error:
        raise InvalidRecord(f"{file}: {error.message}", *error.hints) from None
    except msgspec.ValidationError as error:
        raise InvalidRecord(f"{file}: {error}", "make it again: sevlog postmortem import chat EXPORT -o FILE") from None


def _row(file: Path, number: int, row: object) -> Proposal:
    if isinstance(row, Mapping) and row.get("keep") is False:
        row = {**row, "text": row.get("text") or "-"}
    try:
        return msgspec.convert(row, Proposal)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{file}: message {number}: {error}",
            "keys: keep, at, by, kind, type, key, text, source; kinds: note, observation, decision, action_taken",
        ) from None


def _check(session: IncidentSession, place: str, row: Proposal) -> None:
    """Raise for a person that oncall.yaml does not list, a time that is not past, a secret, a missing type."""
    people = [person.key for person in session.workspace.oncall.people]
    if row.by is not None and people and row.by not in people:
        raise UsageError(
            f"{place}: person `{row.by}` is not listed in oncall.yaml",
            did_you_mean(row.by, people),
            f"set `by: null`, or add to `people` in oncall.yaml: {person_line(row.by)}",
        )
    if row.at > session.who.now:
        raise UsageError(f"{place}: {instant(row.at)} is in the future", "correct `at`")
    if secret := next(secrets_in(row.text), None):
        raise Refused(
            f"{place}: {secret.stated(row.text)}", "remove it from the text, and revoke it: git would keep it"
        )
    if (row.kind == "action_taken") != (row.type is not None):
        wrong = "needs a `type`" if row.type is None else "has no `type`"
        raise UsageError(
            f"{place}: `{row.kind}` {wrong}", "types of action_taken: mitigation, rollback, change, diagnostic"
        )


def _entry(row: Proposal, session: IncidentSession) -> Entry:
    """The entry: at the time of the message, by its author; who is not known is named in the text."""
    at = row.at.astimezone(UTC)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    text = row.text if row.by else f"{row.name or 'unknown'} (in the chat): {row.text}"
    plain: dict[str, object] = {
        "kind": row.kind,
        "at": instant(at),
        "by": row.by or session.who.person,
        "id": f"{compact(at)}-{row.kind}-chat-{row.source}",
        "text": text,
    }
    if row.type:
        plain["type"] = row.type
    if row.key:
        plain["key"] = True
    if row.link:
        plain["evidence"] = [{"url": row.link, "label": "message in the chat"}]
    return codec.made(plain, KIND_BY_NAME[row.kind], "entry")
