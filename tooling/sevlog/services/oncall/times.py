"""On-call times as people read them, in a time zone. For typed times see services/common/time_input."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def shown(at: datetime, zone: ZoneInfo) -> str:
    """A time by the clock of a zone, with its offset: Mon 2026-12-28 09:00 +01:00."""
    there = at.astimezone(zone)
    offset = f"{there:%z}"
    return f"{there:%a %Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def utc(at: int) -> datetime:
    """An instant of the model as a time in UTC."""
    return datetime.fromtimestamp(at, UTC)
