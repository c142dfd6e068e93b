"""What a postmortem is written from: the state of the incident, and what the repository knows of names and problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from ...config.settings import Config, Lifecycle
from ...timeline.incident import ContributingFactor
from ...timeline.state import Holder, State


class Source(Struct, frozen=True, kw_only=True):
    """An incident as a postmortem sees it.

    now: for what is still open. people: handle -> name. problems: the titles of the problem records that list it.
    """

    state: State
    config: Config
    now: datetime
    people: Mapping[str, str] = {}
    problems: tuple[str, ...] = ()

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle of the incident."""
        return self.config.lifecycle_for(self.state.card.kind, self.state.card.type)

    @property
    def factors(self) -> tuple[ContributingFactor, ...]:
        """The contributing factors that the postmortem lists."""
        return self.state.postmortem.contributing_factors if self.state.postmortem else ()

    @property
    def all_holders(self) -> list[Holder]:
        """Everybody who had a role, in the order in which they got it."""
        return sorted((*self.state.former_holders, *self.state.holders), key=lambda h: (h.since, h.role, h.person))

    def component(self, key: str) -> str:
        """What people call a component."""
        return next((known.name for known in self.config.components if known.key == key), key)

    def name(self, person: str) -> str:
        """What people call a person."""
        return self.people.get(person, person)

    def role_at(self, person: str | None, at: datetime) -> str:
        """The role that somebody had at a time, else `responder`: a postmortem speaks of roles, not of people."""
        if person is None:
            return ""
        held = [h for h in self.all_holders if h.person == person and h.since <= at and (not h.until or at < h.until)]
        lead = next((h for h in held if h.lead), held[0] if held else None)
        return self.config.role_name(lead.role) if lead else "Responder"
