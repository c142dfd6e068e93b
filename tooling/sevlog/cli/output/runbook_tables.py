"""Prints lists of runbooks, and one runbook as a checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen import style
from .table import columns
from .times import stamp

if TYPE_CHECKING:
    from ...model.guidance.runbook import Tick
    from ...services.response.runbook_documents import Checklist, RunbookList

_MARKS = {"done": "[x]", "skipped": "[-]", "failed": "[!]"}


def found(document: RunbookList) -> str:
    """Matching runbooks with reason, progress, and the command that shows each."""
    if not document.runbooks:
        return "No runbooks match. To list all: sevlog runbook list"
    lines = []
    for row in document.runbooks:
        lines.append(f"{style(row.title, bold=True)}  ({'; '.join(row.why)})")
        if row.ticked:
            lines.append(f"  {row.ticked} of {row.steps} steps checked off{f'; next: {row.next}' if row.next else ''}")
        lines.append(f"  {row.command}")
    return "\n".join(lines)


def listed(document: RunbookList) -> str:
    """A table of all runbooks."""
    if not document.runbooks:
        return "No runbooks yet. Add one as runbooks/NAME.md"
    rows = [
        (
            row.name.removesuffix(".md"),
            f"{row.ticked}/{row.steps}" if row.ticked else str(row.steps),
            row.reviewed_on or "-",
            row.owner or "-",
            ", ".join(row.components) or "-",
            row.title,
        )
        for row in document.runbooks
    ]
    return columns(rows, ("RUNBOOK", "STEPS", "REVIEWED", "OWNER", "COMPONENTS", "TITLE"))


def checklist(document: Checklist) -> str:
    """The steps with their text, state, person and time."""
    about = [
        part
        for part in (
            document.incident,
            f"owner {document.owner}" if document.owner else "",
            f"reviewed {document.reviewed_on}" if document.reviewed_on else "",
        )
        if part
    ]
    lines = [style(document.title, bold=True), *([" · ".join(about)] if about else []), ""]
    if not document.steps:
        return "\n".join([*lines, document.text.strip()])
    for step in document.steps:
        mark = _MARKS[step.tick.state] if step.tick else "[ ]"
        lines.append(style(f"{mark} {step.name}", bold=True))
        if step.tick:
            lines.append(f"    {_done_by(step.tick)}")
        lines += [f"    {line}".rstrip() for line in step.text.strip().splitlines()]
        lines.append("")
    for tick in document.elsewhere:
        lines += [f"{_MARKS[tick.state]} {tick.step} (no longer in the file)", f"    {_done_by(tick)}", ""]
    return "\n".join([*lines, f"next: {document.command}"] if document.command else lines[:-1])


def _done_by(tick: Tick) -> str:
    again = f", {tick.times} times" if tick.times > 1 else ""
    said = f": {tick.result}" if tick.result else ""
    shown = f" ({', '.join(tick.evidence)})" if tick.evidence else ""
    return f"{tick.state} {stamp(tick.at)} by {tick.by or 'someone'}{again}{said}{shown}"
