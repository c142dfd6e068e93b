"""The page of the action items: the open ones, and the time that their class allows."""

from __future__ import annotations

from ...model.config.settings import Config
from ...model.learning.actions import OPEN
from ...model.vocabulary import in_words
from ...services.learning.actions.listing import ActionRow
from ..markup.html import Child, Html, join, outside, tag
from .elements import day, table
from .place import Place

_HEADINGS = ("Action item", "Owner", "Due", "Status", "Class", "Incident", "Ticket")


def actions(place: Place) -> Html:
    """All of the page below its heading."""
    every = place.view.actions
    open_ = [row for row in every if row.status in OPEN]
    ideas = [row for row in every if row.status == "idea"]
    over = [row for row in every if row not in open_ and row not in ideas]
    late = sum(row.overdue for row in open_)
    return join(
        tag("p", f"{len(open_)} open, {late} of them overdue; {len(ideas)} ideas; {len(over)} done or dropped."),
        _table(place, "Open, the overdue ones first", open_),
        _objectives(place.view.config, open_),
        _table(place, "Ideas that nobody accepted yet", ideas),
        _table(place, "Done, verified or dropped", over),
    )


def _table(place: Place, caption: str, found: list[ActionRow]) -> Html | None:
    rows = [_row(place, row) for row in found]
    return table(caption, _HEADINGS, rows) if rows else None


def _row(place: Place, row: ActionRow) -> tuple[Child, ...]:
    late = f"overdue by {-row.days} day{'' if row.days == -1 else 's'}" if row.overdue and row.days else None
    return (
        row.title,
        place.person(row.owner or row.team),
        join(day(row.due), " ", tag("span", late, class_="internal-late") if late else None) if row.due else None,
        in_words(row.status),
        row.class_,
        join(place.incident(row.incident), f" · {row.id}"),
        outside(row.ref, row.ref) if row.ref else None,
    )


def _objectives(config: Config, open_: list[ActionRow]) -> Html | None:
    """The service levels: how long each class may take, and how many open items are within it."""
    rows: list[tuple[Child, ...]] = []
    for name, spans in config.policies.actions.items():
        own = [row for row in open_ if row.class_ == name]
        late = sum(row.overdue for row in own)
        allowed = ", ".join(f"{'others' if level == 'default' else level} {span}" for level, span in spans.items())
        rows.append((name, allowed, len(own) - late, late))
    return table("Time that a class allows", ("Class", "Time by severity", "Open in time", "Open and overdue"), rows)
