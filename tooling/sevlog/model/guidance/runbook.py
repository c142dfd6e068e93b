"""A runbook: its front matter, its steps, which incidents it fits and why, how far one is with it (S60, S61)."""

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
"""How much of a symptom (or of the words that were typed) must be shared for words alone to count as a fit."""


class RunbookCard(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The front matter of a runbook: when it helps, and who keeps it right."""

    title: Annotated[ShortText | None, Meta(description="What it is for; left out: its first heading.")] = None
    components: Annotated[tuple[Key, ...], Meta(description="It helps where one of these is hit.")] = ()
    types: Annotated[tuple[TypeKey, ...], Meta(description="It helps in incidents of these types, and no others.")] = ()
    severities: Annotated[
        tuple[LevelKey, ...], Meta(description="It helps at these severities, and at no others.")
    ] = ()
    symptoms: Annotated[
        tuple[ShortText, ...], Meta(description="What people see or monitoring says; it is found by these words.")
    ] = ()
    tags: Annotated[tuple[ShortText, ...], Meta(description="Words to find it by; an incident may have them too.")] = ()
    owner: Annotated[Handle | None, Meta(description="The person who keeps it right.")] = None
    team: Annotated[Key | None, Meta(description="The team that keeps it right.")] = None
    reviewed_on: Annotated[Day | None, Meta(description="When somebody last went through it and found it right.")] = (
        None
    )
    review_every: Annotated[
        Duration | None,
        Meta(description="How long a review counts (default: policies.runbooks_reviewed_within, else 52w)."),
    ] = None


class Runbook(Struct, frozen=True, kw_only=True):
    """A runbook as its file has it. name: the file's below runbooks/."""

    name: str
    card: RunbookCard
    title: str
    text: str
    steps: tuple[Step, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """What a runbook is wanted for. components: those hit; needed: those that they depend on -> the one that needs it.

    named: runbook -> why sevlog.yaml names it for this. words: what is said of it. typed: whether a person typed the
    words to find it by.
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
    """How well a runbook fits (the more, the better), and why."""

    runbook: Runbook
    score: float
    why: tuple[str, ...]


class Tick(Struct, frozen=True, kw_only=True):
    """What the timeline says of a step: the last word on it, and how often it was taken."""

    entry: str
    step: str
    state: StepState
    at: datetime
    by: str | None
    result: str | None
    evidence: tuple[str, ...]
    times: int


def fitting(runbooks: Sequence[Runbook], asked: Asked) -> list[Fit]:
    """The runbooks that fit, the best first; of equals, by name."""
    rarity = _Rarity(runbooks)
    found = [fit for book in runbooks if (fit := _fit(book, asked, rarity)) is not None]
    return sorted(found, key=lambda fit: (-fit.score, fit.runbook.name))


class _Rarity:
    """How telling a word is: one that stands in every runbook tells little."""

    def __init__(self, runbooks: Sequence[Runbook]) -> None:
        self._in: dict[str, int] = {}
        for book in runbooks:
            for stem in set(stems(_heads(book))):
                self._in[stem] = self._in.get(stem, 0) + 1
        self._total = len(runbooks)

    def shared(self, wanted: Iterable[str], there: frozenset[str]) -> tuple[float, int]:
        """How much of what is wanted is there, from 0 to 1, and how many words that are."""
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
        score, why = score + _NEEDED, [*why, f"{below[0]}, which {asked.needed[below[0]]} needs"]
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
    """The symptom that the words of an incident have most of. One word alone is no symptom."""
    there = frozenset(stems(words))
    best, told = 0.0, ""
    for symptom in (*book.card.symptoms, book.title):
        share, both = rarity.shared(set(stems(symptom)), there)
        if share > best and both > 1:
            best, told = share, f"symptom: {symptom}" if symptom != book.title else "its title"
    return best, told


def _typed(book: Runbook, words: str, rarity: _Rarity) -> tuple[float, str]:
    """How much of the words that were typed stands in the runbook; what stands in its text counts for less."""
    wanted = set(stems(words))
    heads, _ = rarity.shared(wanted, frozenset(stems(f"{_heads(book)} {book.name}")))
    text, _ = rarity.shared(wanted, frozenset(stems(book.text)))
    share = max(heads, 0.8 * text)
    return share, "these words" if share == heads else "these words in its text"


def ticks(state: State, runbook: str) -> list[Tick]:
    """What the timeline says of a runbook's steps, in the order in which they were first taken."""
    found: dict[str, list[tuple[TimelineItem, RunbookStep]]] = {}
    for item in state.timeline:
        entry = item.effective
        if isinstance(entry, RunbookStep) and entry.runbook.removesuffix(".md") == runbook.removesuffix(".md"):
            found.setdefault(entry.step, []).append((item, entry))
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
    """Number of a step -> what was said of it last; and what was said of steps that the file does not have (any more).

    A step that was renumbered is found by its title; a bare number means the step that has it now.
    """
    known: dict[int, Tick] = {}
    lost: list[Tick] = []
    for tick in found:
        step = _meant(steps, tick.step)
        if step is None:
            lost.append(tick)
        elif step.number not in known or known[step.number].at <= tick.at:
            known[step.number] = tick
    return known, lost


def _meant(steps: Sequence[Step], name: str) -> Step | None:
    title = split_number(" ".join(name.split()))[1].casefold()
    exact = [s for s in steps if s.name.casefold() == name.casefold()] or [
        s for s in steps if s.title.casefold() == title
    ]
    if not exact and name.strip().removesuffix(".").isdigit():
        exact = find_step(steps, name)
    return exact[0] if exact else None
