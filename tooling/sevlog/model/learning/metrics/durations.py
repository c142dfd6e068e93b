"""The durations of an incident: from which milestone to which. The table is the source of the documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from ...timeline.state import Milestones


class Span(Struct, frozen=True):
    """A duration. start: the milestone that it begins at, or the first known one of several.

    by_people: what people did before the start took no time; it counts as zero.
    """

    start: tuple[str, ...]
    end: str
    title: str
    by_people: bool = False


SPANS: dict[str, Span] = {
    "time_to_detect": Span(("started_at",), "detected_at", "Time to detect"),
    "time_to_acknowledge": Span(("raised_at",), "acknowledged_at", "Time to acknowledge", by_people=True),
    "time_to_first_internal_update": Span(
        ("raised_at",), "first_internal_update_at", "Time to first internal update", by_people=True
    ),
    "time_to_first_public_update": Span(
        ("raised_at",), "first_public_update_at", "Time to first public update", by_people=True
    ),
    "time_to_mitigate": Span(("started_at", "raised_at"), "mitigated_at", "Time to mitigate"),
    "time_to_restore": Span(("started_at", "raised_at"), "ended_at", "Time to restore"),
    "time_to_resolve": Span(("raised_at",), "resolved_at", "Time to resolve"),
    "time_to_close": Span(("resolved_at",), "closed_at", "Time to close"),
}


def seconds(milestones: Milestones, name: str) -> float | None:
    """The length of a duration in seconds, below zero where the end is before the start; None where one is missing."""
    span = SPANS[name]
    start = next((at for key in span.start if (at := _at(milestones, key)) is not None), None)
    end = _at(milestones, span.end)
    if start is None or end is None:
        return None
    length = (end - start).total_seconds()
    return max(0.0, length) if span.by_people else length


def _at(milestones: Milestones, key: str) -> datetime | None:
    found: datetime | None = getattr(milestones, key)
    return found


def by_level(steps: Sequence[tuple[datetime, str]], end: datetime) -> dict[str, float]:
    """Seconds at each severity until the end, from its changes in order. Elapsed time: no clock change matters."""
    spent: dict[str, float] = {}
    for (at, level), until in zip(steps, [*(at for at, _ in steps[1:]), end], strict=False):
        spent[level] = spent.get(level, 0.0) + max(0.0, (min(until, end) - at).total_seconds())
    return spent
