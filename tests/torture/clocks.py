"""Clones whose clock is wrong: ahead, behind, stopped, or put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from sevlog.services.workspace import Workspace, system_clock
from torture.stage import Typist, typed
from torture.team import Clone, Said


@dataclass(frozen=True)
class Mistimed(Typist):
    """A clone with a clock of its own."""

    clock: Callable[[], datetime] = system_clock

    def types(self, *words: str) -> Said:
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(Workspace.__init__.__kwdefaults__ or {}, "clock", self.clock)
            return typed(self, *words)


def off_by(clone: Clone, **how_much: float) -> Mistimed:
    """The clone with a clock that is ahead by so much (`hours=1`), or behind (`hours=-1`)."""
    return Mistimed(clone.folder, clone.person, clock=lambda: system_clock() + timedelta(**how_much))


def stopped(clone: Clone, instant: str) -> Mistimed:
    """The clone with a clock that always shows this instant."""
    return Mistimed(clone.folder, clone.person, clock=lambda: datetime.fromisoformat(instant))
