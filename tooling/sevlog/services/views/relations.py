"""The relations of an incident, seen from both sides: its own links, and the links of others to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ...model.timeline.ties import MERGED_INTO, inverses, words_of
from ..common import documents
from ..workspace.catalog import Catalog

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..workspace.workspace import Workspace


def relations(
    workspace: Workspace, state: State, as_of: datetime | None, known_at: datetime | None
) -> list[documents.Relation]:
    """Its own links and its merge, then the inverses of what other incidents say of it.

    The others are not read: the index knows their links.
    """
    own: list[tuple[str, str, str | None]] = [(link.rel, link.target, link.text) for link in state.links]
    own += [(MERGED_INTO, state.merged_into, state.status_steps[-1].reason)] if state.merged_into else []
    found = [
        documents.Relation(rel=rel, target=target, text=text, direction="out", words=words_of(rel))
        for rel, target, text in own
    ]
    for other, tie in inverses(state.id, Catalog(workspace).ties(), by=as_of):
        is_said_here = tie.rel == "related" and any(row[:2] == ("related", other) for row in own)
        if not is_said_here and (known_at is None or tie.known_at <= known_at):
            words = words_of(tie.rel, inverse=True)
            found.append(documents.Relation(rel=tie.rel, target=other, text=tie.text, direction="in", words=words))
    return found
