"""Who joined an incident, by name, and what is overdue in it: for the board and for one incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from ...errors import InvalidRecord
from ...model.vocabulary import CollaboratorAudience
from ..common.documents import Collaborator, Deadline

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_TEAM = "team:"


def collaborators(workspace: Workspace, joined: Mapping[str, str]) -> list[Collaborator]:
    """Those who joined, by audience. joined: a handle, or team:KEY, -> audience, as the fold has them."""
    if not joined:
        return []
    try:
        oncall = workspace.oncall
        names = {person.key: person.name or person.key for person in oncall.people}
        names |= {f"{_TEAM}{team.key}": team.name or team.key for team in oncall.teams}
    except InvalidRecord:
        names = {}  # `check` reports it; the incident is shown with the keys
    order = get_args(CollaboratorAudience)
    return [
        Collaborator(
            audience=audience,
            person=None if key.startswith(_TEAM) else key,
            team=key.removeprefix(_TEAM) if key.startswith(_TEAM) else None,
            name=names.get(key, key.removeprefix(_TEAM)),
        )
        for key, audience in sorted(joined.items(), key=lambda pair: order.index(pair[1]))
    ]


def overdue(limits: Iterable[Deadline], now: datetime) -> list[Deadline]:
    """Those that have passed."""
    return [limit for limit in limits if limit.due_at < now]
