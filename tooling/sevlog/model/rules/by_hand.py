"""Hints for a timeline that is written by hand, where the usual hint is a command that acts now.

A command would record its entry with the current time. These hints are lines for the file, to add before the entry
of the finding, with the same time.
"""

from __future__ import annotations

from ..problem import Problem
from ..timeline.entry_parts import Entry
from ..timeline.state import State
from ..vocabulary import FINAL_PHASES, in_utc

_ADD = {
    "guard_mitigation": "kind: action_taken, {stamp}, type: mitigation, text: …",
    "guard_lead_incident_manager": "kind: assigned, {stamp}, role: incident_manager, person: {by}, lead: true",
    "guard_channel": 'kind: channel, {stamp}, type: chat, url: "https://…"',
    "guard_assessment": "kind: assessment, {stamp}, customer_impact: …, scope: some",
    "guard_impact_end": "kind: impact, {stamp}, components: {{KEY: operational}}, ended_at: {at}",
    "guard_cleanups": "kind: task, {stamp}, ref: {ref}, state: done",
    "illegal_transition": "kind: status, {stamp}, to: …",
    "update_after_end": "kind: status, {stamp}, to: …, reason: …",
    "impact_after_end": "kind: status, {stamp}, to: …, reason: …",
}
"""Code of a finding -> the missing entry, as a flow mapping without braces."""

_SET = {
    "guard_attestation": "`attestation: …` (and `by:` the lead)",
    "guard_reason": "`reason: …`",
    "guard_merge_target": "`into:` with the id of the other incident",
    "guard_severity": "`severity: …`",
    "guard_priority": "`priority: …`",
    "guard_component": "`components: {KEY: STATE}`",
}
"""Code of a finding -> the key that is missing in the entry itself."""

_WHY = {
    "illegal_transition": "add the missing transition before it",
    "update_after_end": "if the incident returned, add the transition before it",
    "impact_after_end": "if the incident returned, add the transition before it",
}


def what_to_write(problem: Problem, entry: Entry, state: State) -> str | None:
    """The hint for a finding in a history; None if the usual hint fits."""
    if problem.code in _SET:
        return f"add {_SET[problem.code]} to this entry"
    at, by = f"{in_utc(entry.at):%Y-%m-%dT%H:%M:%SZ}", entry.by or "PERSON"
    stamp = f"at: {at}, by: {by}"
    if problem.code in ("guard_closing_update", "guard_final_updates"):
        rows = [f"- {{kind: update, {stamp}, audience: {a}, phase: {p}, text: …}}" for a, p in _still_open(state)]
    elif problem.code in _ADD:
        ref = next((task.ref for task in state.tasks.values() if task.state == "open"), "K1")
        rows = [f"- {{{_ADD[problem.code].format(stamp=stamp, at=at, by=by, ref=ref)}}}"]
    else:
        return None
    return f"{_WHY.get(problem.code, 'add before it')}: {' and '.join(rows)}"


def _still_open(state: State) -> list[tuple[str, str]]:
    """The audiences that received updates but no final one, with the final phase."""
    final = "completed" if state.card.kind == "maintenance" else "resolved"
    last = {update.entry.audience: update.entry.phase for update in state.updates}
    return [(audience, final) for audience, phase in last.items() if phase not in FINAL_PHASES] or [("public", final)]
