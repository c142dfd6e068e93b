"""Clears updates before they are recorded: who approved them, and what the lint found. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...errors import Refused, UsageError
from ...model.comms.lint import PREFIX
from ...model.comms.plan import OUTSIDE, Plan
from ...model.comms.template_facts import span
from ...model.guidance.comms_stages import audience_name
from ...model.rules.text import (
    APPROVAL,
    TEXT_RULES,
    Approval,
    approval_of,
    approvers,
    findings_of,
    plan_of_update,
    stated,
)
from ...model.timeline.entries import Override, StatusChanged, Update
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from .identity import known_person

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace
    from .recorder import Options


class Waited(Struct, frozen=True, kw_only=True):
    """A draft that is sent: who wrote it, and how long it waited."""

    author: str
    length: timedelta


class Cleared(Struct, frozen=True, kw_only=True):
    """Entries that may be recorded, with the overrides that permit them; the options without what was used up."""

    entries: list[Entry]
    options: Options
    warnings: tuple[str, ...] = ()


class _Objection(Struct, frozen=True, kw_only=True):
    rule: str
    message: str
    hints: tuple[str, ...]


def clear(
    workspace: Workspace,
    state: State,
    entries: Sequence[Entry],
    options: Options,
    sender: str,
    *,
    waited: Waited | None = None,
) -> Cleared:
    """The entries of an act with their updates approved and looked through.

    An approver who sends a text has approved it, which is recorded. Raises Refused where approval is missing or the
    lint found an error, and no override permits that; UsageError for an override without a reason.
    """
    asked = tuple(rule for rule in options.overrides if rule in TEXT_RULES)
    if asked and not options.override_reason:
        raise UsageError("an override needs a reason", 'add --reason "…"')
    left = replace(options, overrides=tuple(rule for rule in options.overrides if rule not in TEXT_RULES))
    given = tuple(known_person(workspace, person) for person in options.approved_by)
    is_step = any(isinstance(entry, StatusChanged) for entry in entries)
    found: list[Entry] = []
    used: dict[str, str] = {}
    warnings: list[str] = []
    objections: list[_Objection] = []
    for entry in entries:
        if not isinstance(entry, Update) or state.card.kind == "retrospective":
            found.append(entry)
            continue
        plan = plan_of_update(workspace.config, state, entry)
        author = waited.author if waited else sender
        named = entry.approved_by or _named(approvers(state, plan, entries), given)
        approval = approval_of(state, plan, author=author, sender=sender, named=named, act=entries)
        found.append(replace(entry, approved_by=approval.by))
        if approval.missing and _is_late(plan, waited):
            used[APPROVAL] = f"no answer from {', '.join(approval.asked)} within {_minutes(waited)}"
        elif approval.missing:
            objections.append(_not_approved(state, entry, approval, plan, author, waited, is_step=is_step))
        elif approval.unasked and state.major and state.live:
            warnings.append(f"nobody approved this text: no {(approval.role or '').replace('_', ' ')} is assigned")
        for objection, line in _linted(workspace, state, entry):
            if objection is not None:
                objections.append(objection)
            elif line.rule not in asked:
                warnings.append(line.message)
            else:
                used[line.rule] = options.override_reason or ""
    used |= {o.rule: options.override_reason or "" for o in objections if o.rule in asked}
    standing = [o for o in objections if o.rule not in used]
    if standing:
        raise _refusal(state, standing)
    warnings += [f"--override {rule} was not needed and was not recorded" for rule in asked if rule not in used]
    at = entries[0].at if entries else None
    permits = [Override(at=at, rule=rule, reason=reason) for rule, reason in used.items()] if at else []
    return Cleared(entries=[*permits, *found], options=left, warnings=tuple(dict.fromkeys(warnings)))


def _is_late(plan: Plan, waited: Waited | None) -> bool:
    return waited is not None and plan.approve_within is not None and waited.length >= plan.approve_within


def _minutes(waited: Waited | None) -> str:
    return f"{int(waited.length.total_seconds() // 60) if waited else 0}m"


def _linted(workspace: Workspace, state: State, update: Update) -> Iterator[tuple[_Objection | None, _Objection]]:
    """Each finding as a warning, and as an objection where it is an error."""
    if update.audience not in OUTSIDE:
        return
    for finding in findings_of(state, workspace.config, workspace.oncall, update):
        line = next(stated([finding]))
        told = _Objection(rule=f"{PREFIX}{finding.rule}", message=line, hints=(finding.instead,))
        yield (told if finding.gravity == "error" else None), told


def _named(able: tuple[str, ...], given: tuple[str, ...]) -> str | None:
    """Who of the people given with --approved-by can approve this text; else the first, who is refused."""
    return next((person for person in given if person in able), given[0] if given and able else None)


def _not_approved(
    state: State, update: Update, approval: Approval, plan: Plan, author: str, waited: Waited | None, *, is_step: bool
) -> _Objection:
    able = [person for person in approval.asked if person != author or plan.self_approval]
    if not able:
        hints = (
            f"give the role to somebody else too: sevlog assign {approval.role} PERSON -i {state.id}",
            "then, when they have approved it: add --approved-by PERSON" if waited is None else "",
        )
    elif waited is not None:
        left = plan.approve_within - waited.length if plan.approve_within else None
        hints = (f"as {able[0]}: sevlog approve -i {state.id}", f"anybody can send it in {span(left)}" if left else "")
    else:
        text = f'sevlog update "…" --audience {update.audience} --phase {update.phase} --draft -i {state.id}'
        ask = f"send this text on its own first: {text}" if is_step else "add --draft"
        hints = (
            f"if {able[0]} has approved it: add --approved-by {able[0]}",
            f"to ask {able[0]}: {ask} (then, as {able[0]}: sevlog approve -i {state.id})",
        )
    return _Objection(
        rule=APPROVAL, message=f"the text to {audience_name(update.audience)}: {approval.missing}", hints=hints
    )


def _refusal(state: State, standing: list[_Objection]) -> Refused:
    rules = list(dict.fromkeys(o.rule for o in standing))
    if len(standing) == 1:
        message, hints = f"{state.id}: {standing[0].message}", list(standing[0].hints)
    else:
        message = f"{state.id}: {len(standing)} problems with this text"
        hints = [o.message for o in standing] + [h for o in standing if o.rule == APPROVAL for h in o.hints]
    hints.append(f'to send it anyway: {" ".join(f"--override {rule}" for rule in rules)} --reason "why"')
    return Refused(
        message, *dict.fromkeys(hints), details={"problems": [{"code": o.rule, "message": o.message} for o in standing]}
    )
