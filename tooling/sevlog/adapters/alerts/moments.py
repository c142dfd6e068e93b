"""The times of alerts as their sources write them: RFC 3339, or a number of seconds, milliseconds or nanoseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_FRACTION = re.compile(r"(\.\d{6})\d+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
"""Earlier times are placeholders, such as Alertmanager's 0001-01-01T00:00:00Z for an alert that did not end."""
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0.0, 1.0))
"""From which number on it counts nanoseconds, microseconds, milliseconds, else seconds."""


def moment(text: str) -> datetime | None:
    """The instant that a text means, to the millisecond; None for a placeholder, or for a text that is not a time."""
    found = _of_number(text) if re.fullmatch(r"\d+(\.\d+)?([eE]\+?\d+)?", text.strip()) else _of_text(text)
    if found is None or found < _FIRST:
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def _of_text(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", text.strip()))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _of_number(text: str) -> datetime | None:
    number = float(text)
    unit = next(unit for least, unit in _UNITS if number >= least)
    try:
        return _EPOCH + timedelta(seconds=number / unit)
    except OverflowError:
        return None
