"""The states of a postmortem, from draft to published or waived; each step is a commit and an entry of the timeline."""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec import Struct

from ...errors import InvalidRecord, Refused, SevlogError
from ...model.learning.postmortem.sections import has_own_words, unwritten
from ...model.timeline.entries import Decision, Note
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Postmortem, Record
from ...model.vocabulary import PostmortemStatus, instant
from ...stores import layout
from ...stores.markdown import frontmatter
from ...stores.markdown.postmortem_templates import DEFAULT, template_text
from ...stores.records import card_edits
from ..common.outcome import Outcome
from ..recording.incident_session import IncidentSession, where
from ..recording.recorder import Options
from ..recording.secret_guard import refuse_public
from ..workspace.workspace import Workspace
from .postmortem_drafts import draft_postmortem, source_of


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


def has_postmortem(session: IncidentSession) -> bool:
    """Whether there is a postmortem.md, readable or not."""
    return (session.workspace.home(session.record.id) / _path(session.record)).exists()


def new(
    workspace: Workspace, incident: str | None, template: str | None, options: Options, *, every: bool = False
) -> Outcome:
    """Start a postmortem where there is none; resolving a severe incident has done so by itself."""
    session = IncidentSession(workspace, incident, options, learning=True)
    if has_postmortem(session):
        status = session.record.postmortem.status if session.record.postmortem else "unreadable"
        raise Refused(f"{session.record.id} already has a postmortem, and it is `{status}`", _legal(session))
    if session.record.card.kind == "maintenance" or session.state.category == "dropped":
        what = "a maintenance" if session.record.card.kind == "maintenance" else f"`{session.state.status}`"
        raise Refused(f"{session.record.id} is {what}: it needs no postmortem", f"sevlog show {session.record.id}")
    owner = session.who.person
    files, due = draft_postmortem(
        workspace,
        session.record,
        session.state,
        owner=owner,
        template=template,
        resolved_at=session.state.milestones.resolved_at or session.at,
        every=every,
    )
    note = Note(at=session.at, text=f"Postmortem started by {owner}" + (f", due {due}." if due else "."))
    write = f"answer its questions: sevlog postmortem edit -i {session.record.id} ({_path(session.record)})"
    return session.do([note], "postmortem: draft", files=files, hints=(write,))


