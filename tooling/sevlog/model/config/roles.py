"""The section `roles` of sevlog.yaml, and the roles that an incident type requires (S13)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ..forms import LevelKey, ShortText, TypeKey, Word
from .comms import Settings


class RequiredRoles(Settings, frozen=True, kw_only=True):
    """The roles that an incident type requires."""

    required: Annotated[tuple[Word, ...], Meta(description="Roles that must be assigned.")] = ()


class RoleRequired(Settings, frozen=True, kw_only=True):
    """When a role must be assigned."""

    severities: Annotated[tuple[LevelKey, ...], Meta(description="At these severities.")] = ()
    types: Annotated[tuple[TypeKey, ...], Meta(description="For these types.")] = ()


class Role(Settings, frozen=True, kw_only=True):
    """A role in the response, with its card."""

    key: Annotated[Word, Meta(description="incident_manager …")]
    name: Annotated[ShortText | None, Meta(description="Incident manager …")] = None
    duties: Annotated[tuple[ShortText, ...], Meta(description="The duties of its holder.")] = ()
    first_moves: Annotated[tuple[ShortText, ...], Meta(description="The first steps of its holder.")] = ()
    required: Annotated[RoleRequired | None, Meta(description="When it must be assigned.")] = None
    leads: Annotated[
        bool,
        Meta(
            description="The role that `ack` gives and that leads the response. Default: the first with `single_lead`, "
            "or the first of all."
        ),
    ] = False
    deputy_for: Annotated[
        Word | None, Meta(description="The role that it replaces, for example to approve a text.")
    ] = None
    sends_updates: Annotated[
        bool, Meta(description="Its holders, besides the lead, are reminded of updates that are due.")
    ] = False
    single_lead: Annotated[bool, Meta(description="Exactly one holder is the lead at any time.")] = False
    max_holders: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="The most holders at one time; those of a workstream do not count."),
    ] = None
    not_with: Annotated[
        tuple[Word, ...],
        Meta(description="Roles that the same person should not have on a major incident, in both directions."),
    ] = ()
