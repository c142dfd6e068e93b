"""The states of a postmortem, from draft to published or waived; each step is a commit and an entry of the timeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct, structs

from ....errors import InvalidRecord, Refused
from ....model.learning.postmortem.review import SUBMITTED, Review, approvers, digest, review, reviewers, text_changed
from ....model.timeline.entries import Decision, Note
from ....model.timeline.entry_parts import Entry
from ....model.timeline.incident import Postmortem, Record
from ....model.vocabulary import PostmortemStatus
from ....stores import layout
from ....stores.records import card_edits
from ...common.outcome import Outcome
from ...recording.incident_session import IncidentSession, where
from ...recording.recorder import Options
from ...workspace.workspace import Workspace
from .checks import check
from .drafts import draft_postmortem


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
        edit = f"edit it: sevlog postmortem edit -i {session.record.id}"
        raise Refused(f"{session.record.id} already has a postmortem, and it is `{status}`", edit, _legal(session))
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
    """Hand it to its reviewers: those who are named, and those that the policies name."""
    session = IncidentSession(workspace, incident, options, learning=True)
    found_in(session, SUBMIT)
    check(session, SUBMIT.command)
    asked = reviewers(session.record, session.state, workspace.config, workspace.oncall)
    to = f" to {', '.join(asked)}" if asked else ""
    entry = Note(at=session.at, text=f"{SUBMITTED}{to}.")
    return take(session, SUBMIT, {"reviewers": list(asked)} if asked else {}, entry, *_after_submit(session, asked))


def _after_submit(session: IncidentSession, asked: tuple[str, ...]) -> Iterator[str]:
    waits = review(session.record, session.state, session.workspace.config, session.workspace.oncall)
    yield f"reviewers: {', '.join(asked)}" if asked else "nobody is asked: set `reviewers` in the front matter"
    needed = f"{waits.needed} approval{'s' * (waits.needed > 1)}"
    board_too = f", one from the investigation board ({', '.join(sorted(waits.board))})" if waits.board else ""
    yield f"it needs {needed}{board_too}: sevlog postmortem approve -i {session.record.id}"
    forge = {person.key: person.forge for person in session.workspace.oncall.people}
    handles = [f"@{forge[name]}" for name in asked if forge.get(name)]
    if handles:
        yield f"line for CODEOWNERS: /{_path(session.record)} {' '.join(handles)}"


def approve(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Say that it explains what happened and how the risk becomes smaller; with the last approval it is approved."""
    session = IncidentSession(workspace, incident, options, learning=True)
    found, record, person = found_in(session, APPROVE), session.record, session.who.person
    check(session, APPROVE.command)
    _require_second_person(session, found)
    before = review(record, session.state, workspace.config, workspace.oncall)
    if person in before.approved:
        raise Refused(
            f"{person} has approved the postmortem of {record.id} already: {before.waits_for(found.reviewers)}",
            f"as another person: sevlog postmortem approve -i {record.id} --as PERSON",
        )
    after = structs.replace(before, approved=(*before.approved, person))
    void = f"approvals of an earlier text no longer count: {', '.join(approvers(found))}"
    hints = [void] * (text_changed(record))
    names = after.approved[0] if len(after.approved) == 1 and after.is_complete else list(after.approved)
    values = {"approved_by": names, "approved_text": digest(record)}
    if not after.is_complete:
        waits = after.waits_for(found.reviewers)
        entry = Decision(at=session.at, text=f"Postmortem approved by {_as_board(after, person)}: {waits}.")
        return take(session, Step(("in_review",), "in_review", "approve"), values, entry, *hints, waits)
    if not session.state.live:
        hints.append(f"when the clean-up is done: sevlog close -i {record.id}")
    by = ", ".join(_as_board(after, name) for name in after.approved)
    return take(session, APPROVE, values, Decision(at=session.at, text=f"Postmortem approved by {by}."), *hints)


def _as_board(of: Review, person: str) -> str:
    return f"{person} (investigation board)" if person in of.board else person


def waive(workspace: Workspace, incident: str | None, reason: str, options: Options) -> Outcome:
    """Waive the postmortem, with a recorded reason."""
    session = IncidentSession(workspace, incident, options, learning=True)
    found = found_in(session, WAIVE)
    _require_another_than_the_owner(session, found)
    on_board = review(session.record, session.state, workspace.config, workspace.oncall)
    by = _as_board(on_board, session.who.person)
    entry = Decision(at=session.at, text=f"Postmortem waived by {by}: {reason}")
    return take(session, WAIVE, {"approved_by": session.who.person, "reason": reason}, entry)


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
        *([] if others else [f'if nobody else can: sevlog postmortem waive -i {session.record.id} --reason "…"']),
    )


def _require_another_than_the_owner(session: IncidentSession, found: Postmortem) -> None:
    """Raise Refused where the owner would waive the postmortem of a major, unless nobody else is there."""
    person, policy = session.who.person, session.workspace.config.policies.postmortem
    others = [p.key for p in session.workspace.oncall.people if p.key != person]
    if not session.state.major or found.owner != person or policy.waived_by == "anyone" or not others:
        return
    someone = next((name for name in found.reviewers if name in others), "PERSON")
    raise Refused(
        f"{person} owns the postmortem of {session.record.id}, so on a major incident somebody else must waive it",
        f'as another person: sevlog postmortem waive -i {session.record.id} --reason "…" --as {someone}',
        "to permit it: set `policies.postmortem.waived_by: anyone` in sevlog.yaml",
    )


def take(
    session: IncidentSession, step: Step, values: Mapping[str, object], entry: Entry | Sequence[Entry], *hints: str
) -> Outcome:
    """Take a step: keys of the front matter, and the entries that say so."""
    path = _path(session.record)
    current = (session.workspace.home(session.record.id) / path).read_bytes().decode()
    text = card_edits.set_front_matter(current, {"status": step.target, **values})
    return session.do(
        [entry] if isinstance(entry, Entry) else entry,
        f"postmortem: {step.target.replace('_', ' ')}",
        files={path: text},
        replaced=frozenset({str(path)}),
        hints=hints,
    )


def found_in(session: IncidentSession, step: Step) -> Postmortem:
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
