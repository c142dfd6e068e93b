"""Similarity of incidents: shared words, weighted by rarity, and shared components, alerts, tags and types.

The numbers do not depend on how the candidates were found, nor on their order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from ..vocabulary import UNKNOWN_COMPONENT
from .incident_profile import FIELDS, Story, Words
from .tokenizer import stems, words_of

MOST_TERMS = 32
"""How many words of an incident are compared: those with the highest weight."""

LEAST = 0.12
"""The lowest similarity that is shown."""

LEAST_OF_A_TEXT = 0.03
"""The same for a typed query, which has only a few words."""

RECURS_AT = 0.4
"""From this similarity on, an incident of the same component within the window counts as a recurrence."""

RECURS_WITHIN = timedelta(days=90)

_WEIGHTS = (3, 2, 1, 2)
"""How much a word counts in each of the fields."""

MOST_COUNTED = 255

_ENOUGH = 1.5
"""Repeated words count more, with decreasing effect: at this number, a word has half of the full weight."""

STRENGTHS = tuple(count / (count + _ENOUGH) for count in range(MOST_COUNTED + 1))
"""The weight of a word in an incident by its number of occurrences, from 0 to 1."""

_TEXT, _COMPONENT, _ALERT, _TAG, _TYPE = 0.65, 0.2, 0.3, 0.1, 0.05
_MOST_REPORTED = 6
"""Shared words that are named."""


class Asked(Struct, frozen=True, kw_only=True):
    """The data of an incident for comparison. terms: stem -> its weight among them (they add up to 1).

    shown: stem -> the word as written in the incident.
    """

    story: Story
    terms: Mapping[str, float]
    shown: Mapping[str, str]


class Likeness(Struct, frozen=True, kw_only=True):
    """How much an incident is like the one that was asked for, from 0 to 1, and why."""

    score: float
    why: tuple[str, ...]
    recurs: bool


def counts(fields: Iterable[Iterable[str]]) -> dict[str, int]:
    """Stem -> its weighted number of occurrences in an incident. fields: the stems of each of the FIELDS."""
    found: dict[str, int] = {}
    for weight, field in zip(_WEIGHTS, fields, strict=True):
        for stem, times in Counter(field).items():
            found[stem] = min(found.get(stem, 0) + weight * times, MOST_COUNTED)
    return found


def counts_in(story: Story) -> dict[str, int]:
    """The same of a story."""
    return counts(field.split() for field in story.stems)


def counts_of(words: Words) -> dict[str, int]:
    """The same of texts."""
    return counts(stems(getattr(words, name)) for name in FIELDS)


def asked(story: Story, words: Words, known_in: Mapping[str, int], total: int) -> Asked:
    """The most telling words of an incident. known_in: stem -> in how many other incidents it stands, of `total`."""
    weights = {s: STRENGTHS[n] * _rarity(known_in.get(s, 0), total) for s, n in counts_of(words).items()}
    chosen = sorted(weights, key=lambda stem: (-weights[stem], stem))[:MOST_TERMS]
    whole = sum(weights[stem] for stem in chosen) or 1.0
    shown: dict[str, str] = {}
    for name in FIELDS:
        for stem, word in words_of(getattr(words, name)):
            shown.setdefault(stem, word)
    return Asked(story=story, terms={s: weights[s] / whole for s in chosen}, shown={s: shown[s] for s in chosen})


def _rarity(known_in: int, total: int) -> float:
    """Rare words count more. A word in no other incident counts half."""
    rarity = math.log(1 + (total - known_in + 0.5) / (known_in + 0.5))
    return rarity if known_in else rarity / 2


def likeness(ours: Asked, other: Story, now: datetime) -> Likeness:
    """How much another incident is like the one that was asked for."""
    shared = {s: ours.terms[s] * STRENGTHS[n] for s, n in counts_in(other).items() if s in ours.terms}
    text = math.fsum(shared.values())
    components = _both(ours.story.components, other.components, UNKNOWN_COMPONENT)
    alerts = _both(ours.story.fingerprints, other.fingerprints)
    tags = _both(ours.story.tags, other.tags)
    same_type = bool(ours.story.components) and ours.story.type == other.type
    parts = (_TEXT * text, _COMPONENT * bool(components), _ALERT * bool(alerts), _TAG * bool(tags), _TYPE * same_type)
    score = round(min(1.0, math.fsum(parts)), 3) if text or alerts or tags else 0.0
    why = [f"same alert {name}" for name in alerts[:2]]
    why += [f"same component {', '.join(components)}"] if components else []
    why += [f"same tag {', '.join(tags)}"] if tags else []
    strongest = sorted(shared, key=lambda stem: (-shared[stem], stem))[:_MOST_REPORTED]
    why += [f"shared words: {', '.join(ours.shown[stem] for stem in strongest)}"] if strongest else []
    back = _is_back(ours, other, bool(components), bool(alerts), score, now)
    return Likeness(score=score, why=tuple(why), recurs=back)


def weights(ours: Asked) -> dict[str, float]:
    """Stem -> its contribution to the similarity, per unit of its weight in the other incident."""
    return {stem: _TEXT * weight for stem, weight in ours.terms.items()}


def extras(story: Story) -> list[tuple[list[str], float, bool]]:
    """Marks of an incident, what it adds that another one has any of them, and whether that alone makes them alike."""
    kinds = (
        ("alert", story.fingerprints, _ALERT, True),
        ("tag", story.tags, _TAG, True),
        ("component", [c for c in story.components if c != UNKNOWN_COMPONENT], _COMPONENT, False),
        ("type", [story.type] if story.components else [], _TYPE, False),
    )
    return [([f"{kind}:{name}" for name in names], extra, alone) for kind, names, extra, alone in kinds if names]


def _is_back(ours: Asked, other: Story, component: bool, alert: bool, score: float, now: datetime) -> bool:
    """Whether it is a recurrence: the same alert or component, very similar, and recent."""
    if other.began_at is None or other.category == "dropped":
        return False
    near = abs((ours.story.began_at or now) - other.began_at) <= RECURS_WITHIN
    return near and (alert or (component and score >= RECURS_AT))


def _both(ours: Iterable[str], theirs: Iterable[str], *but: str) -> list[str]:
    known = set(theirs) - set(but)
    return sorted({name for name in ours if name in known})
