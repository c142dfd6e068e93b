"""Rules for action items, the postmortem, and what nobody follows. `records` lists them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from ..config.settings import duration
from ..guidance.follow_up import SOON, end_of, postmortem_due, waits_for
from ..learning.actions import OPEN
from ..learning.postmortem.review import approvers, submission, text_changed
from ..problem import Gravity, Problem
from ..timeline.incident import ActionItem, Postmortem
from ..vocabulary import in_words, is_day
from .references import RecordUnderCheck

REVIEW_TIME = timedelta(days=3)
"""A review that has waited for so long is reported, also if it is not due yet."""
_LAST = datetime.max.replace(tzinfo=UTC)
CARD, ACTIONS, POSTMORTEM = "incident.yaml", "actions.yaml", "postmortem.md"


class Timed(Struct, frozen=True):
    """A finding that holds only after `since`, or only before `until`."""

    problem: Problem
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is a finding now."""
        return (self.since is None or now > self.since) and (self.until is None or now < self.until)


def _action(place: int, code: str, key: str, message: str, hint: str, severity: Gravity = "error") -> Problem:
    pointer = f"/{place}/{key}" if key else f"/{place}"
    return Problem(code=code, message=message, hint=hint, severity=severity, path=ACTIONS, pointer=pointer)


def actions(case: RecordUnderCheck) -> Iterator[Problem]:
    """Action items: ids are unique, accepted ones have an owner and a due date, dropped ones have a reason."""
    seen: set[str] = set()
    for place, action in enumerate(case.record.actions):
        if action.id in seen:
            hint = "give the later one the next free number"
            yield _action(place, "duplicate_action", "id", f"duplicate id `{action.id}`", hint)
        seen.add(action.id)
        yield from _missing_keys(place, action, major=case.state.major)
        if action.due and not is_day(action.due):
            yield _action(
                place, "wrong_day", "due", f"date does not exist: {action.due}", "use a date such as 2026-11-23"
            )
        if case.record.postmortem is not None:
            yield from _unknown_factors(place, action, case.record.postmortem)


def _missing_keys(place: int, action: ActionItem, *, major: bool) -> Iterator[Problem]:
    """The keys that the status of an action item requires."""
    if action.status == "wont_do" and not action.reason:
        yield _action(place, "no_reason", "", f"{action.id} will not be done, but has no reason", "reason: …")
    if major and action.status in ("accepted", "in_progress"):
        hint = "on a major incident, each accepted action item needs an owner and a due date"
        for key, value in (("owner", action.owner or action.team), ("due", action.due)):
            if not value:
                yield _action(place, "vague_action", "", f"{action.id} is {action.status}, but has no `{key}`", hint)
    if action.status == "verified" and action.verified_by is None:
        message = f"{action.id} is verified, but `verified_by` is missing"
        yield _action(place, "no_verifier", "", message, "verified_by: HANDLE", "warning")


def _unknown_factors(place: int, action: ActionItem, postmortem: Postmortem) -> Iterator[Problem]:
    known = {factor.id for factor in postmortem.contributing_factors}
    hint = f"factors: {', '.join(sorted(known)) or 'none'}"
    for number, factor in enumerate(action.addresses):
        if factor not in known:
            message = f"factor `{factor}` is not in the postmortem"
            yield _action(place, "unknown_factor", f"addresses/{number}", message, hint, "warning")


def postmortem_says(case: RecordUnderCheck) -> Iterator[Problem]:
    """A postmortem names who approved or waived it, and the ids of its factors are unique."""
    found = case.record.postmortem
    if found is None:
        return
    yield from _decision(case, found)
    if found.due and not is_day(found.due):
        yield Problem(
            code="wrong_day",
            message=f"date does not exist: {found.due}",
            path=POSTMORTEM,
            pointer="/due",
            hint="use a date such as 2026-11-23",
        )
    ids = [factor.id for factor in found.contributing_factors]
    for place, name in enumerate(ids):
        if name in ids[:place]:
            yield Problem(
                code="duplicate_factor",
                message=f"duplicate id `{name}`",
                path=POSTMORTEM,
                pointer=f"/contributing_factors/{place}/id",
                hint="give the later one the next free number",
            )


