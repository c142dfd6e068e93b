"""Texts that wait for approval: put down as a draft, sent once somebody approved them, or dropped.

A draft is a task for its approver, with the text as a file of the incident's evidence: it travels, shows in `next` and
in the workload, and nobody it is meant for reads it. What it waited is in the timeline: from its task to its update.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from ...errors import InvalidRecord, NotFound, Refused
from ...model.comms.drafts import PREFIX, Waiting, drafts, waiting
from ...model.comms.plaintext import one_line
from ...model.comms.plan import plan_of
from ...model.comms.template_facts import span
from ...model.config.settings import duration
from ...model.forms import Duration
from ...model.guidance.comms_stages import audience_name
from ...model.rules.text import approvers
from ...model.timeline.entries import Task
from ...model.timeline.entry_parts import Evidence
from ...model.timeline.state import State
from ...model.vocabulary import Audience, Impact, Phase, shortened, to_the_minute
from ...stores import files, layout
from ...stores.markdown import frontmatter
from ...stores.records import codec
from ...stores.yaml import io as yaml_io
from ..common.short_names import next_ref
from ..recording.clearing import Waited
from ..recording.incident_session import IncidentSession
from ..response.updates import Message, check_audience, title_changes, update_of
from ..workspace import lookup

if TYPE_CHECKING:
    from ..common.outcome import Outcome
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace

_GIST = 80
"""How much of the text its task shows, in characters."""


class Sheet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The front matter of a draft's file."""

    audience: Audience
    phase: Phase
    components: dict[str, Impact] = {}
    next_in: Duration | None = None
    promise: bool = True
    title: str | None = None
    template: str | None = None


def put_down(workspace: Workspace, incident: str | None, text: str, message: Message, options: Options) -> Outcome:
    """Record a text as a draft for the approvers of that audience. Raises what sending it would raise."""
    session = IncidentSession(workspace, incident, options)
    check_audience(session.state, message.audience, message.title)
    if message.audience == "public":
        title_changes(session.state, message.title)
    update = update_of(workspace, session.state, session.at, text, message)
    plan = plan_of(workspace.config, session.state, update.audience, update.phase)
    asked = [p for p in approvers(session.state, plan) if p != session.who.person or plan.self_approval]
    ref = next_ref(session.state, "D")
    sheet = Sheet(
        audience=update.audience,
        phase=update.phase,
        components=dict(update.components or {}),
        next_in=_span(message),
        promise=message.promise,
        title=message.title,
        template=message.template,
    )
    file = f"{PREFIX}{ref}.md"
    gist = one_line(text)
    gist = shortened(gist, _GIST)
    task = Task(
        at=session.at,
        ref=ref,
        assignee=asked[0] if asked else None,
        evidence=(Evidence(file=file, label="the draft"),),
        text=f"Approve the text to {audience_name(update.audience)} ({update.phase.replace('_', ' ')}): {gist}",
    )
    path = layout.folder_of(session.record.id) / file
    written = frontmatter.join(yaml_io.dump(codec.plain(sheet)), text)
    send = f"sevlog comms approve -i {session.record.id} {ref}"
    who = f"{' or '.join(asked)} can send it" if asked else "no approval is required, so anybody can send it"
    late = f"; anybody can after {span(plan.approve_within)}" if asked and plan.approve_within else ""
    return session.do(
        [task],
        f"draft {ref} to {audience_name(update.audience)}",
        files={path: written},
        hints=(f"{who}{late}: {send}",),
    )


def _span(message: Message) -> str | None:
    seconds = int(message.next_in.total_seconds()) if message.next_in else 0
    sizes = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
    return next((f"{seconds // size}{unit}" for size, unit in sizes if seconds % size == 0), None) if seconds else None


def opened(workspace: Workspace, incident: str | None, ref: str | None) -> tuple[str, Waiting, Message, str]:
    """A waiting draft: its incident, the draft, the update it becomes, and its text. Raises as `approve`."""
    record = workspace.record(lookup.resolve(workspace, incident))
    draft = _wanted(workspace.state(record), ref)
    sheet, text = read(workspace, record.id, draft)
    return record.id, draft, _message(sheet), text


