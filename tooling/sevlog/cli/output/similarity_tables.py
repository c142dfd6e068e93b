"""Text for people: incidents that are alike, with what they taught."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..screen import style
from .incident_tables import span

if TYPE_CHECKING:
    from ...services.views.similar.documents import Alike, Similar

_MOST_REPORTED = 3
_WIDTH = 110


def similar(document: Similar, now: datetime) -> str:
    """Each incident with why it is alike, and what was learned from it."""
    if not document.incidents:
        return document.skipped or "No past incident is like it."
    return "\n\n".join("\n".join(_told(one, place, now)) for place, one in enumerate(document.incidents, 1))


def offer(document: Similar, now: datetime, told: str = "") -> list[str]:
    """The same in a line or two each, for those who did not ask; without those that were told before."""
    lines = []
    for one in document.incidents:
        if one.live and one.id in told:
            continue
        taught = _taught(one)
        back = "similar: "
        if not one.linked:
            back = "it may be back: " if one.recurs else "may be the same as " if one.live else back
        lines.append(f"{back}{one.id}, {_when(one, now)} ({'; '.join(one.why[:2])}){f'; {taught}' if taught else ''}")
        if (one.recurs or one.live) and one.command:
            lines.append(one.command)
    if lines:
        lines.append(f"all that is known of them: sevlog similar {document.id}")
    elif document.skipped:
        lines.append(document.skipped)
    return lines


def _taught(one: Alike) -> str:
    """The one thing to know of it."""
    if one.proved_right:
        return f"it was: {_short(one.proved_right[0].text)}"
    helped = next((t for t in one.tried if t.type != "experiment"), None)
    return f"what helped: {_short(helped.text)}" if helped else ""


def _told(one: Alike, place: int, now: datetime) -> list[str]:
    level = " ".join(part for part in (one.severity, one.status) if part)
    head = f"{place}. {one.id}  {level}  {one.title}"
    lines = [style(head, bold=True), f"   {_when(one, now)}; {'; '.join(one.why)} ({one.score:.2f})"]
    if one.recurs and not one.linked:
        lines.append(style("   It may be back.", bold=True))
    elif one.live and not one.linked:
        lines.append(style("   It is not over: it may be the same.", bold=True))
    lines += [f"   merged into {one.merged_into}"] if one.merged_into else []
    for theory in one.proved_right[:_MOST_REPORTED]:
        fix = f"; fix: {_short(theory.proposed_fix)}" if theory.proposed_fix else ""
        lines.append(f"   proved right after {span(theory.seconds)}: {theory.ref} {_short(theory.text)}{fix}")
    for tried in one.tried[:_MOST_REPORTED]:
        result = f" -> {_short(tried.result)}" if tried.result else ""
        lines.append(f"   tried ({tried.type}): {_short(tried.text)}{result}{', taken back' if tried.reverted else ''}")
    more = len(one.tried) - _MOST_REPORTED
    lines += [f"   and {more} more: sevlog theories {one.id}"] if more > 0 else []
    lines += [f"   ruled out: {theory.ref} {_short(theory.text)}" for theory in one.ruled_out[:_MOST_REPORTED]]
    for left in one.unfinished[:_MOST_REPORTED]:
        owner = ", ".join(part for part in (left.owner, f"due {left.due}" if left.due else None) if part)
        lines.append(
            f"   never finished: {left.id} {_short(left.title)} [{left.status}{f', {owner}' if owner else ''}]"
        )
    lines += [f"   problem: {problem.key} ({problem.status}): {problem.title}" for problem in one.problems]
    lines += [f"   {one.command}"] if one.command else (["   linked already"] if one.linked else [])
    return lines


def _when(one: Alike, now: datetime) -> str:
    ago = f"{span((now - one.started_at).total_seconds())} ago" if one.started_at else "at a time unknown"
    return f"{ago}, {'took ' + span(one.seconds) if one.seconds is not None else 'not over yet'}"


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
