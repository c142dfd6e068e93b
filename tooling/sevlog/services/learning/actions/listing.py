"""Lists action items of all incidents: the overdue ones first, then by date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct, field

from ....errors import SevlogError
from ....model.learning.actions import due_day, is_overdue
from ....model.timeline.incident import ActionItem
from ....model.vocabulary import ActionClass, ActionStatus
from ....stores import layout
from ...common.documents import SCHEMA
from ...workspace import lookup

if TYPE_CHECKING:
    from ...workspace.workspace import Workspace


class ActionRow(Struct, kw_only=True):
    """An action item in a list."""

    incident: str
    severity: str | None
    id: str
    title: str
    status: ActionStatus
    class_: Annotated[ActionClass, Meta(description="priority, improvement or cleanup.")] = field(name="class")
    intent: str | None
    owner: str | None
    team: str | None
    due: str | None
    overdue: Annotated[bool, Meta(description="Accepted or in progress after its due date.")]
    days: Annotated[int | None, Meta(description="Days until it is due; negative: days it is late. Open items only.")]
    ref: str | None
    done_by: list[str]
    verified_by: str | None


class ActionList(Struct, kw_only=True):
    """`sevlog action list --json`."""

    schema: str
    actions: list[ActionRow]
    problems: Annotated[list[str], Meta(description="Records that cannot be read, and why.")] = []


class Wanted(Struct, frozen=True, kw_only=True):
    """What a list is limited to. everything: also what is finished or dropped."""

    incident: str | None = None
    owner: str | None = None
    team: str | None = None
    classes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    overdue: bool = False
    everything: bool = False


_FINISHED = frozenset({"done", "verified", "wont_do"})


def listed(workspace: Workspace, wanted: Wanted) -> ActionList:
    """The action items that fit. Raises NotFound for an incident that is not there."""
    problems: list[str] = []
    rows = [row for row in _rows(workspace, wanted.incident, problems) if _fits(workspace, row, wanted)]
    rows.sort(key=lambda row: (not row.overdue, row.due or "9999", row.incident, int(row.id[1:])))
    return ActionList(schema=SCHEMA, actions=rows, problems=problems)


def overdue(workspace: Workspace) -> list[ActionRow]:
    """The items that are late, the latest first."""
    return listed(workspace, Wanted(overdue=True)).actions


def _rows(workspace: Workspace, incident: str | None, problems: list[str]) -> Iterator[ActionRow]:
    today = workspace.clock().date()
    names = [lookup.resolve(workspace, incident)] if incident else with_actions(workspace)
    for name in names:
        try:
            record = workspace.record(name)
            state = workspace.state(record)
        except SevlogError as error:
            problems.append(f"{name}: {error.message}")
            continue
        yield from (_row(name, state.severity, item, today) for item in record.actions)


def with_actions(workspace: Workspace) -> Iterable[str]:
    """The incidents that have action items, by id."""
    views = workspace.views
    here = (path.parent.name for path in workspace.root.glob(f"{layout.INCIDENTS}/*/*/{layout.ACTIONS_FILE}"))
    found = {name for name in here if layout.INCIDENT_ID.fullmatch(name)}
    return sorted(found | set(views.changes)) if views else sorted(found)


def _row(incident: str, severity: str | None, item: ActionItem, today: date) -> ActionRow:
    due = due_day(item)
    is_open = item.status not in _FINISHED
    return ActionRow(
        incident=incident,
        severity=severity,
        id=item.id,
        title=item.title,
        status=item.status,
        class_=item.class_,
        intent=item.intent,
        owner=item.owner,
        team=item.team,
        due=item.due,
        overdue=is_overdue(item, today),
        days=(due - today).days if due and is_open else None,
        ref=item.ref,
        done_by=list(item.done_by),
        verified_by=item.verified_by,
    )


def _fits(workspace: Workspace, row: ActionRow, wanted: Wanted) -> bool:
    members = _teams_of(workspace, wanted.team) if wanted.team else frozenset[str]()
    return (
        (not wanted.owner or row.owner == wanted.owner)
        and (not wanted.team or row.team == wanted.team or (row.team is None and row.owner in members))
        and (not wanted.classes or row.class_ in wanted.classes)
        and (not wanted.statuses or row.status in wanted.statuses)
        and (not wanted.overdue or row.overdue)
        and (wanted.everything or bool(wanted.statuses) or row.status not in _FINISHED)
    )


def _teams_of(workspace: Workspace, team: str) -> frozenset[str]:
    found = workspace.oncall.team(team)
    return frozenset(found.members) if found else frozenset()
