"""Roles assigned and released, handovers offered and accepted, people who join, and escalations."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...errors import NotFound, Refused, UsageError
from ...model.timeline.entries import Assigned, Collaborator, Escalated, Handover, Observation, Released, Task
from ...model.timeline.entry_parts import Entry
from ...model.timeline.kinds.registry import subject
from ...model.vocabulary import instant
from ..common import name_lookup
from ..common.outcome import Outcome
from ..paging.at_once import page_now
from ..recording.identity import known_person
from ..recording.incident_session import IncidentSession, entry_from
from ..recording.recipients import instead, recipient
from ..recording.recorder import Options
from ..workspace.workspace import Workspace


def assign_role(
    workspace: Workspace,
    incident: str | None,
    role: str,
    person: str,
    lead: bool,
    workstream: str | None,
    options: Options,
) -> Outcome:
    """Give a role to a person. The first incident manager leads; `lead` makes this one lead instead of another."""
    session = IncidentSession(workspace, incident, options)
    chosen = name_lookup.role(workspace.config, role)
    holder = known_person(workspace, person)
    leads = lead or (chosen in workspace.config.lead_roles and session.state.lead is None and workstream is None)
    held = [h for h in session.state.holders if (h.role, h.person, h.workstream) == (chosen, holder, workstream)]
    if held and (held[0].lead or not leads):
        raise Refused(f"{session.record.id}: {holder} is already {_words(chosen)}", _who_holds(session))
    plain = {"kind": "assigned", "role": chosen, "person": holder, "lead": leads, "workstream": workstream}
    entry = entry_from(plain, session.at)
    assert isinstance(entry, Assigned)
    done = session.do([entry], subject(entry))
    leader = session.state.lead
    if leads and done.state.lead != holder and workstream is None:
        since = instant(done.state.lead_since or session.at)
        later = f"{done.state.lead} still leads since {since}: this assignment is of {instant(session.at)}"
        return msgspec.structs.replace(done, warnings=(*done.warnings, later))
    if chosen not in workspace.config.lead_roles or workstream or leader in (None, session.who.person, holder):
        return done
    text = f"{leader} leads, and only the lead adds another {_words(chosen)}: agree on it with {leader}"
    return msgspec.structs.replace(done, warnings=(*done.warnings, text))


def release_role(
    workspace: Workspace, incident: str | None, role: str, person: str, workstream: str | None, options: Options
) -> Outcome:
    """Take a role from a person: in one workstream, or in every part of the response where they hold it."""
    session = IncidentSession(workspace, incident, options)
    chosen = name_lookup.role(workspace.config, role)
    held = [
        h
        for h in session.state.holders
        if (h.role, h.person) == (chosen, person) and workstream in (None, h.workstream)
    ]
    if not held:
        raise Refused(f"{session.record.id}: {person} does not hold the role {_words(chosen)}", _who_holds(session))
    entries = [Released(at=session.at, role=chosen, person=person, workstream=h.workstream) for h in held]
    done = session.do(entries, subject(entries[0]))
    if session.state.lead != person or done.state.lead in (None, person):
        return done
    return msgspec.structs.replace(done, hints=(*done.hints, f"{done.state.lead} leads now"))


def offer_handover(
    workspace: Workspace, incident: str | None, role: str, receiver: str, text: str | None, options: Options
) -> Outcome:
    """Offer a role that one holds to someone else; it passes when they accept."""
    session = IncidentSession(workspace, incident, options)
    chosen = name_lookup.role(workspace.config, role)
    giver, taker = session.who.person, known_person(workspace, receiver)
    if not any((h.role, h.person) == (chosen, giver) for h in session.state.holders):
        raise Refused(
            f"{session.record.id}: {giver} does not hold the role {_words(chosen)}, and cannot hand it over",
            _who_holds(session),
            f"to give it to someone: sevlog assign -i {session.record.id} {chosen} {taker}",
        )
    if giver == taker:
        raise UsageError(f"{giver} cannot hand over to {taker}", "name the person who takes over")
    entry = Handover(at=session.at, role=chosen, from_=giver, to=taker, text=text)
    accept = f"the role changes hands when they accept: sevlog handover -i {session.record.id} --accept --as {taker}"
    return session.do([entry], subject(entry), hints=(accept,))


def accept_handover(workspace: Workspace, incident: str | None, text: str | None, options: Options) -> Outcome:
    """Take the role that was offered last."""
    session = IncidentSession(workspace, incident, options)
    offer = next((o for o in reversed(session.state.offers) if o.to == session.who.person), None)
    if offer is None:
        raise Refused(
            f"{session.record.id}: {session.who.person} has no handover to accept",
            "the person who holds the role must offer it first: sevlog handover ROLE PERSON",
        )
    entry = Handover(at=session.at, role=offer.role, from_=offer.from_, to=offer.to, accepted=True, text=text)
    return session.do([entry], subject(entry))


def join(
    workspace: Workspace, incident: str | None, audience: str, people: Sequence[str], team: str | None, options: Options
) -> Outcome:
    """Join as a responder, observer or stakeholder; with `people` or `team`, add them instead of oneself."""
    session = IncidentSession(workspace, incident, options)
    who: list[dict[str, object]] = [{"person": known_person(workspace, person)} for person in dict.fromkeys(people)]
    who += [{"team": _team(workspace, team)}] if team is not None else []
    added = [
        entry_from({"kind": "collaborator", "audience": audience, **one}, session.at)
        for one in who or [{"person": session.who.person}]
    ]
    return session.do(added, ", ".join(subject(entry) for entry in added))


def escalate(workspace: Workspace, incident: str | None, to: str, reason: str, options: Options) -> Outcome:
    """Ask a person, team:KEY or policy:KEY (schedule:KEY as well) for help."""
    session = IncidentSession(workspace, incident, options)
    entry = Escalated(at=session.at, to=recipient(workspace, to, policy_first=True), reason=reason)
    done = session.do([entry], subject(entry))
    return msgspec.structs.replace(done, hints=(*done.hints, *page_now(workspace, done, options)))


def known_holders(session: IncidentSession, entry: Entry) -> None:
    """Raise UsageError where an entry names a person that oncall.yaml does not know."""
    named: tuple[str | None, ...] = ()
    if isinstance(entry, Task):
        named = (entry.assignee,)
    elif isinstance(entry, Observation):
        named = entry.confirmers
    elif isinstance(entry, Assigned | Released | Collaborator):
        named = (entry.person,)
    for person in named:
        if person is not None:
            known_person(session.workspace, person)


def _team(workspace: Workspace, key: str) -> str:
    teams = [t.key for t in workspace.oncall.teams]
    if not teams:
        raise NotFound(f"team `{key}` is not listed in oncall.yaml", *instead("team", key, teams))
    return name_lookup.choose("team", key, teams)


def _who_holds(session: IncidentSession) -> str:
    held = ", ".join(
        f"{_words(h.role)}: {h.person}{f' ({h.workstream})' if h.workstream else ''}" for h in session.state.holders
    )
    return f"roles now: {held}" if held else "nobody holds a role yet"


def _words(role: str) -> str:
    return role.replace("_", " ")
