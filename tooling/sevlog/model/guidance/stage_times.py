"""The times of each stage of the response: the first, and each time that it was repeated (S23, S68)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ..timeline.entries import (
    Alert,
    Assessment,
    Assigned,
    Channel,
    Decision,
    Escalated,
    Experiment,
    Handover,
    Observation,
    Theory,
)
from ..timeline.entry_parts import Entry
from ..timeline.state import State

Times = Iterator[datetime]


def stage_times(state: State) -> dict[str, tuple[datetime, ...]]:
    """Stage -> its times in order, each once; what was retracted does not count."""
    return {key: tuple(sorted(set(read(state)))) for key, read in _TIMES.items()}


def _entries(state: State, *kinds: type[Entry]) -> Iterator[tuple[datetime, Entry]]:
    return ((i.at, i.effective) for i in state.timeline if isinstance(i.effective, kinds))


def _detect(state: State) -> Times:
    """Detected; and each alert of its own that began to fire later."""
    seen: set[str] = set()
    if state.milestones.detected_at:
        yield state.milestones.detected_at
    for at, entry in _entries(state, Alert):
        if isinstance(entry, Alert) and entry.state == "firing" and entry.fingerprint not in seen:
            seen.add(entry.fingerprint)
            yield at


def _raise(state: State) -> Times:
    """Raised; and each reopening of what was over."""
    if state.milestones.raised_at and state.category != "triage":
        yield state.milestones.raised_at
    yield from (step.at for step in state.status_steps if step.act == "reopen")


def _open_comms(state: State) -> Times:
    """Acknowledged; each channel, and each person who took command."""
    if state.milestones.acknowledged_at:
        yield state.milestones.acknowledged_at
    yield from (at for at, _ in _entries(state, Channel))
    yield from (at for at, entry in _entries(state, Assigned, Handover) if _role(entry) in state.lead_roles)


def _delegate(state: State) -> Times:
    """Each role that was given or handed over, but for the one that leads."""
    return (
        at
        for at, entry in _entries(state, Assigned, Handover)
        if (role := _role(entry)) and role not in state.lead_roles
    )


def _role(entry: Entry) -> str | None:
    """The role that somebody gets by an entry; None for one that was only offered."""
    if isinstance(entry, Handover):
        return entry.role if entry.accepted else None
    return entry.role if isinstance(entry, Assigned) else None


def _assess(state: State) -> Times:
    return (at for at, _ in _entries(state, Assessment))


def _escalate(state: State) -> Times:
    return (at for at, _ in _entries(state, Escalated))


def _review(state: State) -> Times:
    return (at for at, _ in _entries(state, Observation, Theory, Experiment, Decision))


def _comms(state: State, first: bool) -> Times:
    """The first words to each audience, also after a reopening, or the words that followed them."""
    told: set[str] = set()
    before = None
    reopened = [step.at for step in state.status_steps if step.act == "reopen"]
    for update in sorted(state.updates, key=lambda update: update.entry.at):
        at, audience = update.entry.at, update.entry.audience
        if any((before is None or before < again) and again <= at for again in reopened):
            told.clear()
        before = at
        if (audience not in told) is first:
            yield at
        told.add(audience)


def _resolve(state: State) -> Times:
    return (step.at for step in state.status_steps if step.act == "resolve")


_TIMES: dict[str, Callable[[State], Times]] = {
    "detect": _detect,
    "raise": _raise,
    "open_comms": _open_comms,
    "assess": _assess,
    "initial_comms": lambda state: _comms(state, True),
    "escalate": _escalate,
    "delegate": _delegate,
    "follow_up_comms": lambda state: _comms(state, False),
    "review": _review,
    "resolve": _resolve,
}
