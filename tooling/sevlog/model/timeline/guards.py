"""The guards of the lifecycle: conditions for a transition. One function per guard, one table for all users."""

from __future__ import annotations

from collections.abc import Iterator

from ..vocabulary import FINAL_PHASES
from . import guards_closing as end
from .entries import Raised
from .fold_state import Draft
from .missing import Guard, Missing, Step


def _title(draft: Draft, step: Step) -> Missing | None:
    """The incident has a title. No override passes this guard."""
    if draft.record.card.title.strip():
        return None
    return Missing("the incident has no title", "set `title` in incident.yaml")


def _detection(draft: Draft, step: Step) -> Missing | None:
    """The detection source is recorded (`detection.source` of the card)."""
    detection = draft.record.card.detection
    if detection is not None and detection.source is not None:
        return None
    return Missing(
        "detection source is missing",
        "add --source monitoring, customer_report or personnel (`detection: {source: …}` in incident.yaml)",
    )


def _reporter(draft: Draft, step: Step) -> Missing | None:
    """A reporter is recorded: the author of the entry, or `detection.reporter` of the card."""
    detection = draft.record.card.detection
    if step.by or (detection and detection.reporter):
        return None
    return Missing("reporter is missing", "add --reporter PERSON (`detection: {reporter: …}` in incident.yaml)")


def _severity(draft: Draft, step: Step) -> Missing | None:
    """The incident has a severity. No override passes this guard."""
    if draft.severity is not None:
        return None
    return Missing("severity is missing", "add --severity LEVEL")


def _priority(draft: Draft, step: Step) -> Missing | None:
    """The incident has a priority. No override passes this guard."""
    if draft.priority is not None:
        return None
    return Missing("priority is missing", "add --priority LEVEL")


def _component(draft: Draft, step: Step) -> Missing | None:
    """At least one component is named, or `unknown`."""
    if draft.components:
        return None
    return Missing("affected component is missing", "add --component KEY=STATE, or --component unknown")


def _summary(draft: Draft, step: Step) -> Missing | None:
    """The card has a summary, which says what the emergency is."""
    if (draft.record.card.summary or "").strip():
        return None
    return Missing("summary is missing: what is the emergency?", 'add --summary "…" (`summary` in incident.yaml)')


def _reason(draft: Draft, step: Step) -> Missing | None:
    """The transition has a reason."""
    if isinstance(step, Raised) or step.reason:
        return None
    return Missing(f"a change to `{step.to}` needs a reason", 'add --reason "…"')


def _closing_update(draft: Draft, step: Step) -> Missing | None:
    """Every audience that received an update received a final one."""
    last = draft.last_phases
    waiting = {audience: phase for audience, phase in last.items() if phase not in FINAL_PHASES}
    if not waiting:
        return None
    said = ", ".join(f"{audience} (last: {phase})" for audience, phase in waiting.items())
    commands = "; ".join(f'sevlog update -i ID --audience {audience} --phase resolved "…"' for audience in waiting)
    return Missing(f"no final update sent to: {said}", f'add --final-update "…" for all of them, or: {commands}')


def _lead(draft: Draft, step: Step) -> Missing | None:
    """An incident manager leads the incident."""
    if draft.lead is not None:
        return None
    return Missing(
        f"no {draft.config.role_name(draft.config.lead_role).lower()} leads this incident yet",
        f"take command: sevlog ack -i ID, or name somebody: sevlog assign -i ID {draft.config.lead_role} PERSON --lead",
    )


def _channel(draft: Draft, step: Step) -> Missing | None:
    """The response has a communication channel."""
    if draft.channels:
        return None
    return Missing(
        "no communication channel recorded yet",
        "sevlog ack -i ID --channel chat=URL (also video=URL, document=URL), or: sevlog channel -i ID chat URL",
    )


GUARDS: dict[str, Guard] = {
    "title": _title,
    "detection": _detection,
    "reporter": _reporter,
    "severity": _severity,
    "priority": _priority,
    "component": _component,
    "summary": _summary,
    "reason": _reason,
    "closing_update": _closing_update,
    "lead_incident_manager": _lead,
    "channel": _channel,
    "mitigation": end.mitigation,
    "assessment": end.assessment,
    "attestation": end.attestation,
    "impact_end": end.impact_end,
    "final_updates": end.final_updates,
    "reopen_window": end.reopen_window,
    "cleanups": end.cleanups,
    "postmortem": end.postmortem,
    "actions": end.actions,
    "merge_target": end.merge_target,
}
"""Every guard that a lifecycle in sevlog.yaml can name. The docstring of a guard is its text in the reference."""


def unmet(draft: Draft, step: Step, names: tuple[str, ...]) -> Iterator[tuple[str, Missing]]:
    """The guards among `names` that do not hold, in order. Unknown names are skipped: `check` reports them."""
    waived = () if draft.config.is_major(draft.severity) else draft.config.policies.not_for_minor
    for name in names:
        guard = GUARDS.get(name) if name not in waived else None
        missing = guard(draft, step) if guard else None
        if missing is not None:
            yield name, missing
