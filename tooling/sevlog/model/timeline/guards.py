"""The guards of the lifecycle: what must be true before a step. One function a guard, one table, used by all."""

from __future__ import annotations

from collections.abc import Iterator

from ..vocabulary import FINAL_PHASES
from . import guards_closing as end
from .entries import Raised
from .fold_state import Draft
from .missing import Guard, Missing, Step


def _title(draft: Draft, step: Step) -> Missing | None:
    """The card has a title."""
    if draft.record.card.title.strip():
        return None
    return Missing("the incident has no title", "set `title` in incident.yaml")


def _detection(draft: Draft, step: Step) -> Missing | None:
    """The card says how we came to know of it."""
    if draft.record.card.detection is not None:
        return None
    return Missing(
        "nothing says how we came to know of it",
        "add --source monitoring, customer_report or personnel (`detection: {source: …}` in incident.yaml)",
    )


def _reporter(draft: Draft, step: Step) -> Missing | None:
    """It says who reported it: the entry's author, or `detection.reporter` of the card."""
    detection = draft.record.card.detection
    if step.by or (detection and detection.reporter):
        return None
    return Missing(
        "nothing says who reported it", "add --reporter PERSON (`detection: {reporter: …}` in incident.yaml)"
    )


def _severity(draft: Draft, step: Step) -> Missing | None:
    """It has a severity."""
    if draft.severity is not None:
        return None
    return Missing("it has no severity", "add --severity LEVEL")


def _priority(draft: Draft, step: Step) -> Missing | None:
    """It has a priority."""
    if draft.priority is not None:
        return None
    return Missing("it has no priority", "add --priority LEVEL")


def _component(draft: Draft, step: Step) -> Missing | None:
    """At least one component is named, or `unknown`."""
    if draft.components:
        return None
    return Missing("no component is named", "add --component KEY=STATE, or --component unknown")


def _summary(draft: Draft, step: Step) -> Missing | None:
    """The card has a summary: what is the emergency?"""
    if (draft.record.card.summary or "").strip():
        return None
    return Missing("it has no summary: what is the emergency?", 'add --summary "…" (`summary` in incident.yaml)')


def _reason(draft: Draft, step: Step) -> Missing | None:
    """The step says why."""
    if isinstance(step, Raised) or step.reason:
        return None
    return Missing(f"going to `{step.to}` needs a reason", 'add --reason "…"')


def _closing_update(draft: Draft, step: Step) -> Missing | None:
    """Every audience that was told of it was told that it is over."""
    last = {u.entry.audience: u.entry.phase for u in draft.updates}
    waiting = {audience: phase for audience, phase in last.items() if phase not in FINAL_PHASES}
    if not waiting:
        return None
    said = ", ".join(f"{audience} (last: {phase})" for audience, phase in waiting.items())
    commands = "; ".join(f'sevlog update -i ID --audience {audience} --phase resolved "…"' for audience in waiting)
    return Missing(f"no closing word went to: {said}", f'add --final-update "…" for all of them, or: {commands}')


def _lead(draft: Draft, step: Step) -> Missing | None:
    """Somebody leads it as incident manager."""
    if draft.lead is not None:
        return None
    return Missing(
        "nobody leads it: an incident manager must take command",
        "sevlog assign -i ID incident_manager PERSON --lead (or take it yourself: sevlog ack -i ID)",
    )


def _channel(draft: Draft, step: Step) -> Missing | None:
    """There is a channel where the response talks."""
    if draft.channels:
        return None
    return Missing(
        "there is no channel where the response talks",
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
"""Every guard that a lifecycle in sevlog.yaml can name; the docstring of each is its line in the reference."""


def unmet(draft: Draft, step: Step, names: tuple[str, ...]) -> Iterator[tuple[str, Missing]]:
    """The named guards that do not hold, in order. A name that is no guard is skipped (check tells)."""
    for name in names:
        guard = GUARDS.get(name)
        missing = guard(draft, step) if guard else None
        if missing is not None:
            yield name, missing
