"""What an entry says in one line, by its kind: for timelines on a terminal and for the subjects of commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...model.timeline.entries import (
    Acknowledged,
    ActionTaken,
    Alert,
    Assessment,
    Assigned,
    Channel,
    Collaborator,
    Correction,
    Entry,
    Escalated,
    Experiment,
    Handover,
    ImpactChanged,
    Link,
    Observation,
    Override,
    Paged,
    PriorityChanged,
    Raised,
    Redaction,
    Released,
    Retraction,
    RunbookStep,
    SeverityChanged,
    StatusChanged,
    Task,
    Theory,
    Update,
    kind_of,
)
from ...stores.records import codec

_ASSESSED = (
    "customer_impact",
    "employee_impact",
    "symptoms",
    "scope",
    "affected_count",
    "affected_percent",
    "support_cases",
    "started_at",
    "confirmed",
    "factors",
)


def _as_whom(entry: Paged) -> str:
    """For whom a person was paged, and at which step of which policy."""
    asked = entry.asked if entry.asked not in (None, f"person:{entry.target}") else None
    step = f"policy {entry.policy}, step {entry.step or 1}" if entry.policy else None
    known = ", ".join(part for part in (asked, step) if part)
    return f" ({known})" if known else ""


def gist(entry: Entry) -> str:
    """The entry in one line of any length, without its time and author."""
    say = _GISTS.get(type(entry))
    own = say(entry) if say else ""
    return ": ".join(part for part in (own, first_line(entry.text)) if part)


def subject(entry: Entry) -> str:
    """The entry as the subject of a commit."""
    line = gist(entry)
    if isinstance(entry, Assigned | Released | Handover | Collaborator):
        return line
    word = kind_of(entry).replace("_", " ")
    return f"{word} {line}" if isinstance(entry, Theory | Task | Experiment | Observation) else f"{word}: {line}"


def first_line(text: str | None) -> str:
    """The first line of a text that is not blank."""
    return next((line.strip() for line in (text or "").splitlines() if line.strip()), "")


def plain(value: object) -> str:
    """A value as words: mappings and lists without their punctuation."""
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(v) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def states(components: Mapping[str, str]) -> str:
    """Component states in words."""
    return ", ".join(f"{key} {state.replace('_', ' ')}" for key, state in components.items())


def _with(head: str, *more: str | None) -> str:
    return ": ".join([head, *(first_line(text) for text in more if text)])


def _assessment(e: Assessment) -> str:
    data = codec.plain(e)
    said = [f"{key.replace('_', ' ')} {first_line(plain(data[key]))}" for key in _ASSESSED if key in data]
    return "; ".join(said).replace("affected percent", "affected %")


def _impact(e: ImpactChanged) -> str:
    return states(e.components) + (f"; impact ended {codec.instant(e.ended_at)}" if e.ended_at else "")


def _assigned(e: Assigned) -> str:
    lead, part = " (lead)" if e.lead else "", f" for {e.workstream}" if e.workstream else ""
    return f"{e.person} is {_words(e.role)}{lead}{part}"


def _handover(e: Handover) -> str:
    role = _words(e.role)
    return f"{e.to} takes {role} from {e.from_}" if e.accepted else f"{e.from_} offers {role} to {e.to}"


def _collaborator(e: Collaborator) -> str:
    who = " and ".join(part for part in (e.person, f"team {e.team}" if e.team else None) if part)
    return f"{who} joins as {e.audience}"


def _words(key: str) -> str:
    return key.replace("_", " ")


_GISTS: dict[type[Entry], Callable[[Any], str]] = {
    Raised: lambda e: f"{e.severity} {e.priority}, {states(e.components)}",
    StatusChanged: lambda e: _with(f"to {e.to}{f' {e.into}' if e.into else ''}", e.reason, e.attestation),
    SeverityChanged: lambda e: _with(f"to {e.to}", e.reason),
    PriorityChanged: lambda e: _with(f"to {e.to}", e.reason),
    Assessment: _assessment,
    ImpactChanged: _impact,
    Assigned: _assigned,
    Released: lambda e: f"{e.person} gives up {_words(e.role)}",
    Handover: _handover,
    Collaborator: _collaborator,
    Channel: lambda e: f"{e.type} {e.url}",
    Paged: lambda e: f"{e.target}{_as_whom(e)}{', and it could not be sent' if e.result == 'failed' else ''}",
    Acknowledged: lambda e: f"page to {e.target} answered" if e.target else "page answered",
    Escalated: lambda e: _with(f"to {e.to}", e.reason),
    Update: lambda e: f"{e.audience}, {_words(e.phase)}",
    Observation: lambda e: e.ref or "",
    Theory: lambda e: f"{e.ref} {e.state}",
    Experiment: lambda e: f"{f'{e.ref} ' if e.ref else ''}on {e.theory}",
    ActionTaken: lambda e: e.type,
    Task: lambda e: f"{e.ref} {e.state}" + (f", {e.assignee}" if e.assignee else ""),
    RunbookStep: lambda e: f"{e.runbook}, {e.step}" + (f" ({e.state})" if e.state != "done" else ""),
    Link: lambda e: f"{_words(e.rel)} {e.target}",
    Alert: lambda e: f"{e.source} {e.state} {e.fingerprint}",
    Correction: lambda e: _with(f"of {e.of}: {plain(e.set)}", e.reason),
    Retraction: lambda e: _with(f"of {e.of}", e.reason),
    Redaction: lambda e: _with(f"of {e.of}", e.reason),
    Override: lambda e: _with(e.rule, e.reason),
}
