"""One-line summaries of entries, for timelines on a terminal and the subjects of commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from ...vocabulary import in_words, to_the_minute
from ..entries import Assessment, Assigned, Collaborator, Experiment, Handover, ImpactChanged, Observation, Paged

_ASSESSED = (
    "customer_impact",
    "employee_impact",
    "symptoms",
    "scope",
    "affected_count",
    "affected_percent",
    "support_cases",
    "support_cases_added",
    "started_at",
    "confirmed",
    "factors",
    "factors_added",
    "factors_removed",
)


def page_details(entry: Paged) -> str:
    """The target that the person was paged for, and the step of the policy."""
    asked = entry.asked if entry.asked not in (None, f"person:{entry.target}") else None
    step = f"policy {entry.policy}, step {entry.step or 1}" if entry.policy else None
    known = ", ".join(part for part in (asked, step) if part)
    return f" ({known})" if known else ""


def first_line(text: str | None) -> str:
    """The first line of a text that is not blank."""
    return next((line.strip() for line in (text or "").splitlines() if line.strip()), "")


def plain(value: object) -> str:
    """A value as text: mappings and lists without punctuation."""
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(v) for v in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "nothing"
    if isinstance(value, datetime):
        return to_the_minute(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def states(components: Mapping[str, str]) -> str:
    """Component states in words."""
    return ", ".join(f"{key} {in_words(state)}" for key, state in components.items())


def with_texts(head: str, *more: str | None) -> str:
    return ": ".join([head, *(first_line(text) for text in more if text)])


def assessment(e: Assessment) -> str:
    data = msgspec.to_builtins(e, builtin_types=(datetime,))
    said = [f"{in_words(key)} {first_line(plain(data[key]))}" for key in _ASSESSED if key in data]
    return "; ".join(said).replace("affected percent", "affected %")


def impact(e: ImpactChanged) -> str:
    return states(e.components) + (f"; impact ended {to_the_minute(e.ended_at)}" if e.ended_at else "")


def assigned(e: Assigned) -> str:
    lead, part = " (lead)" if e.lead else "", f" for {e.workstream}" if e.workstream else ""
    return f"{e.person} is {in_words(e.role)}{lead}{part}"


def observation(e: Observation) -> str:
    confirmed = f"confirmed by {plain(e.confirmers)}" if e.confirmers else ""
    return " ".join(part for part in (e.ref, confirmed) if part)


def experiment(e: Experiment) -> str:
    """An experiment by its theory; a later entry by its result."""
    name = " ".join(part for part in (e.ref, f"on {e.theory}" if e.theory else "") if part)
    reverted = "" if e.reverted is None else "reverted" if e.reverted else "not reverted"
    if e.text is not None or (e.result is None and not reverted):
        return name
    return (
        f"{name} result: {first_line(e.result)}{f' ({reverted})' if reverted else ''}"
        if e.result
        else f"{name} {reverted}"
    )


def handover(e: Handover) -> str:
    role = in_words(e.role)
    return f"{e.to} takes {role} from {e.from_}" if e.accepted else f"{e.from_} offers {role} to {e.to}"


def collaborator(e: Collaborator) -> str:
    who = " and ".join(part for part in (e.person, f"team {e.team}" if e.team else None) if part)
    return f"{who} joins as {e.audience}"


def paged(e: Paged) -> str:
    """Who was paged, for which target, and whether the page was sent."""
    result = {"failed": ", not sent", "grouped": ", grouped"}
    return f"{e.target}{page_details(e)}{result.get(e.result, '')}"
