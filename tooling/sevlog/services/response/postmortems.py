"""The states of a postmortem, from draft to published or waived; each step is a commit and an entry of the timeline."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

from msgspec import Struct

from ...errors import InvalidRecord, Refused
from ...model.config.settings import duration
from ...model.timeline.entries import Decision, Entry, Note
from ...model.timeline.incident import Postmortem, Record
from ...model.timeline.state import State
from ...model.vocabulary import PostmortemStatus
from ...stores import layout, resources
from ...stores.markdown import frontmatter
from ...stores.records import card_edits, codec
from ...stores.yaml import io as yaml_io
from ..common.outcome import Outcome
from ..recording.incident_session import Desk
from ..recording.recorder import Options
from ..recording.secret_guard import refuse_public
from ..workspace.workspace import Workspace

DEFAULT_TEMPLATE = "atlassian"
_TEMPLATES = "postmortems"


class Step(Struct, frozen=True):
    """A step that a command takes: from these states to that one, and the command's name."""

    origins: tuple[PostmortemStatus, ...]
    target: PostmortemStatus
    command: str


SUBMIT = Step(("draft",), "in_review", "submit")
APPROVE = Step(("in_review",), "approved", "approve")
PUBLISH = Step(("approved",), "published", "publish")
WAIVE = Step(("draft", "in_review"), "waived", "waive")
STEPS = (SUBMIT, APPROVE, PUBLISH, WAIVE)
"""What is legal (process.md, After: learning). Anything else is an edit of the file, by pull request."""


def template_text(name: str) -> str:
    """The text of a shipped template."""
    return resources.shipped(f"{_TEMPLATES}/{name}.md")


def template_names() -> list[str]:
    """The shipped templates."""
    return resources.shipped_names(_TEMPLATES)


def draft_postmortem(
    workspace: Workspace,
    record: Record,
    state: State,
    *,
    owner: str,
    resolved_at: datetime,
    template: str | None = None,
) -> tuple[dict[PurePosixPath, str], str | None]:
    """postmortem.md as a draft, and its due date: owner, date by the severity's policy, template of the type."""
    config = workspace.config
    severity = config.severity(state.severity)
    chosen = config.incident_type(record.card.type)
    name = template or (chosen.postmortem_template if chosen else None) or DEFAULT_TEMPLATE
    due = None
    if severity and severity.postmortem_within:
        due = f"{resolved_at + duration(severity.postmortem_within):%Y-%m-%d}"
    front = Postmortem(
        status="draft",
        template=name,
        owner=owner,
        due=due,
        authors=(owner,),
        reviewers=chosen.reviewers if chosen else (),
    )
    text = template_text(name if name in template_names() else DEFAULT_TEMPLATE)
    body = text.replace("{title}", record.card.title).replace("{summary}", record.card.summary or "")
    return {_path(record): frontmatter.join(yaml_io.dump(codec.plain(front)), body)}, due


def has_postmortem(desk: Desk) -> bool:
    """Whether there is a postmortem.md, readable or not."""
    return (desk.workspace.home(desk.record.id) / _path(desk.record)).exists()


def new(workspace: Workspace, incident: str | None, template: str | None, options: Options) -> Outcome:
    """Start a postmortem where there is none; resolving a severe incident has done so by itself."""
    desk = Desk(workspace, incident, options)
    if has_postmortem(desk):
        status = desk.record.postmortem.status if desk.record.postmortem else "unreadable"
        raise Refused(f"{desk.record.id} has a postmortem already, and it is `{status}`", _legal(desk))
    if desk.record.card.kind == "maintenance" or desk.state.category == "dropped":
        what = "a maintenance" if desk.record.card.kind == "maintenance" else f"`{desk.state.status}`"
        raise Refused(f"{desk.record.id} is {what}: it needs no postmortem", f"sevlog show {desk.record.id}")
    owner = desk.who.person
    files, due = draft_postmortem(
        workspace,
        desk.record,
        desk.state,
        owner=owner,
        template=template,
        resolved_at=desk.state.milestones.resolved_at or desk.at,
    )
    note = Note(at=desk.at, text=f"Postmortem started by {owner}" + (f", due {due}." if due else "."))
    write = f"write it in {_path(desk.record)}, commit, then: sevlog postmortem submit -i {desk.record.id}"
    return desk.do([note], "postmortem: draft", files=files, hints=(write,))


