"""Prints action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....model.vocabulary import in_words
from ...screen import style
from ..table import columns

if TYPE_CHECKING:
    from ....services.learning.actions.listing import ActionList, ActionRow


def table(found: ActionList) -> str:
    """A row for each item; late ones say by how much."""
    if not found.actions:
        return "No action items."
    rows = [
        (
            _due(row),
            in_words(row.status),
            row.class_,
            row.owner or row.team or "-",
            row.id,
            f"{row.incident}  {row.title}",
        )
        for row in found.actions
    ]
    late = sum(row.overdue for row in found.actions)
    count = f"{len(rows)} action item{'' if len(rows) == 1 else 's'}" + (f", {late} overdue" if late else "")
    return columns(rows, ("DUE", "STATUS", "CLASS", "OWNER", "ID", "INCIDENT AND TITLE")) + f"\n\n{count}"


def _cells(row: ActionRow) -> tuple[str, ...]:
    who = row.owner or row.team or "-"
    return _due(row), in_words(row.status), row.class_, who, row.id, f"{row.incident}  {row.title}"


def _due(row: ActionRow) -> str:
    if row.due is None:
        return "-"
    if row.overdue and row.days is not None:
        return style(f"{row.due} {-row.days}d late", fg="red")
    return row.due
