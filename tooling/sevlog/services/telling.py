"""What an audience is told: an update, its phase, and the promise of the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ..errors import Refused, UsageError
from ..model.config import duration
from ..model.entries import Update
from ..model.state import State
from ..model.vocabulary import FINAL_PHASES, INCIDENT_PHASES, MAINTENANCE_PHASES, Audience, Impact, Phase
from ..stores import codec
from . import words
from .acting import Options, Outcome
from .desk import Desk, entry_from
from .identity import known_person
from .workspace import Workspace

_PHASE_OF_STATUS: dict[str, Phase] = {
    "scheduled": "scheduled", "in_progress": "in_progress", "verifying": "verifying", "monitoring": "monitoring",
}  # fmt: skip


def publish_update(
    workspace: Workspace, incident: str | None, text: str, *, audience: Audience, phase: Phase | None,
    components: Sequence[str], next_in: timedelta | None, promise: bool, title: str | None, template: str | None,
    approved_by: str | None, options: Options,
) -> Outcome:  # fmt: skip
    """Tell an audience. The first public one needs a public title; each promises the next one by the cadence."""
    desk = Desk(workspace, incident, options)
    chosen = phase or _phase_now(desk.state, audience)
    _check_phase(desk, chosen)
    _check_audience(desk, audience, title)
    if next_in is not None and chosen in FINAL_PHASES:
        raise UsageError(f"after `{chosen}` no further update is promised", "leave --next-in out")
    states: dict[str, Impact] | None = words.component_states(workspace.config, components, None) or None
    if states is None and chosen in FINAL_PHASES and audience == "public" and desk.state.components:
        states = desk.recovered
    next_at = _promise(desk, audience, chosen, next_in, promise)
    entry = entry_from(
        {
            "kind": "update", "audience": audience, "phase": chosen, "text": text, "components": states,
            "next_update_at": codec.instant(next_at) if next_at else None, "template": template,
            "approved_by": known_person(workspace, approved_by) if approved_by else None,
        },
        desk.at,
    )  # fmt: skip
    assert isinstance(entry, Update)
    hints = (f"the next {audience} update is promised for {codec.instant(next_at)}",) if next_at else ()
    if audience != "public" or not _title_changes(desk, title):
        return desk.do([entry], f"{audience} update ({chosen})", hints=hints)
    files, replaced = desk.card_with("public_title", " ".join((title or "").split()))
    return desk.do([entry], f"public update ({chosen})", files=files, replaced=replaced, hints=hints)


def _check_audience(desk: Desk, audience: Audience, title: str | None) -> None:
    if audience in ("public", "social") and desk.record.card.visibility == "restricted":
        raise Refused(
            f"{desk.record.id} is restricted: nothing about it may be published",
            "if customers must know, change `visibility` in incident.yaml by pull request first",
        )
    if audience != "public" and title is not None:
        raise UsageError(
            f"--title is what customers read; this update is {audience}", "leave it out, or --audience public"
        )


def _title_changes(desk: Desk, title: str | None) -> bool:
    """Whether the card gets another public title. Raises Refused where there is none yet."""
    card = desk.record.card
    if title is None and card.public_title is None:
        raise Refused(
            f"{desk.record.id} has no public title, and customers must not read the internal one",
            'add --title "What customers see, in plain words"',
        )
    if title is not None and not 1 <= len(title.strip()) <= _LONGEST_TITLE:
        raise UsageError(f"--title must have 1 to {_LONGEST_TITLE} characters", 'such as --title "Card payments fail"')
    return title is not None and title != card.public_title


_LONGEST_TITLE = 300


def _phase_now(state: State, audience: Audience) -> Phase:
    """The phase that fits the status, unless the audience has heard of a later one."""
    if state.card.kind == "maintenance":
        return _PHASE_OF_STATUS.get(state.status, "completed")
    if not state.live:
        return "resolved"
    if state.status == "monitoring":
        return "monitoring"
    said = [u.entry.phase for u in state.updates if u.entry.audience == audience]
    return "identified" if "identified" in said else "investigating"


def _check_phase(desk: Desk, phase: Phase) -> None:
    maintenance = desk.record.card.kind == "maintenance"
    fitting: tuple[str, ...] = MAINTENANCE_PHASES if maintenance else INCIDENT_PHASES
    if phase not in fitting:
        kind = "a maintenance" if maintenance else "an incident"
        raise UsageError(f"`{phase}` is no phase of {kind}", f"use {', '.join(fitting)}")


def _promise(desk: Desk, audience: Audience, phase: Phase, next_in: timedelta | None, promise: bool) -> datetime | None:
    if next_in is not None:
        return desk.at + next_in
    severity = desk.workspace.config.severity(desk.state.severity)
    cadence = severity.update_every.get(audience) if severity else None
    if not promise or phase in FINAL_PHASES or cadence is None or not desk.state.live:
        return None
    return desk.at + duration(cadence)
