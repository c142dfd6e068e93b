"""Which step of a lifecycle each command makes: by `act` in sevlog.yaml, or by the categories of the statuses.

Commands, stages, hints, intake and publication ask here. They never look at the key of a status, so that a company's
own words work everywhere (config.md, `act`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ..config.settings import Act, Lifecycle, Transition
from ..vocabulary import Category
from .lifecycle import NEW, category_of, explain_illegal, find_step, goes_back, named

ACTS: tuple[Act, ...] = get_args(Act)


def act_of(lifecycle: Lifecycle, step: Transition) -> Act | None:
    """The command that makes a step: as configured, else what the categories and guards of the step say."""
    return step.act or _inferred(lifecycle, step)


class ActTable:
    """The steps of one lifecycle by the command that makes them."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.steps: dict[tuple[str, Act], Transition] = {}
        for step in sorted(lifecycle.transitions, key=lambda step: step.act is None):  # what is written counts first
            act = act_of(lifecycle, step)
            if act is not None:
                self.steps.setdefault((step.from_, act), step)
        self.acts_from: dict[str, frozenset[Act]] = {}
        self.acts_to: dict[str, frozenset[Act]] = {}
        for (origin, act), step in self.steps.items():
            self.acts_from[origin] = self.acts_from.get(origin, frozenset()) | {act}
            self.acts_to[step.to] = self.acts_to.get(step.to, frozenset()) | {act}
        self._acts = {(step.from_, step.to): act_of(lifecycle, step) for step in lifecycle.transitions}

    def act(self, origin: str, target: str) -> Act | None:
        """The command that made a step; None for one that no command makes."""
        return self._acts.get((origin, target))

    def targets(self, act: Act) -> tuple[str, ...]:
        """The statuses to which a command leads, in the order of the table."""
        return tuple(dict.fromkeys(step.to for (_, made_by), step in self.steps.items() if made_by == act))

    def target(self, act: Act) -> str | None:
        """The first status to which a command leads; None where no step is made by it."""
        return next(iter(self.targets(act)), None)


_TABLES: dict[int, ActTable] = {}
_MOST_TABLES = 64


def table_of(lifecycle: Lifecycle) -> ActTable:
    """The table of a lifecycle, made once for each: hashing a lifecycle costs more than looking the table up."""
    found = _TABLES.get(id(lifecycle))
    if found is None or found.lifecycle is not lifecycle:
        if len(_TABLES) >= _MOST_TABLES:
            _TABLES.clear()
        found = _TABLES[id(lifecycle)] = ActTable(lifecycle)
    return found


def opening_status(lifecycle: Lifecycle, *, maintenance: bool) -> str:
    """The status that a `raised` entry leads to: where `raise` leads, for a maintenance where `schedule` does."""
    first = table_of(lifecycle).target("schedule" if maintenance else "raise")
    opened = (step.to for step in lifecycle.transitions if step.from_ == NEW)
    return next(iter((*((first,) if first else ()), *opened)), lifecycle.statuses[0].key)


def is_maintenance(lifecycle: Lifecycle) -> bool:
    """Whether a lifecycle is one of planned work: by its acts, else if it opens in triage only and learns nothing."""
    acts = {step.act for step in lifecycle.transitions if step.act}
    if acts & {"schedule", "start", "verify", "complete", "cancel"}:
        return True
    if acts:
        return False
    first = [category_of(lifecycle, step.to) for step in lifecycle.transitions if step.from_ == NEW]
    learning = any(status.category == "learning" for status in lifecycle.statuses)
    raised = any(
        step.from_ != NEW and category_of(lifecycle, step.from_) == "triage" and "severity" in step.guards
        for step in lifecycle.transitions
    )
    return first != [] and set(first) == {"triage"} and not learning and not raised


_NEXT: tuple[tuple[frozenset[Act], str], ...] = (
    (frozenset({"start"}), 'sevlog maintenance start -i ID, or: sevlog maintenance cancel -i ID --reason "…"'),
    (frozenset({"verify"}), "sevlog maintenance verify -i ID"),
    (frozenset({"complete"}), "sevlog maintenance complete -i ID"),
    (
        frozenset({"raise", "decline"}),
        'sevlog raise -i ID --severity LEVEL --component KEY …, or: sevlog decline -i ID --reason "…"',
    ),
    (frozenset({"raise"}), "sevlog raise -i ID --severity LEVEL --component KEY …"),
    (
        frozenset({"ack", "decline"}),
        "take command: sevlog ack -i ID --channel chat=URL, or if it is a false alarm: "
        'sevlog decline -i ID --reason "…"',
    ),
    (frozenset({"ack"}), "take command: sevlog ack -i ID --channel chat=URL"),
    (
        frozenset({"monitor", "resolve"}),
        'sevlog act -i ID "what was done", then: sevlog monitor -i ID, or: sevlog resolve -i ID …',
    ),
    (frozenset({"monitor"}), 'sevlog act -i ID "what was done", then: sevlog monitor -i ID'),
    (frozenset({"resolve", "reopen"}), 'sevlog resolve -i ID …, or if it returned: sevlog reopen -i ID --reason "…"'),
    (frozenset({"resolve"}), "sevlog resolve -i ID …"),
    (frozenset({"close", "reopen"}), 'sevlog close -i ID, or if it returned: sevlog reopen -i ID --reason "…"'),
    (frozenset({"close"}), "sevlog close -i ID"),
    (frozenset({"reopen"}), 'if it returned: sevlog reopen -i ID --reason "…"'),
)
"""What to type next, by the commands that lead on from a status: the first row of which all are possible."""


