"""One entry, validated, folded and committed, against a bare `git add && git commit` of such a file.

python -m bench.entry_commit [INCIDENTS]
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from pathlib import Path

from bench.generator import cached
from bench.measure import SEVLOG, Cost, compare, process

ENTRY = "kind: note\nat: {at}\nby: ana\ntext: |-\n  The pool is full again, and the second worker hangs.\n"


def main(count: int = 1000, rounds: int = 9) -> None:
    source = cached(count, live=1)
    with tempfile.TemporaryDirectory(dir=source.parent) as spare:
        folder = Path(spare) / "repository"
        shutil.copytree(source, folder, symlinks=True)
        process("git", "status", cwd=folder)  # the copied files' times get into the index once, for both
        live = max(path.parent for path in (folder / "incidents").glob("*/*/incident.yaml"))
        numbers = itertools.count()

        def bare() -> Cost:
            number = next(numbers)
            path = live / "timeline" / f"20300101T{number:06d}Z-note.yaml"
            path.write_text(ENTRY.format(at=f"2026-06-01T00:{number // 60:02d}:{number % 60:02d}Z"), "utf-8")
            add = process("git", "add", path, cwd=folder)
            commit = process("git", "commit", "--quiet", "-m", "note", cwd=folder)
            return Cost(add.cpu + commit.cpu, max(add.peak, commit.peak))

        compare(
            f"one entry in a repository of {count:,} incidents",
            ("git add && git commit", bare),
            (
                "sevlog note",
                lambda: process(SEVLOG, "note", "-i", live.name, "--as", "ana", "The pool is full", cwd=folder),
            ),
            rounds=rounds,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
