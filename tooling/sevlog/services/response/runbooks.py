"""Finds the runbooks of an incident, shows one as a checklist, and ticks its steps off (S60, S61)."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ...adapters.external_commands import run_bounded
from ...errors import SevlogError, UsageError
from ...model.guidance.runbook import Fit, Runbook, Tick, fitting, ticked, ticks
from ...model.guidance.runbook_steps import Step
from ...model.guidance.todo import Todo
from ...model.vocabulary import StepState, compact
from ...stores import layout
from ...stores.markdown.runbooks import read_runbooks
from ..common import name_lookup as known_words
from ..common.documents import SCHEMA
from ..common.evidence import readable
from ..recording.incident_session import IncidentSession, entry_from
from ..workspace import lookup
from .runbook_choice import asked_by, criteria, runbook_named, short_name, step_of
from .runbook_documents import Checklist, ChecklistStep, RunbookList, RunbookRow

if TYPE_CHECKING:
    from ...model.timeline.state import State
    from ..common.outcome import Outcome
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace

_OFFERED = 2


def listed(workspace: Workspace) -> RunbookList:
    """All runbooks, by name; with the progress of the only live incident, where there is one."""
    state = _only_live(workspace)
    rows = [_row(Fit(runbook=book, score=0, why=()), state, plain=True) for book in read_runbooks(workspace.root)]
    return RunbookList(schema=SCHEMA, incident=state.id if state else None, runbooks=rows)


def find(
    workspace: Workspace,
    incident: str | None,
    text: str | None,
    *,
    component: str | None = None,
    severity: str | None = None,
    kind: str | None = None,
) -> RunbookList:
    """The runbooks that fit an incident, or words, a component, a severity and a type; the best first.

    incident: a part of an id; None, where nothing else is asked for either, means the only live one.
    Raises NotFound for an incident, UsageError for a word that sevlog.yaml does not know.
    """
    config, state = workspace.config, None
    if incident is not None or not (text or component or severity or kind):
        state = workspace.state(workspace.record(lookup.resolve(workspace, incident)))
    if state is not None and (text or component or severity or kind):
        raise UsageError(
            "-i already selects the incident, so the other filters do not apply",
            "use -i alone, or the filters without -i",
        )
    if state is not None:
        asked = asked_by(state, config)
    else:
        hit = (known_words.component(config, component),) if component else ()
        type_key = known_words.choose("type", kind, (t.key for t in config.types)) if kind else None
        level = known_words.severity(config, severity) if severity else None
        asked = criteria(config, hit, type_key, level, words=text or "", typed=True)
    found = fitting(list(read_runbooks(workspace.root)), asked)
    return RunbookList(
        schema=SCHEMA, incident=state.id if state else None, runbooks=[_row(fit, state, plain=False) for fit in found]
    )


def offered(workspace: Workspace, state: State) -> tuple[str, ...]:
    """The best runbooks of an incident as hints, for those who did not ask; it never fails."""
    try:
        found = fitting(list(read_runbooks(workspace.root)), asked_by(state, workspace.config))[:_OFFERED]
    except (SevlogError, OSError):
        return ()  # `check` reports errors; here they must not block the command
    return tuple(
        f"runbook: {fit.runbook.title} ({'; '.join(fit.why[:2])}): sevlog runbook show -i {state.id} "
        f"{short_name(fit.runbook)}"
        for fit in found
    )


def shown(workspace: Workspace, name: str, incident: str | None) -> Checklist:
    """A runbook as a checklist, with what the incident's timeline says of each step.

    incident: None means the only live one, and where there is none or several, just the runbook. Raises NotFound.
    """
    book = runbook_named(workspace, name)
    state = (
        workspace.state(workspace.record(lookup.resolve(workspace, incident))) if incident else _only_live(workspace)
    )
    known, lost = ticked(book.steps, ticks(state, book.name) if state else ())
    following = _next(book, known)
    return Checklist(
        schema=SCHEMA,
        incident=state.id if state else None,
        name=book.name,
        title=book.title,
        owner=_owner(book),
        reviewed_on=book.card.reviewed_on,
        elsewhere=lost,
        text=book.text,
        steps=[ChecklistStep(number=s.number, name=s.name, text=s.text, tick=known.get(s.number)) for s in book.steps],
        command=_command(state, book, following) if state and following else None,
    )


def tick(
    workspace: Workspace,
    incident: str | None,
    name: str,
    step: str,
    options: Options,
    *,
    state: StepState = "done",
    result: str | None = None,
    evidence: tuple[dict[str, str], ...] = (),
    files: dict[PurePosixPath, str] | None = None,
) -> Outcome:
    """Record that a step was done, skipped or failed, with person and time. Raises NotFound, UsageError."""
    if state == "skipped" and not (result or "").strip():
        raise UsageError("skipping a step needs a reason", 'sevlog runbook skip RUNBOOK STEP "…"')
    session = IncidentSession(workspace, incident, options)
    book = runbook_named(workspace, name)
    chosen = step_of(book, step)
    entry = entry_from(
        {
            "kind": "runbook_step",
            "runbook": book.name,
            "step": chosen.name,
            "result": result,
            "evidence": evidence,
            "state": None if state == "done" else state,
        },
        session.at,
    )
    known, _ = ticked(book.steps, ticks(session.state, book.name))
    known[chosen.number] = Tick(
        entry="",
        step=chosen.name,
        state=state,
        at=session.at,
        by=session.who.person,
        result=result,
        evidence=(),
        times=1,
    )
    following = _next(book, known)
    left = sum(1 for one in book.steps if one.number not in known)
    hint = f"next: {following.name}: {_command(session.state, book, following)}" if following else _finished(book, left)
    return session.do([entry], f"{book.name}: {chosen.name} ({state})", files=files, hints=(hint,))


def run_step(
    workspace: Workspace,
    incident: str | None,
    name: str,
    step: str,
    command: Sequence[str],
    options: Options,
    *,
    seconds: float,
) -> tuple[Outcome, str]:
    """Run a command for a step and tick it off, with what it printed as evidence: done, or failed where it failed.

    The outcome, and the output. With --dry-run nothing is run. Raises NotFound before anything is run.
    """
    record = workspace.record(lookup.resolve(workspace, incident))
    chosen = step_of(runbook_named(workspace, name), step)
    if options.dry_run:
        return tick(workspace, record.id, name, chosen.name, options, result=f"`{shlex.join(command)}`"), ""
    ended = run_bounded(command, folder=Path.cwd(), data=b"", seconds=seconds, environment=workspace.environment)
    text = readable(ended.output)
    file = f"{layout.EVIDENCE}/step-{compact(workspace.clock())}.txt"
    path = layout.folder_of(record.id) / file
    done = tick(
        workspace,
        record.id,
        name,
        chosen.name,
        options,
        state="done" if ended.code == 0 else "failed",
        result=f"`{shlex.join(command)}`: {ended.said}",
        files={path: text + "\n"} if text else None,
        evidence=({"file": file, "label": "output"},) if text else (),
    )
    return done, text


def worked(done: Outcome) -> bool:
    """Whether the step that an act took did not fail."""
    return all(entry.state != "failed" for entry in done.state.runbook_steps[-1:])


def _finished(book: Runbook, left: int) -> str:
    return f"every step of {book.name} is done or skipped" if not left else f"{left} steps of {book.name} are open"


def _named(workspace: Workspace, incident: str) -> State:
    return workspace.state(workspace.record(lookup.resolve(workspace, incident)))


def _only_live(workspace: Workspace) -> State | None:
    live = [state for state in lookup.live_states(workspace) if state.card.kind != "maintenance"]
    return live[0] if len(live) == 1 else None


def _next(book: Runbook, known: dict[int, Tick]) -> Step | None:
    """The first open step behind the last one that was ticked, else the first that is open at all."""
    last = max((n for n, one in known.items() if one.state != "failed"), default=0)
    later = [step for step in book.steps if step.number not in known or known[step.number].state == "failed"]
    return next((step for step in later if step.number > last), later[0] if later else None)


def _row(fit: Fit, state: State | None, *, plain: bool) -> RunbookRow:
    book = fit.runbook
    known, _ = ticked(book.steps, ticks(state, book.name) if state else ())
    following = _next(book, known) if state else None
    done = sum(1 for one in known.values() if one.state != "failed")
    return RunbookRow(
        name=book.name,
        title=book.title,
        components=list(book.card.components),
        types=list(book.card.types),
        severities=list(book.card.severities),
        symptoms=list(book.card.symptoms),
        owner=_owner(book),
        reviewed_on=book.card.reviewed_on,
        steps=len(book.steps),
        ticked=done,
        next=following.name if following else None,
        score=None if plain else fit.score,
        why=list(fit.why),
        command=f"sevlog runbook show {f'-i {state.id} ' if state else ''}{short_name(book)}",
    )


def _command(state: State, book: Runbook, step: Step) -> str:
    return f"sevlog runbook done -i {state.id} {short_name(book)} {step.label or step.number}"


def _owner(book: Runbook) -> str | None:
    return book.card.owner or (f"team:{book.card.team}" if book.card.team else None)


def outstanding(workspace: Workspace, state: State) -> list[Todo]:
    """The runbooks that were begun in an incident with their next step; where none was, those that fit. Never fails."""
    try:
        books = list(read_runbooks(workspace.root))
    except OSError:
        return []
    begun = {entry.runbook.removesuffix(".md") for entry in state.runbook_steps}
    if not begun:
        return [_to_read(fit, state) for fit in fitting(books, asked_by(state, workspace.config))[:_OFFERED]]
    return [todo for book in books if short_name(book) in begun and (todo := _to_go_on(book, state)) is not None]


def _to_read(fit: Fit, state: State) -> Todo:
    what = f"matching runbook: {fit.runbook.title} ({'; '.join(fit.why[:2])})"
    return Todo(what=what, needed=False, command=f"sevlog runbook show -i {state.id} {short_name(fit.runbook)}")


def _to_go_on(book: Runbook, state: State) -> Todo | None:
    known, _ = ticked(book.steps, ticks(state, book.name))
    following = _next(book, known)
    if following is None:
        return None
    what = f"runbook {short_name(book)}: {len(known)} of {len(book.steps)} steps ticked, next: {following.name}"
    return Todo(what=what, needed=False, command=_command(state, book, following))
