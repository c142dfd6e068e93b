"""The input of a guard and its result."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from .entries import Raised, StatusChanged
from .fold_state import Draft

Step = Raised | StatusChanged


class Missing(Struct, frozen=True):
    """An unmet guard: what is missing, and the command that provides it. The command has `ID` for the incident id."""

    message: str
    hint: str


Guard = Callable[[Draft, Step], Missing | None]
