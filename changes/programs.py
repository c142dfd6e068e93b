"""Run the programs of a release, and stop it with a message."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIT_OWN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
FOREIGN = (*GIT_OWN, "PYTHONPATH", "MAKE", "SEVLOG_")
"""How the variables begin that a git hook, make or sevlog sets for its own run: they would reach the clone."""


class Refusal(Exception):
    """The release stops. The message says what is wrong and where, the hint is a command that works."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def run(*command: str | Path, cwd: Path = ROOT, stdin: str | None = None, **variables: str) -> str:
    """What a command prints; a Refusal with its last lines when it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=kept | variables,
        input=stdin or "",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = "\n  ".join((done.stderr + done.stdout).strip().splitlines()[-12:])
        raise Refusal(f"`{' '.join(map(str, command[:4]))} …` failed with exit code {done.returncode}:\n  {said}")
    return done.stdout


def git(*words: str | Path, cwd: Path = ROOT, stdin: str | None = None) -> str:
    """What git prints, without the line end."""
    return run("git", *words, cwd=cwd, stdin=stdin).rstrip("\n")