def command_for(lifecycle: Lifecycle, status: str, incident: str) -> str:
    """The next command for an incident in a status."""
    table = table_of(lifecycle)
    acts = table.acts_from.get(status, frozenset())
    for wanted, hint in _NEXT:
        if wanted <= acts:
            return named(hint, incident)
    return named(_after_the_end(table, status), incident)


def _after_the_end(table: ActTable, status: str) -> str:
    category = category_of(table.lifecycle, status)
    if "merge" in table.acts_to.get(status, ()):
        return "to see into which incident it was merged: sevlog show -i ID"
    if category == "dropped" and not is_maintenance(table.lifecycle):
        return "if it is real after all, raise a new incident: sevlog raise …, then: sevlog link -i NEW ID"
    if category in ("learning", "closed") and not is_maintenance(table.lifecycle):
        return "if it returned, raise a new incident: sevlog raise …, then: sevlog link -i NEW ID"
    return "sevlog show -i ID"


def explain_missing(lifecycle: Lifecycle, status: str, act: Act) -> str:
    """Why a command makes no transition from a status: what is possible instead, or that it never makes one."""
    target = table_of(lifecycle).target(act)
    if target is None:
        command = "raise --triage" if act == "triage" else act
        return f"the lifecycle of this incident has no step `{command}`"
    if find_step(lifecycle, status, target) is None:
        return explain_illegal(lifecycle, status, target)
    origins = [f"`{origin}`" for origin, made_by in table_of(lifecycle).steps if made_by == act]
    return f"`{act}` is not possible from `{status}`, only from {' or '.join(origins)}"


def ambiguous(lifecycle: Lifecycle) -> Iterator[tuple[int, Act, Transition]]:
    """The steps, by place in the table, whose `act` makes another step from the same status already."""
    known = table_of(lifecycle).steps
    for place, step in enumerate(lifecycle.transitions):
        if step.act is not None and known[step.from_, step.act] is not step:
            yield place, step.act, known[step.from_, step.act]


def dead_ends(lifecycle: Lifecycle) -> Iterator[tuple[int, str]]:
    """The live statuses, by place in the list, that no step leaves."""
    left = {step.from_ for step in lifecycle.transitions if step.to != step.from_}
    for place, status in enumerate(lifecycle.statuses):
        if status.category in ("triage", "live") and status.key not in left:
            yield place, status.key


def _inferred(lifecycle: Lifecycle, step: Transition) -> Act | None:
    """What a step without `act` is, from the categories it joins, its guards and the order of the statuses."""
    origin: Category | None = None if step.from_ == NEW else category_of(lifecycle, step.from_)
    target = category_of(lifecycle, step.to)
    if is_maintenance(lifecycle):
        return _maintenance_act(origin, target)
    if target == "dropped":
        return "merge" if "merge_target" in step.guards else "decline"
    if origin is None or origin == "triage":
        return "raise" if target == "live" else "triage" if origin is None and target == "triage" else None
    if target == "live":
        return _live_act(lifecycle, step, origin)
    if origin == "live":
        return "resolve" if target in ("learning", "closed") else None
    return "close" if target == "closed" else None


def _maintenance_act(origin: Category | None, target: Category) -> Act | None:
    if origin is None:
        return "schedule"
    if target == "dropped":
        return "cancel"
    if target in ("learning", "closed"):
        return "complete"
    return "start" if origin == "triage" else "verify"


def _live_act(lifecycle: Lifecycle, step: Transition, origin: Category) -> Act | None:
    if origin != "live" or goes_back(lifecycle, step.from_, step.to):
        return "reopen"
    if "mitigation" in step.guards:
        return "monitor"
    opened = {row.to for row in lifecycle.transitions if row.from_ == NEW or _is_raise(lifecycle, row)}
    return "ack" if step.from_ in opened or "lead_incident_manager" in step.guards else "monitor"


def _is_raise(lifecycle: Lifecycle, step: Transition) -> bool:
    is_triage = step.from_ != NEW and category_of(lifecycle, step.from_) == "triage"
    return is_triage and category_of(lifecycle, step.to) == "live"
