"""A runbook: front matter, steps, matching incidents, and progress (S60, S61)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from ..forms import Day, Duration, Handle, Key, LevelKey, ShortText, TypeKey
from ..similarity.tokenizer import stems
from ..timeline.entries import RunbookStep
from ..timeline.state import State, TimelineItem
from ..vocabulary import StepState
from .runbook_steps import Step, find_step, split_number

_NAMED, _TYPE, _TAG, _NEEDED, _SEVERITY, _WORDS = 4.0, 2.0, 2.0, 1.5, 1.0, 4.0
_ENOUGH = 0.5
"""The share of a symptom (or of the query) that must match for words alone to count as a match."""


class RunbookCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The front matter of a runbook: when it applies, and who maintains it."""

    title: Annotated[ShortText | None, Meta(description="The title; default: its first heading.")] = None
    components: Annotated[tuple[Key, ...], Meta(description="Components it applies to.")] = ()
    types: Annotated[tuple[TypeKey, ...], Meta(description="Incident types it applies to, and no others.")] = ()
    severities: Annotated[tuple[LevelKey, ...], Meta(description="Severities it applies to, and no others.")] = ()
    symptoms: Annotated[
        tuple[ShortText, ...], Meta(description="What people see or monitoring reports; used to find the runbook.")
    ] = ()
    tags: Annotated[
        tuple[ShortText, ...], Meta(description="Tags to find it by; incidents may have the same tags.")
    ] = ()
    owner: Annotated[Handle | None, Meta(description="The person who maintains it.")] = None
    team: Annotated[Key | None, Meta(description="The team that maintains it.")] = None
    reviewed_on: Annotated[Day | None, Meta(description="When it was last reviewed and found correct.")] = None
    review_every: Annotated[
        Duration | None,
        Meta(description="How long a review is valid (default: policies.runbooks_reviewed_within, else 52w)."),
    ] = None


