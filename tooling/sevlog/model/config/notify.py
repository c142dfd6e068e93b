"""The section `notify` of sevlog.yaml: who is told of what. Addresses are names; what they stand for is never here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ..forms import Key, LevelKey, TypeKey, Word
from ..vocabulary import Audience
from .comms import Settings

Promise = Literal["most_once", "least_once"]
"""What holds where a send is in doubt: rather not at all than twice (a mail), or rather twice than not at all."""


class Route(Settings, frozen=True, kw_only=True):
    """Who is notified of what. With `audiences` of customers alone it carries public text, and nothing else."""

    on: Annotated[
        tuple[Word, ...], Meta(min_length=1, description="Events: raised, update, severity_changed, resolved …")
    ]
    severities: Annotated[tuple[LevelKey, ...], Meta(description="Only at these severities.")] = ()
    components: Annotated[tuple[Key, ...], Meta(description="Only for these components.")] = ()
    types: Annotated[tuple[TypeKey, ...], Meta(description="Only for incidents of these types.")] = ()
    audiences: Annotated[tuple[Audience, ...], Meta(description="Only updates to these audiences.")] = ()
    to: Annotated[
        str,
        Meta(pattern=r"^[A-Z][A-Z0-9_]*\Z", description="PAGER reads the environment variable SEVLOG_NOTIFY_PAGER."),
    ]
    channel: Annotated[
        Key, Meta(description="What it goes over, for length and form: email, chat, sms, or one of `comms.networks`.")
    ] = "email"
    at: Annotated[
        Promise | None,
        Meta(description="What to do when a send is in doubt; left out: most_once to customers, else least_once."),
    ] = None
    restricted: Annotated[
        bool, Meta(description="Also of restricted incidents: only where everyone behind it may know of them.")
    ] = False


class Notify(Settings, frozen=True, kw_only=True):
    """Notifications."""

    routes: Annotated[tuple[Route, ...], Meta(description="Each is tried; none stops another.")] = ()
    ledger: Annotated[
        str,
        Meta(
            pattern=r"^refs/(sevlog|heads)/[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*\Z",
            description="The ref in which is kept what was sent; a branch where the forge takes no other refs.",
        ),
    ] = "refs/sevlog/ledger"
