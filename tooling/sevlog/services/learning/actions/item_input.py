"""What people type about an action item, as keys of the item."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from ....errors import NotFound, UsageError
from ....model.vocabulary import ActionClass, ActionIntent
from ...recording.identity import known_person
from ...recording.incident_session import IncidentSession


class Item(Struct, frozen=True, kw_only=True):
    """What somebody says of an action item; None: nothing. due: a date, or a span from now such as 4w."""

    title: str | None = None
    class_: ActionClass | None = None
    intent: ActionIntent | None = None
    owner: str | None = None
    team: str | None = None
    due: str | None = None
    ref: str | None = None
    addresses: tuple[str, ...] = ()


def keys_of(session: IncidentSession, said: Item) -> dict[str, object]:
    """What was said, as keys of an item. Raises NotFound or UsageError for names and dates that make no sense."""
    workspace, keys = session.workspace, dict[str, object]()
    if said.class_:
        keys["class_"] = said.class_
    if said.intent:
        keys["intent"] = said.intent
    if said.owner:
        keys["owner"] = known_person(workspace, said.owner)
    if said.team:
        if workspace.oncall.team(said.team) is None:
            known = ", ".join(team.key for team in workspace.oncall.teams) or "none"
            raise NotFound(f"unknown team `{said.team}`", f"teams: {known}")
        keys["team"] = said.team
    if said.due:
        keys["due"] = str(day_of(said.due, session.at))
    if said.ref:
        keys["ref"] = said.ref
    if said.addresses:
        keys["addresses"] = said.addresses
    return keys


def day_of(text: str, now: datetime) -> date:
    """A day that was typed: 2026-12-10, or a span from now such as 4w. Raises UsageError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    from ...common.time_input import span

    try:
        return (now + span(text)).date()
    except UsageError:
        hint = "use a date such as 2026-12-10, or a span such as 4w or 10d"
        raise UsageError(f"`{text}` is not a day", hint) from None


def title_of(text: str | None) -> str:
    title = " ".join((text or "").split())
    if not title:
        raise UsageError(
            "an action item needs a title", 'begin with a verb: sevlog action add "Alert on refused cards"'
        )
    if len(title) > _LONGEST:
        raise UsageError(
            f"the title has {len(title)} characters; at most {_LONGEST} fit", "put the details in a ticket"
        )
    return title


_LONGEST = 300
