"""Looking at an archive, and checking what changed in it, against a bare Python start.

python -m bench.looking [INCIDENTS] [ROUNDS]
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tempfile
from pathlib import Path

from bench.generator import cached
from bench.measure import SEVLOG, Cost, compare, process

CHANGED = 20
"""Files that are edited before a check of what changed."""
_NOTE = "kind: note\nat: 2026-06-01T00:00:00Z\nby: ana\ntext: Seen again.\n"


def on_a_branch(folder: Path, where: list[Path]) -> None:
    """A branch as a pull request has it: one more entry for each of these incidents."""
    process("git", "switch", "--quiet", "--create", "request", cwd=folder)
    for record in where:
        (record / "timeline/20260601T000000000Z-note.yaml").write_text(_NOTE, "utf-8")
    process("git", "add", "incidents", cwd=folder)
    process("git", "commit", "--quiet", "-m", "request", cwd=folder)


def main(count: int = 1000, rounds: int = 9) -> None:
    source = cached(count, live=1)
    with tempfile.TemporaryDirectory(dir=source.parent) as spare:
        folder = Path(spare) / "repository"
        shutil.copytree(source, folder, symlinks=True)
        process("git", "status", cwd=folder)
        records = sorted(path.parent for path in (folder / "incidents").glob("*/*/incident.yaml"))
        process(SEVLOG, "check", cwd=folder)
        numbers = itertools.count()

        def sevlog(*words: str) -> Cost:
            return process(SEVLOG, *words, cwd=folder)

        def check_after_edits() -> Cost:
            number = next(numbers)
            for record in records[:: len(records) // CHANGED][:CHANGED]:
                card = record / "incident.yaml"
                text = card.read_text("utf-8").partition("\n# seen")[0]
                card.write_text(f"{text.rstrip()}\n# seen {number}\n", "utf-8")
            return sevlog("check")

        on_a_branch(folder, records[:3])
        start = ('python -c "pass"', lambda: process(sys.executable, "-c", "pass"))
        compare(
            f"looking at {count:,} incidents",
            start,
            ("sevlog board", lambda: sevlog("board")),
            ("sevlog show ID", lambda: sevlog("show", records[-1].name)),
            ("sevlog list", lambda: sevlog("list")),
            ("sevlog similar ID", lambda: sevlog("similar", records[-1].name)),
            ("sevlog metrics --since 2016-01-01", lambda: sevlog("metrics", "--since", "2016-01-01")),
            ("sevlog check --base, three entries", lambda: sevlog("check", "--base", "HEAD~1")),
            ("sevlog check, nothing changed", lambda: sevlog("check")),
            (f"sevlog check, {CHANGED} files changed", check_after_edits),
            rounds=rounds,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
