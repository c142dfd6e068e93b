"""How a drill goes beside its original and beside the targets of its severity. No grade, and no ranking of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from ..config.settings import Config, Severity, duration
from ..similarity.tokenizer import stems
from ..timeline.entries import ActionTaken, Decision, Observation, Theory
from ..timeline.kinds.registry import one_line_of
from ..timeline.state import State
from ..vocabulary import in_words
from . import drills
from .metrics.facts import facts_of
from .metrics.outcomes import promises_of

_ALIKE = 0.4
"""The share of common words from which two entries count as the same finding."""


class Milestone(Struct, kw_only=True):
    """One milestone: seconds from the start (raised) or from when it was raised (all others)."""

    name: str
    seconds: Annotated[float | None, Meta(description="null: not reached, or not reached yet.")]
    original: Annotated[float | None, Meta(description="The same in the original; null if it was not reached.")]
    target: Annotated[float | None, Meta(description="What the severity allows, if it says anything.")]
    met: Annotated[bool | None, Meta(description="null: there is no target, or its time has not passed yet.")]


class Cadence(Struct, kw_only=True):
    """The longest time that an audience waited for the next update."""

    audience: str
    longest: float | None
    original: float | None
    target: Annotated[float | None, Meta(description="update_every of the severity.")]
    met: bool | None


class RoleFilled(Struct, kw_only=True):
    """A role that was required or held, and whether somebody had it at any time. Never who."""

    role: str
    required: bool
    filled: bool
    original: bool


class Knew(Struct, kw_only=True):
    """What the responders of the drill found by themselves. original: when the original had something like it."""

    after: float
    kind: str
    text: str
    original: float | None


def milestones(drill: State, original: State | None, config: Config, now: datetime) -> list[Milestone]:
    """Each milestone of the response, reached or not."""
    level = _level(drill, config)
    here, there = _reached(drill), _reached(original) if original else {}
    targets = _targets(level)
    names = dict.fromkeys([*here, *there, *(name for name in targets if name not in here)])
    raised = drill.milestones.raised_at if drill.severity else None
    passed = (now - raised).total_seconds() if raised and drill.live else None
    return [
        Milestone(
            name=name,
            seconds=here.get(name),
            original=there.get(name),
            target=targets.get(name),
            met=_met(here.get(name), targets.get(name), passed, drill.live),
        )
        for name in sorted(names, key=_order)
    ]


_NAMES = ("raised", "acknowledged", "first internal update", "first public update", "mitigated", "ended", "resolved")


def _order(name: str) -> tuple[int, str]:
    place = _NAMES.index(name) if name in _NAMES else _NAMES.index("mitigated") - 0.5
    return int(place * 2), name


def _level(state: State, config: Config) -> Severity | None:
    return next((level for level in config.severities if level.key == state.severity), None)


def _targets(level: Severity | None) -> dict[str, float]:
    if level is None:
        return {}
    first = {f"first {audience} update": _seconds(text) for audience, text in level.first_update_within.items()}
    return first if level.ack_within is None else {"acknowledged": _seconds(level.ack_within), **first}


def _seconds(text: str) -> float:
    return duration(text).total_seconds()


def _reached(state: State) -> dict[str, float | None]:
    """Milestone -> seconds; None where it was not reached."""
    m = state.milestones
    raised = m.raised_at if state.severity else None
    times: dict[str, datetime | None] = {"acknowledged": m.acknowledged_at}
    for audience in ("internal", "public", *(said.entry.audience for said in state.updates)):
        said = [update.entry.at for update in state.updates if update.entry.audience == audience]
        times[f"first {audience} update"] = min(said, default=None)
    times |= {"mitigated": m.mitigated_at, "ended": m.ended_at, "resolved": m.resolved_at}
    zero = drills.started_at(state) if state.card.kind == "drill" else drills.zero_of(state)
    return {"raised": _between(zero, raised), **{name: _between(raised, at) for name, at in times.items()}}


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())


def _met(seconds: float | None, target: float | None, passed: float | None, live: bool) -> bool | None:
    """passed: seconds since it was raised, of a drill that goes on."""
    if target is None:
        return None
    if seconds is not None:
        return seconds <= target
    return False if not live or (passed is not None and passed > target) else None


def cadence(drill: State, original: State | None, config: Config, now: datetime) -> list[Cadence]:
    """For each audience that is owed updates or got some: the longest wait between two, or since the last one."""
    level = _level(drill, config)
    every = level.update_every if level else {}
    here, there = _waits(drill, now), _waits(original, now) if original else {}
    rows = []
    for audience in dict.fromkeys([*every, *here, *there]):
        target = _seconds(every[audience]) if audience in every else None
        longest = here.get(audience)
        met = longest <= target if longest is not None and target is not None else None
        rows.append(Cadence(audience=audience, longest=longest, original=there.get(audience), target=target, met=met))
    return rows


def _waits(state: State, now: datetime) -> dict[str, float]:
    end = state.milestones.resolved_at or state.milestones.closed_at or now
    times: dict[str, list[datetime]] = {}
    for said in sorted((update.entry for update in state.updates), key=lambda entry: entry.at):
        if said.at <= end:
            times.setdefault(said.audience, []).append(said.at)
    return {
        audience: max((b - a).total_seconds() for a, b in zip(said, [*said[1:], end], strict=True))
        for audience, said in times.items()
    }


def promises(state: State, now: datetime) -> dict[str, int]:
    """How many promised updates were kept, late, open, or ended with the response."""
    counted: Counter[str] = promises_of([facts_of(state)], now)
    return {outcome: counted[outcome] for outcome in ("kept", "late", "open", "ended")}


def roles(drill: State, original: State | None, config: Config, required: tuple[str, ...]) -> list[RoleFilled]:
    """The roles that are required, or that somebody had in one of both."""
    here, there = _roles_held(drill), _roles_held(original) if original else frozenset[str]()
    named = dict.fromkeys([*required, *(role.key for role in config.roles if role.key in here | there)])
    return [
        RoleFilled(role=config.role_name(key), required=key in required, filled=key in here, original=key in there)
        for key in named
    ]


def _roles_held(state: State) -> frozenset[str]:
    return frozenset(holder.role for holder in (*state.holders, *state.former_holders))


def knew(drill: State, original: State | None) -> list[Knew]:
    """What was found in the drill by its responders, and not in the original, or later there."""
    if original is None:
        return []
    zero, theirs = drills.zero_of(original), list(_findings(original))
    start = drills.started_at(drill)
    found = []
    for at, kind, text in _findings(drill):
        after = (at - start).total_seconds()
        alike = [(then - zero).total_seconds() for then, _, other in theirs if _is_alike(text, other)]
        first = min(alike, default=None)
        if first is None or first > after:
            found.append(Knew(after=after, kind=kind, text=text, original=first))
    return found


def _findings(state: State) -> Iterable[tuple[datetime, str, str]]:
    for item in state.timeline:
        entry = item.effective
        is_finding = isinstance(entry, Observation | Theory | Decision | ActionTaken)
        if entry is not None and is_finding and entry.text and drills.release_of(item) is None:
            yield entry.at, in_words(item.kind), one_line_of(entry)


def _is_alike(text: str, other: str) -> bool:
    mine, theirs = set(stems(text)), set(stems(other))
    return bool(mine and theirs) and len(mine & theirs) / min(len(mine), len(theirs)) >= _ALIKE


def elapsed(state: State, now: datetime) -> timedelta:
    """How long a drill has been running, or ran."""
    return (state.milestones.resolved_at or state.milestones.closed_at or now) - drills.started_at(state)
