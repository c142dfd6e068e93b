"""Drills from past incidents: what the responders see by time, what helps them, and what was released so far.

Nothing of a scenario is stored. A drill links to its original, and the scenario is what was recorded of the original
when the drill started: later corrections do not change it. What was released is in the drill's own timeline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from ..timeline.entries import ActionTaken, Alert, Assessment, Decision, Note, Observation, Raised, Theory
from ..timeline.entry_parts import Entry
from ..timeline.kinds.registry import one_line_of
from ..timeline.state import State, TimelineItem

ORIGINAL = "DRILL original: what was seen then appears again at its time"
"""The text of the link from a drill to its original."""
_RELEASED = re.compile(r"DRILL (inject|hint) ([1-9][0-9]{0,4})\b")
"""How the text of a released inject or hint begins."""

Kind = Literal["inject", "hint"]

Source = Literal["report", "alert", "observation", "customers"]


class Inject(Struct, frozen=True, kw_only=True):
    """What the responders get to see. after: seconds from the start. source: who saw it in the original."""

    number: int
    after: float
    source: Source
    text: str


class Hint(Struct, frozen=True, kw_only=True):
    """What the responders of the original found or did."""

    number: int
    text: str


class Scenario(Struct, frozen=True, kw_only=True):
    """What happens in a drill, in the order of time. zero: when the original began to be seen."""

    original: str
    zero: datetime
    injects: tuple[Inject, ...]
    hints: tuple[Hint, ...]


def original_of(drill: State) -> str | None:
    """The incident that a drill was started from; None for a drill without one."""
    return next((link.target for link in drill.links if link.text == ORIGINAL), None)


def started_at(drill: State) -> datetime:
    """When a drill began: its first status, else its first entry."""
    return drill.status_steps[0].at if drill.status_steps else min(item.at for item in drill.timeline)


def zero_of(original: State) -> datetime:
    """When an incident began to be seen: its first alert or status."""
    return original.milestones.detected_at or min(item.at for item in original.timeline)


def scenario_of(original: State) -> Scenario:
    """The scenario of a past incident: what was seen until it was mitigated, and what helped."""
    zero = zero_of(original)
    items = [item for item in original.timeline if item.effective is not None]
    items.sort(key=lambda item: ((item.effective or item.entry).at, item.known_at, item.id))
    seen = [(entry.at, source, text) for entry, source, text in _seen(items) if entry.at < _mitigated_at(original)]
    if not any(source == "report" for _, source, _ in seen):
        seen.insert(0, (zero, "report", original.card.summary or original.card.title))
    injects = tuple(
        Inject(number=place, after=max(0.0, (at - zero).total_seconds()), source=source, text=text)
        for place, (at, source, text) in enumerate(sorted(seen, key=lambda row: row[0]), start=1)
    )
    hints = (Hint(number=place, text=text) for place, text in enumerate(_helpful(items, original.theories), start=1))
    return Scenario(original=original.id, zero=zero, injects=injects, hints=tuple(hints))


def _mitigated_at(original: State) -> datetime:
    """From here on, what was seen came of what the responders did: in a drill they may do something else."""
    m = original.milestones
    times = [at for at in (m.mitigated_at, m.ended_at, m.resolved_at) if at is not None]
    return min(times) if times else max(item.at for item in original.timeline) + timedelta(seconds=1)


def _seen(items: list[TimelineItem]) -> list[tuple[Entry, Source, str]]:
    found: list[tuple[Entry, Source, str]] = []
    for item in items:
        entry = item.effective
        if isinstance(entry, Raised) and entry.text:
            found.append((entry, "report", entry.text))
        elif isinstance(entry, Alert) and entry.state == "firing":
            found.append((entry, "alert", one_line_of(entry)))
        elif isinstance(entry, Observation) and entry.text:
            found.append((entry, "observation", entry.text))
        elif isinstance(entry, Assessment) and (entry.symptoms or entry.support_cases):
            found.append((entry, "customers", _of_customers(entry)))
    return found


def _of_customers(entry: Assessment) -> str:
    cases = entry.support_cases
    count = len(cases) if isinstance(cases, tuple) else cases
    parts = (entry.symptoms, f"{count} support case{'' if count == 1 else 's'} so far" if count else None)
    return "; ".join(part for part in parts if part)


def _helpful(items: list[TimelineItem], theories: Mapping[str, Theory]) -> list[str]:
    """What was the cause and what was not, decisions, and what helped, in the order of time."""
    found: list[str] = []
    for item in items:
        entry = item.effective
        if isinstance(entry, Theory) and entry.ref in theories:
            text, refuted = theories[entry.ref].text or entry.text, theories[entry.ref].state == "refuted"
            if refuted and entry.state == "refuted":
                found.append(f"not the cause: {text}")
            elif not refuted and text:
                found.append(f"a possible cause: {text}")
        elif isinstance(entry, Decision):
            found.append(f"decision: {entry.text}")
        elif isinstance(entry, ActionTaken) and entry.type in ("mitigation", "rollback"):
            found.append(f"{entry.type}: {entry.text}")
    return list(dict.fromkeys(found))


def inject_text(inject: Inject, scenario: Scenario) -> str:
    """The text of the observation that tells an inject."""
    return f"DRILL inject {inject.number} of {len(scenario.injects)} ({inject.source}): {inject.text}"


def hint_text(hint: Hint, scenario: Scenario) -> str:
    """The text of the note that gives a hint."""
    return f"DRILL hint {hint.number} of {len(scenario.hints)}: {hint.text}"


def release_of(item: TimelineItem) -> tuple[str, int] | None:
    """inject or hint, and its number, if this entry of a drill is one."""
    found = _RELEASED.match(item.entry.text or "") if isinstance(item.entry, Observation | Note) else None
    return (found[1], int(found[2])) if found else None


def released(drill: State, kind: Kind) -> frozenset[int]:
    """The numbers of the injects or hints that a drill has; a retracted one counts, because people have read it."""
    found = [release for item in drill.timeline if (release := release_of(item)) is not None]
    return frozenset(number for what, number in found if what == kind)


def waiting(drill: State, scenario: Scenario) -> list[Inject]:
    """The injects that were not released yet, the next one first."""
    there = released(drill, "inject")
    return [inject for inject in scenario.injects if inject.number not in there]


def due_at(drill: State, inject: Inject) -> datetime:
    """When an inject is to be released."""
    return started_at(drill) + timedelta(seconds=inject.after)


def next_hint(drill: State, scenario: Scenario) -> Hint | None:
    """The next hint; None if there are no more."""
    there = released(drill, "hint")
    return next((hint for hint in scenario.hints if hint.number not in there), None)
