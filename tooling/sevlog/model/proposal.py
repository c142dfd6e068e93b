"""Proposes a severity and a priority from what is known, with the reason (S5, S11). A proposal is never a decision."""

from __future__ import annotations

from msgspec import Struct

from .config import Config
from .vocabulary import Scope


class Proposal(Struct, frozen=True):
    """A level and why it fits."""

    level: str
    reason: str


def propose_severity(config: Config, scope: Scope, *, essential: bool = True) -> Proposal:
    """The severity for a scope: the worst where all customers are hit, the next where some are, else the mildest.

    essential: whether essential tasks are hindered; where they are not, the mildest level fits.
    """
    levels = config.severities
    majors = [level for level in levels if level.major]
    mildest = levels[-1].key
    if not essential or scope == "none" or not majors:
        return Proposal(mildest, "essential tasks can be done as usual" if scope != "none" else "no customer is hit")
    if scope == "all":
        return Proposal(majors[0].key, "it hits all customers")
    return Proposal(majors[min(1, len(majors) - 1)].key, "it hits some customers")


def propose_priority(config: Config, severity: str, scope: Scope | None) -> Proposal:
    """The priority of the matrix: scope x urgency, which is high at a major severity.

    Without a scope the severity's place in the list stands in for it.
    """
    urgency = "high" if config.is_major(severity) else "low"
    keys = [level.key for level in config.severities]
    place = keys.index(severity) if severity in keys else len(keys) - 1
    assumed = scope or ("all" if place == 0 else "some" if config.is_major(severity) else "none")
    level = config.priority_matrix.get(assumed, {}).get(urgency)
    if level is None:
        level = config.priorities[min(place, len(config.priorities) - 1)].key
    return Proposal(level, f"scope {assumed}, urgency {urgency}")
