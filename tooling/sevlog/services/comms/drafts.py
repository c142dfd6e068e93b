"""Texts that wait for approval: put down as a draft, sent once somebody approved them, or dropped.

A draft is a task for its approver, with the text as a file of the incident's evidence: it travels, shows in `next` and
in the workload, and nobody it is meant for reads it. What it waited is in the timeline: from its task to its update.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from ...errors import InvalidRecord, NotFound, Refused
from ...model.comms.drafts import Waiting, drafts, waiting
from ...model.comms.plan import plan_of
from ...model.guidance.comms_stages import audience_name
from ...model.notices.planned import posts_to
from ...model.timeline.entries import Task, Update
from ...model.timeline.state import State
from ...model.vocabulary import to_the_minute
from ..recording.clearing import Waited
from ..recording.incident_session import IncidentSession
from ..response.updates import Beside, Message, check_audience, title_changes, update_of
from ..workspace import lookup
from .draft_files import drafted, read

if TYPE_CHECKING:
    from ..common.outcome import Outcome
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace


def put_down(workspace: Workspace, incident: str | None, text: str, message: Message, options: Options) -> Outcome:
    """Record a text as a draft for the approvers of that audience. Raises what sending it would raise."""
    session = IncidentSession(workspace, incident, options)
    check_audience(session.state, message.audience, message.title)
    if message.audience == "public":
        title_changes(session.state, message.title)
    update = update_of(workspace, session.state, session.at, text, message)
    made = drafted(session, text, message, update)
    return session.do(
        [made.task],
        f"draft {made.task.ref} to {audience_name(update.audience)}",
        files={made.path: made.written},
        hints=(made.hint,),
    )


def for_networks(session: IncidentSession, text: str) -> Callable[[Update], Beside]:
    """What goes with an update to customers: its draft for the networks that the plan names, where one must approve it.

    It replaces a draft that was made from an earlier update and still waits.
    """

    def beside(update: Update) -> Beside:
        config, state = session.workspace.config, session.state
        plan = plan_of(config, state, "social", update.phase, at=update.at)
        if update.audience != "public" or plan.approver is None or not posts_to(config, plan):
            return Beside()
        message = Message(audience="social", phase=update.phase, promise=False)
        post = update_of(session.workspace, state, session.at, text, message)
        made = drafted(session, text, message, post, follows=True)
        old = [draft for draft in waiting(state) if _follows(session, draft)]
        dropped = (Task(at=session.at, ref=draft.ref, state="dropped") for draft in old)
        return Beside(
            entries=(*dropped, made.task),
            files={made.path: made.written},
            hints=(f"for {', '.join(posts_to(config, plan))}: {made.hint}",),
        )

    return beside


def _follows(session: IncidentSession, draft: Waiting) -> bool:
    try:
        return read(session.workspace, session.record.id, draft)[0].follows
    except InvalidRecord:
        return False


def opened(workspace: Workspace, incident: str | None, ref: str | None) -> tuple[str, Waiting, Message, str]:
    """A waiting draft: its incident, the draft, the update it becomes, and its text. Raises as `approve`."""
    record = workspace.record(lookup.resolve(workspace, incident))
    draft = _wanted(workspace.state(record), ref)
    sheet, text = read(workspace, record.id, draft)
    return record.id, draft, sheet.message(), text


def approve(
    workspace: Workspace, incident: str | None, ref: str | None, options: Options, *, text: str | None = None
) -> Outcome:
    """Send a draft as an update, approved by its sender. ref: None means the only waiting draft.

    text: in its place, where the approver put something right. Raises NotFound for a draft that is not there, Refused
    where it was sent or dropped before, or its sender may not approve it.
    """
    session = IncidentSession(workspace, incident, options)
    draft = _wanted(session.state, ref)
    sheet, waits = read(workspace, session.record.id, draft)
    message = sheet.message()
    check_audience(session.state, message.audience, message.title)
    update = update_of(workspace, session.state, session.at, text or waits, message)
    also = for_networks(session, text or waits)(update)
    card: dict[PurePosixPath, str] = {}
    replaced = frozenset[str]()
    if message.audience == "public" and title_changes(session.state, message.title):
        card, replaced = session.card_with(public_title=" ".join((message.title or "").split()))
    done = Task(at=session.at, ref=draft.ref, state="done")
    return session.do(
        [update, done, *also.entries],
        f"{update.audience} update ({update.phase}), approved draft {draft.ref}",
        files={**card, **also.files},
        hints=also.hints,
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
