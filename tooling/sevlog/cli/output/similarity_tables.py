"""Prints similar incidents and what was learned from them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ...model.vocabulary import shortened
from ..screen import style
from .times import span

if TYPE_CHECKING:
    from ...services.views.similar.documents import Alike, Similar

_MOST_SHOWN = 3
_WIDTH = 110


def similar(document: Similar, now: datetime) -> str:
    """Each similar incident with the reason, and what was learned from it."""
    if not document.incidents:
        return document.skipped or "No similar incidents found."
    return "\n\n".join("\n".join(_details(one, place, now)) for place, one in enumerate(document.incidents, 1))


def offer(document: Similar, now: datetime, named: str = "") -> list[str]:
    """A line or two for each similar incident, shown after an incident was opened. named: text with ids to skip."""
    lines = []
    for one in document.incidents:
        if one.live and one.id in named:
            continue
        lesson = _lesson(one)
        label = "similar: "
        if not one.linked:
            label = "may have recurred: " if one.recurs else "may be the same as " if one.live else label
        lines.append(f"{label}{one.id}, {_when(one, now)} ({'; '.join(one.why[:2])}){f'; {lesson}' if lesson else ''}")
        if (one.recurs or one.live) and one.command:
            lines.append(one.command)
    if lines:
        lines.append(f"details: sevlog similar {document.id}")
    elif document.skipped:
        lines.append(document.skipped)
    return lines


def _lesson(one: Alike) -> str:
    """The most useful fact: its cause, or what helped."""
    if one.proved_right:
        return f"cause: {_short(one.proved_right[0].text)}"
    helped = next((t for t in one.tried if t.type != "experiment"), None)
    return f"what helped: {_short(helped.text)}" if helped else ""


def _details(one: Alike, place: int, now: datetime) -> list[str]:
    level = " ".join(part for part in (one.severity, one.status) if part)
    head = f"{place}. {one.id}  {level}  {one.title}"
    lines = [style(head, bold=True), f"   {_when(one, now)}; {'; '.join(one.why)} ({one.score:.2f})"]
    if one.recurs and not one.linked:
        lines.append(style("   May have recurred.", bold=True))
    elif one.live and not one.linked:
        lines.append(style("   Still live; may be the same incident.", bold=True))
    lines += [f"   merged into {one.merged_into}"] if one.merged_into else []
    for theory in one.proved_right[:_MOST_SHOWN]:
        fix = f"; fix: {_short(theory.proposed_fix)}" if theory.proposed_fix else ""
        lines.append(f"   confirmed after {span(theory.seconds)}: {theory.ref} {_short(theory.text)}{fix}")
    for tried in one.tried[:_MOST_SHOWN]:
        result = f" -> {_short(tried.result)}" if tried.result else ""
        lines.append(f"   tried ({tried.type}): {_short(tried.text)}{result}{', reverted' if tried.reverted else ''}")
    more = len(one.tried) - _MOST_SHOWN
    lines += [f"   and {more} more: sevlog theories {one.id}"] if more > 0 else []
    lines += [f"   ruled out: {theory.ref} {_short(theory.text)}" for theory in one.ruled_out[:_MOST_SHOWN]]
    for left in one.unfinished[:_MOST_SHOWN]:
        owner = ", ".join(part for part in (left.owner, f"due {left.due}" if left.due else None) if part)
        lines.append(f"   unfinished: {left.id} {_short(left.title)} [{left.status}{f', {owner}' if owner else ''}]")
    lines += [f"   problem: {problem.key} ({problem.status}): {problem.title}" for problem in one.problems]
    lines += [f"   {one.command}"] if one.command else (["   already linked"] if one.linked else [])
    return lines


def _when(one: Alike, now: datetime) -> str:
    ago = f"{span((now - one.started_at).total_seconds())} ago" if one.started_at else "at an unknown time"
    return f"{ago}, {'lasted ' + span(one.seconds) if one.seconds is not None else 'not over yet'}"


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return shortened(line, _WIDTH)
