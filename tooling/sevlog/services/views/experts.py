"""People who may know what to do in an incident: owners of its components, and who helped in similar ones (S55)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from ...errors import SevlogError
from ...model.timeline.entries import ActionTaken, Theory
from .similar.search import offered

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..workspace.workspace import Workspace

_MOST = 4


class Expert(Struct, frozen=True):
    """A person, and why they may know."""

    person: str
    why: str


def experts(workspace: Workspace, incident: str) -> tuple[Expert, ...]:
    """The people to ask, the most likely first; nobody who is in the response, was asked, or is away. Never fails."""
    try:
        record = workspace.record(incident)
        state = workspace.state(record)
        similar = [one.id for one in offered(workspace, record, state).incidents]
        found = [*_who_helped(workspace, similar), *_owners(workspace, state)]
        here = _in_the_response(state)
        known = {person.key for person in workspace.oncall.people if person.last_day is None}
    except SevlogError:
        return ()
    best = {one.person: one for one in reversed(found) if one.person not in here and one.person in known}
    order = dict.fromkeys(one.person for one in found)
    return tuple(best[person] for person in order if person in best)[:_MOST]


def _who_helped(workspace: Workspace, incidents: list[str]) -> Iterator[Expert]:
    """Those who found the cause of similar incidents, or mitigated them."""
    for incident in incidents:
        state = workspace.state(workspace.record(incident))
        right = {ref for ref, theory in state.theories.items() if theory.state == "supported"}
        for item in state.timeline:
            entry = item.effective
            if isinstance(entry, Theory) and entry.ref in right and entry.text and entry.by:
                yield Expert(entry.by, f"found the cause of {incident}")
            elif isinstance(entry, ActionTaken) and entry.type in ("mitigation", "rollback") and entry.by:
                yield Expert(entry.by, f"mitigated {incident}")


def _owners(workspace: Workspace, state: State) -> Iterator[Expert]:
    for key in state.components:
        component = workspace.config.component(key)
        team = workspace.oncall.team(component.owner) if component else None
        for person in team.members if team else ():
            yield Expert(person, f"in the team that owns {key}")


def _in_the_response(state: State) -> set[str]:
    """Those who act in it already, or were asked."""
    here = {item.entry.by for item in state.timeline if item.entry.by}
    here |= {holder.person for holder in state.holders}
    here |= {asked.to.removeprefix("person:") for asked in state.escalations}
    return here | {page.target for page in state.pages}
