"""Text for people: hooks, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .incident_tables import columns

if TYPE_CHECKING:
    from ...services.automation.hooks import HookList, HookRun


def listed(document: HookList) -> str:
    """Each hook with what it waits for, and whether it would run here."""
    if not document.hooks:
        return "There are no hooks. One: hooks: [{on: [raised], run: ./hooks/open-room}] in sevlog.yaml"
    rows = [
        (row.run, ", ".join(row.on), row.timeout, "yes" if row.runs else f"no: {row.why}") for row in document.hooks
    ]
    return columns(rows, ("RUN", "ON", "TIMEOUT", "RUNS HERE"))


def ran(runs: Iterable[HookRun]) -> str:
    """Each run with how it ended, and what it printed."""
    lines = []
    for run in runs:
        lines.append(f"{run.run}: {run.said} ({run.seconds:.1f} s)")
        lines += [f"  {line}" for line in run.output.splitlines()]
    return "\n".join(lines)
