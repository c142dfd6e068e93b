"""Refuses an act that would tell customers a secret, and warns of one that puts one into git, before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ...errors import Refused
from ...model.comms.plan import OUTSIDE
from ...model.comms.private_words import secrets_in
from ...model.rules.text import LINT_SECRET
from ...model.timeline.entries import Override, Update, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard
from ...stores import layout

_ROTATE = "revoke it now (rotate it): treat a secret that was typed as exposed"


def refuse_public(incident: str, what: str, text: str | None) -> None:
    """Raise Refused where a text that customers would read holds a secret."""
    for secret in secrets_in(text or ""):
        raise Refused(
            f"{incident}: {what}: {secret.stated(text or '')}, and customers would see it",
            "remove it from the text",
            _ROTATE,
        )


def warnings(incident: str, entries: Sequence[Entry], card: IncidentCard, files: Mapping[str, str]) -> tuple[str, ...]:
    """Warnings about secrets in an act before it is written. Raises Refused where customers would read one.

    entries: those of the act, with their ids. card: as the act leaves it. files: what is written, by path.
    """
    refuse_public(incident, "the public title", card.public_title)
    passed = any(isinstance(entry, Override) and entry.rule == LINT_SECRET for entry in entries)
    for entry in entries:
        if isinstance(entry, Update) and entry.audience in OUTSIDE and not passed:
            refuse_public(incident, "the update", entry.text)
    return tuple(dict.fromkeys(_stated(incident, entries, files)))


def _stated(incident: str, entries: Sequence[Entry], files: Mapping[str, str]) -> Iterator[str]:
    for entry in entries:
        text = msgspec.json.encode(entry).decode()
        for secret in secrets_in(text):
            yield (
                f"{secret.stated(text)}. Git keeps it. If it is real: revoke it (rotate it), then: "
                f'sevlog redact -i {incident} {entry_id(entry)} --reason "…"'
            )
    for path, text in files.items():
        if f"/{layout.TIMELINE}/" not in path:
            for secret in secrets_in(text):
                yield f"{path}: {secret.stated(text)}. Git keeps it. If it is real: revoke it (rotate it)"
