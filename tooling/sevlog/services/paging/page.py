"""Pages who is on call for an incident: the people that the policies name, on each contact point until one works."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from ...adapters.delivery import addresses, trying
from ...adapters.delivery.base import PREFIX, BadAddress, Message
from ...adapters.forges.requests import address_of_folder, place_of
from ...errors import NotFound, Refused, SevlogError, UsageError
from ...model.comms.ledger import Row
from ...model.oncall import escalation
from ...model.oncall.page_text import PageText, page_text, rank_of
from ...model.timeline.entries import Paged
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from ...stores import layout
from ..common.documents import SCHEMA
from ..oncall.standing import of
from ..oncall.times import utc
from ..recording.incident_session import IncidentSession
from ..recording.recipients import recipient
from ..recording.recorder import Options
from ..workspace import lookup
from ..workspace.workspace import Workspace
from .claims import Claims
from .documents import Delivery, Left, Pages, Waiting


class Call(Struct, frozen=True, kw_only=True):
    """A person to page, on these contact points. key: the same for the same step, however often it is tried."""

    person: str
    contact: tuple[str, ...]
    asked: str
    key: str
    policy: str | None = None
    step: int | None = None
    said: str | None = None


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
    although the one before still waits. only_here: leave those without an address on this machine to others.
    Raises Refused where nobody is paged for such an incident, NotFound where the
    chain ends in nobody. What could not be sent raises nothing.
    """
    name = lookup.resolve(workspace, incident)
    state = workspace.state(workspace.record(name))
    _require_pageable(state)
    calls, waiting = _named(workspace, target) if target else _due(workspace, state, ahead=ahead)
    left = [call for call in calls if only_here and not _is_reachable(workspace, call)]
    calls = [call for call in calls if call not in left]
    claims = Claims(workspace, name, pause=pause)
    if not options.dry_run:
        mine = claims.take(call.key for call in calls)
        waiting += [_made_elsewhere(call) for call in calls if call.key not in mine]
        calls = [call for call in calls if call.key in mine]
    rank = rank_of(state, lookup.live_states(workspace), workspace.config)
    made = {call.key: _deliver(workspace, state, rank, call, options, pause) for call in calls}
    if not options.dry_run:
        claims.settle({key: _row(rows, workspace.clock()) for key, rows in made.items()})
    deliveries = [row for rows in made.values() for row in rows]
    reached = {d.person for d in deliveries if d.result != "failed"}
    text = page_text(state, rank, link=record_link(workspace, name))
    done = Pages(
        schema=SCHEMA,
        incident=name,
        rank=rank,
        text=text.plain,
        answer=text.answer,
        deliveries=deliveries,
        unreached=list(dict.fromkeys(c.person for c in calls if c.person not in reached)),
        waiting=waiting,
        left=[Left(person=call.person, asked=call.asked, contacts=list(call.contact)) for call in left],
        commit=None,
        pushed=None,
        warnings=claims.warnings,
    )
    return done if options.dry_run or not deliveries else _recorded(workspace, done, options)


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


def _due(workspace: Workspace, state: State, *, ahead: bool) -> tuple[list[Call], list[Waiting]]:
    """The people that the policies of the incident name now, and the policies that page nobody now."""
    now = workspace.clock()
    rotas = of(workspace.config, workspace.oncall).rotas
    found = escalation.following(workspace.config, rotas, state, now, past_raiser=ahead)
    if not found:
        raise Refused(
            f"{state.id}: nobody to page: {escalation.why_nobody(workspace.config, workspace.oncall, state)}",
            f"to page a person: sevlog page -i {state.id} --to PERSON",
        )
    calls: list[Call] = []
    waiting: list[Waiting] = []
    for step in found:
        if isinstance(step, escalation.Stopped):
            waiting.append(Waiting(policy=step.track, why=step.why, next_at=None))
        elif step.at > now and not ahead:
            who = ", ".join(paged.person for paged in step.people)
            waiting.append(
                Waiting(policy=step.track, why=f"next is {who} ({step.notify})", next_at=utc(int(step.at.timestamp())))
            )
        else:
            calls += [
                Call(
                    person=paged.person,
                    contact=paged.contact,
                    asked=step.notify,
                    policy=step.policy,
                    step=step.number,
                    said=step.said,
                    key=f"{step.track}.{step.turn}.{paged.person}",
                )
                for paged in step.people
            ]
    nobody = [step for step in found if isinstance(step, escalation.Stopped) and not step.answered]
    if not calls and len(nobody) == len(found):
        raise NotFound(
            f"{state.id}: nobody is left to page ({'; '.join(f'{s.track}: {s.why}' for s in nobody)})",
            f"to page a person: sevlog page -i {state.id} --to PERSON",
            "see why the chain ends: sevlog oncall check",
        )
    return calls, waiting


