"""Clones whose clock is wrong: ahead, behind, stopped, or put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from torture.team import Clone

_PROGRAM = """\
from datetime import datetime, timedelta
from sevlog.services import workspace
really = workspace.system_clock
workspace.Workspace.__init__.__kwdefaults__["clock"] = lambda: {clock}
from sevlog.cli.main import main
main()
"""


def off_by(clone: Clone, **how_much: float) -> Clone:
    """The clone with a clock that is ahead by so much (`hours=1`), or behind (`hours=-1`)."""
    seconds = timedelta(**how_much).total_seconds()
    return _with(clone, f"really() + timedelta(seconds={seconds})")


def stopped(clone: Clone, instant: str) -> Clone:
    """The clone with a clock that always shows this instant."""
    return _with(clone, f"datetime.fromisoformat({instant!r})")


def _with(clone: Clone, clock: str) -> Clone:
    return replace(clone, program=("-c", _PROGRAM.format(clock=clock)))
