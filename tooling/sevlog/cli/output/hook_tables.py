"""Prints hooks and the results of their runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .table import columns

if TYPE_CHECKING:
    from ...services.automation.hooks import HookList, HookRun


def listed(document: HookList) -> str:
    """A table of hooks: command, events, and whether each would run here."""
    if not document.hooks:
        return "No hooks. Add one to sevlog.yaml, such as: hooks: [{on: [raised], run: ./hooks/open-room}]"
    rows = [
        (row.run, ", ".join(row.on), row.timeout, "yes" if row.runs else f"no: {row.why}") for row in document.hooks
    ]
    return columns(rows, ("RUN", "ON", "TIMEOUT", "RUNS HERE"))


def ran(runs: Iterable[HookRun]) -> str:
    """Each run with its result and output."""
    lines = []
    for run in runs:
        lines.append(f"{run.run}: {run.said} ({run.seconds:.1f} s)")
        lines += [f"  {line}" for line in run.output.splitlines()]
    return "\n".join(lines)
