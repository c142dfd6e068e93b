"""Lists of incidents, one incident, and its timeline, as documents made from the fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from msgspec import Struct
from msgspec.structs import replace

from ...errors import NotFound
from ...model.problem import Problem
from ...model.vocabulary import Category, to_the_minute
from ..common import documents
from ..workspace import lookup
from ..workspace.catalog import Catalog, IncidentSummary, ranked
from . import relations
from .incident_document import incident_document, timeline_rows

# Boards and lists come from the index; what the fold needs is loaded by the views that show more.
if TYPE_CHECKING:
    from ...model.timeline.incident import Record
    from ...model.timeline.state import State
    from ..workspace.workspace import Workspace

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Filter(Struct, frozen=True, kw_only=True):
    """What `list` is narrowed to; empty means all. `status` takes a status or a category."""

    status: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    component: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def read_states(workspace: Workspace) -> tuple[list[State], list[Problem]]:
    """Every readable record's state, and the findings about files that could not be read."""
    states: list[State] = []
    problems: list[Problem] = []
    for reading in Catalog(workspace).readings():
        problems += reading.problems
        if reading.record is not None:
            states.append(workspace.state(reading.record))
    return states, problems


def listed(workspace: Workspace, wanted: Filter, *, remember: bool = True) -> documents.IncidentList:
    """Incidents, newest first. remember: whether the index may be used."""
    is_wanted = _test(workspace, wanted)
    catalog = Catalog(workspace, remember=remember)
    summaries = catalog.summaries()
    places = {summary.path: place for place, summary in enumerate(ranked(summaries), start=1)}
    texts = {} if wanted.text is None else catalog.texts()
    needle = (wanted.text or "").lower()
    chosen = [
        replace(summary.brief, rank=places.get(summary.path))
        for summary in summaries
        if summary.brief is not None
        and is_wanted(summary.brief, summary.tags)
        and (wanted.text is None or needle in texts[summary.path])
    ]
    chosen.sort(key=lambda brief: (brief.started_at or _EARLIEST, brief.id), reverse=True)
    chosen = relations.promised(catalog, chosen)
    return documents.IncidentList(schema=documents.SCHEMA, incidents=chosen, problems=problems_of(summaries))


def _test(workspace: Workspace, wanted: Filter) -> Callable[[documents.Brief, tuple[str, ...]], bool]:
    """Whether a record, by its short form and tags, passes a filter. Raises UsageError for words nobody knows."""
    statuses = _known_statuses(workspace, wanted.status) if wanted.status else ()
    if wanted.severity or wanted.component:
        from ..common import name_lookup

        severities = tuple(name_lookup.severity(workspace.config, s) for s in wanted.severity)
        components = tuple(name_lookup.component(workspace.config, c) for c in wanted.component)
    else:
        severities = components = ()

    def test(brief: documents.Brief, tags: tuple[str, ...]) -> bool:
        began = brief.started_at
        return (
            (not statuses or brief.status in statuses or brief.category in statuses)
            and (not severities or brief.severity in severities)
            and (not components or any(c in brief.components for c in components))
            and (not wanted.kind or brief.kind in wanted.kind)
            and (not wanted.tag or any(t in tags for t in wanted.tag))
            and (wanted.since is None or (began or wanted.since) >= wanted.since)
            and (wanted.until is None or (began or wanted.until) < wanted.until)
        )

    return test


def _known_statuses(workspace: Workspace, wanted: Iterable[str]) -> tuple[str, ...]:
    """Statuses and categories as the configuration has them. Raises UsageError for a word that is neither."""
    from ..common import name_lookup

    lifecycles = workspace.config.lifecycles.values()
    statuses = dict.fromkeys(status.key for lifecycle in lifecycles for status in lifecycle.statuses)
    known = [*statuses, *(category for category in get_args(Category) if category not in statuses)]
    return tuple(name_lookup.choose("status or category", word, known) for word in wanted)


def problems_of(summaries: Iterable[IncidentSummary]) -> list[Problem]:
    """The findings about the files of these incidents."""
    return [problem for summary in summaries for problem in summary.problems]


def shown(
    workspace: Workspace, incident: str | None, *, as_of: datetime | None = None, known_by: datetime | None = None
) -> documents.Incident:
    """One incident as it stands, or as it stood at a time, or as it was known at a time."""
    from ...model.links.inheritance import with_promises

    reading = workspace.read(lookup.resolve(workspace, incident))
    ties = Catalog(workspace).ties()
    state = _state_then(workspace, workspace.readable(reading), as_of, known_by)
    state = with_promises(state, ties, by=as_of or known_by)
    return incident_document(workspace, state, ties, reading.problems, as_of, known_by)


def timeline(workspace: Workspace, incident: str | None, *, as_of: datetime | None = None) -> documents.Timeline:
    """One incident's entries, oldest first."""
    reading = workspace.read(lookup.resolve(workspace, incident))
    state = _state_then(workspace, workspace.readable(reading), as_of, None)
    return documents.Timeline(
        schema=documents.SCHEMA,
        id=state.id,
        kind=state.card.kind,
        as_of=as_of,
        timeline=timeline_rows(workspace, state),
        problems=list(reading.problems),
    )


def _state_then(workspace: Workspace, record: Record, as_of: datetime | None, known_by: datetime | None) -> State:
    """The state at a time. Raises NotFound where the incident did not exist yet, or nobody knew of it."""
    state = workspace.state(record, as_of=as_of, known_by=known_by)
    asked = as_of or known_by
    if state.timeline or asked is None or not record.entries:
        return state

    known = min(entry.recorded_at or entry.at for entry in record.entries)
    begun = f"it begins at {to_the_minute(min(e.at for e in record.entries))} and was first recorded"
    raise NotFound(f"{record.id} has no entry before {to_the_minute(asked)}", f"{begun} at {to_the_minute(known)}")
