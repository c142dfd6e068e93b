"""The line of figures at the end of a run: what was sent, stored, lost, survived and tried, over all tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

PROPERTY = "torture"
_WORDS = {
    "sent": "entries sent",
    "stored": "stored",
    "refused": "refused and told",
    "lost": "lost",
    "doubled": "doubled",
    "messages": "messages owed",
    "delivered": "delivered",
    "again": "delivered again, as their route allows",
    "twice": "sent twice",
    "vanished": "without a trace",
    "unknown": "unknown",
    "kills": "kills survived",
    "disks": "full disks survived",
    "networks": "bad networks survived",
    "commands": "commands against the lifecycle",
    "folds": "histories folded",
    "inputs": "inputs tried",
}


class Figures:
    """Adds numbers to the figures of the run: `figures(sent=3, stored=3)`. They travel with the test's report."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties
        self._numbers: Counter[str] = Counter()

    def __call__(self, **numbers: int) -> None:
        unknown = set(numbers) - set(_WORDS)
        assert not unknown, f"no words for {unknown}"
        self._numbers.update(numbers)
        self._properties[:] = [row for row in self._properties if row[0] != PROPERTY]
        self._properties.append((PROPERTY, json.dumps(self._numbers)))


def told(properties: Iterable[tuple[str, Any]]) -> str | None:
    """The line for these properties; None where nothing was counted."""
    total: Counter[str] = Counter()
    seen: set[str] = set()
    for name, value in properties:
        if name == PROPERTY:
            numbers = json.loads(value)
            seen |= set(numbers)
            total.update(numbers)
    if not seen:
        return None
    return "torture: " + ", ".join(f"{total[name]:,} {words}" for name, words in _WORDS.items() if name in seen)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The line, after the tests and before pytest's own last line."""
    reports = [
        report
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    line = told(row for report in reports for row in report.user_properties)
    if line:
        terminalreporter.write_line(line)
