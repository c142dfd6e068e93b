"""What others say of an incident: the inverses of their links, and the promises of those that were merged into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from ...model.links.ties import MERGED_INTO, Ties, inverses, words_of
from ...model.vocabulary import LIVE_CATEGORIES
from ...stores import layout
from ..common import documents

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..workspace.catalog import Catalog


def relations(
    state: State, ties: Mapping[str, Ties], as_of: datetime | None, known_at: datetime | None
) -> list[documents.Relation]:
    """Its own links and its merge, then the inverses of what other incidents say of it."""
    own: list[tuple[str, str, str | None]] = [(link.rel, link.target, link.text) for link in state.links]
    own += [(MERGED_INTO, state.merged_into, state.status_steps[-1].reason)] if state.merged_into else []
    found = [
        documents.Relation(rel=rel, target=target, text=text, direction="out", words=words_of(rel))
        for rel, target, text in own
    ]
    for other, tie in inverses(state.id, ties, by=as_of):
        is_said_here = tie.rel == "related" and any(row[:2] == ("related", other) for row in own)
        if not is_said_here and (known_at is None or tie.known_at <= known_at):
            words = words_of(tie.rel, inverse=True)
            found.append(documents.Relation(rel=tie.rel, target=other, text=tie.text, direction="in", words=words))
    return found


_Short = TypeVar("_Short", bound=documents.Brief)


def promised(
    catalog: Catalog, briefs: list[_Short], follow: Callable[[_Short, State], _Short] = lambda brief, _: brief
) -> list[_Short]:
    """The short forms, with the promises that passed to live incidents. Only records with such a promise are read.

    follow: what else of a short form follows from the state with the promise.
    """
    live = {brief.id for brief in briefs if brief.category in LIVE_CATEGORIES}
    ties = catalog.ties() if live else {}
    if not any(one.promised for one in ties.values()):
        return briefs
    from ...model.links.inheritance import heirs, with_promises

    wanted = [str(layout.folder_of(incident)) for incident in sorted(heirs(ties) & live)]
    states = {state.id: with_promises(state, ties) for state in catalog.states(wanted)}
    return [
        follow(_as_in(states[brief.id], brief), states[brief.id]) if brief.id in states else brief for brief in briefs
    ]


def _as_in(state: State, brief: _Short) -> _Short:
    """The short form with the next update as the state has it."""
    return replace(
        brief, next_update_due_at=state.next_update_due_at, next_update_promised_in=state.next_update_promised_in
    )
