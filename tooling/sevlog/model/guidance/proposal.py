"""Proposes a severity and a priority from what is known, with the reason (S5, S11). A proposal is never a decision."""

from __future__ import annotations

from msgspec import Struct

from ..config.settings import Config
from ..vocabulary import Scope


class Proposal(Struct, frozen=True):
    """A level and why it fits."""

    level: str
    reason: str


def propose_severity(config: Config, scope: Scope, *, essential: bool = True) -> Proposal:
    """The severity for a scope: the worst where all customers are hit, the next major one where some are, else the
    mildest. A scale without major levels is taken from its worst end.

    essential: whether essential tasks are hindered; where they are not, the mildest level fits.
    Raises ValueError where no severities are configured.
    """
    if not config.severities:
        raise ValueError("no severities are configured")
    levels = [level.key for level in config.severities]
    majors = [level.key for level in config.severities if level.major] or levels
    if scope == "none":
        return Proposal(levels[-1], "no customer is hit")
    if not essential:
        return Proposal(levels[-1], "essential tasks can be done as usual")
    if scope == "all":
        return Proposal(majors[0], "it hits all customers")
    return Proposal(majors[min(1, len(majors) - 1)], "it hits some customers")


def propose_priority(config: Config, severity: str, scope: Scope | None) -> Proposal:
    """The priority of the matrix: scope x urgency, which is high at a major severity.

    Without a scope the severity's place in the list stands in for it. Where the matrix has no answer, the priority
    with the severity's place. Raises ValueError where no priorities are configured.
    """
    if not config.priorities:
        raise ValueError("no priorities are configured")
    major = config.is_major(severity)
    urgency = "high" if major else "low"
    keys = [level.key for level in config.severities]
    place = keys.index(severity) if severity in keys else max(len(keys) - 1, 0)
    assumed = scope or ("all" if major and place == 0 else "some" if major else "none")
    source = "" if scope else f" (as {severity} suggests)"
    level = config.priority_matrix.get(assumed, {}).get(urgency)
    if level is None:
        level = config.priorities[min(place, len(config.priorities) - 1)].key
        return Proposal(level, f"{severity} is number {place + 1} of the severities")
    return Proposal(level, f"scope {assumed}{source}, urgency {urgency}")
