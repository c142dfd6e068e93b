"""One row of `sevlog doctor`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from ...errors import SevlogError

State = Literal["ok", "warn", "fail"]


class Check(Struct, frozen=True, kw_only=True):
    """One thing looked at. `cure` has the commands or edits that help; empty where all is well."""

    name: str
    state: State
    message: str
    cure: tuple[str, ...] = ()


def trouble(name: str, error: SevlogError, *, state: State = "fail") -> Check:
    """The row for an error."""
    return Check(name=name, state=state, message=error.message, cure=error.hints)
