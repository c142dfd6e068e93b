"""Hints for a timeline that is written by hand, where the usual hint is a command that acts now.

A command would record its entry with the current time. These hints are lines for the file, to add before the entry
of the finding, with the same time.
"""

from __future__ import annotations

from ..config.settings import Lifecycle
from ..problem import Problem
from ..timeline.entries import StatusChanged, entry_id
from ..timeline.entry_parts import Entry
from ..timeline.lifecycle import steps_from
from ..timeline.state import State
from ..vocabulary import FINAL_PHASES, in_utc

_ADD = {
    "guard_mitigation": "kind: action_taken, {stamp}, type: mitigation, text: …",
    "guard_lead_incident_manager": "kind: assigned, {stamp}, role: incident_manager, person: {by}, lead: true",
    "guard_channel": 'kind: channel, {stamp}, type: chat, url: "https://…"',
    "guard_assessment": "kind: assessment, {stamp}, customer_impact: …, scope: some",
    "guard_impact_end": "kind: impact, {stamp}, components: {{KEY: operational}}, ended_at: {at}",
    "guard_cleanups": "kind: task, {stamp}, ref: {ref}, state: done",
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


def what_to_write(problem: Problem, entry: Entry, state: State, lifecycle: Lifecycle) -> str | None:
    """The hint for a finding in a history; None if the usual hint fits."""
    if problem.code in _SET:
        return f"add {_SET[problem.code]} to this entry"
    at, by = f"{in_utc(entry.at):%Y-%m-%dT%H:%M:%SZ}", entry.by or "PERSON"
    stamp = f"at: {at}, by: {by}"
    if problem.code in ("guard_closing_update", "guard_final_updates"):
        rows = [f"- {{kind: update, {stamp}, audience: {a}, phase: {p}, text: …}}" for a, p in _still_open(state)]
    elif problem.code == "illegal_transition":
        between = _between(entry, state, lifecycle) or ("…",)
        rows = [f"- {{kind: status, {stamp}, to: {status}}}" for status in between]
    elif problem.code in _ADD:
        ref = next((task.ref for task in state.tasks.values() if task.state == "open"), "K1")
        rows = [f"- {{{_ADD[problem.code].format(stamp=stamp, at=at, by=by, ref=ref)}}}"]
    else:
        return None
    return f"{_WHY.get(problem.code, 'add before it')}: {' and '.join(rows)}"


def _between(entry: Entry, state: State, lifecycle: Lifecycle) -> tuple[str, ...]:
    """The statuses on the shortest way to the one of an entry; empty if the way is not known."""
    before = [step.status for step in state.status_steps if step.at <= entry.at and step.entry != entry_id(entry)]
    if not before or not isinstance(entry, StatusChanged):
        return ()
    ways: list[tuple[str, ...]] = [(before[-1],)]
    for way in ways:
        if way[-1] == entry.to:
            return way[1:-1]
        ways += [(*way, to) for to in steps_from(lifecycle, way[-1]) if not any(to in known for known in ways)]
    return ()


def _still_open(state: State) -> list[tuple[str, str]]:
    """The audiences that received updates but no final one, with the final phase."""
    final = "completed" if state.card.kind == "maintenance" else "resolved"
    last = {update.entry.audience: update.entry.phase for update in state.updates}
    return [(audience, final) for audience, phase in last.items() if phase not in FINAL_PHASES] or [("public", final)]