def submit(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Hand it to its reviewers."""
    session = IncidentSession(workspace, incident, options, learning=True)
    found = _found(session, SUBMIT)
    _require_words(session, SUBMIT)
    to = f" to {', '.join(found.reviewers)}" if found.reviewers else ""
    approve = f"when the review is done: sevlog postmortem approve -i {session.record.id}"
    return _take(session, SUBMIT, {}, Note(at=session.at, text=f"Postmortem submitted for review{to}."), approve)


def approve(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Say that it explains what happened and how the risk becomes smaller."""
    session = IncidentSession(workspace, incident, options, learning=True)
    found = _found(session, APPROVE)
    _require_words(session, APPROVE)
    _require_second_person(session, found)
    close = f"when the clean-up is done: sevlog close -i {session.record.id}" if not session.state.live else ""
    entry = Decision(at=session.at, text=f"Postmortem approved by {session.who.person}.")
    return _take(session, APPROVE, {"approved_by": session.who.person}, entry, close)


def publish(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Let customers read postmortem.public.md."""
    session = IncidentSession(workspace, incident, options, learning=True)
    _found(session, PUBLISH)
    if session.record.card.visibility == "restricted":
        raise Refused(f"{session.record.id} is restricted and must not be published", "sevlog show")
    public = layout.folder_of(session.record.id) / layout.PUBLIC_POSTMORTEM_FILE
    if not (session.record.public_postmortem_text or "").strip():
        raise Refused(
            f"{session.record.id} has no public postmortem: {public} is missing or empty",
            f"write it, commit it, then: sevlog postmortem publish -i {session.record.id}",
        )
    refuse_public(session.record.id, str(public), session.record.public_postmortem_text)
    entry = Note(at=session.at, text="Postmortem published.")
    return _take(session, PUBLISH, {"published_at": instant(session.at)}, entry, "")


def waive(workspace: Workspace, incident: str | None, reason: str, options: Options) -> Outcome:
    """Waive the postmortem, with a recorded reason."""
    session = IncidentSession(workspace, incident, options, learning=True)
    _found(session, WAIVE)
    entry = Decision(at=session.at, text=f"Postmortem waived by {session.who.person}: {reason}")
    return _take(session, WAIVE, {"approved_by": session.who.person, "reason": reason}, entry, "")


def _require_words(session: IncidentSession, step: Step) -> None:
    """Raise Refused where the file says nothing beyond its template and the record, or a section is not written."""
    path, incident = _path(session.record), session.record.id
    body = frontmatter.split((session.workspace.home(incident) / path).read_bytes())[1].replace("\r\n", "\n")
    template = _template(session)
    source = source_of(session.workspace, session.record, session.state)
    again = f"write it: sevlog postmortem edit -i {incident}; then: sevlog postmortem {step.command} -i {incident}"
    if not has_own_words(template, body, source):
        raise Refused(f"{path} still contains only the template and the facts of the record", again)
    missing = unwritten(template, body, source)
    if missing:
        listed = ", ".join(f"`{title}`" for title in missing)
        raise Refused(
            f"{path}: one section without words of its own: {listed}"
            if len(missing) == 1
            else f"{path}: {len(missing)} sections without words of their own: {listed}",
            again,
            "if there is nothing to say in a section, write that",
        )


def _template(session: IncidentSession) -> str:
    """The text of the template that the postmortem was made from; nothing where it does not exist any more."""
    found = session.record.postmortem
    try:
        return template_text(session.workspace.root, (found and found.template) or DEFAULT)
    except SevlogError:
        return ""


def _require_second_person(session: IncidentSession, found: Postmortem) -> None:
    """Raise Refused where somebody would approve what they alone wrote."""
    person = session.who.person
    if {*found.authors} != {person}:
        return
    others = [p.key for p in session.workspace.oncall.people if p.key != person]
    someone = next((name for name in (*found.reviewers, *others) if name in others), "PERSON")
    raise Refused(
        f"{person} is the only author of the postmortem of {session.record.id}, so somebody else must approve it",
        f"as another person: sevlog postmortem approve -i {session.record.id} --as {someone}",
        f"if others wrote it too, add them to `authors` in {_path(session.record)}",
        f'if nobody else can: sevlog postmortem waive -i {session.record.id} --reason "…"',
    )


def _take(session: IncidentSession, step: Step, values: dict[str, object], entry: Entry, hint: str) -> Outcome:
    path = _path(session.record)
    current = (session.workspace.home(session.record.id) / path).read_bytes().decode()
    text = card_edits.set_front_matter(current, {"status": step.target, **values})
    return session.do(
        [entry],
        f"postmortem: {step.target.replace('_', ' ')}",
        files={path: text},
        replaced=frozenset({str(path)}),
        hints=(hint,) if hint else (),
    )


def _found(session: IncidentSession, step: Step) -> Postmortem:
    """The postmortem, in a state from which the step is legal. Raises Refused with what is legal instead."""
    found = session.record.postmortem
    if found is None:
        if has_postmortem(session):
            raise _unreadable(session)
        raise Refused(f"{session.record.id} has no postmortem", f"sevlog postmortem new -i {session.record.id}")
    if found.status not in step.origins:
        wanted = " or ".join(f"`{origin}`" for origin in step.origins)
        raise Refused(
            f"the postmortem of {session.record.id} is `{found.status}`; `{step.command}` requires {wanted}",
            _legal(session),
        )
    return found


def _unreadable(session: IncidentSession) -> InvalidRecord:
    """The first finding in postmortem.md, which says what to change."""
    path = str(_path(session.record))
    found = next((problem for problem in session.unreadable if problem.path == path), None)
    if found is None:
        return InvalidRecord(f"{path} cannot be read", f"sevlog check {path}")
    return InvalidRecord(
        f"{where(found)}: {found.message}", found.hint or "", f"list all problems: sevlog check {path}"
    )


def _legal(session: IncidentSession) -> str:
    found = session.record.postmortem
    commands = [s.command for s in STEPS if found is not None and found.status in s.origins]
    if not commands:
        return f"no command applies to it any more; change it by pull request: {_path(session.record)}"
    return "; ".join(
        f"sevlog postmortem {name} -i {session.record.id}{' --reason …' if name == WAIVE.command else ''}"
        for name in commands
    )


def _path(record: Record) -> PurePosixPath:
    return layout.folder_of(record.id) / layout.POSTMORTEM_FILE
