"""Files of evidence whose name others took at the same time for another file: ours get names of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from ...stores import layout
from ...stores.records import card_edits


def new_names(added: Mapping[str, str], there: Mapping[str, str], folder: str, commit: str) -> dict[str, str]:
    """Old -> new for the added files of evidence (path -> blob) whose path holds another blob there.

    The names are relative to the incident's folder. commit: makes the new names, always the same for one commit.
    """
    start = f"{folder}/{layout.EVIDENCE}/"
    found = {}
    for path, blob in added.items():
        if path.startswith(start) and there.get(path, blob) != blob:
            old = PurePosixPath(path.removeprefix(f"{folder}/"))
            found[str(old)] = str(old.with_name(f"{old.stem}-{commit[:4]}{old.suffix}"))
    return found


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text of an entry with these files named by their new names."""
    rows = card_edits.keys(text).get("evidence")
    if not isinstance(rows, list):
        return text
    new: list[object] = [
        {**row, "file": names[row["file"]]} if isinstance(row, dict) and row.get("file") in names else row
        for row in rows
    ]
    return text if new == rows else card_edits.set_key(text, "evidence", new, after="text")
