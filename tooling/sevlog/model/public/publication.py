"""Publication: the only way from records to the public. Each field that leaves is named here, or in `public_page`.

Public by permission (site.md): a record appears when it has a public title and at least one public update that was not
retracted, and is neither restricted nor a drill. Declined, merged and cancelled ones stay visible, as over.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from ..config.settings import Config
from ..timeline.entries import StatusChanged, Update
from ..timeline.incident import Record
from ..timeline.replay import replay
from ..timeline.state import State
from ..vocabulary import FINAL_PHASES, Impact, PageImpact, Phase, Visibility
from . import postmortem_text
from .components import Directory, Published, assemble, directory
from .exposure import ComponentChange, component_changes, holds
from .ids import incident_id, opaque
from .site import Change, PublicIncident, PublicPostmortem, PublicSite, PublicUpdate
from .updates import Spoken, phase_in, public_updates, spoken
from .uptime import worst_of
from .windows import Course, by_window, moves_by_itself

HIDDEN_KINDS = frozenset({"drill"})
HIDDEN_VISIBILITIES: frozenset[Visibility] = frozenset({"restricted"})
IMPACT_WORDS: dict[Impact, PageImpact] = {
    "operational": "none",
    "under_maintenance": "maintenance",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
"""An incident's impact from its worst component, if nothing else sets it (Statuspage's default)."""
MAINTENANCE_STEPS: dict[str, Phase] = {
    "triage": "scheduled",
    "live": "in_progress",
    "learning": "completed",
    "closed": "completed",
    "dropped": "completed",
}


class _Candidate(Struct, frozen=True, kw_only=True):
    """One record that may be published, with all that its public view is made from."""

    record: Record
    state: State
    config: Config
    listed: Directory
    as_of: datetime
    updates: tuple[Spoken, ...]
    steps: tuple[ComponentChange, ...]
    course: Course | None = None

    @property
    def maintenance(self) -> bool:
        return self.record.card.kind == "maintenance"

    @property
    def dropped(self) -> bool:
        return self.state.category == "dropped"

    @property
    def declined(self) -> bool:
        """A false alarm: dropped, and neither merged nor a maintenance."""
        return self.dropped and not self.maintenance and self.state.merged_into is None

    @property
    def as_imported(self) -> bool:
        """Whether the last update and every step came from another page."""
        return self.last.imported and not self.dropped and not any(step.by for step in self.state.status_steps)

    @property
    def last(self) -> Spoken:
        return self.updates[-1]

    def seen(self, at: datetime | None) -> datetime | None:
        """A time from a source, unless it is after `as_of`."""
        return at if at is not None and at <= self.as_of else None


def publish(records: Iterable[Record], config: Config, as_of: datetime) -> PublicSite:
    """Everything the public may see of these records, as it stood at `as_of`.

    Only what had happened and was recorded by then counts, so a later correction is not in an earlier view.
    Raises zoneinfo.ZoneInfoNotFoundError for an unknown time zone of the page.
    """
    listed = directory(config)
    views: list[Published | None] = []
    merged: dict[str, str] = {}
    for record in records:
        views.append(published(record, config, as_of, listed))
        merged |= merge_of(record, config, as_of)
    return assemble([view for view in views if view is not None], config, as_of, merged)


def merge_of(record: Record, config: Config, as_of: datetime) -> dict[str, str]:
    """The record -> the one it was merged into by then; empty for one that was not merged."""
    if not any(isinstance(entry, StatusChanged) and entry.into for entry in record.entries):
        return {}
    state = replay(record, config, as_of=as_of, known_by=as_of)
    return {record.id: state.merged_into} if state.merged_into and state.category == "dropped" else {}


def published(record: Record, config: Config, as_of: datetime, listed: Directory | None = None) -> Published | None:
    """The public view of one record; None where it is not for the public. `listed` saves reading the components again.

    It depends on nothing but its arguments, so a builder can keep it per record.
    """
    if not _permitted(record):
        return None
    state = replay(record, config, as_of=as_of, known_by=as_of)
    updates = spoken(state, as_of)
    if not updates:
        return None
    course = by_window(state, phase_in(updates[-1].entry.phase, maintenance=True), as_of)
    course = course if record.card.kind == "maintenance" else None
    case = _Candidate(
        record=record,
        state=state,
        config=config,
        listed=listed or directory(config),
        as_of=as_of,
        updates=updates,
        steps=component_changes(state, course),
        course=course,
    )
    name = incident_id(record, config.page.public_ids)
    changes = _changes(case, name)
    return Published(
        record=record.id,
        incident=_incident(case, name, [change for line in changes.values() for change in line]),
        changes=changes,
        imported=record.card.origin is not None,
        spare_id=opaque("incident", record.id),
    )


def _permitted(record: Record) -> bool:
    card = record.card
    return (
        bool(card.public_title)
        and card.visibility not in HIDDEN_VISIBILITIES
        and card.kind not in HIDDEN_KINDS
        and any(isinstance(entry, Update) and entry.audience == "public" for entry in record.entries)
    )


def why_hidden(state: State) -> str | None:
    """Why customers do not see a record on the page; None if they do."""
    if state.card.visibility in HIDDEN_VISIBILITIES:
        return f"it is {state.card.visibility}"
    if state.card.kind in HIDDEN_KINDS:
        return f"it is a {state.card.kind}"
    missing = [] if state.card.public_title else ["no public title yet"]
    missing += [] if any(u.entry.audience == "public" for u in state.updates) else ["no public update yet"]
    return ", ".join(missing) or None


def _incident(case: _Candidate, name: str, changes: list[Change]) -> PublicIncident:
    origin, window, phase = case.record.card.origin, case.record.card.scheduled, _phase(case)
    over = phase in FINAL_PHASES
    created_at = (origin and case.seen(origin.created_at)) or min(u.created_at for u in case.updates)
    resolved_at = _resolved_at(case) if over else None
    updates = public_updates(case.record, case.updates, case.steps, case.listed, case.maintenance)
    return PublicIncident(
        id=name,
        maintenance=case.maintenance,
        name=case.record.card.public_title or "",
        phase=phase,
        impact=_impact(case, changes),
        created_at=created_at,
        updated_at=_updated_at(case, resolved_at),
        started_at=_started_at(case, changes, created_at),
        began_at=_began_at(case),
        auto=case.maintenance
        and moves_by_itself(state=case.state, said=phase_in(case.last.entry.phase, maintenance=True)),
        shortlink=_shortlink(case, name),
        updates=updates,
        components=_components(case),
        monitoring_at=_monitoring_at(case),
        resolved_at=resolved_at,
        ended_at=_ended_at(case, resolved_at, changes),
        next_update_at=None if over else case.last.entry.next_update_at,
        scheduled_for=window.start if window and case.maintenance else None,
        scheduled_until=window.end if window and case.maintenance else None,
        reminder_intervals=origin.reminder_intervals if origin else None,
        cancelled=case.maintenance and case.dropped,
        postmortem=_postmortem(case, name, updates, resolved_at or case.last.at),
    )


def _phase(case: _Candidate) -> Phase:
    """The phase of the last update, unless the record says otherwise: page, API and board never disagree on its end.

    An ended incident is resolved, whatever its last update; a live one (reopened) is not. A maintenance also moves by
    its own status. While nobody here has moved an imported record, its source has the last word.
    """
    phase = phase_in(case.last.entry.phase, case.maintenance)
    if case.course is not None:
        return case.course.phase
    if case.as_imported:
        return phase
    if not case.state.live and phase not in FINAL_PHASES:
        return "completed" if case.maintenance else "resolved"
    if case.state.live and phase in FINAL_PHASES and not case.maintenance:
        return _open_phase(case)
    step = case.state.status_steps[-1] if case.state.status_steps else None
    if case.maintenance and step is not None and step.at > case.last.at:
        return "verifying" if step.act == "verify" else MAINTENANCE_STEPS[step.category]
    return phase


def _open_phase(case: _Candidate) -> Phase:
    """The phase of a live incident whose last update was a final one."""
    if case.state.milestones.mitigated_at is not None:
        return "monitoring"
    return "identified" if any(update.entry.phase == "identified" for update in case.updates) else "investigating"


def _impact(case: _Candidate, changes: list[Change]) -> PageImpact:
    """The source's own word; else a maintenance, nothing (declined), the severity's word, the worst component's."""
    card, severity = case.record.card, case.config.severity(case.state.severity)
    if card.origin is not None and card.origin.impact is not None:
        return card.origin.impact
    if case.maintenance:
        return "maintenance"
    if case.declined:
        return "none"
    if card.origin is None and severity is not None and severity.impact is not None:
        return severity.impact
    return IMPACT_WORDS[worst_of(change.impact for change in changes)]


