"""Finds the part of a time that no calendar or clock has, such as hour 25 or 31 February."""

from __future__ import annotations

import re
from calendar import monthrange

_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_CLOCK = re.compile(r"(?<![\d:+-])(\d\d?):(\d\d)(?::(\d\d))?(?!\d)", re.ASCII)


def impossible_part(text: str) -> str | None:
    """What is wrong with the day or the clock time in a text; None if both exist, or the text has neither."""
    day, clock = _DAY.search(text), _CLOCK.search(text)
    if day:
        year, month, number = (int(part) for part in day.groups())
        if not 1 <= month <= 12:
            return f"there is no month {month:02d}"
        if year < 1 or not 1 <= number <= monthrange(year, month)[1]:
            return f"there is no day {day[0]}"
    for name, most, part in zip(
        ("hour", "minute", "second"), (23, 59, 59), clock.groups() if clock else (), strict=False
    ):
        if part is not None and int(part) > most:
            return f"there is no {name} {part}, the last one is {most}"
    return None
