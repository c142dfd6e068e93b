"""Pages who is on call for an incident: the people that the policies name, on each contact point until one works."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

import msgspec

from ...adapters.delivery import addresses, trying
from ...errors import Refused, SevlogError
from ...model.comms.ledger import Row
from ...model.guidance.page_load import over_budget
from ...model.oncall import escalation
from ...model.oncall.grouping import Grouping, Message
from ...model.oncall.page_text import rank_of
from ...model.timeline.entries import Paged
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from ..common.documents import SCHEMA
from ..oncall.load import pages_this_week
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Options
from ..workspace import lookup
from ..workspace.workspace import Workspace
from . import delivering
from .calls import Call, also_waiting, due_calls, named_calls
from .claims import Claims
from .documents import Delivery, Left, Pages, Waiting


def page(
    workspace: Workspace,
    incident: str | None,
    target: str | None,
    options: Options,
    *,
    ahead: bool = False,
    only_here: bool = False,
    pause: trying.Pause = time.sleep,
) -> Pages:
    """Page for an incident, and record every delivery, also what failed.

    target: a person, team:KEY or schedule:KEY; None for the policies. ahead: take the next step of each
    although the one before still waits. With either, nothing is grouped: somebody asked for this page.
    only_here: leave those without an address on this machine to others.
    Raises Refused where nobody is paged for such an incident, NotFound where the
    chain ends in nobody. What could not be sent raises nothing.
    """
    name = lookup.resolve(workspace, incident)
    state = workspace.state(workspace.record(name))
    _require_pageable(state)
    live = lookup.live_states(workspace)
    calls, waiting = named_calls(workspace, target) if target else due_calls(workspace, state, live, ahead=ahead)
    left = [call for call in calls if only_here and not _is_reachable(workspace, call)]
    calls = [call for call in calls if call not in left]
    grouping = None if target or ahead else Grouping(workspace.config, state, live)
    claims = Claims(workspace, name, grouping, pause=pause)
    mine = claims.foreseen(calls) if options.dry_run else claims.take(calls)
    waiting += [_made_elsewhere(call) for call in calls if call.key not in mine and call.key not in claims.grouped]
    waiting += _unanswered(state) if options.dry_run else []
    calls = [call for call in calls if call.key in mine or call.key in claims.grouped]
    text = delivering.Page(state=state, rank=rank_of(state, live, workspace.config))
    made: dict[str, list[Delivery]] = {}
    for call in calls:
        if (first := claims.grouped.get(call.key)) is not None:
            made[call.key] = [_grouped(call, first, grouping, live)]
            continue
        text = msgspec.structs.replace(text, also=also_waiting(workspace, live, name, call.person))
        made[call.key] = delivering.deliver(workspace, text, call, pause, dry_run=options.dry_run)
    if not options.dry_run:
        claims.settle({key: _row(rows, workspace.clock()) for key, rows in made.items() if key in mine})
    warnings = [*claims.warnings, *(_over_budget(workspace, calls) if options.dry_run else ())]
    deliveries = [row for rows in made.values() for row in rows]
    done = msgspec.structs.replace(
        _pages(workspace, text, calls, deliveries),
        waiting=waiting,
        left=[Left(person=call.person, asked=call.asked, contacts=list(call.contact)) for call in left],
        warnings=warnings,
    )
    return done if options.dry_run or not deliveries else _recorded(workspace, done, options)


def _pages(workspace: Workspace, page: delivering.Page, calls: Sequence[Call], deliveries: Sequence[Delivery]) -> Pages:
    """The result of these calls, before it is recorded."""
    reached = {delivery.person for delivery in deliveries if delivery.result != "failed"}
    words = delivering.text_of(workspace, page)
    return Pages(
        schema=SCHEMA,
        incident=page.state.id,
        rank=page.rank,
        text=words.plain,
        answer=words.answer,
        deliveries=list(deliveries),
        unreached=list(dict.fromkeys(call.person for call in calls if call.person not in reached)),
        waiting=[],
        left=[],
        commit=None,
        pushed=None,
        warnings=[],
    )


def _unanswered(state: State) -> list[Waiting]:
    """The people who were paged before and did not answer."""
    return [
        Waiting(
            policy=page.policy or page.asked or page.target,
            why=f"{page.target} was paged at {page.at:%H:%M:%S}Z{' (grouped)' if page.grouped else ''}, no answer yet",
            next_at=None,
        )
        for page in escalation.waiting(state)
    ]


def _over_budget(workspace: Workspace, calls: Sequence[Call]) -> list[str]:
    """The people who got more pages this week than the budget. They are paged anyway."""
    week, pages = pages_this_week(workspace)
    budget = workspace.config.policies.page.budget
    called = {call.person for call in calls}
    return [
        f"{person} got {count} pages this week, more than the budget of {budget}; they are paged anyway"
        for person, count in over_budget(pages, week, budget).items()
        if person in called
    ]


def _grouped(call: Call, first: Message, grouping: Grouping | None, live: Sequence[State]) -> Delivery:
    """The result of a page that was grouped. A restricted incident is not named."""
    restricted = any(one.id == first.incident and one.card.visibility == "restricted" for one in live)
    name = "a restricted incident" if restricted else first.incident
    row = delivering.outcome(call, "grouped", reason=f"paged for {name} at {first.at:%H:%M:%S}Z")
    return msgspec.structs.replace(row, until=first.at + grouping.within if grouping else None)


def _is_reachable(workspace: Workspace, call: Call) -> bool:
    """Whether one of the contact points of a person is set on this machine."""
    return any(addresses.is_set(workspace.environment, contact) for contact in call.contact)


def _made_elsewhere(call: Call) -> Waiting:
    return Waiting(policy=call.policy or call.asked, why=f"{call.person} is paged from another machine", next_at=None)


def _row(rows: Sequence[Delivery], now: datetime) -> Row:
    """What the ledger keeps of a page."""
    last = rows[-1]
    return Row(
        state="sent" if last.result == "sent" else "failed",
        promise="at_least_once",
        at=now,
        tries=sum(row.tries for row in rows),
        reason=last.reason or None,
    )


def _require_pageable(state: State) -> None:
    if state.category == "triage":
        raise Refused(
            f"{state.id} is in triage, which pages nobody",
            f"raise it first: sevlog raise -i {state.id} --severity LEVEL …",
        )
    if state.category != "live" or state.card.kind not in escalation.PAGED_KINDS:
        raise Refused(f"{state.id} is `{state.status}` ({state.card.kind}) and pages nobody")


def _recorded(workspace: Workspace, done: Pages, options: Options) -> Pages:
    try:
        session = IncidentSession(workspace, done.incident, options)
        outcome = session.do(_entries(done.deliveries, session), _summary(done.deliveries))
    except SevlogError as error:
        error.hints = (f"the page was sent, but not recorded: {_summary(done.deliveries)}", *error.hints)
        raise
    return msgspec.structs.replace(
        done, commit=outcome.commit, pushed=outcome.pushed, warnings=[*done.warnings, *outcome.warnings]
    )


def _entries(deliveries: Sequence[Delivery], session: IncidentSession) -> list[Entry]:
    return [
        Paged(
            at=session.at,
            target=d.person,
            asked=d.asked,
            policy=d.policy,
            step=d.step,
            via=d.contact,
            result="sent" if d.result == "would" else d.result,
            text=d.reason or None,
        )
        for d in deliveries
    ]


def _summary(deliveries: Sequence[Delivery]) -> str:
    reached = list(dict.fromkeys(d.person for d in deliveries if d.result == "sent"))
    grouped = [d.person for d in deliveries if d.result == "grouped" and d.person not in reached]
    missed = [p for p in dict.fromkeys(d.person for d in deliveries) if p not in (*reached, *grouped)]
    parts = [f"paged {', '.join(reached)}" if reached else "", f"could not page {', '.join(missed)}" if missed else ""]
    parts.append(f"grouped the page to {', '.join(dict.fromkeys(grouped))}" if grouped else "")
    return "; ".join(part for part in parts if part)
