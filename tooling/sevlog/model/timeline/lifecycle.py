"""The lifecycle as a table of transitions and their guards. Nothing else changes the status of an incident."""

from __future__ import annotations

from collections.abc import Sequence

from ..config.settings import Lifecycle, Transition
from ..vocabulary import LIVE_CATEGORIES, Category

NEW = "new"
"""The origin in the table that means "before the record exists"."""
_MOST_SEARCHED, _MOST_WEIGHED = 8, 100
"""The most steps at one instant that are tried in every order, and the most that are tried one by one."""


def find_step(lifecycle: Lifecycle, origin: str, target: str) -> Transition | None:
    """The row that allows the step; None if there is none."""
    for row in lifecycle.transitions:
        if row.to == target and row.from_ == origin:
            return row
    return None


def steps_from(lifecycle: Lifecycle, origin: str) -> tuple[str, ...]:
    """The possible next statuses, in the order of the table."""
    return tuple(dict.fromkeys(t.to for t in lifecycle.transitions if t.from_ == origin))


def category_of(lifecycle: Lifecycle, status: str) -> Category:
    """The category of a status. An unknown status counts as triage."""
    for known in lifecycle.statuses:
        if known.key == status:
            return known.category
    return "triage"


def knows(lifecycle: Lifecycle, status: str) -> bool:
    """Whether the lifecycle has this status."""
    return any(s.key == status for s in lifecycle.statuses)


def first_of(lifecycle: Lifecycle, category: Category) -> str | None:
    """The first status of a category, in the order of the table."""
    return next((s.key for s in lifecycle.statuses if s.category == category), None)


def opening_status(lifecycle: Lifecycle, *, maintenance: bool) -> str:
    """The status that a `raised` entry leads to: `raised`, for a maintenance `scheduled`.

    In a lifecycle with other statuses: the first live status that can open a record, else the first one that can.
    """
    usual = "scheduled" if maintenance else "raised"
    if knows(lifecycle, usual):
        return usual
    first = steps_from(lifecycle, NEW)
    live = [status for status in first if category_of(lifecycle, status) == "live"]
    return next(iter((*(() if maintenance else live), *first)), lifecycle.statuses[0].key)


def goes_back(lifecycle: Lifecycle, origin: str, target: str) -> bool:
    """Whether the target is before the origin in the list of statuses."""
    for known in lifecycle.statuses:
        if known.key in (origin, target):
            return known.key == target and origin != target
    return False


def order_of(lifecycle: Lifecycle, origin: str, steps: Sequence[tuple[str | None, str]]) -> tuple[int, ...]:
    """The order in which to take several steps of one instant, as places in `steps`, each (status seen, target).

    Times are often exact only to the minute and do not give the order. The result is an order in which every step is
    legal, preferring the given order. If there is none: the first legal step each time, else the first step.
    """
    if len(steps) < 2:
        return tuple(range(len(steps)))
    found = _legal_order(lifecycle, origin, steps) if len(steps) <= _MOST_SEARCHED else None
    return found or _greedy_order(lifecycle, origin, steps)


def _is_legal(lifecycle: Lifecycle, status: str, step: tuple[str | None, str]) -> bool:
    return step[0] in (None, status) and find_step(lifecycle, status, step[1]) is not None


def _legal_order(lifecycle: Lifecycle, origin: str, steps: Sequence[tuple[str | None, str]]) -> tuple[int, ...] | None:
    failed: set[tuple[str, tuple[int, ...]]] = set()

    def search(status: str, left: tuple[int, ...]) -> tuple[int, ...] | None:
        if not left:
            return ()
        if (status, left) in failed:
            return None
        for place in left:
            if _is_legal(lifecycle, status, steps[place]):
                rest = search(steps[place][1], tuple(p for p in left if p != place))
                if rest is not None:
                    return (place, *rest)
        failed.add((status, left))
        return None

    return search(origin, tuple(range(len(steps))))


def _greedy_order(lifecycle: Lifecycle, status: str, steps: Sequence[tuple[str | None, str]]) -> tuple[int, ...]:
    left, chosen = list(range(len(steps))), []
    while left and len(steps) <= _MOST_WEIGHED:
        place = next((p for p in left if _is_legal(lifecycle, status, steps[p])), None)
        if place is not None:
            status = steps[place][1]
        chosen.append(left.pop(0) if place is None else place)
        if place is not None:
            left.remove(place)
    return (*chosen, *left)


def explain_illegal(lifecycle: Lifecycle, origin: str, target: str) -> str:
    """Why a transition is illegal, and which ones are possible instead, in one sentence."""
    if not knows(lifecycle, target):
        return f"unknown status `{target}`; statuses: {', '.join(s.key for s in lifecycle.statuses)}"
    possible = steps_from(lifecycle, origin)
    here = "a new record" if origin == NEW else f"`{origin}`"
    if not possible:
        return f"{here} is final: it cannot change to `{target}`"
    return f"{here} cannot change to `{target}`, only to {_listed(possible, 'or')}"


def _listed(statuses: Sequence[str], joint: str) -> str:
    quoted = [f"`{status}`" for status in statuses]
    return f" {joint} ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)


def way_back(lifecycle: Lifecycle, status: str, incident: str) -> str:
    """The hint for an ended incident that returned: reopen it if the lifecycle allows it, else raise a new one."""
    if any(category_of(lifecycle, to) in LIVE_CATEGORIES for to in steps_from(lifecycle, status)):
        return f'if it returned: sevlog reopen -i {incident} --reason "…"'
    return (
        f"`{status}` cannot be reopened; if it returned, raise a new incident: sevlog raise …, then: "
        f"sevlog link -i NEW {incident}"
    )


_NEXT_COMMANDS: dict[str, str] = {
    "triage": 'sevlog raise -i ID --severity LEVEL --component KEY …, or: sevlog decline -i ID --reason "…"',
    "raised": "take command: sevlog ack -i ID --channel chat=URL, or if it is a false alarm: "
    'sevlog decline -i ID --reason "…"',
    "fixing": 'sevlog act -i ID "what was done", then: sevlog monitor -i ID, or: sevlog resolve -i ID …',
    "monitoring": 'sevlog resolve -i ID …, or if it returned: sevlog reopen -i ID --reason "…"',
    "resolved": 'sevlog close -i ID, or if it returned: sevlog reopen -i ID --reason "…"',
    "closed": "if it returned, raise a new incident: sevlog raise …, then: sevlog link -i NEW ID",
    "declined": "if it is real after all, raise a new incident: sevlog raise …, then: sevlog link -i NEW ID",
    "merged": "use the incident it was merged into: sevlog show -i ID shows which",
    "scheduled": 'sevlog maintenance start -i ID, or: sevlog maintenance cancel -i ID --reason "…"',
    "in_progress": "sevlog maintenance verify -i ID",
    "verifying": "sevlog maintenance complete -i ID",
}


def command_for(status: str, incident: str) -> str:
    """The next command for a shipped status; for any other status, the command that shows the incident."""
    return named(_NEXT_COMMANDS.get(status, "sevlog show -i ID"), incident)


def named(hint: str, incident: str) -> str:
    """The hint with the id of the incident instead of `ID`."""
    return hint.replace("-i ID", f"-i {incident}").replace("-i NEW ID", f"-i NEW {incident}")