def submit(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Hand it to its reviewers."""
    desk = Desk(workspace, incident, options)
    found = _found(desk, SUBMIT)
    _require_words(desk, SUBMIT)
    to = f" to {', '.join(found.reviewers)}" if found.reviewers else ""
    approve = f"when it is good: sevlog postmortem approve -i {desk.record.id}"
    return _take(desk, SUBMIT, {}, Note(at=desk.at, text=f"Postmortem submitted for review{to}."), approve)


def approve(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Say that it explains what happened and how the risk becomes smaller."""
    desk = Desk(workspace, incident, options)
    found = _found(desk, APPROVE)
    _require_words(desk, APPROVE)
    _require_second_person(desk, found)
    close = f"when the clean-ups are done: sevlog close -i {desk.record.id}"
    entry = Decision(at=desk.at, text=f"Postmortem approved by {desk.who.person}.")
    return _take(desk, APPROVE, {"approved_by": desk.who.person}, entry, close)


def publish(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Let customers read postmortem.public.md."""
    desk = Desk(workspace, incident, options)
    _found(desk, PUBLISH)
    if desk.record.card.visibility == "restricted":
        raise Refused(f"{desk.record.id} is restricted: nothing about it may be published", "sevlog show")
    public = layout.folder_of(desk.record.id) / layout.PUBLIC_POSTMORTEM_FILE
    if not (desk.record.public_postmortem_text or "").strip():
        raise Refused(
            f"{desk.record.id} has no text for customers: {public} is missing or empty",
            f"write it, commit it, then: sevlog postmortem publish -i {desk.record.id}",
        )
    refuse_public(desk.record.id, str(public), desk.record.public_postmortem_text)
    entry = Note(at=desk.at, text="Postmortem published.")
    return _take(desk, PUBLISH, {"published_at": codec.instant(desk.at)}, entry, "")


def waive(workspace: Workspace, incident: str | None, reason: str, options: Options) -> Outcome:
    """Do without one, with a reason that is kept."""
    desk = Desk(workspace, incident, options)
    _found(desk, WAIVE)
    entry = Decision(at=desk.at, text=f"Postmortem waived by {desk.who.person}: {reason}")
    return _take(desk, WAIVE, {"approved_by": desk.who.person, "reason": reason}, entry, "")


_COMMENT_OR_HEADING = re.compile(r"<!--[\s\S]*?-->|^#[^\n]*", re.MULTILINE)


def _require_words(desk: Desk, step: Step) -> None:
    """Raise Refused where the file says nothing beyond its template and the summary of the incident."""
    path = _path(desk.record)
    body = frontmatter.split((desk.workspace.home(desk.record.id) / path).read_bytes())[1]
    words = " ".join(_COMMENT_OR_HEADING.sub("", body).split())
    if words.replace(" ".join((desk.record.card.summary or "").split()), "", 1).strip():
        return
    raise Refused(
        f"{path} is still the untouched template",
        f"write it, commit it, then: sevlog postmortem {step.command} -i {desk.record.id}",
    )


def _require_second_person(desk: Desk, found: Postmortem) -> None:
    """Raise Refused where somebody would approve what they alone wrote."""
    person = desk.who.person
    if {*found.authors} != {person}:
        return
    others = [p.key for p in desk.workspace.oncall.people if p.key != person]
    someone = next((name for name in (*found.reviewers, *others) if name in others), "PERSON")
    raise Refused(
        f"{person} alone wrote the postmortem of {desk.record.id}, so somebody else approves it",
        f"as another person: sevlog postmortem approve -i {desk.record.id} --as {someone}",
        f"if others wrote it too, add them to `authors` in {_path(desk.record)}",
    )


def _take(desk: Desk, step: Step, values: dict[str, object], entry: Entry, hint: str) -> Outcome:
    path = _path(desk.record)
    current = (desk.workspace.home(desk.record.id) / path).read_bytes().decode()
    text = card_edits.set_front_matter(current, {"status": step.target, **values})
    return desk.do(
        [entry],
        f"postmortem: {step.target.replace('_', ' ')}",
        files={path: text},
        replaced=frozenset({str(path)}),
        hints=(hint,) if hint else (),
    )


def _found(desk: Desk, step: Step) -> Postmortem:
    """The postmortem, in a state from which the step is legal. Raises Refused with what is legal instead."""
    found = desk.record.postmortem
    if found is None:
        if has_postmortem(desk):
            raise InvalidRecord(f"{_path(desk.record)} cannot be read", f"sevlog check {_path(desk.record)}")
        raise Refused(f"{desk.record.id} has no postmortem", f"sevlog postmortem new -i {desk.record.id}")
    if found.status not in step.origins:
        wanted = " or ".join(f"`{origin}`" for origin in step.origins)
        raise Refused(
            f"the postmortem of {desk.record.id} is `{found.status}`; {step.command} needs it to be {wanted}",
            _legal(desk),
        )
    return found


def _legal(desk: Desk) -> str:
    found = desk.record.postmortem
    commands = [s.command for s in STEPS if found is not None and found.status in s.origins]
    if not commands:
        return f"nothing more is to be done by command; changes go by pull request: {_path(desk.record)}"
    return "; ".join(
        f"sevlog postmortem {name} -i {desk.record.id}{' --reason …' if name == WAIVE.command else ''}"
        for name in commands
    )


def _path(record: Record) -> PurePosixPath:
    return layout.folder_of(record.id) / layout.POSTMORTEM_FILE
