"""What stands against an act that is put on top of what others recorded: as strict as the command that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ...model.config.settings import Config
from ...model.guidance import leadership
from ...model.problem import Problem
from ...model.timeline.entries import Assigned, PriorityChanged, SeverityChanged, entry_id
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Record
from ...model.timeline.replay import replay
from ...model.timeline.state import State

_REFUSED_WHEN_TYPED = frozenset({"repeated_transition"})
"""Warnings about a history that refuse a command: two people took the same step, and the first one counts."""

_SAME_LEVEL = "same_level"

Read = Callable[[], Record | None]


def objections(config: Config, theirs: Record, both: Record, seen: Read) -> list[Problem]:
    """The reasons why an act cannot be sent: what others recorded meanwhile forbids it.

    theirs: the incident as others left it. both: the same with the act. seen: reads it as the author of the act saw it.
    """
    now = replay(theirs, config)
    known = {(p.code, p.entry, p.message) for p in now.problems}
    found = [p for p in replay(both, config).problems if (p.code, p.entry, p.message) not in known]
    there = {entry_id(entry) for entry in theirs.entries}
    ours = [entry for entry in both.entries if entry_id(entry) not in there]
    refused = [p for p in found if p.severity == "error" or p.code in _REFUSED_WHEN_TYPED]
    return [*refused, *_levels_already_set(ours, now), *_contested(config, ours, now, seen)]


def _levels_already_set(ours: Iterable[Entry], now: State) -> Iterator[Problem]:
    for entry in ours:
        if not isinstance(entry, SeverityChanged | PriorityChanged):
            continue
        what = "severity" if isinstance(entry, SeverityChanged) else "priority"
        if entry.recorded_at is None and entry.to == getattr(now, what):
            yield Problem(
                code=_SAME_LEVEL, incident=now.id, entry=entry_id(entry), message=f"the {what} is already {entry.to}"
            )


def _contested(config: Config, ours: Iterable[Entry], now: State, seen: Read) -> Iterator[Problem]:
    """The lead that the act would take from somebody who took it meanwhile."""
    given = [entry for entry in ours if isinstance(entry, Assigned)]
    before = seen() if given else None
    yield from leadership.contested(given, replay(before, config) if before else None, now) if given else ()
