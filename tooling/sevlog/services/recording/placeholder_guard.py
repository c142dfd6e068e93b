"""Refuses an act that still holds the placeholder of a hint, such as `"…"` or `chat=URL`, before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ...errors import UsageError
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Record

_PLACEHOLDERS = frozenset({"…", "...", "URL"})


def refuse_act(record: Record, entries: Sequence[Entry]) -> None:
    """Raise UsageError where a text of the entries, or of the card of a new incident, is only a placeholder."""
    typed = list(_texts([msgspec.to_builtins(entry) for entry in entries]))
    if not record.entries:
        typed += [record.card.title, record.card.summary or ""]
    for text in typed:
        refuse(text)


def refuse(text: str | None) -> None:
    """Raise UsageError where a text is only a placeholder."""
    placeholder = (text or "").strip()
    if placeholder in _PLACEHOLDERS:
        raise UsageError(
            f"`{placeholder}` is a placeholder; nothing was recorded",
            f"type the command again, with your own words in place of `{placeholder}`",
        )


def _texts(value: object) -> Iterator[str]:
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
