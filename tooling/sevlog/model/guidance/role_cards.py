"""The card that whoever gets a role is handed: what they answer for, what comes first, where the response talks."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class RoleCard(Struct, frozen=True, kw_only=True):
    """A role as it is handed to a person, or as it stands in the catalogue (person: None)."""

    role: str
    name: str
    person: Annotated[str | None, Meta(description="Whom it is for; null in the catalogue.")] = None
    lead: Annotated[bool, Meta(description="Whether this person leads.")] = False
    workstream: Annotated[str | None, Meta(description="The part of the response; null for the whole.")] = None
    duties: tuple[str, ...] = ()
    first_moves: tuple[str, ...] = ()
    channels: Annotated[tuple[str, ...], Meta(description="Where the response talks: type and address.")] = ()
    team: Annotated[tuple[str, ...], Meta(description="Who holds which role by now: `role: person`.")] = ()


class RoleStanding(Struct, frozen=True, kw_only=True):
    """A role of the catalogue, and who holds it in one incident. needed: it must be held there, and nobody does."""

    card: RoleCard
    holders: tuple[str, ...] = ()
    needed: bool = False
    single_lead: bool = False
    max_holders: int | None = None
    not_with: tuple[str, ...] = ()
    severities: Annotated[tuple[str, ...], Meta(description="At which severities it must be held.")] = ()
    types: Annotated[tuple[str, ...], Meta(description="For which types of incident it must be held.")] = ()
