"""The profile of an incident for comparison: its words, what helped, and unfinished actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from ..timeline.entries import Alert, Observation, Theory, Update
from ..timeline.incident import ActionItem, Record
from ..timeline.state import State
from .tokenizer import stems

FINISHED = frozenset({"done", "verified", "wont_do"})
"""Statuses of finished action items."""

_CAUSES = re.compile(r"\b(?:cause|causes|fault|trigger|contributing|why)\b", re.IGNORECASE)
"""Matches the heading of the section about causes in a postmortem."""

_HELPED = ("mitigation", "rollback")


class Believed(Struct, frozen=True, kw_only=True):
    """A theory that was supported or refuted. seconds: from its first entry to that."""

    ref: str
    text: str = ""
    proposed_fix: str | None = None
    seconds: float = 0.0


class Tried(Struct, frozen=True, kw_only=True):
    """An action taken. type: mitigation, rollback or experiment. result: its outcome, if recorded."""

    type: str
    text: str
    result: str | None = None
    reverted: bool | None = None


class LeftOver(Struct, frozen=True, kw_only=True):
    """An action item that was never finished."""

    id: str
    title: str
    status: str
    owner: str | None = None
    due: str | None = None


class Words(Struct, frozen=True, kw_only=True):
    """The texts of an incident: its names, what people said of it, what was seen and told meanwhile, and why it was."""

    names: str = ""
    told: str = ""
    seen: str = ""
    causes: str = ""


FIELDS = Words.__struct_fields__


class Story(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The profile of one incident. seconds: how long the impact took, or the response to it.

    stems: of each of the FIELDS of its words, separated by spaces. fingerprints: of attached alerts.
    linked: incidents it names as related. components: all affected ones.
    """

    id: str
    title: str
    kind: str
    type: str
    status: str
    category: str
    stems: tuple[str, ...]
    severity: str | None = None
    visibility: str = "internal"
    components: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    began_at: datetime | None = None
    seconds: float | None = None
    merged_into: str | None = None
    fingerprints: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    proved_right: tuple[Believed, ...] = ()
    ruled_out: tuple[Believed, ...] = ()
    tried: tuple[Tried, ...] = ()
    unfinished: tuple[LeftOver, ...] = ()


def story(state: State, record: Record) -> Story:
    """The story of a record, from its fold."""
    card, words = state.card, words_of(state, record)
    return Story(
        id=state.id,
        title=card.title,
        kind=card.kind,
        type=card.type,
        status=state.status,
        category=state.category,
        stems=tuple(" ".join(stems(getattr(words, name))) for name in FIELDS),
        severity=state.severity,
        visibility=card.visibility,
        components=tuple(dict.fromkeys(step.component for step in state.component_steps)),
        tags=card.tags,
        began_at=state.milestones.started_at or state.milestones.raised_at,
        seconds=_seconds(state),
        merged_into=state.merged_into,
        fingerprints=tuple(state.alerts),
        linked=tuple(dict.fromkeys(link.target for link in state.links)),
        proved_right=tuple(_theories_with(state, "supported")),
        ruled_out=tuple(_theories_with(state, "refuted")),
        tried=tuple(_tried(state)),
        unfinished=tuple(unfinished(state.actions)),
    )


def unfinished(actions: Iterable[ActionItem]) -> Iterator[LeftOver]:
    """The actions about which something is left to do."""
    return (
        LeftOver(id=a.id, title=a.title, status=a.status, owner=a.owner, due=a.due)
        for a in actions
        if a.status not in FINISHED
    )


def _seconds(state: State) -> float | None:
    m = state.milestones
    start, end = m.started_at or m.raised_at, m.ended_at or m.resolved_at or m.closed_at
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())


def _theories_with(state: State, verdict: str) -> Iterator[Believed]:
    for ref, theory in state.theories.items():
        if theory.state == verdict:
            said = [e for i in state.timeline if isinstance(e := i.effective, Theory) and e.ref == ref]
            worded = next((e.text for e in said if e.text), theory.text) or ""
            spent = (said[-1].at - said[0].at).total_seconds() if said else 0.0
            fix = theory.proposed_fix or next((e.proposed_fix for e in reversed(said) if e.proposed_fix), None)
            yield Believed(ref=ref, text=worded, proposed_fix=fix, seconds=max(0.0, spent))


def _tried(state: State) -> Iterator[Tried]:
    """Experiments and what was done to the system, in the order in which it happened."""
    done = [
        (entry.at, Tried(type=str(getattr(entry, "type", "")), text=entry.text or ""))
        for item in state.timeline
        if item.kind == "action_taken"
        and (entry := item.effective) is not None
        and getattr(entry, "type", None) in _HELPED
    ]
    done += [
        (e.at, Tried(type="experiment", text=e.text, result=e.result, reverted=e.reverted)) for e in state.experiments
    ]
    return (tried for _, tried in sorted(done, key=lambda row: row[0]))


def words_of(state: State, record: Record) -> Words:
    """The texts of a record that others may be like."""
    card, known = state.card, state.assessment
    seen = [item.effective for item in state.timeline if isinstance(item.effective, Observation | Alert | Update)]
    causes = [part for b in _theories_with(state, "supported") for part in (b.text, b.proposed_fix or "")]
    if state.postmortem is not None:
        causes += [factor.text for factor in state.postmortem.contributing_factors]
    causes += sections_about_causes(record.postmortem_text or "")
    return Words(
        names=_joined((card.title, card.public_title)),
        told=_joined((card.summary, known.symptoms, known.customer_impact, known.employee_impact)),
        seen=_joined(entry.text for entry in seen),
        causes=_joined(causes),
    )


def _joined(parts: Iterable[str | None]) -> str:
    return "\n".join(part for part in parts if part)


def sections_about_causes(text: str) -> list[str]:
    """The sections of a postmortem whose heading speaks of causes, in Markdown."""
    found: list[str] = []
    level, taken = 0, False
    for line in text.splitlines():
        heading = re.match(r"(#{1,6})\s+(.*)", line)
        if heading:
            depth = len(heading[1])
            if not taken or depth <= level:
                level, taken = depth, bool(_CAUSES.search(heading[2]))
        elif taken:
            found.append(line)
    return ["\n".join(found)] if found else []
