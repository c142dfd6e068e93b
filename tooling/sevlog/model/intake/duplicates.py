"""Which open incidents may be the same as one that is just raised: component, alert or title."""

from __future__ import annotations

from collections.abc import Iterable

from ..similarity.tokenizer import stems
from ..timeline.state import State
from ..vocabulary import UNKNOWN_COMPONENT

_MOST = 3
_KINDS = frozenset({"incident"})
"""Drills are made to look alike, maintenances are planned, and a retrospective tells what is over."""
_ALIKE = 0.5
"""So much of the shorter title in the other one is nearly the same title."""
_WORDS = 2


def duplicates(new: State, open_ones: Iterable[State]) -> list[State]:
    """Those that may be the same, the most likely first; none of those that the new one is linked to."""
    if new.card.kind not in _KINDS:
        return []
    linked = {link.target for link in new.links}
    found = [
        (_reasons(new, one), one)
        for one in open_ones
        if one.live and one.id != new.id and one.id not in linked and one.card.kind in _KINDS
    ]
    found.sort(key=lambda row: (-row[0], row[1].id))
    return [one for reasons, one in found if reasons][:_MOST]


def _reasons(new: State, other: State) -> int:
    """How many things speak for it."""
    components = (new.components.keys() & other.components.keys()) - {UNKNOWN_COMPONENT}
    alerts = {(a.source, a.fingerprint) for a in new.alerts.values()} & {
        (a.source, a.fingerprint) for a in other.alerts.values()
    }
    return bool(components) + 2 * bool(alerts) + _same_words(new.card.title, other.card.title)


def _same_words(one: str, other: str) -> bool:
    first, second = set(stems(one)), set(stems(other))
    shared = first & second
    return first == second != set() or len(shared) >= max(_WORDS, _ALIKE * min(len(first), len(second)))
