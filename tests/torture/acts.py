"""What a commit of sevlog must be: all the entries that it names, and no other."""

from __future__ import annotations

import subprocess
from pathlib import Path


def require_whole_acts(folder: Path, revision: str = "main") -> None:
    """Each commit of a branch (of all: `--branches`) added exactly the entries that it names: no halves, none twice."""
    log = subprocess.run(
        ["git", "log", "--no-renames", "--name-status", "--format=%x00%(trailers:key=Entry,valueonly)%x01", revision],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for row in log.split("\0")[1:]:
        named, _, changed = row.partition("\1")
        files = [line.split("\t") for line in changed.splitlines() if line]
        added = {Path(path).stem for how, path in files if how == "A" and "/timeline/" in path}
        assert added == set(named.split()), row
