"""The role card that a person gets with a role: limits, duties, first steps, and the channels of the response."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class RoleCard(Struct, frozen=True, kw_only=True):
    """A role for a person, or a role in the catalog (person: None)."""

    role: str
    name: str
    person: Annotated[str | None, Meta(description="The person with the role; null in the catalog.")] = None
    lead: Annotated[bool, Meta(description="Whether this person leads.")] = False
    workstream: Annotated[str | None, Meta(description="The workstream; null for the whole response.")] = None
    duties: tuple[str, ...] = ()
    first_moves: tuple[str, ...] = ()
    limits: Annotated[
        tuple[str, ...],
        Meta(description="Sentences: whether it leads, when it is required, how many may have it, what excludes it."),
    ] = ()
    channels: Annotated[tuple[str, ...], Meta(description="The channels of the response: type and address.")] = ()
    team: Annotated[tuple[str, ...], Meta(description="The current holders of the other roles: `role: person`.")] = ()


class RoleStanding(Struct, frozen=True, kw_only=True):
    """A role in the catalog, and its holders in one incident. needed: it is required there and not assigned."""

    card: RoleCard
    holders: tuple[str, ...] = ()
    needed: bool = False
    leads: Annotated[bool, Meta(description="Whether this role leads the response.")] = False
    single_lead: Annotated[bool, Meta(description="Whether exactly one holder is the lead at any time.")] = False
    max_holders: Annotated[int | None, Meta(description="The most holders at one time; null: any number.")] = None
    not_with: Annotated[
        tuple[str, ...],
        Meta(description="Roles that the same person should not have; named by this role or by the other one."),
    ] = ()
    deputy_for: Annotated[str | None, Meta(description="The role that it replaces.")] = None
    severities: Annotated[tuple[str, ...], Meta(description="Severities at which it is required.")] = ()
    types: Annotated[tuple[str, ...], Meta(description="Incident types for which it is required.")] = ()
