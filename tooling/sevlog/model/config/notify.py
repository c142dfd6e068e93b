"""The section `notify` of sevlog.yaml: routes of notifications. Addresses are names of secrets."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from ..forms import Key, LevelKey, ShortText, TypeKey, Word
from ..vocabulary import Audience
from .comms import Settings

SecretName = Annotated[
    str, Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z", description="PAGER reads the environment variable SEVLOG_NOTIFY_PAGER.")
]
Promise = Literal["most_once", "at_least_once"]
"""The promise if a delivery is in doubt: never twice, or at least once."""


class Route(Settings, frozen=True, kw_only=True):
    """A route for notifications. With only customer `audiences`, it carries only public text."""

    on: Annotated[
        tuple[Word, ...], Meta(min_length=1, description="Events: raised, update, severity_changed, resolved …")
    ]
    severities: Annotated[tuple[LevelKey, ...], Meta(description="Only at these severities.")] = ()
    components: Annotated[tuple[Key, ...], Meta(description="Only for these components.")] = ()
    types: Annotated[tuple[TypeKey, ...], Meta(description="Only for incidents of these types.")] = ()
    audiences: Annotated[tuple[Audience, ...], Meta(description="Only updates to these audiences.")] = ()
    to: SecretName
    channel: Annotated[
        Key,
        Meta(description="The channel, which sets length and format: email, chat, sms, or one of `comms.networks`."),
    ] = "email"
    at: Annotated[
        Promise | None,
        Meta(description="The promise if a delivery is in doubt; default: most_once to customers, else at_least_once."),
    ] = None
    restricted: Annotated[
        bool, Meta(description="Include restricted incidents: only if every recipient may know of them.")
    ] = False


class Notify(Settings, frozen=True, kw_only=True):
    """Notifications."""

    routes: Annotated[tuple[Route, ...], Meta(description="All routes are tried independently.")] = ()
    channels: Annotated[
        dict[Audience, dict[Key, SecretName]],
        Meta(description="Audience -> channel of the communication plan -> the name of its address."),
    ] = field(default_factory=dict)
    lists: Annotated[
        dict[ShortText, SecretName], Meta(description="List in a group of `comms.groups` -> the name of its address.")
    ] = field(default_factory=dict)
    ledger: Annotated[
        str,
        Meta(
            pattern=r"^refs/(sevlog|heads)/[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*\Z",
            description="The ref that stores what was sent; use a branch if the forge accepts no other refs.",
        ),
    ] = "refs/sevlog/ledger"
