"""What the looking commands show: documents made from the fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from msgspec import Struct
from msgspec.structs import asdict, replace

from ...errors import NotFound
from ...model.guidance.follow_up import SOON
from ...model.problem import Problem
from ...model.vocabulary import Category, to_the_minute
from ..common import documents
from ..workspace import lookup
from ..workspace.catalog import Catalog, IncidentSummary, kind_of_summary, ranked
from . import involved, relations

# Boards and lists come from the index; what the fold needs is loaded by the views that show more.
if TYPE_CHECKING:
    from ...model.links.ties import Ties
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
    return documents.IncidentList(schema=documents.SCHEMA, incidents=chosen, problems=_problems(summaries))


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


def board(workspace: Workspace, *, remember: bool = True) -> documents.Board:
    """The live incidents, the most pressing first. remember: whether the index may be used."""
    catalog = Catalog(workspace, remember=remember)
    summaries, now = catalog.notable(), workspace.clock()
    live = [_row(workspace, summary, now, place) for place, summary in enumerate(ranked(summaries), 1)]
    others = ("drill", "retrospective")
    live += [_row(workspace, s, now) for s in ranked(summaries, every_kind=True) if kind_of_summary(s) in others]

    def late(row: documents.BoardRow, state: State) -> documents.BoardRow:
        return replace(row, overdue=involved.overdue(documents.deadlines(state, workspace.config), now))

    live = _with_troubles(workspace, relations.promised(catalog, live, late))
    live += [_board_row(brief) for brief in _unattended(catalog, summaries, now)]
    quiet = documents.snoozes(workspace.config, now) if workspace.config.intake.snoozes else []
    return documents.Board(
        schema=documents.SCHEMA,
        incidents=live,
        follow_up=_follow_up(summaries, now),
        problems=_problems(summaries),
        snoozes=quiet,
    )


def _follow_up(summaries: Iterable[IncidentSummary], now: datetime) -> list[documents.FollowUp]:
    """What is overdue or due soon of incidents that are over, the latest first."""
    found = [
        documents.FollowUp(
            incident=summary.brief.id, what=one.what, command=one.command, due_at=one.due_at, overdue=one.due_at < now
        )
        for summary in summaries
        if summary.brief is not None and not summary.live
        for one in summary.deadlines
        if one.due_at - SOON <= now
    ]
    return sorted(found, key=lambda one: one.due_at)


def _with_troubles(workspace: Workspace, rows: list[documents.BoardRow]) -> list[documents.BoardRow]:
    """The rows with how many notifications of each did not arrive."""
    from ..notifying.past import troubled

    counts = troubled(workspace)
    return [replace(row, undelivered=counts.get(row.id, 0)) for row in rows]


def _row(workspace: Workspace, summary: IncidentSummary, now: datetime, rank: int | None = None) -> documents.BoardRow:
    assert summary.brief is not None  # ranked() has only those that can be read
    joined = involved.collaborators(workspace, summary.collaborators)
    return _board_row(replace(summary.brief, rank=rank), involved.overdue(summary.deadlines, now), joined)


def _board_row(
    brief: documents.Brief, overdue: Iterable[documents.Deadline] = (), joined: Iterable[documents.Collaborator] = ()
) -> documents.BoardRow:
    return documents.BoardRow(**asdict(brief), overdue=list(overdue), collaborators=list(joined))


def _unattended(catalog: Catalog, summaries: Iterable[IncidentSummary], now: datetime) -> list[documents.Brief]:
    """The maintenances whose window began or passed without a step, with what to do."""
    from ...model.guidance.missed_windows import missed

    planned = [g.path for g in summaries if g.live and g.brief is not None and g.brief.kind == "maintenance"]
    found = []
    for state in catalog.states(planned) if planned else ():
        todo = missed(state, now)
        if todo is not None:
            found.append(replace(documents.brief(state), attention=f"{todo.what}: {todo.about(state.id).command}"))
    return found


def _problems(summaries: Iterable[IncidentSummary]) -> list[Problem]:
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
    return _document(workspace, state, ties, reading.problems, as_of, known_by)


def timeline(workspace: Workspace, incident: str | None, *, as_of: datetime | None = None) -> documents.Timeline:
    """One incident's entries, oldest first."""
    reading = workspace.read(lookup.resolve(workspace, incident))
    state = _state_then(workspace, workspace.readable(reading), as_of, None)
    return documents.Timeline(
        schema=documents.SCHEMA,
        id=state.id,
        as_of=as_of,
        timeline=_rows(workspace, state),
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


def _rows(workspace: Workspace, state: State) -> list[documents.TimelineRow]:
    from ...model.timeline.kinds.registry import one_line_of, with_names
    from ...stores.records import codec

    config = workspace.config
    lifecycle = config.lifecycle_for(state.card.kind, state.card.type)
    return [
        documents.TimelineRow(
            id=item.id,
            kind=item.kind,
            at=(item.effective or item.entry).at,
            recorded_at=item.known_at,
            by=item.entry.by,
            text=(item.effective or item.entry).text,
            summary=one_line_of(with_names(item.effective or item.entry, config, lifecycle)),
            corrected_by=list(item.corrected_by),
            retracted_by=item.retracted_by,
            redacted_by=item.redacted_by,
            entry=codec.entry_data(item.entry),
        )
        for item in sorted(state.timeline, key=lambda i: ((i.effective or i.entry).at, i.known_at, i.id))
    ]


def _document(
    workspace: Workspace,
    state: State,
    ties: Mapping[str, Ties],
    reading: Iterable[Problem],
    as_of: datetime | None,
    known_at: datetime | None,
) -> documents.Incident:
    from ...model.learning.durations import durations, time_in_severity
    from ...model.timeline.lifecycle import name_of, steps_from
    from ...stores.records import codec
    from ..notifying.past import deliveries

    card = state.card
    now = as_of or known_at or workspace.clock()
    lifecycle = workspace.config.lifecycle_for(card.kind, card.type)
    roles: dict[str, list[str]] = {}
    for holder in state.holders:
        people = roles.setdefault(holder.role, [])
        if holder.person not in people:
            people.append(holder.person)
    milestones = {name: getattr(state.milestones, name) for name in state.milestones.__struct_fields__}
    return documents.Incident(
        schema=documents.SCHEMA,
        id=state.id,
        as_of=as_of,
        known_at=known_at,
        title=card.title,
        public_title=card.public_title,
        kind=card.kind,
        type=card.type,
        status=state.status,
        status_name=state.status_name,
        category=state.category,
        severity=state.severity,
        priority=state.priority,
        major=state.major,
        visibility=card.visibility,
        on_page=_on_page(state),
        summary=card.summary,
        detection=codec.plain(card.detection) if card.detection else None,
        tags=list(card.tags),
        fields=dict(card.fields),
        scheduled=codec.plain(card.scheduled) if card.scheduled else None,
        origin=codec.plain(card.origin) if card.origin else None,
        components=dict(state.components),
        assessment={k: v for k, v in codec.plain(state.assessment).items() if v is not None},
        roles=roles,
        holders=[
            documents.RoleHolder(role=h.role, person=h.person, lead=h.lead, workstream=h.workstream, since=h.since)
            for h in state.holders
        ],
        role_names={role: workspace.config.role_name(role) for role in roles},
        lead=state.lead,
        collaborators=involved.collaborators(workspace, state.collaborators),
        channels=[documents.Channel(type=c.type, url=c.url, at=c.at) for c in state.channels],
        milestones=milestones,
        durations=durations(state),
        time_in_severity=time_in_severity(state, now),
        updates=[
            documents.SaidUpdate(
                id=u.id,
                at=u.entry.at,
                by=u.entry.by,
                audience=u.entry.audience,
                phase=u.entry.phase,
                text=u.entry.text,
                components=dict(u.entry.components or {}),
                next_update_at=u.entry.next_update_at,
                edited_at=u.edited_at,
            )
            for u in state.updates
        ],
        next_update_due_at=state.next_update_due_at,
        overdue=involved.overdue(documents.deadlines(state, workspace.config), now),
        next_update_promised_in=state.next_update_promised_in,
        timeline=_rows(workspace, state),
        relations=relations.relations(state, ties, as_of, known_at),
        merged_into=state.merged_into,
        alerts=[codec.plain(a) for a in state.alerts.values()],
        tasks=[codec.plain(t) for t in state.tasks.values()],
        observations=[codec.plain(o) for o in state.observations],
        theories=[{"text": None, "state": t.state, "from": [], **codec.entry_data(t)} for t in state.theories.values()],
        experiments=[codec.plain(e) for e in state.experiments],
        actions=[codec.whole(a) for a in state.actions],
        postmortem=codec.whole(state.postmortem) if state.postmortem else None,
        notifications=deliveries(workspace, state.id),
        relapses=state.relapses,
        overrides=list(state.overrides),
        next_statuses=list(steps_from(lifecycle, state.status)),
        next_status_names=[name_of(lifecycle, status) for status in steps_from(lifecycle, state.status)],
        problems=[*reading, *state.problems],
    )


def _on_page(state: State) -> documents.OnPage:
    from ...model.public.publication import why_hidden

    hidden = why_hidden(state)
    since = min((u.entry.at for u in state.updates if u.entry.audience == "public"), default=None)
    return documents.OnPage(
        shown=hidden is None,
        title=None if hidden else state.card.public_title,
        since=None if hidden else since,
        why_not=hidden,
    )
