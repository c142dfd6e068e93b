"""What `sevlog action sync` did: its document."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Did = Literal["done", "reopened", "opened", "linked", "changed", "sent"]


class Synced(Struct, kw_only=True):
    """What `sync` did, or would do, with one action item."""

    incident: str
    id: str
    did: Annotated[
        Did,
        Meta(
            description="opened: got an issue; linked: got one that existed; changed: an evidence does not count; "
            "sent: its issue got what changed."
        ),
    ]
    why: str
    ref: Annotated[str | None, Meta(description="The commit or the issue.")] = None


class ActionSync(Struct, kw_only=True):
    """`sevlog action sync --json`."""

    schema: str
    dry_run: bool
    items: list[Synced]
    commits: Annotated[list[str], Meta(description="One for each item that changed.")] = []
    warnings: list[str] = []
    failures: Annotated[
        list[str], Meta(description="What could not be synced with a tracker; then the exit code is 1.")
    ] = []
    hints: list[str] = []
