"""Proposes a severity and a priority with the reason (S5, S11). People decide."""

from __future__ import annotations

from msgspec import Struct

from ..config.settings import Config
from ..vocabulary import Scope


class Proposal(Struct, frozen=True):
    """A level and why it fits."""

    level: str
    reason: str


def propose_severity(config: Config, scope: Scope, *, essential: bool = True) -> Proposal:
    """The severity for a scope: the worst level if it affects all customers, the next major one if some, else the
    mildest. Without major levels, the scale counts from its worst end.

    essential: whether essential tasks are affected; if not, the mildest level fits.
    Raises ValueError where no severities are configured.
    """
    if not config.severities:
        raise ValueError("no severities are configured")
    levels = [level.key for level in config.severities]
    majors = [level.key for level in config.severities if level.major] or levels
    if scope == "none":
        return Proposal(levels[-1], "no customer is affected")
    if not essential:
        return Proposal(levels[-1], "essential tasks are not affected")
    if scope == "all":
        return Proposal(majors[0], "all customers are affected")
    return Proposal(majors[min(1, len(majors) - 1)], "some customers are affected")


def propose_priority(config: Config, severity: str, scope: Scope | None) -> Proposal:
    """The priority of the matrix: scope x urgency, which is high at a major severity.

    Without a scope, the position of the severity in the list is used instead. If the matrix has no value: the priority
    at the position of the severity. Raises ValueError where no priorities are configured.
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
        return Proposal(level, f"{severity} is severity {place + 1} of {len(keys)}")
    return Proposal(level, f"scope {assumed}{source}, urgency {urgency}")
