"""Who leads decides who leads next (S65): command that somebody has is handed over, never taken by accident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..problem import Problem
from ..timeline.entries import Assigned, entry_id
from ..timeline.entry_parts import Entry
from ..timeline.state import State
from ..vocabulary import instant

CODE = "lead_is_taken"


def taken(state: State, person: str, role: str, entry: str | None = None) -> Problem:
    """That somebody leads already, with the commands for `person`: join, be handed the lead, or take it knowingly."""
    incident, lead = state.id, state.lead
    since = f" since {instant(state.lead_since)}" if state.lead_since else ""
    return Problem(
        code=CODE,
        incident=incident,
        entry=entry,
        message=f"{lead} leads{since}, and decides who leads next",
        hint=f"to help: sevlog join -i {incident}; {lead} hands over with: sevlog handover {role} {person} "
        f"-i {incident}; if {lead} does not answer: sevlog assign {role} {person} --lead -i {incident}",
    )


def contested(ours: Iterable[Entry], before: State | None, theirs: State) -> Iterator[Problem]:
    """Our entries that would take the lead from somebody that their author did not know to lead.

    before: the state that the author saw; theirs: the one that others made of it meanwhile.
    """
    if theirs.lead is None or (before is not None and before.lead == theirs.lead):
        return
    for entry in ours:
        if not isinstance(entry, Assigned) or not entry.lead or entry.workstream is not None:
            continue
        if entry.role in theirs.lead_roles and entry.person != theirs.lead:
            yield taken(theirs, entry.person, entry.role, entry_id(entry))
