"""The communication plan as it applies: audience x severity x phase -> channels, template, cadence, approver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from ..config.comms import AudiencePlan, AudienceSettings, PlanRow
from ..config.settings import Config, duration
from ..timeline.state import State
from ..vocabulary import Audience

NOBODY = "nobody"
"""The approver value that means no approval is needed."""
OUTSIDE: frozenset[str] = frozenset({"public", "social"})
"""Audiences outside the company: they read public facts only."""


class Plan(Struct, frozen=True, kw_only=True):
    """The communication plan for one audience of an incident in a phase.

    every: the cadence; None if there is none. approver: a role, None where no approval is needed.
    deputies: the roles whose holders may approve in its place.
    approve_within: after this time a text may be published without approval.
    """

    channels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    template: str | None = None
    every: timedelta | None = None
    approver: str | None = None
    deputies: tuple[str, ...] = ()
    approve_within: timedelta | None = None
    self_approval: bool = True


def plan_for(
    config: Config, audience: Audience, *, severity: str | None = None, phase: str | None = None, kind: str = "service"
) -> Plan:
    """The plan for an audience at a severity in a phase; `kind` is the type of the incident.

    The audience comes first, then the rows of `comms.plan`, then those of the plan of the type; later ones win. Without
    a cadence in any of them, the severity gives it.
    """
    said: dict[str, object] = {}
    for telling in _layers(config, audience, severity, phase, kind):
        said |= {name: value for name in _SAID if (value := getattr(telling, name)) is not None}
    level = config.severity(severity)
    every = said.pop("every", None) or (level.update_every.get(audience) if level else None)
    within, approver = said.pop("approve_within", None), said.pop("approver", None)
    deputies = tuple(role.key for role in config.roles if approver and role.deputy_for == approver)
    return Plan(
        **said,  # type: ignore[arg-type]
        every=duration(str(every)) if every else None,
        approve_within=duration(str(within)) if within else None,
        approver=str(approver) if approver and approver != NOBODY else None,
        deputies=deputies,
    )


_SAID = AudienceSettings.__struct_fields__


def plan_of(config: Config, state: State, audience: Audience, phase: str | None, *, at: datetime | None = None) -> Plan:
    """The plan for an audience of this incident, at its current severity or at the one that held at a time."""
    severity = state.severity if at is None else state.severity_at(at)
    return plan_for(config, audience, severity=severity, phase=phase, kind=state.card.type)


def _layers(
    config: Config, audience: Audience, severity: str | None, phase: str | None, kind: str
) -> Iterator[AudienceSettings]:
    yield config.comms.audiences.get(audience) or AudiencePlan()
    chosen = config.incident_type(kind)
    named = config.comms.plans.get(chosen.comms, ()) if chosen and chosen.comms else ()
    major = config.is_major(severity)
    for row in (*config.comms.plan, *named):
        if _fits(row, audience, severity, phase) and row.major in (None, major):
            yield row


def _fits(row: PlanRow, audience: Audience, severity: str | None, phase: str | None) -> bool:
    return (
        (not row.audiences or audience in row.audiences)
        and (not row.severities or severity in row.severities)
        and (not row.phases or phase in row.phases)
    )
