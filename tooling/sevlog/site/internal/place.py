"""Where an internal page is, and what it can link to: incidents, runbooks and people by name."""

from __future__ import annotations

from functools import cached_property

from ...services.publishing.internal_view import InternalView
from ..markup.html import Child, link, outside
from ..pages.page import PageLocation
from .elements import address


class Place:
    """A page of the internal site, for the parts that make its content."""

    def __init__(self, view: InternalView, location: PageLocation) -> None:
        self.view, self.location = view, location

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {one.incident.id: one.incident.title for one in self.view.records}

    def incident(self, name: str, text: str | None = None) -> Child:
        """The title of an incident (or `text`), as a link to its page if it has one."""
        title = self._titles.get(name)
        return link(self.location.to(address(name)), text or title) if title is not None else text or name

    def related(self, target: str) -> Child:
        """The other side of a relation: an incident, an address or a name."""
        return self.incident(target) if target in self._titles else outside(target, target)

    def person(self, key: str | None) -> str:
        """The name of a person, team or schedule by its key; the key if oncall.yaml does not list it."""
        oncall = self.view.oncall
        found = oncall.person(key) if key else None
        return found.name or found.key if found else key or ""

    def target(self, word: str) -> str:
        """`schedule:lockers` in words."""
        kind, mark, key = word.partition(":")
        return f"{kind} {key}" if mark and kind in ("schedule", "team") else self.person(key or word)

    def component(self, key: str) -> str:
        """The name of a component."""
        found = self.view.config.component(key)
        return found.name if found else key