def _named(workspace: Workspace, target: str) -> tuple[list[Call], list[Waiting]]:
    """The people that the user names, independent of the policies."""
    from ...model.oncall import callers as oncall_callers
    from ...model.oncall import schedule_clock
    from ...model.oncall.roster import EscalationStep

    chosen = recipient(workspace, target)
    kind, colon, _ = chosen.partition(":")
    if kind == "policy":
        raise UsageError("start a policy with `sevlog escalate`", f"sevlog escalate --to {chosen} --reason …")
    asked = chosen if colon else f"person:{chosen}"
    rotas = of(workspace.config, workspace.oncall).rotas
    callers = oncall_callers.Callers(rotas, schedule_clock.zone_of(workspace.config.page.time_zone))
    now = workspace.clock()
    people, why = callers.people(EscalationStep(notify=asked), int(now.timestamp()))
    if not people:
        known = workspace.oncall.person(chosen)
        if known is None:
            raise NotFound(f"{asked}: {why}", "see who is on call: sevlog oncall who")
        people = (oncall_callers.Paged(person=known.key, contact=known.contact),)  # away, but asked for by name
    return [
        Call(person=p.person, contact=p.contact, asked=asked, key=f"{asked}.{now.isoformat()}.{p.person}")
        for p in people
    ], []


def _deliver(
    workspace: Workspace, state: State, rank: str, call: Call, options: Options, pause: trying.Pause
) -> list[Delivery]:
    """One person, contact point by contact point until one takes it."""

    def told(contact: str | None, result: str, reason: str = "", tries: int = 0) -> Delivery:
        return msgspec.convert(
            {
                "person": call.person,
                "asked": call.asked,
                "policy": call.policy,
                "step": call.step,
                "contact": contact,
                "result": result,
                "reason": reason,
                "tries": tries,
            },
            Delivery,
        )

    text = page_text(state, rank, asked=call.asked, said=call.said, link=record_link(workspace, state.id))
    found: list[Delivery] = []
    for contact in call.contact:
        if not addresses.is_set(workspace.environment, contact):
            found.append(told(contact, "failed", f"{PREFIX}{contact} is not set in the environment"))
            continue
        try:
            carrier = addresses.carrier(workspace.environment, contact)
        except BadAddress as error:
            found.append(told(contact, "failed", error.message))
            continue
        if options.dry_run:
            return [*found, told(contact, "would", carrier.kind)]
        receipt, tries = trying.send(carrier, _message(workspace, state, text, call, contact), twice=True, pause=pause)
        if receipt.outcome == "sent":
            return [*found, told(contact, "sent", receipt.reason, tries)]
        found.append(told(contact, "failed", receipt.reason, tries))
    return found or [told(None, "failed", "no contact point in oncall.yaml")]


def record_link(workspace: Workspace, incident: str) -> str | None:
    """The page of the record at the forge that the remote is on; None where there is none."""
    how = workspace.config.git
    url = workspace.git.remote_url(how.remote) if workspace.git.present else None
    place = place_of(url) if url else None
    folder = f"{workspace.git.prefix}{layout.folder_of(incident)}"
    branch = f"incident/{incident}" if how.flow == "pull-request" else how.branch
    return address_of_folder(place, branch, folder) if place else None


def _message(workspace: Workspace, state: State, text: PageText, call: Call, contact: str) -> Message:
    site, now = workspace.config.page, workspace.clock()
    document = {
        "event": "page",
        "incident": state.id,
        "severity": state.severity,
        "priority": state.priority,
        "rank": text.rank,
        "text": text.plain,
        "answer": text.answer,
        "kind": state.card.kind,
        "link": text.link,
    }
    if state.card.visibility == "restricted":
        del document["incident"]
    return Message(
        key=_opaque(f"{state.id}:{call.key}:{contact}"),
        thread=_opaque(f"{state.id}:{contact}"),
        alert=_opaque(state.id),
        topic=f"[{site.name}] page",
        headline=text.headline,
        text=text.text,
        plain=text.plain,
        short=text.short,
        at=now,
        domain=urlsplit(site.url).hostname or "sevlog.invalid",
        sender=site.name,
        document=msgspec.json.encode(document),
        url=text.link,
        first=True,
        signal="trigger",
        urgent=True,
        level="critical" if state.major else "error",
    )


def _opaque(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


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
            result="failed" if d.result == "failed" else "sent",
            text=d.reason or None,
        )
        for d in deliveries
    ]


def _summary(deliveries: Sequence[Delivery]) -> str:
    reached = list(dict.fromkeys(d.person for d in deliveries if d.result == "sent"))
    missed = [p for p in dict.fromkeys(d.person for d in deliveries) if p not in reached]
    parts = [f"paged {', '.join(reached)}" if reached else "", f"could not page {', '.join(missed)}" if missed else ""]
    return "; ".join(part for part in parts if part)
