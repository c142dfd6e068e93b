"""Finds the folders that changed among very many: half of the work in a second process where that pays.

Nothing but a look at every file tells whether it was edited, and the looking is the system's work, not Python's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..worker_processes import parts_for, shared
from .sheets import MARK, Sheet, differing

_WORTHWHILE = 10_000
"""Names below which a second process costs more than it saves: 25 ms."""


def suspects(root: bytes, sheets: Mapping[str, Sheet]) -> dict[str, list[int]]:
    """Year -> places of the folders in its sheet that do not look as they did.

    root: the folder that holds the years' folders, with a slash at its end.
    """
    names = sum(len(sheet.marks) for sheet in sheets.values()) // MARK

    def look(part: int, parts: int) -> dict[str, list[int]]:
        """A part of every year: years differ in size."""
        return {
            year: differing(
                sheet,
                root + os.fsencode(year) + b"/",
                len(sheet.folders) * part // parts,
                len(sheet.folders) * (part + 1) // parts,
                sheet.paths(),
            )
            for year, sheet in sheets.items()
        }

    parts = shared(look, dict[str, list[int]], parts_for(names) if names >= _WORTHWHILE else 1)
    return {year: [place for part in parts for place in part[year]] for year in sheets}
