"""Shows similar incidents after an incident was opened, and people who may know more after a request for help."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared import SharedOptions
from . import render


def similar(shared: SharedOptions, incident: str, warnings: Sequence[str]) -> None:
    """Print similar incidents, past or live, in a line or two each (S25, S61, S80). Prints nothing with --json.

    warnings: those of the act, which already name open incidents that may be the same.
    """
    from ...services.views.similar import search as similar_search
    from . import similarity_tables

    if shared.json or shared.dry_run:
        return
    workspace = shared.workspace.anew()  # reads the records that the act has written, on any branch
    record = workspace.record(incident)
    state = workspace.state(record)
    for text in similarity_tables.offer(
        similar_search.offered(workspace, record, state), state.timeline[-1].at, "\n".join(warnings)
    ):
        render.hint(text)


def experts(shared: SharedOptions, incident: str) -> None:
    """Print who else may know what to do, after somebody asked for help (S55). Prints nothing with --json."""
    from ...services.views import experts as views_experts

    if shared.json or shared.dry_run:
        return
    for one in views_experts.experts(shared.workspace.anew(), incident):
        render.hint(
            f"{one.person} may know more ({one.why}): sevlog escalate -i {incident} --to {one.person} --reason …"
        )