def _message(sheet: Sheet) -> Message:
    return Message(
        audience=sheet.audience,
        phase=sheet.phase,
        components=tuple(f"{k}={v}" for k, v in sheet.components.items()),
        next_in=duration(sheet.next_in) if sheet.next_in else None,
        promise=sheet.promise,
        title=sheet.title,
        template=sheet.template,
    )


def approve(
    workspace: Workspace, incident: str | None, ref: str | None, options: Options, *, text: str | None = None
) -> Outcome:
    """Send a draft as an update, approved by its sender. ref: None means the only waiting draft.

    text: in its place, where the approver put something right. Raises NotFound for a draft that is not there, Refused
    where it was sent or dropped before, or its sender may not approve it.
    """
    session = IncidentSession(workspace, incident, options)
    draft = _wanted(session.state, ref)
    sheet, drafted = read(workspace, session.record.id, draft)
    message = _message(sheet)
    check_audience(session.state, message.audience, message.title)
    update = update_of(workspace, session.state, session.at, text or drafted, message)
    card: dict[PurePosixPath, str] = {}
    replaced = frozenset[str]()
    if message.audience == "public" and title_changes(session.state, message.title):
        card, replaced = session.card_with("public_title", " ".join((message.title or "").split()))
    done = Task(at=session.at, ref=draft.ref, state="done")
    return session.do(
        [update, done],
        f"{update.audience} update ({update.phase}), approved draft {draft.ref}",
        files=card,
        replaced=replaced,
        waited=Waited(author=draft.author, length=draft.waited(session.at)),
    )


def _wanted(state: State, ref: str | None) -> Waiting:
    known, open_ = drafts(state), waiting(state)
    if ref is None:
        if len(open_) == 1:
            return open_[0]
        raise NotFound(
            f"{len(open_)} drafts are waiting: choose one" if open_ else f"{state.id} has no waiting draft",
            *(f"{d.ref}   {d.text}" for d in open_),
            "" if open_ else 'write one: sevlog update --draft "…"',
        )
    found = next((d for d in known if d.ref.lower() == ref.lower()), None)
    if found is None:
        there = ", ".join(d.ref for d in known) or "none"
        raise NotFound(f"{state.id} has no draft `{ref}`", f"known: {there}")
    if found.state != "open":
        raise Refused(
            f"draft {found.ref} has been {found.state} since {to_the_minute(found.settled_at or found.written_at)}",
            "see what customers read now: sevlog show",
        )
    return found


def read(workspace: Workspace, incident_id: str, draft: Waiting) -> tuple[Sheet, str]:
    """What a draft says. Raises InvalidRecord where its file cannot be read."""
    path = PurePosixPath(layout.folder_of(incident_id)) / draft.file
    try:
        data = files.read_plain(workspace.home(incident_id) / path, yaml_io.MAX_BYTES)
        matter, text = frontmatter.split(data)
        return msgspec.convert(yaml_io.read(matter) or {}, Sheet), text.strip()
    except (OSError, frontmatter.FrontMatterError, msgspec.ValidationError, yaml_io.YamlError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidRecord(f"{path} cannot be read: {said}", "write it again: sevlog update … --draft") from None


class Draft(Struct, kw_only=True):
    """A draft in a list. seconds: how long it waited, or waits."""

    incident: str
    ref: str
    author: str
    asked: str | None
    state: str
    written_at: datetime
    settled_at: datetime | None
    seconds: float
    text: str


def listed(workspace: Workspace, incident: str | None, *, everything: bool = False) -> list[Draft]:
    """The drafts that wait, of one incident or of all live ones. everything: also those that were sent or dropped."""
    now = workspace.clock()
    if incident is None:
        states = lookup.live_states(workspace)
    else:
        states = [workspace.state(workspace.record(lookup.resolve(workspace, incident)))]
    return [
        Draft(
            incident=state.id,
            ref=d.ref,
            author=d.author,
            asked=d.asked,
            state=d.state,
            written_at=d.written_at,
            settled_at=d.settled_at,
            seconds=d.waited(now).total_seconds(),
            text=d.text,
        )
        for state in states
        for d in (drafts(state) if everything else waiting(state))
    ]
