"""The lifecycle as a table: which step is legal, and which guards it must pass. Nothing else moves an incident."""

from __future__ import annotations

from .config import Lifecycle, Transition
from .vocabulary import Category

NEW = "new"
"""Stands in the table for "before the record exists"."""


def find_step(lifecycle: Lifecycle, origin: str, target: str) -> Transition | None:
    """The row that allows the step, or None where the table has no such row."""
    return next((t for t in lifecycle.transitions if t.from_ == origin and t.to == target), None)


def steps_from(lifecycle: Lifecycle, origin: str) -> tuple[str, ...]:
    """The statuses that can follow, in the order of the table."""
    return tuple(dict.fromkeys(t.to for t in lifecycle.transitions if t.from_ == origin))


def category_of(lifecycle: Lifecycle, status: str) -> Category:
    """The fixed category behind a status. A status the lifecycle does not know counts as triage: nothing is decided."""
    return next((s.category for s in lifecycle.statuses if s.key == status), "triage")


def knows(lifecycle: Lifecycle, status: str) -> bool:
    """Whether the lifecycle has this status."""
    return any(s.key == status for s in lifecycle.statuses)


def first_of(lifecycle: Lifecycle, category: Category) -> str | None:
    """The first status of a category, in the order of the table."""
    return next((s.key for s in lifecycle.statuses if s.category == category), None)


def explain_illegal(lifecycle: Lifecycle, origin: str, target: str) -> str:
    """One sentence: what was asked for, and what is possible instead."""
    if not knows(lifecycle, target):
        known = ", ".join(s.key for s in lifecycle.statuses)
        return f"there is no status `{target}` (there are: {known})"
    possible = steps_from(lifecycle, origin)
    here = "a new record" if origin == NEW else f"`{origin}`"
    if not possible:
        return f"{here} is final: it cannot become `{target}`"
    return f"{here} cannot become `{target}`; from here it can become " + " or ".join(f"`{p}`" for p in possible)


_NEXT_COMMANDS: dict[str, str] = {
    "triage": 'sevlog raise -i ID --severity LEVEL --component KEY …, or: sevlog decline -i ID --reason "…"',
    "raised": 'take command first: sevlog ack -i ID --channel chat=URL (a false alarm: sevlog decline -i ID --reason "…")',
    "fixing": 'sevlog act -i ID "what was done", then: sevlog monitor -i ID, or: sevlog resolve -i ID …',
    "monitoring": 'sevlog resolve -i ID …, or if it is back: sevlog reopen -i ID --reason "…"',
    "resolved": 'sevlog close -i ID, or if it is back: sevlog reopen -i ID --reason "…"',
    "scheduled": 'sevlog maintenance start -i ID, or: sevlog maintenance cancel -i ID --reason "…"',
    "in_progress": "sevlog maintenance verify -i ID",
    "verifying": "sevlog maintenance complete -i ID",
}


def command_for(status: str, incident: str) -> str:
    """The command that leads on from a shipped status; how to look at the incident from any other."""
    return _NEXT_COMMANDS.get(status, "sevlog show -i ID").replace("-i ID", f"-i {incident}")
