"""Where words that were taken out of an entry still stand, in files of the records that are not part of the act."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from ...stores import layout
from ..workspace.workspace import Workspace

_SHORTEST = 16
"""Characters of a line below which finding it elsewhere says nothing."""

_MOST_LINES, _MOST_SHOWN = 200, 5
_PLACES = (layout.INCIDENTS, "problems", "runbooks", layout.CONFIG_FILE, layout.ONCALL_FILE)


def remnants(
    workspace: Workspace, words: Sequence[str], files: Mapping[str, str], removed: Collection[str]
) -> Iterator[str]:
    """Warnings about lines of these words, and names of removed files, that stand somewhere else in the records.

    files: path -> text of those that are rewritten; removed: paths of deleted files.
    """
    lines = {line.strip() for text in words for line in text.splitlines()}
    wanted = sorted((line for line in lines if len(line) >= _SHORTEST), key=len, reverse=True)[:_MOST_LINES]
    names = [PurePosixPath(path).name for path in removed]
    found = dict.fromkeys(_found(workspace, wanted, files, removed), "the same words are")
    found |= dict.fromkeys(_found(workspace, names, files, removed), "a removed file is named")
    for where in sorted(found)[:_MOST_SHOWN]:
        yield f"{found[where]} in {where} too"
    if len(found) > _MOST_SHOWN:
        yield f"and in {len(found) - _MOST_SHOWN} more places"


def _found(
    workspace: Workspace, wanted: Sequence[str], files: Mapping[str, str], removed: Collection[str]
) -> Iterator[str]:
    """path:line of every line with one of these texts, as the files will be."""
    if not wanted:
        return
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if any(part in line for part in wanted):
                yield f"{path}:{number}"
    if not workspace.git.present:
        return
    patterns = "\n".join(wanted).encode()
    done = workspace.git.run(
        "grep",
        "--untracked",
        "-nIz",
        "-F",
        "-f",
        "-",
        "--",
        *(f":(literal){name}" for name in _PLACES),
        data=patterns,
        check=False,
    )
    for row in re.finditer(rb"([^\0\n]+)\0(\d+)\0[^\n]*\n", done.stdout):
        path = row[1].decode("utf-8", "replace")
        if path not in files and path not in removed:
            yield f"{path}:{int(row[2])}"
