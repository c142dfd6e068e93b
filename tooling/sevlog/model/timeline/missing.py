"""What a guard looks at, and what it says is missing."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from .entries import Raised, StatusChanged
from .fold_state import Draft

Step = Raised | StatusChanged


class Missing(Struct, frozen=True):
    """What a guard misses, and the command that would provide it. `ID` in the command stands for the incident."""

    message: str
    hint: str


Guard = Callable[[Draft, Step], Missing | None]
