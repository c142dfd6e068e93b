"""Shows problem records: their incidents, causes and changes, recurrences, and incidents that may belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from ...model.learning.problems import ProblemCard, RequiredChange, open_changes, recurrences
from ...model.similarity.incident_profile import Story, Words
from ...stores.markdown.problem_records import ProblemRecord, read_problem_records
from ..common.documents import SCHEMA, Brief
from ..learning.problem_acts import found
from ..workspace.catalog import Catalog
from .similar.profiles import Stories

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_MOST_PROPOSED = 5


class ProblemRow(Struct, kw_only=True):
    """A problem in a list."""

    key: str
    title: str
    status: str
    owner: str | None
    incidents: Annotated[int, Meta(description="How many incidents it has.")]
    last_at: Annotated[datetime | None, Meta(description="When the newest of them began.")]
    due: str | None
    overdue: Annotated[bool, Meta(description="Whether its fix was promised by a day that is over.")]
    open_changes: int
    recurred: Annotated[list[str], Meta(description="Incidents that began although a fix was promised, or made.")]


class ProblemList(Struct, kw_only=True):
    """`sevlog problem list --json`."""

    schema: str
    problems: list[ProblemRow]


class ProblemIncident(Struct, kw_only=True):
    """An incident of a problem, or one that may belong to it. why: what they have in common."""

    id: str
    title: str
    severity: str | None
    started_at: datetime | None
    why: list[str] = []


class ProblemShown(Struct, kw_only=True):
    """`sevlog problem show --json`."""

    schema: str
    key: str
    title: str
    status: str
    owner: str | None
    components: list[str]
    opened_on: str | None
    due: str | None
    fixed_on: str | None
    causes: list[str]
    changes: list[RequiredChange]
    incidents: list[ProblemIncident]
    recurred: Annotated[list[str], Meta(description="A sentence for each recurrence that nobody has reviewed.")]
    proposed: Annotated[list[ProblemIncident], Meta(description="Incidents that may belong to it.")]


def listed(workspace: Workspace, statuses: Iterable[str] = (), owner: str | None = None) -> ProblemList:
    """The problems, those that came back first, then by their newest incident."""
    briefs = {brief.id: brief for brief in Catalog(workspace).briefs()}
    wanted = frozenset(statuses)
    rows = [
        _row(workspace, record, briefs)
        for record in read_problem_records(workspace.root)
        if (not wanted or record.status in wanted) and owner in (None, record.card.owner)
    ]
    rows.sort(key=lambda row: (not row.recurred, -(row.last_at.timestamp() if row.last_at else 0), row.key))
    return ProblemList(schema=SCHEMA, problems=rows)


def _row(workspace: Workspace, record: ProblemRecord, briefs: dict[str, Brief]) -> ProblemRow:
    card, began = record.card, _start_times(record.card, briefs)
    today = f"{workspace.clock():%Y-%m-%d}"
    return ProblemRow(
        key=record.key,
        title=record.title,
        status=record.status,
        owner=card.owner,
        incidents=len(card.incidents),
        last_at=max(began.values(), default=None),
        due=card.due,
        overdue=card.status in ("open", "in_progress") and card.due is not None and card.due < today,
        open_changes=len(open_changes(card)),
        recurred=[one.incident for one in recurrences(card, began)],
    )


def _start_times(card: ProblemCard, briefs: dict[str, Brief]) -> dict[str, datetime]:
    known = ((name, briefs[name].started_at) for name in card.incidents if name in briefs)
    return {name: at for name, at in known if at is not None}


def shown(workspace: Workspace, name: str) -> ProblemShown:
    """One problem with its incidents, and incidents that are like it. Raises NotFound."""
    record = found(workspace, name)
    card = record.card
    briefs = {brief.id: brief for brief in Catalog(workspace).briefs()}
    back = recurrences(card, _start_times(card, briefs))
    return ProblemShown(
        schema=SCHEMA,
        key=record.key,
        title=record.title,
        status=record.status,
        owner=card.owner,
        components=list(card.components),
        opened_on=card.opened_on,
        due=card.due,
        fixed_on=card.fixed_on,
        causes=list(card.causes),
        changes=list(card.changes),
        incidents=[_incident(briefs[one]) for one in card.incidents if one in briefs],
        recurred=[f"{one.incident} began on {one.began:%Y-%m-%d}, {one.why}" for one in back],
        proposed=_proposed(workspace, record, briefs),
    )


def _incident(brief: Brief, why: Iterable[str] = ()) -> ProblemIncident:
    return ProblemIncident(
        id=brief.id, title=brief.title, severity=brief.severity, started_at=brief.started_at, why=list(why)
    )


def _proposed(workspace: Workspace, record: ProblemRecord, briefs: dict[str, Brief]) -> list[ProblemIncident]:
    """Incidents that are not linked, by components, causes and words; those of its own incidents count as its own."""
    card = record.card
    stories = Stories(workspace)
    stories.take_in()
    parts = {key for one in card.incidents if one in briefs for key in briefs[one].components}
    words = Words(names=record.title, causes=" ".join(card.causes))
    ours = Story(
        id="",
        title=record.title,
        kind="incident",
        type="",
        status="",
        category="",
        stems=("", "", "", ""),
        components=card.components or tuple(sorted(parts)),
        linked=card.incidents,
    )
    alike = (row for row in stories.like(ours, words, workspace.clock()) if row.story.id not in card.incidents)
    return [
        _incident(briefs[row.story.id], row.likeness.why)
        for row in alike
        if row.story.id in briefs and row.story.category != "dropped"
    ][:_MOST_PROPOSED]
