"""The JSON documents of the looking commands (cli.md, JSON). The classes are the source of schemas/cli/."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from ...model.guidance.role_cards import RoleCard
from ...model.problem import Problem
from .notification import Notification

if TYPE_CHECKING:
    from ...model.config.settings import Config
    from ...model.timeline.state import State


SCHEMA = "1"
"""The format of the documents."""


class Brief(Struct, kw_only=True):
    """An incident in a list."""

    id: str
    title: str
    public_title: str | None
    kind: str
    status: str
    status_name: Annotated[str, Meta(description="What people call the status.")]
    category: str
    severity: str | None
    priority: str | None
    major: bool
    rank: Annotated[int | None, Meta(description="Place among the live incidents, from 1; null when not live.")]
    components: Annotated[dict[str, str], Meta(description="Component key -> impact now.")]
    started_at: datetime | None
    resolved_at: datetime | None
    lead: str | None
    next_update_due_at: datetime | None
    next_update_promised_in: Annotated[
        str | None, Meta(description="The merged incident that promised the next update; null if it was promised here.")
    ] = None
    attention: Annotated[str | None, Meta(description="What somebody should see to, with the command.")] = None


class Collaborator(Struct, kw_only=True):
    """A person or a team that joined."""

    audience: Annotated[str, Meta(description="responder, observer or stakeholder.")]
    person: Annotated[str | None, Meta(description="The key in oncall.yaml; null for a team.")]
    team: Annotated[str | None, Meta(description="The key in oncall.yaml; null for a person.")]
    name: Annotated[str, Meta(description="The name in oncall.yaml; the key if it is not listed there.")]


class Deadline(Struct, frozen=True, kw_only=True):
    """Something to do by a time, as `sevlog next` lists it."""

    what: str
    command: str
    due_at: datetime


class FollowUp(Struct, frozen=True, kw_only=True):
    """Something that is due after an incident."""

    incident: str
    what: str
    command: str
    due_at: datetime
    overdue: bool


class BoardRow(Brief, kw_only=True):
    """An incident on the board."""

    overdue: Annotated[
        list[Deadline], Meta(description="Steps that are late: taking command, updates, answers to pages.")
    ]
    collaborators: list[Collaborator]
    undelivered: Annotated[
        int, Meta(description="Notifications that failed or may not have arrived: `sevlog show` lists them.")
    ] = 0


class Snooze(Struct, kw_only=True):
    """Alerts that open no incident for a time."""

    until: datetime
    fingerprint: str | None
    component: str | None
    title: str | None
    by: str | None
    reason: str


class Board(Struct, kw_only=True):
    """`sevlog board --json`."""

    schema: str
    incidents: list[BoardRow]
    follow_up: Annotated[
        list[FollowUp], Meta(description="Postmortems and action items that are overdue, or due within two days.")
    ] = []
    problems: list[Problem] = []
    snoozes: Annotated[list[Snooze], Meta(description="Alerts that open nothing now: `sevlog intake snoozed`.")] = []


class IncidentList(Struct, kw_only=True):
    """`sevlog list --json`."""

    schema: str
    incidents: list[Brief]
    problems: list[Problem] = []


class Channel(Struct, kw_only=True):
    """Where the response talks."""

    type: str
    url: str
    at: datetime


class SaidUpdate(Struct, kw_only=True):
    """An update as its audience got it."""

    id: str
    at: datetime
    by: str | None
    audience: str
    phase: str
    text: str
    components: dict[str, str]
    next_update_at: datetime | None
    edited_at: datetime | None


class TimelineRow(Struct, kw_only=True):
    """An entry as it counts; `entry` is the entry as written, all its keys."""

    id: str
    kind: str
    at: datetime
    recorded_at: datetime
    by: str | None
    text: str | None
    summary: Annotated[str, Meta(description="What counts, in one line.")]
    corrected_by: list[str]
    retracted_by: str | None
    redacted_by: Annotated[str | None, Meta(description="The entry that says that content was removed from this one.")]
    entry: Annotated[dict[str, Any], Meta(description="The entry as written.")]


class Timeline(Struct, kw_only=True):
    """`sevlog timeline --json`."""

    schema: str
    id: str
    kind: Annotated[str, Meta(description="incident, maintenance, drill or retrospective.")]
    as_of: datetime | None
    timeline: list[TimelineRow]
    problems: list[Problem] = []


class OnPage(Struct, kw_only=True):
    """What customers see of a record on the status page."""

    shown: bool
    title: Annotated[str | None, Meta(description="What they read as its title; null where it is not shown.")]
    since: Annotated[datetime | None, Meta(description="Of the first public update; null where it is not shown.")]
    why_not: Annotated[str | None, Meta(description="Why it is not shown; null where it is.")]


class RoleHolder(Struct, kw_only=True):
    """A person in a role."""

    role: str
    person: str
    lead: bool
    workstream: str | None
    since: datetime


class Relation(Struct, kw_only=True):
    """A relation to another incident, a ticket, an alert or a change."""

    rel: Annotated[str, Meta(description="The relation, as a link has it; merged_into for a merge.")]
    target: Annotated[str, Meta(description="The other side: an incident, an address or a name.")]
    text: str | None
    direction: Annotated[
        Literal["out", "in"],
        Meta(description="out: recorded here. in: the inverse of a link that the other incident has, never stored."),
    ]
    words: Annotated[str, Meta(description="The relation in words, from this side.")]


class Incident(Struct, kw_only=True):
    """`sevlog show --json`: an incident as it stands, or stood."""

    schema: str
    id: str
    as_of: Annotated[datetime | None, Meta(description="The time it is shown for; null for now.")]
    known_at: Annotated[datetime | None, Meta(description="Only what was recorded by then counts; null for all.")]
    title: str
    public_title: str | None
    kind: str
    type: str
    status: str
    status_name: Annotated[str, Meta(description="What people call the status.")]
    category: str
    severity: str | None
    priority: str | None
    major: bool
    visibility: str
    on_page: OnPage
    summary: str | None
    detection: dict[str, Any] | None
    tags: list[str]
    fields: dict[str, Any]
    scheduled: dict[str, Any] | None
    origin: dict[str, Any] | None
    components: Annotated[dict[str, str], Meta(description="Component key -> impact now.")]
    assessment: dict[str, Any]
    roles: Annotated[dict[str, list[str]], Meta(description="Role -> who holds it.")]
    holders: Annotated[list[RoleHolder], Meta(description="Who holds which role, with the workstream.")]
    role_names: Annotated[dict[str, str], Meta(description="Role -> what people call it.")]
    lead: str | None
    collaborators: Annotated[list[Collaborator], Meta(description="Who joined, by audience.")]
    channels: list[Channel]
    milestones: dict[str, datetime | None]
    durations: Annotated[dict[str, float | None], Meta(description="Name -> seconds; null while open.")]
    time_in_severity: Annotated[dict[str, float], Meta(description="Severity -> seconds.")]
    updates: list[SaidUpdate]
    next_update_due_at: datetime | None
    overdue: Annotated[list[Deadline], Meta(description="Steps that are late at that time.")]
    next_update_promised_in: Annotated[
        str | None, Meta(description="The merged incident that promised the next update; null if it was promised here.")
    ]
    timeline: list[TimelineRow]
    relations: list[Relation]
    merged_into: str | None
    alerts: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    observations: Annotated[list[dict[str, Any]], Meta(description="Each once, with all who confirmed it.")]
    theories: list[dict[str, Any]]
    experiments: Annotated[list[dict[str, Any]], Meta(description="Each once, with its latest result.")]
    actions: list[dict[str, Any]]
    postmortem: dict[str, Any] | None
    notifications: Annotated[
        list[Notification], Meta(description="What was sent of it, as this clone last saw the ledger.")
    ]
    relapses: int
    overrides: list[str]
    next_statuses: Annotated[list[str], Meta(description="Where the lifecycle allows it to go from here.")]
    next_status_names: Annotated[list[str], Meta(description="What people call these statuses, in the same order.")]
    problems: list[Problem]


class Acted(Struct, kw_only=True):
    """What every acting command prints with `--json`."""

    schema: str
    id: Annotated[str, Meta(description="The incident.")]
    incident: Annotated[str, Meta(description="The incident, by the name its commits' trailer has.")]
    summary: Annotated[str, Meta(description="What was done; the commit's subject says it too.")]
    entries: Annotated[list[str], Meta(description="The ids of the entries that were added.")]
    status: str
    severity: str | None
    priority: str | None
    commit: Annotated[str | None, Meta(description="null with --dry-run and --no-commit.")]
    pushed: Annotated[bool | None, Meta(description="null where no push was tried.")]
    dry_run: bool
    files: Annotated[list[str], Meta(description="Paths from the top of the records repository.")]
    removed: Annotated[list[str], Meta(description="Paths of files that went.")]
    contents: Annotated[dict[str, str] | None, Meta(description="With --dry-run: path -> text, without --evidence.")]
    message: Annotated[str, Meta(description="The commit's message, trailers included.")]
    warnings: list[str]
    hints: list[str]
    state: Annotated[Brief, Meta(description="The incident after the act.")]
    cards: Annotated[list[RoleCard], Meta(description="What those who got a role are handed.")] = []


class Error(Struct, kw_only=True):
    """What went wrong."""

    code: Annotated[str, Meta(description="usage, refused, not_found, git, invalid, bug or interrupted.")]
    exit_code: int
    message: str
    hints: Annotated[list[str], Meta(description="What to do, commands that would work among it.")]
    details: Annotated[dict[str, Any], Meta(description="More facts, such as `candidates` or `problems`.")]


class Failure(Struct, kw_only=True):
    """What any command prints with `--json` when it fails."""

    schema: str
    error: Error


def brief(state: State, rank: int | None = None) -> Brief:
    """The short form."""
    return Brief(
        id=state.id,
        title=state.card.title,
        public_title=state.card.public_title,
        kind=state.card.kind,
        status=state.status,
        status_name=state.status_name,
        category=state.category,
        severity=state.severity,
        priority=state.priority,
        major=state.major,
        rank=rank,
        components=dict(state.components),
        started_at=began(state),
        resolved_at=state.milestones.resolved_at,
        lead=state.lead,
        next_update_due_at=state.next_update_due_at,
        next_update_promised_in=state.next_update_promised_in,
        attention=_grouped_pages(state),
    )


def _grouped_pages(state: State) -> str | None:
    """The people whose page had no message of its own, and who did not answer it."""
    if state.category != "live" or not any(page.grouped for page in state.pages):
        return None
    from ...model.oncall.escalation import waiting

    people = sorted({page.target for page in waiting(state) if page.grouped})
    who = ", ".join(people)
    return f"the page to {who} was grouped with an earlier one: sevlog show {state.id}" if people else None


def deadlines(state: State, config: Config) -> tuple[Deadline, ...]:
    """The steps with a time limit, as `sevlog next` lists them, late or not; the soonest first."""
    from ...model.guidance.deadlines import deadlines as of_stages
    from ...model.guidance.follow_up import follow_up

    found = of_stages(state, config) if state.live else (todo.about(state.id) for todo in follow_up(state, config))
    return tuple(
        Deadline(what=todo.what, command=todo.command, due_at=todo.due_at) for todo in found if todo.due_at is not None
    )


def began(state: State) -> datetime | None:
    """When it began as far as is known, else when it was raised."""
    return state.milestones.started_at or state.milestones.raised_at


def as_json(document: object) -> str:
    """A document as JSON text, times in UTC."""
    from ...stores.records import codec

    built = msgspec.to_builtins(document, builtin_types=(datetime,))
    return msgspec.json.format(msgspec.json.encode(codec.with_times(built)), indent=2).decode()


def snoozes(config: Config, now: datetime) -> list[Snooze]:
    """The snoozes of alerts that have not ended, the one that ends first at the front."""
    from ...model.intake.snoozes import active

    return [
        Snooze(
            until=one.until,
            fingerprint=one.fingerprint,
            component=one.component,
            title=one.title,
            by=one.by,
            reason=one.reason,
        )
        for one in active(config, now)
    ]