class Runbook(Struct, frozen=True, kw_only=True):
    """A runbook as in its file. name: the path below runbooks/."""

    name: str
    card: RunbookCard
    title: str
    text: str
    steps: tuple[Step, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """A query for runbooks. components: the affected ones; needed: component -> the affected one that depends on it.

    named: runbook -> why sevlog.yaml names it. words: the text to match. typed: whether a person typed the words.
    """

    components: tuple[str, ...] = ()
    needed: Mapping[str, str] = {}
    named: Mapping[str, str] = {}
    type: str | None = None
    severity: str | None = None
    tags: tuple[str, ...] = ()
    words: str = ""
    typed: bool = False


class Fit(Struct, frozen=True, kw_only=True):
    """How well a runbook matches (higher is better), and why."""

    runbook: Runbook
    score: float
    why: tuple[str, ...]


class Tick(Struct, frozen=True, kw_only=True):
    """A step in the timeline: its last result, and how often it was taken."""

    entry: str
    step: str
    state: StepState
    at: datetime
    by: str | None
    result: str | None
    evidence: tuple[str, ...]
    times: int


def fitting(runbooks: Sequence[Runbook], asked: Asked) -> list[Fit]:
    """The matching runbooks, the best first, then by name."""
    rarity = _Rarity(runbooks)
    found = [fit for book in runbooks if (fit := _fit(book, asked, rarity)) is not None]
    return sorted(found, key=lambda fit: (-fit.score, fit.runbook.name))


class _Rarity:
    """The weight of words: a word in every runbook has little weight."""

    def __init__(self, runbooks: Sequence[Runbook]) -> None:
        self._in: dict[str, int] = {}
        for book in runbooks:
            for stem in set(stems(_heads(book))):
                self._in[stem] = self._in.get(stem, 0) + 1
        self._total = len(runbooks)

    def shared(self, wanted: Iterable[str], there: frozenset[str]) -> tuple[float, int]:
        """The share of the wanted words that are present, from 0 to 1, and their number."""
        weights = {stem: math.log(1 + (self._total + 1) / (self._in.get(stem, 0) + 0.5)) for stem in wanted}
        both = [stem for stem in weights if stem in there]
        return math.fsum(weights[s] for s in both) / (math.fsum(weights.values()) or 1.0), len(both)


def _heads(book: Runbook) -> str:
    return "\n".join((book.title, *book.card.symptoms, *book.card.tags))


def _fit(book: Runbook, asked: Asked, rarity: _Rarity) -> Fit | None:
    card, score, why = book.card, 0.0, list[str]()
    if asked.type and card.types and asked.type not in card.types:
        return None
    if asked.severity and card.severities and asked.severity not in card.severities:
        return None
    if book.name in asked.named:
        score, why = score + _NAMED, [*why, asked.named[book.name]]
    elif hit := [key for key in asked.components if key in card.components]:
        score, why = score + _NAMED, [*why, f"component {', '.join(hit)}"]
    elif below := [key for key in card.components if key in asked.needed]:
        score, why = score + _NEEDED, [*why, f"{below[0]}, a dependency of {asked.needed[below[0]]}"]
    if asked.type and asked.type in card.types:
        score, why = score + _TYPE, [*why, f"type {asked.type}"]
    if tags := sorted({t.lower() for t in asked.tags} & {t.lower() for t in card.tags}):
        score, why = score + _TAG, [*why, f"tag {', '.join(tags)}"]
    general = not card.components and not card.types
    if asked.severity and asked.severity in card.severities and (why or general):
        score, why = score + _SEVERITY, [*why, f"severity {asked.severity}"]
    share, said = _typed(book, asked.words, rarity) if asked.typed else _symptom(book, asked.words, rarity)
    if share >= _ENOUGH or (why and share > 0.2):
        score, why = score + _WORDS * share, [*why, said]
    return Fit(runbook=book, score=round(score, 3), why=tuple(why)) if why else None


def _symptom(book: Runbook, words: str, rarity: _Rarity) -> tuple[float, str]:
    """The symptom that matches the words of an incident best; it needs two common words."""
    there = frozenset(stems(words))
    best, why = 0.0, ""
    for symptom in (*book.card.symptoms, book.title):
        share, both = rarity.shared(set(stems(symptom)), there)
        if share > best and both > 1:
            best, why = share, f"symptom: {symptom}" if symptom != book.title else "its title"
    return best, why


def _typed(book: Runbook, words: str, rarity: _Rarity) -> tuple[float, str]:
    """The share of the typed words in the runbook; words in its text count less."""
    wanted = set(stems(words))
    heads, _ = rarity.shared(wanted, frozenset(stems(f"{_heads(book)} {book.name}")))
    text, _ = rarity.shared(wanted, frozenset(stems(book.text)))
    share = max(heads, 0.8 * text)
    return share, "these words" if share == heads else "these words in its text"


def ticks(state: State, runbook: str) -> list[Tick]:
    """The steps of a runbook in the timeline, in the order in which they were first taken."""
    found: dict[str, list[tuple[TimelineItem, RunbookStep]]] = {}
    for item in state.timeline:
        entry = item.effective
        if isinstance(entry, RunbookStep) and entry.runbook.removesuffix(".md") == runbook.removesuffix(".md"):
            found.setdefault(str(entry.step), []).append((item, entry))
    return [_tick(step, said) for step, said in found.items()]


def _tick(step: str, said: list[tuple[TimelineItem, RunbookStep]]) -> Tick:
    item, last = said[-1]
    shown = tuple(one.file or one.url or "" for one in last.evidence)
    return Tick(
        entry=item.id,
        step=step,
        state=last.state,
        at=item.at,
        by=last.by,
        result=last.result or last.text,
        evidence=shown,
        times=len(said),
    )


def ticked(steps: Sequence[Step], found: Iterable[Tick]) -> tuple[dict[int, Tick], list[Tick]]:
    """Step number -> its last result, and the results of steps that are not (or no longer) in the file.

    A renumbered step is found by its title; a bare number means the step with this number now.
    """
    known: dict[int, Tick] = {}
    lost: list[Tick] = []
    for tick in found:
        step = _step_named(steps, tick.step)
        if step is None:
            lost.append(tick)
        elif step.number not in known or known[step.number].at <= tick.at:
            known[step.number] = tick
    return known, lost


def _step_named(steps: Sequence[Step], name: str) -> Step | None:
    title = split_number(" ".join(name.split()))[1].casefold()
    exact = [s for s in steps if s.name.casefold() == name.casefold()] or [
        s for s in steps if s.title.casefold() == title
    ]
    if not exact and name.strip().removesuffix(".").isdigit():
        exact = find_step(steps, name)
    return exact[0] if exact else None