def _started_at(case: _Candidate, changes: list[Change], created_at: datetime) -> datetime:
    """When the impact began; for a maintenance, as with Statuspage, when it was announced."""
    origin = case.record.card.origin
    given = case.seen(origin.started_at) if origin else None
    if given is not None or case.maintenance:
        return given or created_at
    known = case.state.milestones.started_at
    return known or min([case.updates[0].at, *(change.at for change in changes)])


def _began_at(case: _Candidate) -> datetime | None:
    """When the work on a maintenance began: by a step, an update, or its window."""
    if not case.maintenance:
        return None
    if case.course is not None:
        return case.course.began_at
    stepped = [step.at for step in case.state.status_steps if step.category == "live"]
    told_of = [u.at for u in case.updates if phase_in(u.entry.phase, maintenance=True) in ("in_progress", "verifying")]
    return min([*stepped, *told_of], default=None)


def _monitoring_at(case: _Candidate) -> datetime | None:
    origin = case.record.card.origin
    given = case.seen(origin.monitoring_at) if origin else None
    return given or next((u.at for u in case.updates if u.entry.phase == "monitoring"), None)


def _resolved_at(case: _Candidate) -> datetime:
    """When the last end of the incident was published; if it was not published, when it ended."""
    if case.course is not None and case.course.over_at is not None:
        return case.course.over_at
    origin = case.record.card.origin
    given = case.seen(origin.resolved_at) if origin and case.last.imported else None
    if given is not None:
        return given
    found = None
    for update in reversed(case.updates):
        if update.entry.phase not in FINAL_PHASES:
            break
        found = update.at
    clocks = case.state.milestones
    return found or clocks.resolved_at or clocks.closed_at or case.state.status_steps[-1].at


