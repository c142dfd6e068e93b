"""Times and durations as tables say them."""

from __future__ import annotations

from datetime import datetime

from ...model.vocabulary import to_the_minute


def stamp(at: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return "-" if at is None else to_the_minute(at)


def span(seconds: float) -> str:
    """A duration in its two largest units: 2h 14m."""
    rest = int(abs(seconds))
    parts: list[str] = []
    for letter, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if rest >= size or (letter == "s" and not parts):
            parts.append(f"{rest // size}{letter}")
            rest %= size
        if len(parts) == 2:
            break
    return " ".join(parts)
