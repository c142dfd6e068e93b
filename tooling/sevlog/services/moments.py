"""Reads the times people type: RFC 3339, a clock time, or so long ago or from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from ..errors import UsageError
from ..model.config import duration

_FORMS = "use 2026-11-23T14:07:30Z, 14:07 (today, your time zone), -10m (ten minutes ago), +2h or now"


def read_time(text: str, now: datetime, *, past: bool = False) -> datetime:
    """The instant, in UTC, that `text` stands for: to the second where it is reckoned from now.

    past: a clock time later than now means yesterday's (when something happened); else it means today's.
    Raises UsageError for a time without offset and for anything else that is no time.
    """
    text = text.strip()
    try:
        moment = _read(text, now, past=past)
    except OverflowError:
        moment = None
    if moment is None or not 1970 <= moment.year <= 9998:
        raise UsageError(f"`{text}` is too far away to be meant", _FORMS)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _read(text: str, now: datetime, *, past: bool) -> datetime:
    if text == "now":
        return now
    if match := re.fullmatch(r"([+-])(\d{1,5}[smhdw])", text, re.ASCII):
        length = span(match[2])
        return (now + length if match[1] == "+" else now - length).replace(microsecond=0)
    if match := re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", text, re.ASCII):
        clock = time(int(match[1]), int(match[2]), int(match[3] or 0))
        today = now.astimezone().date()
        moment = datetime.combine(today, clock).astimezone()  # with the offset that holds at that hour
        if past and moment > now:
            moment = datetime.combine(today - timedelta(days=1), clock).astimezone()
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
        raise UsageError(str(error), "use 90s, 15m, 2h, 5d or 4w") from None