def _ended_at(case: _Candidate, resolved_at: datetime | None, changes: list[Change]) -> datetime | None:
    """When it ended: as recorded, and not before the last component was operational again."""
    if resolved_at is None:
        return None
    last = max((change.at for change in changes if change.impact == "operational"), default=resolved_at)
    return min(max(case.state.milestones.ended_at or resolved_at, last), resolved_at)


def _updated_at(case: _Candidate, resolved_at: datetime | None) -> datetime:
    """The last public change: an update, an edit or the retraction of one, or the end."""
    origin = case.record.card.origin
    given = case.seen(origin.updated_at) if origin else None
    times = [u.updated_at for u in case.updates if given is None or not u.imported]
    times += [u.edited_at for u in case.updates if u.edited_at is not None]
    times += [
        gone.known_at
        for item in case.state.timeline
        if item.retracted_by and _was_public(item.entry)
        for gone in [case.state.item(item.retracted_by)]
        if gone is not None
    ]
    if case.course is not None:
        times.append(case.course.over_at or case.course.began_at)
    if given is not None:
        times.append(given)
    elif resolved_at is not None:
        times.append(resolved_at)
    return max(times)


def _was_public(entry: object) -> bool:
    return isinstance(entry, Update) and entry.audience == "public"


def _shortlink(case: _Candidate, name: str) -> str:
    origin = case.record.card.origin
    if origin is not None and origin.url is not None and origin.url.startswith(("https://", "http://")):
        return origin.url
    return f"{case.config.page.url.rstrip('/')}/incidents/{name}/"


def _components(case: _Candidate) -> tuple[str, ...]:
    """Public ids of the components it touched, in page order; the source's list where the import kept one."""
    origin = case.record.card.origin
    keys = {step.component for step in case.state.component_steps}
    given: tuple[str, ...] = ()
    if origin is not None and origin.components is not None:
        given = origin.components
        keys = {key for update in case.updates if not update.imported for key in update.entry.components or {}}
    found = {case.listed.by_key[key] for key in keys if key in case.listed.by_key}
    found |= {case.listed.by_id[name] for name in given if name in case.listed.by_id}
    return tuple(listed.id for listed in sorted(found, key=lambda listed: listed.rank))


def _changes(case: _Candidate, name: str) -> dict[str, tuple[Change, ...]]:
    """Component id to this incident's holds on it. A declined incident has none."""
    if case.declined:
        return {}
    return {
        case.listed.by_key[key].id: tuple(Change(at=h.at, impact=h.impact, incident=name) for h in line)
        for key, line in holds(case.state, case.steps).items()
        if key in case.listed.by_key
    }


def _postmortem(
    case: _Candidate, name: str, updates: tuple[PublicUpdate, ...], otherwise: datetime
) -> PublicPostmortem | None:
    """The text for customers, once the postmortem's status is `published`."""
    record = case.record
    text, card, inner = record.public_postmortem_text, record.public_postmortem, record.postmortem
    if inner is None or inner.status != "published" or not text or not text.strip():
        return None
    at = (card and card.published_at) or inner.published_at or otherwise
    if at > case.as_of:
        return None
    return PublicPostmortem(
        incident_id=name,
        title=(card and card.title) or record.card.public_title or "",
        body=postmortem_text.shown(text, updates, case.config.page.time_zone),
        published_at=at,
        summary=card.summary if card else None,
    )
