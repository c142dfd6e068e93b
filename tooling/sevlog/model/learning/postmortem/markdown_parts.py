"""Small pieces of Markdown: tables, cells, quotes, times and spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ...timeline.kinds.summaries import first_line
from ...vocabulary import in_utc, shortened

LONGEST_CELL = 400


def clock(at: datetime) -> str:
    """A time in a postmortem, UTC: 2026-11-23 14:07."""
    return f"{in_utc(at):%Y-%m-%d %H:%M}"


def span(seconds: float) -> str:
    """A length of time in words, to the minute: 1 minute, 2 hours 5 minutes, 3 days 4 hours."""
    minutes = round(timedelta(seconds=seconds).total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in [part for part in parts if part[0]][:2])


def cell(text: str) -> str:
    """A text as one cell of a table: one line, not too long, without a mark that would end the cell or a comment."""
    return shortened(one_line(text), LONGEST_CELL).replace("\\", "\\\\").replace("|", "\\|")


def one_line(text: str | None) -> str:
    """A text of the record on one line; a comment in it stays text."""
    return " ".join((text or "").split()).replace("<!--", "&lt;!--")


def first(text: str | None) -> str:
    """The first line of a text of the record."""
    return one_line(first_line(text))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; empty without rows."""
    lines = [f"| {' | '.join(cell(part) for part in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(header)} |", f"|{'|'.join('---' for _ in header)}|", *lines])


def bullets(lines: Iterable[str]) -> str:
    """A list in Markdown; empty without lines."""
    return "\n".join(f"- {line}" for line in lines)


def paragraphs(*parts: str | None) -> str:
    """The parts that say something, as paragraphs."""
    return "\n\n".join(part.strip() for part in parts if part and part.strip())


def sentence(text: str | None) -> str:
    """A text of the record as a sentence of its own."""
    said = one_line(text)
    return said if not said or said[-1] in ".!?:…" else f"{said}."


def listed(names: Iterable[str]) -> str:
    """Names as in a sentence: a, b and c."""
    found = list(names)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)
