"""Reads the times of other tools, strictly RFC 3339 or with a repair that says how the time was taken."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_TIME = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?\d{2}(?:\s+[A-Z]{2,5})?)?"
)
_EARLIEST, _LATEST = 1970, 2200
"""Plausible years of incidents and plans; tools write others (0001, 9999) for an unknown time."""

_STRICT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})?")


class BadTime(ValueError):
    """The text is not a time."""


def read_time(value: object, what: str, repairs: list[str]) -> datetime | None:
    """The instant in UTC, to the millisecond; None for None and for an empty text.

    what: the field's name, for the repair. A time without zone is read as UTC, a date as its first instant, and a time
    that is not well-formed as far as it is unambiguous: each with a repair. Raises BadTime for anything else.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return _from_datetime(value, what, repairs)
    text = str(value).strip()
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadTime(f"{what} `{text[:60]}` is not a time")
    moment = _moment(match, what, text)
    if not _EARLIEST <= moment.year <= _LATEST:
        raise BadTime(f"{what} `{text[:60]}` is outside the plausible years")
    shown = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if match["hour"] is None:
        repairs.append(f"{what} `{text}` has no time of day: read as {shown}")
    elif match["zone"] is None:
        repairs.append(f"{what} `{text}` has no time zone: read as UTC")
    elif not _STRICT.fullmatch(text) and match["zone"] not in ("UTC", "GMT"):
        repairs.append(f"{what} `{text}` is not well-formed: read as {shown}")
    return moment.astimezone(UTC)


def _from_datetime(value: datetime, what: str, repairs: list[str]) -> datetime:
    if value.tzinfo is None:
        repairs.append(f"{what} `{value.isoformat(sep=' ')}` has no time zone: read as UTC")
        value = value.replace(tzinfo=UTC)
    if not _EARLIEST <= value.year <= _LATEST:
        raise BadTime(f"{what} `{value}` is outside the plausible years")
    return value.astimezone(UTC).replace(microsecond=value.microsecond // 1000 * 1000)


def _moment(match: re.Match[str], what: str, text: str) -> datetime:
    milliseconds = int((match["fraction"] or "0").ljust(3, "0")[:3])
    try:
        return datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            int(match["hour"] or 0),
            int(match["minute"] or 0),
            int(match["second"] or 0),
            milliseconds * 1000,
            tzinfo=_zone(match["zone"]),
        )
    except ValueError as error:
        raise BadTime(f"{what} `{text[:60]}` is not a time ({error})") from None


def _zone(text: str | None) -> timezone:
    if text is None or text in ("Z", "z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:6].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:4])))
