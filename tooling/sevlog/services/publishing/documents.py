"""The JSON document of a build of the site. The class is the source of its schema in schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class Built(Struct, frozen=True, kw_only=True):
    """What a build made (`sevlog site build --json`)."""

    schema: str = "1"
    out: str
    as_of: datetime
    pages: int
    files: int
    seconds: float
    warnings: Annotated[tuple[str, ...], Meta(description="What was left out, or looks wrong.")] = ()