def _decision(case: RecordUnderCheck, found: Postmortem) -> Iterator[Problem]:
    """Who approved or waived the postmortem, and whether the approval is for the text as it is now."""
    if found.status in ("approved", "published", "waived") and not found.approved_by:
        yield Problem(
            code="no_approver",
            message=f"the postmortem is {found.status}, but `approved_by` is missing",
            path=POSTMORTEM,
            pointer="/status",
            hint="approved_by: HANDLE",
        )
    if found.status == "waived" and not found.reason:
        yield Problem(
            code="no_reason",
            message="the postmortem is waived, but `reason` is missing",
            path=POSTMORTEM,
            pointer="/status",
            hint="reason: …",
        )
    if found.status in ("in_review", "approved") and text_changed(case.record):
        yield Problem(
            code="changed_after_approval",
            severity="warning",
            message=f"the text changed after {', '.join(approvers(found))} approved it",
            path=POSTMORTEM,
            pointer="/approved_by",
            hint=f"ask again: sevlog postmortem edit -i {case.record.id}, then: sevlog postmortem approve",
        )


def overdue_actions(case: RecordUnderCheck, _: datetime) -> Iterator[Timed]:
    """Accepted action items after their due date."""
    for place, action in enumerate(case.record.actions):
        due = end_of(action.due) if action.status in OPEN else None
        if due is not None:
            yield Timed(
                _action(
                    place,
                    "overdue_action",
                    "due",
                    f"{action.id} was due on {action.due}",
                    "complete it, or set a new due date",
                    "warning",
                ),
                since=due,
            )


def overdue_postmortem(case: RecordUnderCheck, _: datetime) -> Iterator[Timed]:
    """A postmortem that the severity requires and that is late."""
    state, found = case.state, case.record.postmortem
    due = None if case.imported else postmortem_due(state, found, case.config)
    if due is None:
        return
    what = "not started yet" if found is None else f"still {in_words(found.status)}"
    if found is not None and found.status == "in_review":
        what += f" ({waits_for(found, case.config)})"
    problem = Problem(
        code="overdue_postmortem",
        severity="warning",
        path=POSTMORTEM if found else CARD,
        message=f"the postmortem was due on {due:%Y-%m-%d}: {what}",
        hint=f"complete it, or waive it: sevlog postmortem waive -i {state.id} --reason …",
    )
    yield Timed(problem, since=due)


def waiting_review(case: RecordUnderCheck, _: datetime) -> Iterator[Timed]:
    """A postmortem in review that waits for days, or that is due soon. Later `overdue_postmortem` reports it."""
    state, found = case.state, case.record.postmortem
    if found is None or found.status != "in_review" or case.imported:
        return
    asked, due = submission(state), postmortem_due(state, found, case.config)
    since = [*([asked.at + REVIEW_TIME] if asked else []), *([due - SOON] if due else [])]
    if not since:
        return
    problem = Problem(
        code="waiting_review",
        severity="warning",
        path=POSTMORTEM,
        pointer="/status",
        message=f"the postmortem is in review{f' since {asked.at:%Y-%m-%d}' if asked else ''}: "
        f"{waits_for(found, case.config)}",
        hint=f"review it: sevlog postmortem show -i {state.id}, then: sevlog postmortem approve -i {state.id}",
    )
    yield Timed(problem, since=min(since), until=due)


def stale(case: RecordUnderCheck, _: datetime) -> Iterator[Timed]:
    """A live incident that has had no entry for longer than `policies.stale_after`."""
    state, limit = case.state, case.config.policies.stale_after
    last = max((item.at for item in state.timeline if item.effective is not None), default=None)
    if limit is None or last is None or not state.live or case.imported or state.card.kind == "maintenance":
        return
    if _LAST - last < duration(limit):
        return
    problem = Problem(
        code="stale_incident",
        severity="warning",
        path=CARD,
        message=f"it is {in_words(state.status)}, and has no entry since {last:%Y-%m-%d}",
        hint=f"see what is left to do: sevlog next -i {state.id}",
    )
    yield Timed(problem, since=last + duration(limit))
