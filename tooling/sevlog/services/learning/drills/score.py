"""`sevlog drill score`: a drill beside its original and the targets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from ....model.guidance.workload import required_roles
from ....model.learning import drill_score, drills
from ....model.learning.drill_score import Cadence, Knew, Milestone, RoleFilled
from ...common.documents import SCHEMA
from ...workspace import lookup
from .drill_acts import chosen, original_state

if TYPE_CHECKING:
    from ...workspace.workspace import Workspace


class Count(Struct, kw_only=True):
    """How many of how many."""

    used: int
    of: int


class DrillScore(Struct, kw_only=True):
    """`sevlog drill score --json`. There is no grade, and nothing about single people."""

    schema: str
    id: str
    title: str
    drill: Annotated[bool, Meta(description="Always true: nothing of this is real.")]
    original: Annotated[str | None, Meta(description="The incident it was started from.")]
    status: str
    live: Annotated[bool, Meta(description="Whether the drill goes on.")]
    started_at: datetime
    seconds: Annotated[float, Meta(description="How long it has been running, or ran until it was resolved.")]
    severity: str | None
    original_severity: str | None
    milestones: list[Milestone]
    cadence: list[Cadence]
    promises: dict[str, int]
    original_promises: dict[str, int] | None
    roles: list[RoleFilled]
    overrides: Annotated[list[str], Meta(description="Guards that were overridden.")]
    original_overrides: list[str]
    hints: Count
    injects: Count
    knew: Annotated[list[Knew], Meta(description="What was found here, and not in the original, or later there.")]


def score(workspace: Workspace, incident: str | None) -> DrillScore:
    """How a drill goes or went. Raises NotFound and Refused as `chosen` does."""
    drill = workspace.state(workspace.record(_drill_named(workspace, incident)))
    original = original_state(workspace, drill)
    scenario = drills.scenario_of(original) if original else None
    now, config = workspace.clock(), workspace.config
    return DrillScore(
        schema=SCHEMA,
        id=drill.id,
        title=drill.card.title,
        drill=True,
        original=drills.original_of(drill),
        status=drill.status_name,
        live=drill.live,
        started_at=drills.started_at(drill),
        seconds=drill_score.elapsed(drill, now).total_seconds(),
        severity=drill.severity,
        original_severity=original.severity if original else None,
        milestones=drill_score.milestones(drill, original, config, now),
        cadence=drill_score.cadence(drill, original, config, now),
        promises=drill_score.promises(drill, now),
        original_promises=drill_score.promises(original, now) if original else None,
        roles=drill_score.roles(drill, original, config, required_roles(drill, config)),
        overrides=list(drill.overrides),
        original_overrides=list(original.overrides) if original else [],
        hints=_count(len(drills.released(drill, "hint")), len(scenario.hints) if scenario else 0),
        injects=_count(len(drills.released(drill, "inject")), len(scenario.injects) if scenario else 0),
        knew=drill_score.knew(drill, original),
    )


def _drill_named(workspace: Workspace, incident: str | None) -> str:
    """The drill that is meant; without a name and a live one, the only one that was resolved and not closed."""
    if incident is None and not any(state.card.kind == "drill" for state in lookup.live_states(workspace)):
        waiting = [brief.id for brief in lookup.in_learning(workspace) if brief.kind == "drill"]
        if len(waiting) == 1:
            return waiting[0]
    return chosen(workspace, incident)


def _count(used: int, total: int) -> Count:
    return Count(used=used, of=max(used, total))
