"""The stories of all incidents, searched by words: through the index, and directly for what the index lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from ....model.similarity.incident_profile import Story, Words, story
from ....model.similarity.likeness import (
    LEAST,
    LEAST_OF_A_TEXT,
    STRENGTHS,
    Asked,
    Likeness,
    asked,
    counts_in,
    counts_of,
    extras,
    likeness,
    weights,
)
from ....stores import layout
from ....stores.worker_processes import parts_for, shared
from ...workspace.catalog import Catalog

if TYPE_CHECKING:
    from ...workspace.workspace import Workspace

CANDIDATES = 60
"""How many of the incidents that share words are looked at closely."""

_EACH = 0.0012
"""Seconds that it takes to read and fold an incident of which nothing is known, about."""

_TOLD = frozenset({"incident", "retrospective"})


class SimilarStory(Struct, frozen=True, kw_only=True):
    """An incident that is like the one that was asked for."""

    story: Story
    likeness: Likeness


class Stories:
    """The stories of a workspace as its files are now. remember: whether the index may be used."""

    def __init__(self, workspace: Workspace, *, remember: bool = True) -> None:
        self._workspace = workspace
        self._catalog = Catalog(workspace, remember=remember)
        self._facet = self._catalog.index.facet("story", self._catalog.settings, Story)
        self._search = self._catalog.index.search(self._catalog.settings)
        self._known: dict[str, bytes] = {}
        self._by_hand: dict[str, Story] = {}
        self._stale: list[str] = []
        """Folders that the index has as they were: it could not be written."""

    def take_in(self, patience: float | None = None) -> bool:
        """Look at all folders, and read those that the index lacks; whether that was done.

        patience: seconds that the reading may take, by estimate; where it would take longer, nothing is read.
        """
        index = self._catalog.index
        index.survey()
        now = {
            f"{layout.INCIDENTS}/{year}/{name}": content
            for year, _ in index.years
            for name, content in index.contents(year).items()
        }
        elsewhere = self._catalog.elsewhere
        known = self._search.known()
        if not known:
            _ = self._workspace.config  # not known yet whether it can be read
        if known == now and not elsewhere:
            self._known = known
            return True
        lacking = [path for path, content in now.items() if content is None or known.get(path) != content]
        lacking = sorted({*filter(_is_incident, lacking), *elsewhere})
        if patience is not None and len(lacking) * _EACH > patience:
            return False
        self._search.forget(path for path in known if path in elsewhere or known[path] != now.get(path))
        made = self._profiles_of(lacking)
        for path, one in made.items():
            content = now.get(path)
            if content is not None and path not in elsewhere:
                self._search.put(path, content, _counted(one))
        self._catalog.save()
        known = self._search.known()
        self._known = {path: content for path, content in known.items() if now.get(path) == content}
        self._stale = [path for path in known if path not in self._known]
        self._by_hand = {path: one for path, one in made.items() if path not in self._known}
        return True

    def like(self, ours: Story, words: Words, now: datetime) -> list[SimilarStory]:
        """The incidents that are like one, the most alike first."""
        own = str(layout.folder_of(ours.id)) if ours.id else ""
        weighed = self._weighed(ours, words, own)
        paths = self._search.find(weights(weighed), STRENGTHS, extras(ours), CANDIDATES) if self._known else []
        if paths is None:
            self._look_by_hand()
            return self.like(ours, words, now)
        paths = [path for path in paths if path in self._known and path != own]
        by_hand = [one for path, one in self._by_hand.items() if path != own]
        found = [
            SimilarStory(story=one, likeness=likeness(weighed, one, now))
            for one in (*by_hand, *self._profiles_of(paths).values())
            if one.kind in _TOLD or one.kind == ours.kind
        ]
        least = LEAST if ours.id else LEAST_OF_A_TEXT
        found = [row for row in found if row.likeness.score >= least]
        found.sort(key=_order)
        return found

    def _look_by_hand(self) -> None:
        """Drop the word lists, because one of them is damaged; they are rebuilt."""
        self._by_hand |= self._profiles_of([path for path in self._known if path not in self._by_hand])
        self._known, self._stale = {}, []
        self._search.reset()
        self._catalog.save()

    def _weighed(self, ours: Story, words: Words, own: str) -> Asked:
        """The incident's words, weighed by how rare they are among the others."""
        terms = counts_of(words)
        known_in = Counter(self._search.spread(terms)) if self._known else Counter[str]()
        others = [one for path, one in self._by_hand.items() if path != own]
        for one in others:
            known_in.update(terms.keys() & counts_in(one).keys())
        for counts in self._search.counts([*self._stale, *([own] if own in self._known else [])]):
            known_in.subtract(terms.keys() & counts.keys())
        return asked(ours, words, known_in, len(self._known) - (own in self._known) + len(others))

    def _profiles_of(self, paths: list[str]) -> dict[str, Story]:
        """The story of each folder that holds a readable record, as known or made now."""
        found: dict[str, Story] = {}
        everything: Mapping[str, Story | None] = self._facet.everything() if len(paths) > _MANY else {}
        unknown = []
        for path in paths:
            known = None if path in self._catalog.elsewhere else everything.get(path) or self._facet.get(path)
            if known is None:
                unknown.append(path)
            else:
                found[path] = known
        parts = parts_for(len(unknown))
        if parts > 1:
            self._catalog.index.file.share()

        def look(part: int, parts: int) -> list[tuple[str, Story]]:
            mine = unknown[len(unknown) * part // parts : len(unknown) * (part + 1) // parts]
            made = [(path, one) for path in mine if (one := self._profile_of(path)) is not None]
            if parts > 1:
                self._catalog.save()
            return made

        for part in shared(look, list[tuple[str, Story]], parts) if unknown else []:
            found |= dict(part)
        return {path: found[path] for path in paths if path in found}

    def _profile_of(self, path: str) -> Story | None:
        record = self._catalog.reading(path).record
        if record is None:
            return None
        made = story(self._workspace.state(record), record)
        if path not in self._catalog.elsewhere:
            self._facet.put(path, made)
        return made


_MANY = 300
"""From so many on, all stories are read at once."""


def _counted(one: Story) -> dict[str, int]:
    """All that a story is found by."""
    return counts_in(one) | {mark: 1 for marks, *_ in extras(one) for mark in marks}


def _is_incident(path: str) -> bool:
    return layout.INCIDENT_ID.fullmatch(path.rpartition("/")[2]) is not None


def _order(row: SimilarStory) -> tuple[float, float, str]:
    """The most alike first; of those that are equally so, the newest."""
    began = row.story.began_at
    return -row.likeness.score, -(began.timestamp() if began else 0.0), row.story.id
