"""Whether an act is legal: its entries are folded onto the record, and what is new and an error refuses it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from ...errors import Refused, UsageError
from ...model.problem import Problem
from ...model.suggestions import did_you_mean
from ...model.timeline.entries import Override, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.guards import GUARDS
from ...model.timeline.incident import Record
from ...model.timeline.replay import replay
from ...model.timeline.state import State
from ...model.vocabulary import UNCONDITIONAL
from ...stores.records.records import MAX_ENTRIES
from ..workspace.workspace import Workspace


def permits(
    workspace: Workspace, record: Record, entries: Sequence[Entry], overrides: tuple[str, ...], reason: str | None
) -> list[Entry]:
    """An `override` entry, not stamped yet, for each asked guard that the stamped entries would not pass.

    Raises UsageError for a guard that does not exist or cannot be overridden, and where the reason is missing.
    """
    _check_override_names(overrides, reason)
    if not overrides:
        return []
    refused = {problem.code for problem in _objections(workspace, record, entries)}
    return [
        Override(at=entries[0].at, rule=rule, reason=reason or "") for rule in overrides if f"guard_{rule}" in refused
    ]


def judge(workspace: Workspace, record: Record, entries: Sequence[Entry]) -> tuple[State, State]:
    """The state of a record before and after the stamped entries. Raises Refused with every objection to them."""
    if len(record.entries) + len(entries) > MAX_ENTRIES:
        raise Refused(
            f"{record.id} has {len(record.entries)} entries, and the limit is {MAX_ENTRIES}",
            "continue in a new incident: sevlog raise … ; sevlog link --rel related " + record.id,
        )
    before = replay(record, workspace.config)
    after = _with(workspace, record, entries)
    objections = _new_errors(after, before)
    if objections:
        unwritten = {entry_id(entry) for entry in entries}
        raise _refusal(record, before, [_as_unwritten(problem, unwritten) for problem in objections])
    return before, after


def warnings(before: State, after: State) -> tuple[str, ...]:
    """The warnings that an act brings with it."""
    known = {(p.code, p.message) for p in before.problems}
    new = [p for p in after.problems if p.severity == "warning" and (p.code, p.message) not in known]
    return tuple(f"{p.message} ({p.hint})" if p.hint else p.message for p in new)


def not_needed(overrides: tuple[str, ...], entries: Sequence[Entry]) -> tuple[str, ...]:
    """A warning for each override that was asked for and not recorded, because its guard holds."""
    recorded = {entry.rule for entry in entries if isinstance(entry, Override)}
    return tuple(f"--override {rule} was not needed and was not recorded" for rule in overrides if rule not in recorded)


def _objections(workspace: Workspace, record: Record, entries: Sequence[Entry]) -> list[Problem]:
    return _new_errors(_with(workspace, record, entries), replay(record, workspace.config))


def _with(workspace: Workspace, record: Record, entries: Sequence[Entry]) -> State:
    return replay(replace(record, entries=(*record.entries, *entries)), workspace.config)


def _new_errors(after: State, before: State) -> list[Problem]:
    """The errors that were not there before."""
    known = {(p.code, p.entry, p.message) for p in before.problems}
    return [p for p in after.problems if p.severity == "error" and (p.code, p.entry, p.message) not in known]


def _as_unwritten(problem: Problem, unwritten: set[str]) -> Problem:
    """The objection without a hint at an entry that was never written, because it was refused."""
    if problem.code == "impact_ends_before_start":
        start = f"or correct the start: sevlog assess -i {problem.incident} --started-at TIME"
        return replace(problem, hint=f"give an end after the start, {start}")
    if problem.entry in unwritten and problem.entry in (problem.hint or ""):
        return replace(problem, hint=None)
    return problem


def _check_override_names(overrides: tuple[str, ...], reason: str | None) -> None:
    unknown = [rule for rule in overrides if rule not in GUARDS]
    if unknown:
        known = [rule for rule in GUARDS if rule not in UNCONDITIONAL]
        raise UsageError(
            f"unknown guard `{unknown[0]}`", did_you_mean(unknown[0], known), f"guards: {', '.join(known)}"
        )
    never = [rule for rule in overrides if rule in UNCONDITIONAL]
    if never:
        raise UsageError(
            f"the guard `{never[0]}` cannot be overridden: the transition makes no sense without it",
            "run the command without --override to see what is missing",
        )
    if overrides and not reason:
        raise UsageError("an override needs a reason", 'add --reason "…"')


def _one_per_line(hint: str) -> list[str]:
    """The commands of a hint, each as its own; a hint that is more than commands stays as it is."""
    parts = hint.split("; ")
    return parts if all("sevlog " in part for part in parts) else [hint]


def _refusal(record: Record, before: State, objections: list[Problem]) -> Refused:
    where = before.status if before.status_steps else "new"
    name = f"{record.id} ({where})" if before.status_steps else f"“{record.card.title}”"
    if len(objections) == 1:
        message = f"{name}: {objections[0].message}"
        hints = _one_per_line(objections[0].hint or "")
    else:
        message = f"{name}: {len(objections)} requirements are not met"
        hints = [f"{p.message}: {p.hint}" if p.hint else p.message for p in objections]
    guards = [p.code.removeprefix("guard_") for p in objections if p.code.startswith("guard_")]
    only_guards = len(guards) == len(objections) and not UNCONDITIONAL & set(guards)
    guards = [guard for guard in guards if guard != "reason"]  # to override it takes a reason, and then there is one
    if guards and only_guards:
        hints.append(f'to do it anyway: {" ".join(f"--override {guard}" for guard in guards)} --reason "why"')
    return Refused(
        message,
        *hints,
        details={
            "status": where,
            "problems": [{"code": p.code, "message": p.message, "hint": p.hint} for p in objections],
        },
    )
