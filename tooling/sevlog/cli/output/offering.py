"""Offers what may help with an incident that was just opened, to people who did not ask: others that are alike."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared import Shared
from . import render


def similar(shared: Shared, incident: str, told: Sequence[str]) -> None:
    """Incidents that are alike, past or live, in a line or two each (S25, S61, S80); nothing with --json.

    told: the warnings of the act, which name the open incidents that may be the same.
    """
    from ...services.views.similar import search as similar_search
    from . import similarity_tables

    if shared.json or shared.dry_run:
        return
    workspace = shared.workspace.anew()  # it reads what the act has written, on whichever branch
    record = workspace.record(incident)
    state = workspace.state(record)
    for text in similarity_tables.offer(
        similar_search.offered(workspace, record, state), state.timeline[-1].at, "\n".join(told)
    ):
        render.hint(text)
