"""The text of a page: severity, rank, affected components, and the command to answer with (S12, S28)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from ..config.settings import Config
from ..timeline.state import State
from ..vocabulary import in_words, shortened
from .ranking import ranked

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~!])")
_SHORT = 300
"""The most characters of a text message: two of 160, minus the text that the service adds."""


class PageText(Struct, frozen=True, kw_only=True):
    """A page in words. headline: one line. short: one line for a text message. plain: all of it. text: as Markdown."""

    rank: str
    headline: str
    short: str
    plain: str
    text: str
    answer: str
    link: str | None = None


def rank_of(state: State, live: Iterable[State], config: Config) -> str:
    """`top priority`, or which incident comes first. Restricted incidents are not named."""
    others = [other for other in live if other.category == "live" and other.card.kind == "incident"]
    first = next(iter(ranked({s.id: s for s in (*others, state)}.values(), config)), state)
    if first.id == state.id:
        return "top priority"
    levels = " ".join(level for level in (first.severity, first.priority) if level)
    name = "a restricted incident" if first.card.visibility == "restricted" else first.id
    return f"can wait: {name} ({levels}) comes first"


def answer_to(state: State) -> str:
    """The command that answers a page: take command, or join if somebody has it."""
    if "ack" in state.acts and state.lead is None:
        return f"sevlog ack -i {state.id}"
    return f"sevlog join -i {state.id}"


def page_text(
    state: State,
    rank: str,
    *,
    asked: str | None = None,
    said: str | None = None,
    link: str | None = None,
    also: Sequence[State] = (),
) -> PageText:
    """A page for an incident. asked: the target. said: the reason of a request for help. link: where its record is.

    also: the other incidents that wait for the person.

    For a restricted incident it has only the levels: a page passes through other services.
    """
    levels = _levels(state)
    if state.card.visibility == "restricted":
        title, answer, lines = "a restricted incident", "sevlog board", []
    else:
        title, answer = state.card.title, answer_to(state)
        lines = _about(state, said)
    words = [
        title,
        f"{levels}{', major' if state.major else ''}: {rank}",
        *lines,
        "",
        f"You are paged as {asked}." if asked else "",
        f"To answer: {answer}",
        f"Record: {link}" if link and state.card.visibility != "restricted" else "",
        *_waiting_lines(also),
    ]
    plain = "\n".join(words).replace("\n\n\n", "\n\n").strip() + "\n"
    short = f"{levels} {_line(title)}. {rank[:1].upper()}{rank[1:]}."
    end = f"{f'{len(also)} more waiting. ' if also else ''}Ack: {answer}"
    return PageText(
        rank=rank,
        headline=f"{levels} {_line(title)} ({rank})",
        short=f"{shortened(short, _SHORT - len(end) - 1)} {end}",
        plain=plain,
        text=_MARKUP.sub(r"\\\1", plain).replace("\n", "  \n"),
        answer=answer,
        link=link if state.card.visibility != "restricted" else None,
    )


def _levels(state: State) -> str:
    levels = " ".join(level for level in (state.severity, state.priority) if level)
    return f"DRILL {levels}" if state.card.kind == "drill" else levels


def _waiting_lines(also: Sequence[State]) -> list[str]:
    """A line for each other incident that waits for the person."""
    if not also:
        return []
    lines = ["", "Also waiting for you, the most urgent first:"]
    for state in also:
        restricted = state.card.visibility == "restricted"
        title = "a restricted incident" if restricted else _line(state.card.title)
        lines.append(f"{_levels(state)} {title}: {'sevlog board' if restricted else answer_to(state)}")
    return lines


def _about(state: State, said: str | None) -> list[str]:
    affected = ", ".join(f"{key} {in_words(impact)}" for key, impact in state.components.items())
    found = [f"Affected: {affected}" if affected else "", state.card.summary or "", f"Reason: {said}" if said else ""]
    found += [f"Channel: {channel.type} {channel.url}" for channel in state.channels]
    return [line for line in found if line]


def _line(text: str) -> str:
    return " ".join(text.split())
