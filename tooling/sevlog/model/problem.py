"""A finding: a mistake in a record, as data. It is never raised, so one mistake does not hide another."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Gravity = Literal["error", "warning", "note"]
"""note: it says what a change means, and asks for nothing."""


class Problem(Struct, frozen=True, kw_only=True):
    """One mistake: what (`message`), where (`path`, `line`, `column`, `pointer`), and how to fix it (`hint`).

    code: stable word for the broken rule; see docs/rules.md.
    path: relative to the repository, with forward slashes. line, column: from 1, None for a whole file.
    pointer: JSON Pointer within the file ("" for the whole document).
    entry: the id of its timeline entry, if any.
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
