"""What a check found, in the order of files and lines."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from ...model.problem import Problem


class CheckResult(Struct, frozen=True, kw_only=True):
    """`problems` by path, line and column; `checked`: how many records were looked at; `reused`: how many of those
    gave what they gave last time, because nothing about them changed."""

    problems: tuple[Problem, ...]
    checked: int
    reused: int = 0

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many of the problems are warnings."""
        return sum(problem.severity == "warning" for problem in self.problems)

    @property
    def notes(self) -> int:
        """How many of the problems are notes."""
        return len(self.problems) - self.errors - self.warnings


NOTES = frozenset({"names_unchecked", "steps_unchecked"})
"""Codes of the findings that only say what was not checked."""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by path, line, column and code, each once; what was not checked comes after its reason."""
    once = {(p.path, p.line, p.column, p.code, p.message): p for p in problems}
    return tuple(
        sorted(once.values(), key=lambda p: (p.path, p.code in NOTES, p.line or 0, p.column or 0, p.severity, p.code))
    )
