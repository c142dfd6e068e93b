"""Moves every date in a text by whole days: times, ids, compact times and dates written in English words."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from datetime import date, timedelta

_MONTHS = tuple(month_name)[1:]
_DAYS = tuple(day_name)
_ISO = re.compile(r"(?<![\d-])(20\d\d)-(\d\d)-(\d\d)(?!\d)", re.ASCII)
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?=T\d{6})", re.ASCII)
_WORDS = re.compile(rf"\b(?:({'|'.join(_DAYS)}), )?(\d\d?) ({'|'.join(_MONTHS)})\b(?: (20\d\d)\b)?", re.ASCII)


def redated(text: str, days: int, year: int) -> str:
    """The text with each date moved by `days`. What only looks like a date (31 February) stays.

    A day of the week right before a date is made to fit. year: what dates such as "9 June" belong to.
    A month alone, or a weekday alone, is left: it is ambiguous.
    """
    if days == 0:
        return text

    def numbers(match: re.Match[str], separator: str) -> str:
        moved = _moved(int(match[1]), int(match[2]), int(match[3]), days)
        return match[0] if moved is None else f"{moved:%Y}{separator}{moved:%m}{separator}{moved:%d}"

    def words(match: re.Match[str]) -> str:
        moved = _moved(int(match[4] or year), _MONTHS.index(match[3]) + 1, int(match[2]), days)
        if moved is None:
            return match[0]
        weekday = f"{_DAYS[moved.weekday()]}, " if match[1] else ""
        return f"{weekday}{moved.day} {_MONTHS[moved.month - 1]}" + (f" {moved.year}" if match[4] else "")

    text = _ISO.sub(lambda match: numbers(match, "-"), text)
    text = _COMPACT.sub(lambda match: numbers(match, ""), text)
    return _WORDS.sub(words, text)


def _moved(year: int, month: int, day: int, days: int) -> date | None:
    try:
        return date(year, month, day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
