"""The JSON document of `sevlog notify`. The class is the source of schemas/cli/."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from ..common.notification import Notification
from ..paging.documents import Pages


class Notified(Struct, kw_only=True):
    """`sevlog notify --json`."""

    schema: str
    notifications: list[Notification]
    ledger: Annotated[str, Meta(description="The git ref that stores what was sent.")]
    remote: Annotated[str | None, Meta(description="The remote that holds it; null for this repository alone.")]
    pages: Annotated[list[Pages], Meta(description="The pages that were due.")] = []
    warnings: list[str] = []

    @property
    def trouble(self) -> bool:
        """Whether something was not delivered although it was tried here."""
        lost = any(one.state in ("failed", "unknown", "retry") for one in self.notifications)
        return lost or any(one.unreached for one in self.pages)
