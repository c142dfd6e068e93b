"""What was in timeline files that could not be read when a change began: it stays append-only too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ....model.timeline.entries import entry_id
from ....model.timeline.entry_parts import Entry
from ....stores.records.records import Reading

if TYPE_CHECKING:
    from ....stores.records.salvage import Salvaged

_Entries = tuple[tuple[str, tuple[Entry, ...]], ...]


def with_broken_files(root: Path, folder: str, before: Reading) -> tuple[Reading, _Entries]:
    """A reading with the entries that stand whole in its broken files, and those of which parts are guesses, by file.

    An entry stands whole if it has no mistake of its own: broken YAML in one item of a list hides no other item. Of an
    entry with mistakes, only the kind and the time or id are certain; one without them is left out.
    """
    broken = {problem.path for problem in before.problems if problem.severity == "error"}
    if not broken:
        return before, ()
    from ....stores.records import salvage, salvaged_records  # with the careful reader, only where there are mistakes

    salvaged = salvaged_records.read_salvaged(root, folder)
    read = {entry_id(entry) for _, entries in before.files for entry in entries}
    files, guesses = dict(before.files), dict[str, tuple[Entry, ...]]()
    for path in sorted(broken & set(salvaged.rows)):
        holed = salvage.holed_rows((root / path).read_bytes())
        rows = [(place in holed, row) for place, row in enumerate(salvaged.rows[path]) if row is not None]
        new = [(is_holed, row) for is_holed, row in rows if entry_id(row) not in read]
        whole = [row for is_holed, row in new if not is_holed and entry_id(row) not in salvaged.entries]
        files[path] = (*files.get(path, ()), *whole)
        guesses[path] = tuple(row for _, row in new if row not in whole and _is_identified(row, salvaged.entries))
    return replace(before, files=tuple(files.items())), tuple(guesses.items())


def _is_identified(row: Entry, guesses: dict[str, Salvaged]) -> bool:
    made = guesses.get(entry_id(row))
    return made is None or not any(made.is_guessed((key,)) for key in ("id", "at"))
