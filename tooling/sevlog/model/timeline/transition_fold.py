"""The transitions of an act: their order, their guards, and the milestones they set."""

from __future__ import annotations

from collections.abc import Sequence

from ..config.settings import Transition
from ..problem import Problem
from ..vocabulary import ENDED_CATEGORIES, IMPACTS, LIVE_CATEGORIES, UNCONDITIONAL
from .acts import command_for
from .entries import Override, Raised, StatusChanged
from .entry_parts import Entry
from .fold_state import Draft
from .guards import unmet
from .kinds.registry import apply
from .lifecycle import NEW, category_of, explain_illegal, find_step, goes_back, named, order_of
from .missing import Missing, Step
from .state import StatusStep

_Taken = tuple[Step, str]


def apply_act(draft: Draft, group: Sequence[tuple[Entry, str]]) -> None:
    """Apply the entries of one act, sorted by id: contents first, then transitions.

    First the content of a legal `raised` (it opens the record), then other entries, then the transitions. A transition
    that reopens the incident comes before the other entries.
    """
    if len(group) == 1 and not isinstance(group[0][0], (Raised, StatusChanged)):
        apply(draft, *group[0])  # nearly all of them
        return
    raised: list[_Taken] = []
    steps: list[_Taken] = []
    others: list[tuple[Entry, str]] = []
    for entry, name in group:
        if isinstance(entry, Raised):
            raised.append((entry, name))
        elif isinstance(entry, StatusChanged):
            steps.append((entry, name))
        else:
            others.append((entry, name))
    steps = _in_order(draft, raised + steps)
    if raised:
        _say_what_opens(draft, steps)
    if _reopens(draft, steps):
        for entry, name in others:
            if isinstance(entry, Override):
                apply(draft, entry, name)
        for step, name in steps:
            _take(draft, step, name)
        steps, others = [], [(entry, name) for entry, name in others if not isinstance(entry, Override)]
    for entry, name in others:
        apply(draft, entry, name)
    for step, name in steps:
        _take(draft, step, name)


def _reopens(draft: Draft, steps: list[_Taken]) -> bool:
    """Whether an act opens an incident again that was over: what else it says is of the time after that."""
    if not steps or draft.live:
        return False
    target = _target(draft, steps[0][0])
    is_live = category_of(draft.lifecycle, target) in LIVE_CATEGORIES
    return is_live and find_step(draft.lifecycle, draft.status, target) is not None


def _in_order(draft: Draft, steps: list[_Taken]) -> list[_Taken]:
    if len(steps) < 2:
        return steps
    order = order_of(draft.lifecycle, draft.status, [(_seen(s), _target(draft, s)) for s, _ in steps])
    return [steps[place] for place in order]


def _seen(step: Step) -> str | None:
    return None if isinstance(step, Raised) else step.from_


def _target(draft: Draft, step: Step) -> str:
    return draft.opening if isinstance(step, Raised) else step.to


def _say_what_opens(draft: Draft, steps: list[_Taken]) -> None:
    """Apply the content of each `raised` entry that will be legal in its turn."""
    status = draft.status
    for step, name in steps:
        target = _target(draft, step)
        if _seen(step) in (None, status) and find_step(draft.lifecycle, status, target) is not None:
            status = target
            if isinstance(step, Raised):
                apply(draft, step, name)


def _take(draft: Draft, step: Step, name: str) -> None:
    target = _target(draft, step)
    transition = find_step(draft.lifecycle, draft.status, target)
    if isinstance(step, StatusChanged):
        if target == draft.status:
            message = f"the status was already `{target}`: this entry changes nothing"
            draft.report("repeated_transition", message, entry=name, warning=True)
            return
        if step.from_ not in (None, draft.status) and (draft.status != NEW or transition is not None):
            _report_fork(draft, step, name)
            return
    if transition is None:
        _report_illegal(draft, step, target, name)
        return
    _check_guards(draft, step, name, transition.guards)
    if isinstance(step, StatusChanged) and step.into == draft.record.id:
        return  # it does not count; the guard `merge_target` reports it
    _move(draft, transition, step, name)


def _report_fork(draft: Draft, step: StatusChanged, name: str) -> None:
    last = draft.status_steps[-1] if draft.status_steps else None
    lead = f"the {draft.config.role_name(draft.config.lead_role).lower()}"
    decides = f"{lead} ({draft.lead})" if draft.lead else lead
    but = (
        f"{last.by or 'someone'} had already changed it to `{last.status}` ({last.entry})"
        if last
        else "it was not opened yet"
    )
    draft.report(
        "fork",
        f"conflict: `{step.from_}` to `{step.to}`, but {but}; this entry does not count",
        entry=name,
        hint=f"{decides} decides: repeat the transition, or retract the wrong one: "
        f'sevlog retract -i {draft.record.id} ENTRY --reason "…"',
    )


