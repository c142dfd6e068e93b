"""Reads the times people type: RFC 3339, a clock time, or so long ago or from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from ..errors import UsageError
from ..model.config import duration

_FORMS = "use 2026-11-23T14:07:30Z, 14:07 (today, your time zone), -10m (ten minutes ago), +2h or now"


def read_time(text: str, now: datetime, *, past: bool = False) -> datetime:
    """The instant, in UTC, that `text` stands for.

    past: a clock time later than now means yesterday's (when something happened); else it means today's.
    Raises UsageError for a time without offset and for anything else that is no time.
    """
    text = text.strip()
    if text == "now":
        return now
    if match := re.fullmatch(r"([+-])(\d{1,5}[smhdw])", text):
        length = span(match[2])
        return now + length if match[1] == "+" else now - length
    if match := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", text):
        local = now.astimezone()
        moment = local.replace(hour=int(match[1]), minute=int(match[2]), second=int(match[3] or 0), microsecond=0)
        if past and moment > local:
            moment -= timedelta(days=1)
        return moment.astimezone(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"`{text}` is not a time", _FORMS) from None
    if moment.tzinfo is None:
        example = f"{moment:%Y-%m-%dT%H:%M:%S}"
        raise UsageError(
            f"`{text}` has no offset, so it could mean any time zone", f"say which: {example}Z or {example}+01:00"
        )
    return moment.astimezone(UTC)


def span(text: str) -> timedelta:
    """The length of time that `text` stands for. Raises UsageError."""
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
