"""Clones whose clock is wrong: ahead, behind, stopped, or put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fixtures.clocks import Clock
from torture.stage import Typist, typed
from torture.team import Clone, Said


@dataclass(frozen=True)
class Mistimed(Typist):
    """A clone with a clock of its own."""

    clock: Callable[[], datetime] = field(default_factory=Clock)

    def types(self, *words: str) -> Said:
        return typed(self, *words, clock=self.clock)


def off_by(clone: Clone, **how_much: float) -> Mistimed:
    """The clone with a clock that is ahead by so much (`hours=1`), or behind (`hours=-1`)."""
    return Mistimed(clone.folder, clone.person, clock=lambda: Clock()() + timedelta(**how_much))


def stopped(clone: Clone, instant: str) -> Mistimed:
    """The clone with a clock that always shows this instant."""
    return Mistimed(clone.folder, clone.person, clock=lambda: datetime.fromisoformat(instant))
