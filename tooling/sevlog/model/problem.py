"""A finding: a mistake in a record, told as data and never raised, so that one never hides another."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Gravity = Literal["error", "warning"]


class Problem(Struct, frozen=True, kw_only=True):
    """One mistake: what (`message`), where (`path`, `line`, `column`, `pointer`), and what would mend it (`hint`).

    code: stable word for the rule that was broken; see docs/rules.md.
    path: relative to the repository, with forward slashes. line, column: from 1, None where a whole file is meant.
    pointer: JSON Pointer within the file ("" for the whole document).
    entry: the id of the timeline entry it is about, where there is one.
    """

    code: str
    message: str
    severity: Gravity = "error"
    path: str = ""
    line: int | None = None
    column: int | None = None
    pointer: str = ""
    hint: str | None = None
    incident: str | None = None
    entry: str | None = None
