"""Rules over what a team learns from an incident: follow-up actions and the postmortem. Listed in `records`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from ..config.settings import duration
from ..problem import Gravity, Problem
from .references import Case

CARD, ACTIONS, POSTMORTEM = "incident.yaml", "actions.yaml", "postmortem.md"


class Timed(Struct, frozen=True):
    """A finding that holds only for a time: from `since`, or to `until`."""

    problem: Problem
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is a finding now."""
        return (self.since is None or now > self.since) and (self.until is None or now < self.until)


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar: 2026-02-30 is none."""
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _action(place: int, code: str, key: str, message: str, hint: str, severity: Gravity = "error") -> Problem:
    pointer = f"/{place}/{key}" if key else f"/{place}"
    return Problem(code=code, message=message, hint=hint, severity=severity, path=ACTIONS, pointer=pointer)


def actions(case: Case) -> Iterator[Problem]:
    """Follow-up actions: ids are given once, what is agreed has an owner and a date, what is dropped has a reason."""
    seen: set[str] = set()
    postmortem = case.record.postmortem
    factors = {factor.id for factor in postmortem.contributing_factors} if postmortem else None
    for place, action in enumerate(case.record.actions):

        def found(
            code: str, key: str, message: str, hint: str, severity: Gravity = "error", at: int = place
        ) -> Problem:
            pointer = f"/{at}/{key}" if key else f"/{at}"
            return Problem(code=code, message=message, hint=hint, severity=severity, path=ACTIONS, pointer=pointer)

        if action.id in seen:
            yield _action(
                place,
                "duplicate_action",
                "id",
                f"the id `{action.id}` is taken twice",
                "give the later one the next number",
            )
        seen.add(action.id)
        if action.status == "wont_do" and not action.reason:
            yield _action(place, "no_reason", "", f"{action.id} will not be done, and nothing says why", "reason: …")
        agreed = action.status in ("accepted", "in_progress") and case.state.major
        for key, value in (("owner", action.owner or action.team), ("due", action.due)):
            if agreed and not value:
                yield _action(
                    place,
                    "vague_action",
                    "",
                    f"{action.id} is {action.status} and has no `{key}`",
                    "on a major incident each agreed action has an owner and a date",
                )
        if action.due and not is_day(action.due):
            yield _action(
                place, "wrong_day", "due", f"there is no such day: {action.due}", "write a day of the calendar"
            )
        if action.status == "verified" and action.verified_by is None:
            yield _action(
                place,
                "no_verifier",
                "",
                f"{action.id} is verified, and nothing says by whom",
                "verified_by: HANDLE",
                "warning",
            )
        for number, factor in enumerate(action.addresses):
            if factors is not None and factor not in factors:
                yield _action(
                    place,
                    "unknown_factor",
                    f"addresses/{number}",
                    f"the postmortem has no factor `{factor}`",
                    f"it has: {', '.join(sorted(factors)) or 'none'}",
                    "warning",
                )


def postmortem_says(case: Case) -> Iterator[Problem]:
    """Who approved or waived a postmortem is written down, and factors are told apart."""
    found = case.record.postmortem
    if found is None:
        return
    if found.status in ("approved", "published", "waived") and not found.approved_by:
        yield Problem(
            code="no_approver",
            message=f"the postmortem is {found.status}, and nothing says by whom",
            path=POSTMORTEM,
            pointer="/status",
            hint="approved_by: HANDLE",
        )
    if found.status == "waived" and not found.reason:
        yield Problem(
            code="no_reason",
            message="the postmortem is waived, and nothing says why",
            path=POSTMORTEM,
            pointer="/status",
            hint="reason: …",
        )
    if found.due and not is_day(found.due):
        yield Problem(
            code="wrong_day",
            message=f"there is no such day: {found.due}",
            path=POSTMORTEM,
            pointer="/due",
            hint="write a day of the calendar",
        )
    ids = [factor.id for factor in found.contributing_factors]
    for place, name in enumerate(ids):
        if name in ids[:place]:
            yield Problem(
                code="duplicate_factor",
                message=f"the id `{name}` is taken twice",
                path=POSTMORTEM,
                pointer=f"/contributing_factors/{place}/id",
                hint="give the later one the next number",
            )


def overdue_actions(case: Case, _: datetime) -> Iterator[Timed]:
    """Agreed actions whose day has passed."""
    for place, action in enumerate(case.record.actions):
        if action.status in ("accepted", "in_progress") and action.due and is_day(action.due):
            due = datetime.fromisoformat(f"{action.due}T23:59:59+00:00")
            yield Timed(
                _action(
                    place,
                    "overdue_action",
                    "due",
                    f"{action.id} was due on {action.due}",
                    "do it, or agree on another day",
                    "warning",
                ),
                since=due,
            )


def overdue_postmortem(case: Case, _: datetime) -> Iterator[Timed]:
    """A postmortem that the severity asks for, and that nobody has finished in time."""
    state, found = case.state, case.record.postmortem
    resolved_at, level = state.milestones.resolved_at, case.config.severity(state.severity)
    if case.imported or case.record.card.kind in ("drill", "maintenance") or resolved_at is None or level is None:
        return
    if level.postmortem != "required" or level.postmortem_within is None or state.category == "dropped":
        return
    if found is not None and found.status in ("approved", "published", "waived"):
        return
    due = resolved_at + duration(level.postmortem_within)
    if found is not None and found.due and is_day(found.due):
        due = datetime.fromisoformat(f"{found.due}T23:59:59+00:00")
    what = "there is none" if found is None else f"it is still {found.status.replace('_', ' ')}"
    problem = Problem(
        code="overdue_postmortem",
        severity="warning",
        path=POSTMORTEM if found else CARD,
        message=f"the postmortem was due on {due:%Y-%m-%d}, and {what}",
        hint="finish it, or waive it with a reason",
    )
    yield Timed(problem, since=due)
