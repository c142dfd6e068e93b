"""Open incidents that may be duplicates of a new one: same component, alert or title."""

from __future__ import annotations

from collections.abc import Iterable

from ..similarity.tokenizer import stems
from ..timeline.state import State
from ..vocabulary import UNKNOWN_COMPONENT

_MOST = 3
_KINDS = frozenset({"incident"})
"""Drills resemble each other, maintenances are planned, and retrospectives are over."""
_ALIKE = 0.5
"""The share of the shorter title in the other one that counts as the same title."""
_WORDS = 2


def duplicates(new: State, open_ones: Iterable[State]) -> list[State]:
    """Possible duplicates, the most likely first, without incidents that the new one is linked to."""
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
    """How strong the evidence for a duplicate is."""
    components = (new.components.keys() & other.components.keys()) - {UNKNOWN_COMPONENT}
    alerts = {(a.source, a.fingerprint) for a in new.alerts.values()} & {
        (a.source, a.fingerprint) for a in other.alerts.values()
    }
    return bool(components) + 2 * bool(alerts) + _same_words(new.card.title, other.card.title)


def _same_words(one: str, other: str) -> bool:
    first, second = set(stems(one)), set(stems(other))
    shared = first & second
    return first == second != set() or len(shared) >= max(_WORDS, _ALIKE * min(len(first), len(second)))
