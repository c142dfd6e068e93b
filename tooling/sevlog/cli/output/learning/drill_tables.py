"""Prints what a drill released, and how it goes beside its original."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...screen import style
from ..table import columns
from ..times import span

if TYPE_CHECKING:
    from ....services.learning.drills.drill_acts import Released
    from ....services.learning.drills.score import DrillScore


def released(done: Released) -> str:
    """What was released, and what is left."""
    lines = [f"DRILL +{span(one.after)} {one.source}: {one.text}" for one in done.injects]
    if done.dry_run:
        lines.append("nothing was written (--dry-run)")
    at = f"; the next one is due at {done.next_at:%H:%M:%SZ}" if done.next_at else ""
    count = f"{done.waiting} inject{'' if done.waiting == 1 else 's'} left{at}"
    return "\n".join([*lines, f"DRILL {done.id}: {count if done.waiting else 'no inject is left'}"])


def score(done: DrillScore) -> str:
    """The whole comparison."""
    state = "running for" if done.live else "ran for"
    origin = f"from {done.original} ({done.original_severity or 'no severity'})" if done.original else "no original"
    lines = [
        style(f"DRILL {done.id}  {done.title}", bold=True),
        f"{done.severity or 'no severity yet'}, {done.status}, {state} {span(done.seconds)}; {origin}",
        "",
        columns(_milestones(done), ("MILESTONE", "DRILL", "ORIGINAL", "TARGET", "MET"), cut=False),
        "raised: from the start, or from the first alert; all others: from when it was raised",
        "",
        columns(_cadence(done), ("LONGEST WAIT FOR AN UPDATE", "DRILL", "ORIGINAL", "TARGET", "MET"), cut=False),
        "",
        f"promised updates: {_promises(done.promises)}{_original_promises(done)}",
        f"roles: {_roles(done)}",
        f"guards overridden: {_listed(done.overrides)}{_those(done)}",
        f"hints used: {done.hints.used} of {done.hints.of}; injects released: {done.injects.used} of {done.injects.of}",
    ]
    if done.knew:
        lines += ["", "found here, and not in the original (compared by words), or later there:"]
        for one in done.knew:
            then = "not in the original" if one.original is None else f"original +{span(one.original)}"
            lines.append(f"  +{span(one.after)} {one.kind} ({then}): {' '.join(one.text.split())}")
    return "\n".join(lines)


def _milestones(done: DrillScore) -> list[tuple[str, ...]]:
    missing = "not yet" if done.live else "not reached"
    return [
        (
            row.name,
            missing if row.seconds is None else span(row.seconds),
            "-" if not done.original else "not reached" if row.original is None else span(row.original),
            "-" if row.target is None else span(row.target),
            _yes(row.met),
        )
        for row in done.milestones
    ]


def _cadence(done: DrillScore) -> list[tuple[str, ...]]:
    return [
        (
            row.audience,
            _span(row.longest, "no update"),
            _span(row.original, "no update"),
            _span(row.target, "-"),
            _yes(row.met),
        )
        for row in done.cadence
    ]


def _span(seconds: float | None, missing: str) -> str:
    return missing if seconds is None else span(seconds)


def _yes(met: bool | None) -> str:
    return "-" if met is None else "yes" if met else "no"


def _promises(counts: dict[str, int]) -> str:
    kept, late = counts["kept"], counts["late"]
    parts = (
        f"{kept} of {kept + late} kept" if kept + late else "",
        f"{counts['open']} not due yet" if counts["open"] else "",
        f"{counts['ended']} ended with the response" if counts["ended"] else "",
    )
    return ", ".join(part for part in parts if part) or "none"


def _original_promises(done: DrillScore) -> str:
    return f" (original: {_promises(done.original_promises)})" if done.original_promises is not None else ""


def _roles(done: DrillScore) -> str:
    parts = []
    for row in done.roles:
        word = "filled" if row.filled else "required, not filled" if row.required else "not filled"
        parts.append(
            f"{row.role} {word}" + (f" (original: {'yes' if row.original else 'no'})" if done.original else "")
        )
    return "; ".join(parts) or "none"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"


def _those(done: DrillScore) -> str:
    return f" (original: {_listed(done.original_overrides)})" if done.original else ""
