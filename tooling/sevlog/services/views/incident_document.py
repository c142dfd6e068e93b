"""An incident with all its parts, as `sevlog show --json` prints it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from ...model.problem import Problem
from ..common import documents
from . import involved, relations

# Boards and lists come from the index; what the fold needs is loaded by the views that show more.
if TYPE_CHECKING:
    from ...model.links.ties import Ties
    from ...model.timeline.state import State
    from ..workspace.workspace import Workspace


def timeline_rows(workspace: Workspace, state: State) -> list[documents.TimelineRow]:
    """The entries, oldest first, each as it counts."""
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


def incident_document(
    workspace: Workspace,
    state: State,
    ties: Mapping[str, Ties],
    reading: Iterable[Problem],
    as_of: datetime | None,
    known_at: datetime | None,
) -> documents.Incident:
    """The whole document. reading: the findings about its files."""
    from ...model.learning.durations import durations, time_in_severity
    from ...model.timeline.lifecycle import name_of, steps_from
    from ...stores.records import codec
    from ..notifying.past import deliveries

    card = state.card
    now = as_of or known_at or workspace.clock()
    lifecycle = workspace.config.lifecycle_for(card.kind, card.type)
    roles = _people_by_role(state)
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
        updates=_updates(state),
        next_update_due_at=state.next_update_due_at,
        overdue=involved.overdue(documents.deadlines(state, workspace.config), now),
        next_update_promised_in=state.next_update_promised_in,
        timeline=timeline_rows(workspace, state),
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


def _people_by_role(state: State) -> dict[str, list[str]]:
    """Role -> its holders, each once."""
    people: dict[str, dict[str, None]] = {}
    for holder in state.holders:
        people.setdefault(holder.role, {})[holder.person] = None
    return {role: list(names) for role, names in people.items()}


def _updates(state: State) -> list[documents.SaidUpdate]:
    return [
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
    ]


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