def _report_illegal(draft: Draft, step: Step, target: str, name: str) -> None:
    if isinstance(step, Raised) and any(taken.status == draft.opening for taken in draft.status_steps):
        incident = draft.record.id
        draft.report(
            "raised_twice",
            "this incident was already raised: this entry changes nothing",
            entry=name,
            hint="record what changed instead: "
            + " or ".join(f"sevlog {what} -i {incident} …" for what in ("severity", "priority", "impact")),
        )
        return
    draft.report(
        "illegal_transition",
        explain_illegal(draft.lifecycle, draft.status, target),
        entry=name,
        hint="add an entry of kind `raised` before it"
        if draft.status == NEW
        else command_for(draft.lifecycle, draft.status, draft.record.id),
    )


def _check_guards(draft: Draft, step: Step, name: str, guards: tuple[str, ...]) -> None:
    """Report each guard that does not hold and is not overridden. Imported entries (without `by`) are not checked."""
    for guard, missing in unmet(draft, step, guards):
        if guard not in UNCONDITIONAL and draft.overrides.count(guard) > draft.spent_overrides.count(guard):
            draft.spent_overrides.append(guard)
        elif step.by is not None or not draft.imported:
            _report_guard(draft, guard, missing, name)


def _report_guard(draft: Draft, guard: str, missing: Missing, name: str) -> None:
    draft.problems.append(
        Problem(
            code=f"guard_{guard}",
            message=missing.message,
            hint=named(missing.hint, draft.record.id),
            severity="warning" if draft.record.card.kind == "retrospective" else "error",
            incident=draft.record.id,
            entry=name,
        )
    )


def _move(draft: Draft, transition: Transition, step: Step, name: str) -> None:
    """Change the status and set its milestones."""
    origin, draft.status = draft.status, transition.to
    category = category_of(draft.lifecycle, transition.to)
    reason = None if isinstance(step, Raised) else step.reason
    draft.status_steps.append(
        StatusStep(
            at=step.at,
            status=transition.to,
            category=category,
            entry=name,
            by=step.by,
            reason=reason,
            act=draft.acts.act(transition.from_, transition.to),
            was=None if origin == NEW else category_of(draft.lifecycle, origin),
        )
    )
    draft.set_clock("opened_at", step.at)
    before = None if origin == NEW else category_of(draft.lifecycle, origin)
    if category in LIVE_CATEGORIES:
        _set_live_clocks(draft, origin, before, transition, step)
        return
    clocks = draft.clocks
    if category != "dropped":
        draft.set_clock("resolved_at", step.at)
        draft.set_clock("ended_at", step.at)
        if clocks.get("mitigated_at") is None and draft.mitigated:
            clocks["mitigated_at"] = clocks["mitigation_at"]
    if category != "learning":
        draft.set_clock("closed_at", step.at)
    if category == "dropped" and isinstance(step, StatusChanged):
        draft.merged_into = step.into
    if before is None or before in LIVE_CATEGORIES:
        _end(draft, step, name)


def _set_live_clocks(draft: Draft, origin: str, before: str | None, transition: Transition, step: Step) -> None:
    target, clocks = transition.to, draft.clocks
    if target == draft.opening:
        draft.set_clock("raised_at", step.at)
    elif category_of(draft.lifecycle, target) == "live":
        draft.set_clock("acknowledged_at", step.at)
    if before in ENDED_CATEGORIES:  # reopened
        draft.relapses += 1
        draft.reopened_at = step.at
        draft.next_update_due |= {said.entry.audience: step.at for said in draft.updates}
        clocks["resolved_at"] = clocks["closed_at"] = clocks["ended_at"] = None
        clocks["mitigation_at"] = clocks["mitigated_at"] = None
    elif before == "live" and goes_back(draft.lifecycle, origin, target):
        draft.relapses += 1
        clocks["mitigation_at"] = clocks["mitigated_at"] = clocks["ended_at"] = None
    if "mitigation" in transition.guards or draft.acts.act(transition.from_, target) == "monitor":
        clocks["mitigated_at"] = clocks.get("mitigation_at") or step.at


def _end(draft: Draft, step: Step, name: str) -> None:
    """End the incident: affected components become operational, due updates and open handovers are cleared."""
    over_at = min(draft.clocks.get("ended_at") or step.at, step.at)
    left = {key: IMPACTS[0] for key, impact in draft.components.items() if impact != "operational"}
    draft.set_components(left, over_at, name)
    if isinstance(step, StatusChanged) and step.into:
        draft.promises_passed = dict(draft.next_update_due)
    draft.next_update_due.clear()
    draft.offers.clear()
