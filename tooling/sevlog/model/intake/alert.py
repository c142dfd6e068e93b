"""An alert of any monitoring system in one form, and what to do with it (S22, S25, S58).

Text from outside is data: control and bidirectional characters are removed, long texts are cut with a mark, and
nothing of an alert is public before a person writes it so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ..timeline.attachments import UNKNOWN
from ..vocabulary import shortened

AlertStateName = Literal["firing", "resolved"]
Decision = Literal["opened", "attached", "changed", "known", "held", "snoozed", "ignored", "answered"]

_LONGEST = {"title": 120, "fingerprint": 200, "summary": 2000, "label": 200}
_URL = re.compile(r"https?://[^\s<>\"]+\Z")


class Answer(Struct, frozen=True, kw_only=True):
    """What a person did or wrote at the source. who: as it names them. mail: their address there, never recorded."""

    kind: Literal["acknowledged", "said"]
    who: str
    mail: str | None = None
    text: str = ""


class Signal(Struct, frozen=True, kw_only=True):
    """One alert as its source sent it, sanitized for the record. components: labels that may name one.

    labels: all of them, for the rules of sevlog.yaml. remark: it says something about an alert (a note, an
    acknowledgement), and not that it fires or ends. unknown_word: the word of its source that is not known.
    at: when the alert began or ended, by its source; None where it does not say.
    notice: something that a person has to do at the source. answer: what a person did there about it.
    """

    fingerprint: str
    source: str
    state: AlertStateName
    title: str
    summary: str | None = None
    url: str | None = None
    components: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    remark: bool = False
    unknown_word: str | None = None
    at: datetime | None = None
    notice: str | None = None
    answer: Answer | None = None


class AlertSighting(Struct, frozen=True, kw_only=True):
    """An incident with the fingerprint of an alert: the state of the alert there, and whether the incident is live.

    changed: when its state changed there. was: what happened to an incident that is not live. merged_from: the
    incident that has the alert, if it was merged into this one.
    """

    incident: str
    state: str
    live: bool
    changed: tuple[datetime, ...] = ()
    was: str = "is over"
    merged_from: str | None = None


class Taken(Struct, frozen=True, kw_only=True):
    """The decision on an alert, and its reason. rule: the rule of sevlog.yaml that applied, if it was asked."""

    fingerprint: str
    title: str
    state: AlertStateName
    decision: Annotated[Decision, Meta(description="What became of it.")]
    reason: str
    incident: str | None = None
    rule: Annotated[int | None, Meta(description="The rule of intake.rules that applied, from 1.")] = None
    labels: Annotated[dict[str, str], Meta(description="What rules can match, with a dry run.")] = {}


def decide(signal: Signal, known: Sequence[AlertSighting], open_one: str | None) -> Taken:
    """What to do with an alert.

    known: incidents with its fingerprint, the newest last. open_one: the incident of other alerts of the same
    delivery. Only a change of state is recorded, so a flapping check cannot flood a timeline.
    """

    def taken(decision: Decision, reason: str, incident: str | None = None) -> Taken:
        return Taken(
            fingerprint=signal.fingerprint,
            title=signal.title,
            state=signal.state,
            decision=decision,
            reason=reason,
            incident=incident,
        )

    here = next((one for one in reversed(known) if one.live), None)
    if here is not None:
        return taken(*_in_a_live_incident(signal, here), here.incident)
    past = f"it was part of {known[-1].incident}, which {known[-1].was}" if known else None
    if signal.remark and not known:
        return taken("ignored", "it does not say that an alert fires or ends")
    if past and _is_late(signal, known[-1]):
        return taken("ignored", f"{past}, and this delivery is older than what is recorded there")
    if signal.state == "resolved":
        return taken("ignored", past or "no live incident has it")
    if past and signal.remark:
        return taken("ignored", f"{past}, and this does not say that it fires again")
    if open_one is not None:
        return taken("attached", "it came with other alerts of that incident", open_one)
    return taken("opened", past or "it is new")


def _in_a_live_incident(signal: Signal, here: AlertSighting) -> tuple[Decision, str]:
    """What to do with an alert that a live incident has, or took over from one that was merged into it."""
    there = f"in {here.merged_from}, which was merged" if here.merged_from else "there"
    if signal.remark:
        return "known", f"it is {here.state} {there}, and this changes nothing"
    if here.state == UNKNOWN:
        return "attached", f"it was attached {there} by hand"
    if here.merged_from and signal.state == "firing":
        return "attached", f"it was part of {here.merged_from}, which was merged"
    if here.state == signal.state:
        return "known", f"it is already {signal.state} {there}"
    if _is_late(signal, here):
        return "known", f"it is {here.state} {there} since later: this delivery is late or repeated"
    return "changed", f"it was {here.state} {there}"


def _is_late(signal: Signal, seen: AlertSighting) -> bool:
    """Whether the alert's own time is not after the last change that is recorded."""
    return signal.at is not None and bool(seen.changed) and signal.at <= max(seen.changed)


def likely_component(signal: Signal, keys: Iterable[str]) -> str | None:
    """The component that a label names: by key, ignoring case and the difference between - and _."""
    known = {key.replace("_", "-").lower(): key for key in keys}
    return next((known[word] for one in signal.components if (word := one.replace("_", "-").lower()) in known), None)


def clean(text: object, what: str = "title", otherwise: str = "") -> str:
    """One line (a summary: lines) of readable characters, cut to the limit of a record."""
    longest = _LONGEST[what]
    kept = "".join(
        character
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
        else " "
        for character in str(text)[: longest * 4]
    )
    lines = (" ".join(line.split()) for line in kept.splitlines())
    told = "\n".join(lines).strip() if what == "summary" else " ".join(" ".join(lines).split())
    return shortened(told, longest) or otherwise


def web_address(text: object) -> str | None:
    """An http or https address; None for anything else, such as a path without host or a script."""
    found = clean(text, "summary")
    return found if _URL.match(found) else None


def label_words(labels: Mapping[str, object], names: Sequence[str]) -> tuple[str, ...]:
    """The values of the labels that may name a component, in the order of the names."""
    return tuple(clean(labels[name], "label") for name in names if isinstance(labels.get(name), str) and labels[name])
