"""The fold: from the timeline of a record to its state.

Any valid entries give a state plus problems, independent of the order in which files or entries are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from ..config.settings import Config
from ..vocabulary import IMPACTS
from .amendments import amended, identified
from .coherence import check_consistency
from .entries import known_at
from .fold_state import Draft
from .incident import Record
from .kinds.investigation import settle
from .lifecycle import NEW, category_of, first_of, name_of
from .state import Milestones, State, TimelineItem
from .transition_fold import apply_act


def replay(record: Record, config: Config, *, as_of: datetime | None = None, known_by: datetime | None = None) -> State:
    """The state of a record.

    as_of: only what had happened by then counts (by each entry's `at`, as corrected since).
    known_by: only what had been recorded by then counts (by `recorded_at`), corrections too.
    Both together give what somebody who looked at that time could see; actions and postmortem are always today's.
    """
    draft = Draft(record, config, config.lifecycle_for(record.card.kind, record.card.type))
    named = identified(draft, record.entries)
    total = len(named)
    if known_by is not None:
        named = [(name, entry) for name, entry in named if known_at(entry) <= known_by]
    items = amended(draft, named)
    if as_of is not None:
        items = [item for item in items if (item.effective or item.entry).at <= as_of]
    told = sorted((item for item in items if item.effective is not None), key=_by_time)
    for _, act in groupby(told, key=_act):
        apply_act(draft, [(item.effective, item.id) for item in act if item.effective is not None])
    counting = [(item.effective, item.id) for item in told if item.effective is not None]
    settle(draft)
    check_consistency(draft, items, counting, complete=len(items) == total)
    return _finished(draft, items)


def _act(item: TimelineItem) -> tuple[datetime, datetime]:
    """What the entries of one act share. What was said of one minute in several acts counts in the order of saying."""
    return (item.effective or item.entry).at, item.known_at


def _by_time(item: TimelineItem) -> tuple[datetime, datetime, str]:
    return (item.effective or item.entry).at, item.known_at, item.id


def _finished(draft: Draft, items: Sequence[TimelineItem]) -> State:
    card, lifecycle = draft.record.card, draft.lifecycle
    components = draft.components if draft.live else dict.fromkeys(draft.components, IMPACTS[0])
    status = draft.status if draft.status != NEW else first_of(lifecycle, "triage") or "triage"
    return State(
        id=draft.record.id,
        card=card,
        status=status,
        status_name=name_of(lifecycle, status),
        category=category_of(lifecycle, status),
        acts=draft.acts.acts_from.get(status, frozenset()),
        watched="monitor" in draft.acts.acts_to.get(status, ()),
        severity=draft.severity,
        priority=draft.priority,
        major=draft.config.is_major(draft.severity),
        components=components,
        component_steps=tuple(draft.component_steps),
        assessment=draft.assessed,
        holders=tuple(draft.holders),
        former_holders=tuple(draft.former_holders),
        lead=draft.lead,
        lead_since=draft.led[-1][1] if draft.lead else None,
        lead_roles=draft.lead_roles,
        offers=tuple(draft.offers),
        collaborators=draft.collaborators,
        channels=tuple(draft.channels),
        pages=tuple(draft.pages),
        escalations=tuple(draft.escalations),
        milestones=_milestones(draft),
        status_steps=tuple(draft.status_steps),
        severity_steps=tuple(draft.severity_steps),
        priority_steps=tuple(draft.priority_steps),
        updates=tuple(draft.updates),
        next_update_due=draft.next_update_due,
        promises_passed=draft.promises_passed,
        observations=tuple(draft.observations),
        theories=draft.theories,
        experiments=tuple(draft.experiments),
        decisions=tuple(draft.decisions),
        tasks=draft.tasks,
        runbook_steps=tuple(draft.runbook_steps),
        ideas=tuple(draft.ideas),
        links=tuple(draft.links),
        alerts=draft.alerts,
        merged_into=draft.merged_into,
        relapses=draft.relapses,
        reopened_at=draft.reopened_at,
        overrides=tuple(draft.overrides),
        timeline=tuple(items),
        actions=draft.record.actions,
        postmortem=draft.record.postmortem,
        problems=tuple(draft.problems),
    )


def _milestones(draft: Draft) -> Milestones:
    clocks, card = draft.clocks, draft.record.card
    planned = card.scheduled.start if card.scheduled and card.kind == "maintenance" else None
    return Milestones(
        started_at=draft.assessed.started_at or planned,
        detected_at=_earliest(clocks.get("alerted_at"), clocks.get("opened_at")),
        raised_at=clocks.get("raised_at") or clocks.get("opened_at"),
        acknowledged_at=_earliest(clocks.get("acknowledged_at"), clocks.get("page_answered_at")),
        confirmed_at=clocks.get("confirmed_at"),
        first_internal_update_at=clocks.get("first_internal_update_at"),
        first_public_update_at=clocks.get("first_public_update_at"),
        mitigated_at=clocks.get("mitigated_at"),
        ended_at=clocks.get("ended_at"),
        resolved_at=clocks.get("resolved_at"),
        closed_at=clocks.get("closed_at"),
    )


def _earliest(*times: datetime | None) -> datetime | None:
    return min([at for at in times if at is not None], default=None)
