"""Grouping of pages to one person: which of them is not a message of its own, and when one page names the rest.

Within `policies.page.group_within` after a page, a further page to the same person is grouped, unless its incident
comes before all that the person was paged for in that time. After it, one page names all incidents that still wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from ..config.settings import Config, duration
from ..timeline.state import PageState, State
from . import ranking
from .escalation import PAGED_KINDS, answer_of, is_of, tracks_of, waiting
from .rotations import Rotations


class Message(Struct, frozen=True):
    """A page that went to a person."""

    person: str
    incident: str
    at: datetime


class OpenGroup(Struct, frozen=True, kw_only=True):
    """A grouped page that no message told the person of yet. due: when one does."""

    page: PageState
    due: datetime


class Grouping:
    """Decides about the pages of one incident. live: the incidents that go on, this one among them."""

    def __init__(self, config: Config, state: State, live: Iterable[State]) -> None:
        within = config.policies.page.group_within
        self.within = duration(within) if within else timedelta(0)
        self._own = ranking.place(state, config)
        self.live = {one.id: one for one in live if one.category == "live" and one.card.kind in PAGED_KINDS}
        self._places = {name: ranking.place(one, config) for name, one in self.live.items()}

    def first(self, person: str, now: datetime, more: Iterable[Message] = ()) -> Message | None:
        """The message that a page to a person joins now; None if it is sent. more: messages that no record has yet.

        It is sent if nothing went to the person shortly before, or only what comes after this incident.
        """
        lately = [
            one
            for one in (*self._recorded(), *more)
            if one.person == person and one.incident in self._places and abs(now - one.at) < self.within
        ]
        if not lately:
            return None
        first = min(lately, key=lambda one: (self._places[one.incident], one.at))
        return None if self._own < self._places[first.incident] else first

    def _recorded(self) -> Iterable[Message]:
        return (
            Message(page.target, name, page.at)
            for name, state in self.live.items()
            for page in state.pages
            if _is_message(page)
        )


def open_groups(config: Config, rotas: Rotations, state: State, live: Sequence[State]) -> list[OpenGroup]:
    """The grouped pages of an incident that nobody answered, and that no later page told the person of."""
    grouped = [page for page in waiting(state) if page.grouped]
    if not grouped:
        return []
    within = config.policies.page.group_within
    pause = duration(within) if within else timedelta(0)
    answered = _answered(config, rotas, state)
    found: dict[str, OpenGroup] = {}
    for page in grouped:
        sent = [p.at for one in live for p in one.pages if p.target == page.target and _is_message(p)]
        if page in answered or any(at > page.at for at in sent):
            continue
        before = max((at for at in sent if page.at - at < pause), default=page.at)
        found.setdefault(page.target, OpenGroup(page=page, due=before + pause))
    return list(found.values())


def _answered(config: Config, rotas: Rotations, state: State) -> Collection[PageState]:
    """The pages of policies that somebody answered, whether or not it was the person of the page."""
    found: list[PageState] = []
    for track in tracks_of(config, rotas.oncall, state):
        own = [page for page in state.pages if page.at >= track.since and is_of(track, page)]
        led = track.reason != "escalated" and state.lead is not None
        found += own if led or any(answer_of(page, state) for page in own) else []
    return found


def _is_message(page: PageState) -> bool:
    return not page.failed and not page.grouped


def waiting_for(config: Config, live: Iterable[State], person: str, due: Collection[str] = ()) -> list[State]:
    """The incidents in which a page to a person waits for an answer, the most urgent first. due: those paged now."""
    found = [
        state
        for state in live
        if state.category == "live"
        and state.card.kind in PAGED_KINDS
        and (state.id in due or any(page.target == person for page in waiting(state)))
    ]
    return ranking.ranked(found, config)
