"""A moment in the life of a team: two incidents, an entry that was not sent yet, a remote that others were at since.

Everything that sending can run into lies ahead of the next command: push, rejection, fetch, putting on top, moving.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from fixtures.commands import run
from fixtures.repositories import git, write_postmortem
from sevlog.stores.history import pending_branches
from torture.team import Clone, Said, Team, copied

UNSENT, OTHERS, AFTER = "tok-unsent-1-1", "tok-others-1-1", "tok-after-1-1"
LIVE, OVER = "checkout-fails", "search-is-slow"
TOKEN = "tok-killed-1-1"
COMMANDS: dict[str, tuple[str, ...]] = {
    "note": ("note", TOKEN, "-i", LIVE),
    "raise": ("raise", "Nobody can log in", "--severity", "SEV1", "--component", "checkout", "--summary", TOKEN),
    "severity": ("severity", "SEV2", "--reason", TOKEN, "-i", LIVE),
    "monitor": ("monitor", "--mitigation", TOKEN, "-i", LIVE),
    "resolve": ("resolve", "--attestation", TOKEN, "--ended-at", "now", "-i", LIVE),
    "correct": ("correct", "raised", "severity=SEV2", "--reason", TOKEN, "-i", LIVE),
    "submit": ("postmortem", "submit", "-i", OVER),
    "reopen": ("reopen", "--reason", TOKEN, "-i", OVER),
    "maintenance": (
        "maintenance",
        "schedule",
        "Move",
        "--start",
        "2031-01-01T10:00Z",
        "--end",
        "2031-01-01T12:00Z",
        "--component",
        "search",
        "--text",
        TOKEN,
    ),
    "sync": ("sync",),
}
"""Commands that make one entry or several, a new record, a changed file, or only send; each possible on the stage."""


def typed(clone: Clone, *words: str, clock: Callable[[], datetime] | None = None) -> Said:
    """Type a command in this process, which is quicker than to start one."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SEVLOG_PERSON": clone.person, "NO_COLOR": "1", **clone.environment}.items():
            patch.setenv(name, value)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["--repo", str(clone.folder), *words], clock)
    return Said(int(code), out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Typist(Clone):
    """A clone in which commands are typed in this process."""

    def types(self, *words: str) -> Said:
        return typed(self, *words)


def does(clone: Clone, *words: str) -> str:
    """As `typed`, and it must work; what it printed."""
    said = typed(clone, *words)
    assert said.code == 0, f"{words}: {said}"
    return said.out


@dataclass(frozen=True)
class Stage:
    """The remote and the clone in which the next command is typed."""

    team: Team
    here: Clone

    def copy(self, folder: Path, environment: dict[str, str] | None = None) -> Stage:
        """The same stage in another folder, with an environment for its commands."""
        team, (here,) = copied(self.team, folder, self.here)
        return Stage(team, Clone(here.folder, here.person, environment or {}))


def write_where_it_is(root: Path) -> None:
    """Write the postmortem: in the checkout, or on the branch of its incident where acts go by pull request."""
    pattern = f"incidents/*/*{OVER}"
    if sorted(root.glob(pattern)):
        (folder,) = sorted(root.glob(pattern))
        write_postmortem(folder)
        return
    (branch,) = git(
        root, "for-each-ref", "--format=%(refname:short)", f"refs/heads/{pending_branches.OWN}*{OVER}"
    ).split()
    beside = root.with_name("beside")
    git(root, "worktree", "add", "--quiet", str(beside), branch)
    (folder,) = sorted(beside.glob(pattern))
    write_postmortem(folder)
    git(root, "worktree", "remove", str(beside))


def set_up(team: Team) -> Stage:
    """Play what has happened so far."""
    here, other = team.clone("ana", "here"), team.clone("bo", "other")
    words = ("--severity", "SEV3", "--component", "checkout", "--summary", "Cards are refused", "--no-push")
    for title in ("Search is slow", "Checkout fails"):
        name = json.loads(does(here, "raise", title, *words, "--json"))["id"]
        does(here, "ack", "--channel", "chat=https://chat.example/room", "-i", name, "--no-push")
        does(here, "assess", "--customer-impact", "Some cannot pay", "--scope", "some", "-i", name, "--no-push")
    does(here, "resolve", "--attestation", "No error", "--ended-at", "now", "-i", OVER, "--no-push")
    if not sorted(here.folder.glob(f"incidents/*/*{OVER}/postmortem.md")):
        does(here, "postmortem", "new", "-i", OVER, "--no-push")
    write_where_it_is(here.folder)
    does(here, "sync")
    does(other, "sync")
    does(other, "note", OTHERS, "-i", LIVE)
    does(here, "note", UNSENT, "-i", OVER, "--no-push")
    os.chdir("/")
    return Stage(team, here)
