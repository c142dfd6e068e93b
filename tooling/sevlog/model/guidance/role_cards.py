"""The role card that a person gets with a role: duties, first steps, and the channels of the response."""

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
    channels: Annotated[tuple[str, ...], Meta(description="The channels of the response: type and address.")] = ()
    team: Annotated[tuple[str, ...], Meta(description="The current holders of the other roles: `role: person`.")] = ()


class RoleStanding(Struct, frozen=True, kw_only=True):
    """A role in the catalog, and its holders in one incident. needed: it is required there and not assigned."""

    card: RoleCard
    holders: tuple[str, ...] = ()
    needed: bool = False
    single_lead: bool = False
    max_holders: int | None = None
    not_with: tuple[str, ...] = ()
    severities: Annotated[tuple[str, ...], Meta(description="Severities at which it is required.")] = ()
    types: Annotated[tuple[str, ...], Meta(description="Incident types for which it is required.")] = ()
