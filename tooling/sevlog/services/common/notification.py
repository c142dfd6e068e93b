"""One message to one address in JSON documents: what became of it. The class is the source of schemas/cli/."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ...model.forms import Instant

DeliveryState = Literal["sent", "failed", "unknown", "retry", "left", "would", "moot"]


class Notification(Struct, kw_only=True):
    """One message to one address. Its address is in no document."""

    incident: str
    event: Annotated[str, Meta(description="The id of the entry that it is about.")]
    to: Annotated[str, Meta(description="The name of the address: PAGER for SEVLOG_NOTIFY_PAGER.")]
    state: Annotated[
        DeliveryState,
        Meta(
            description="sent; failed: given up; unknown: it may have arrived and is not sent again; retry: the next "
            "run tries again; left: to a run that has the address, such as CI; would: with --dry-run; moot: no reason "
            "any more."
        ),
    ]
    at: Annotated[Instant | None, Meta(description="When it reached this state.")] = None
    reason: str | None = None
    tries: int = 0
    headline: str | None = None
    id: Annotated[str | None, Meta(description="What the receiver calls it, where it says so.")] = None
