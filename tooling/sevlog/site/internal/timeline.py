"""The timeline of an incident, and the order in which its responders learned things."""

from __future__ import annotations

from datetime import timedelta

from ...model.vocabulary import in_words
from ...services.common.documents import Incident, TimelineRow
from ..markup.html import EMPTY, Html, join, tag
from ..markup.times import duration
from .elements import moment, table
from .place import Place

_LATE = timedelta(minutes=2)
"""An entry that was recorded so much later than it happened says so."""
_KNOWLEDGE = frozenset(
    {
        "raised",
        "severity",
        "priority",
        "assessment",
        "impact",
        "observation",
        "theory",
        "experiment",
        "decision",
        "correction",
        "retraction",
    }
)
"""The kinds of entries that say what people knew or believed, rather than what they did or told others."""


def timeline(place: Place, one: Incident) -> Html:
    """All entries, the oldest first."""
    rows = [tag("li", moment(row.at), _entry(place, row)) for row in one.timeline]
    return tag("ol", rows, class_="internal-timeline") if rows else EMPTY


def _entry(place: Place, row: TimelineRow) -> Html:
    late = row.recorded_at - row.at
    known = None
    if late > _LATE:
        known = tag("span", " (recorded ", moment(row.recorded_at), f", {duration(late)} later)", class_="known")
    who = f" by {place.person(row.by)}: " if row.by else ": "
    return tag("p", _kind(row), who, row.summary, _changed(row), known, class_="said", dir="auto")


def _kind(row: TimelineRow) -> Html:
    return tag("span", in_words(row.kind).capitalize(), class_="internal-kind")


def _changed(row: TimelineRow) -> str:
    if row.redacted_by:
        return " (redacted)"
    return " (retracted)" if row.retracted_by else " (corrected)" if row.corrected_by else ""


def what_was_known(place: Place, one: Incident) -> Html:
    """What people knew or believed, in the order in which it was recorded, and how long after it happened."""
    known = sorted((row for row in one.timeline if row.kind in _KNOWLEDGE), key=lambda row: row.recorded_at)
    rows = [
        (
            moment(row.recorded_at),
            join(
                tag("span", f"{in_words(row.kind).capitalize()}: ", class_="internal-kind"), row.summary, _changed(row)
            ),
            place.person(row.by),
            duration(row.recorded_at - row.at) if row.recorded_at - row.at > _LATE else "at once",
        )
        for row in known
    ]
    if not rows:
        return EMPTY
    command = tag("code", f"sevlog show {one.id} --known-at TIME")
    return join(
        tag("p", "The whole record as it was known at a time: ", command, "."),
        table("In the order in which it was recorded", ("Known", "What", "By", "After it happened"), rows),
    )
