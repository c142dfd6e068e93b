"""The data of another status page in a neutral shape: readers fill it, `base.build` makes records from it."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime

from msgspec import Struct

from ...model.timeline.entry_parts import AffectedComponent
from ...model.timeline.incident import Window
from ...model.vocabulary import Impact, PageImpact, Phase

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Repair(Struct, frozen=True):
    """An impossible value in the source, and how it was repaired.

    id: the source's own, of an incident, or of a component: then `component` is our key for it.
    """

    id: str
    what: str
    component: str | None = None


class Quarantined(Struct, frozen=True):
    """A row that could not be imported, kept whole. `id` is the source's own, or its place (`line 12`)."""

    id: str
    reason: str
    raw: object = None


class Unusable(Exception):
    """The row cannot become a record; the reason is for the person who reads the report."""


class SourcePage(Struct, frozen=True, kw_only=True):
    """The page. `id` is None where the source has no ids for pages."""

    id: str | None = None
    name: str
    url: str | None = None
    time_zone: str | None = None
    description: str | None = None
    updated_at: datetime | None = None


class SourceGroup(Struct, frozen=True, kw_only=True):
    """A group of components."""

    code: str
    name: str
    description: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class SourceComponent(Struct, frozen=True, kw_only=True):
    """A component. `group` is the code of its group. has_id: whether the code is an id there, not just the name."""

    code: str
    has_id: bool = True
    name: str
    group: str | None = None
    description: str | None = None
    showcase: bool = True
    only_show_if_degraded: bool = False
    start_date: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class SourceUpdate(Struct, frozen=True, kw_only=True):
    """A message to customers. `word` is the source's status word if it is not a phase.

    affected: the source's rows word for word; None if it had none. states: what they do to components, by code.
    """

    id: str | None = None
    phase: Phase
    at: datetime
    text: str
    created_at: datetime | None = None
    updated_at: datetime | None = None
    word: str | None = None
    affected: tuple[AffectedComponent, ...] | None = None
    states: dict[str, Impact] | None = None
    deliver_notifications: bool | None = None
    custom_tweet: str | None = None
    tweet_id: int | str | None = None


class SourceNote(Struct, frozen=True):
    """Something for the internal timeline."""

    at: datetime
    text: str


class SourceIncident(Struct, frozen=True, kw_only=True):
    """An incident or a maintenance. Updates are oldest first; there is at least one.

    complete: whether the source says of each update which components it touched, so that saying none means none.
    started_at: the start word for word. began_at: the same where it can be true.
    states: components by name at the start, for sources whose updates do not name them.
    over_at: set where the source says that it is over and no update does. impact_from: a start of the impact that the
    source found out later.
    """

    id: str
    name: str
    maintenance: bool
    updates: tuple[SourceUpdate, ...]
    url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    started_at: datetime | None = None
    began_at: datetime | None = None
    monitoring_at: datetime | None = None
    resolved_at: datetime | None = None
    impact: PageImpact | None = None
    window: Window | None = None
    components: tuple[str, ...] | None = None
    states: dict[str, Impact] | None = None
    reminder_intervals: str | None = None
    over_at: datetime | None = None
    complete: bool = False
    impact_from: datetime | None = None
    impact_until: datetime | None = None
    notes: tuple[SourceNote, ...] = ()
    repairs: tuple[str, ...] = ()


class Source(Struct, frozen=True, kw_only=True):
    """All that one import reads. `catalogue`: whether the source listed its components, so that others are retired.

    components and groups are in the order of the page. former: what is known of components that are listed no more.
    notices: what holds for the whole import and should be known.
    """

    system: str
    label: str
    incidents: tuple[SourceIncident, ...]
    page: SourcePage | None = None
    groups: tuple[SourceGroup, ...] = ()
    components: tuple[SourceComponent, ...] = ()
    catalogue: bool = False
    former: tuple[SourceComponent, ...] = ()
    repairs: tuple[Repair, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    notices: tuple[str, ...] = ()


def identifier(value: object) -> str | None:
    """The value, if it is an id that is valid in URLs and file names; else None."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else None


def word_in(value: object, words: Container[str]) -> bool:
    """Whether the value is a text and one of the words."""
    return isinstance(value, str) and value in words


def text_of(value: object) -> str | None:
    """The value, if it is a non-empty text."""
    return value if isinstance(value, str) and value.strip() else None


def title_of(value: object, repairs: list[str], what: str = "name") -> str:
    """A title of 1 to 300 characters on one line; repaired if the source has something else."""
    text = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
    if not text:
        repairs.append(f"it has no {what}: called `Untitled`")
        return "Untitled"
    if len(text) > 300:
        repairs.append(f"its {what} has {len(text)} characters: cut to 300")
        return text[:299] + "…"
    return text
