"""How every act is recorded: refused before the first write, or one commit of exactly its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..errors import InvalidRecord, Refused, UsageError
from ..model.entries import Entry, Override, Raised, SeverityChanged, StatusChanged, compact, entry_id, kind_of
from ..model.guards import GUARDS
from ..model.incident import Record
from ..model.problem import Problem
from ..model.replay import replay
from ..model.state import State
from ..stores import codec, layout, transaction, yamlio
from .identity import acting_person
from .workspace import Workspace

_FUTURE = timedelta(minutes=5)


class Options(Struct, frozen=True, kw_only=True):
    """What every acting command can be told."""

    person: str | None = None
    at: datetime | None = None
    dry_run: bool = False
    commit: bool = True
    push: bool | None = None
    overrides: tuple[str, ...] = ()
    override_reason: str | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What an act did. `commit` is None for --no-commit and --dry-run; `files` are relative paths with their text."""

    incident: str
    summary: str
    entries: tuple[str, ...]
    state: State
    files: dict[str, str]
    message: str
    commit: str | None = None
    dry_run: bool = False
    pushed: bool | None = None
    warnings: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


class Actor(Struct, frozen=True, kw_only=True):
    """Who acts and when: what stamps the entries of one act."""

    person: str
    at: datetime
    now: datetime

    @property
    def recorded_at(self) -> datetime | None:
        """When it was known, where that differs from when it happened."""
        return self.now if self.at != self.now else None


def actor(workspace: Workspace, options: Options) -> Actor:
    """Who acts and when. Raises UsageError for a time that lies ahead: entries say what happened, not what will."""
    now = workspace.clock()
    at = options.at or now
    if at > now + _FUTURE:
        raise UsageError(
            f"--at {codec.instant(at)} lies in the future (it is {codec.instant(now)})",
            "an entry says what has happened; leave --at out for now",
        )
    return Actor(person=acting_person(workspace, options.person), at=min(at, now), now=now)


def act(
    workspace: Workspace,
    record: Record,
    entries: list[Entry],
    options: Options,
    *,
    summary: str,
    who: Actor,
    card: bytes | None = None,
    files: Mapping[PurePosixPath, str] | None = None,
    replaced: frozenset[str] = frozenset(),
) -> Outcome:
    """Record one act on an incident.

    record: the incident as it is; for a new one, its card and no entries.
    entries: what happened, without `at` set apart: each is stamped with the actor's time, person and an id.
    summary: what goes behind `incident(<id>):` in the commit's subject.
    card: the text of a new or changed incident.yaml. files: further files (relative paths) of the same commit.
    replaced: those of all paths that exist and are written anew.
    Raises Refused with every guard that does not hold, and the tree is untouched.
    """
    before = replay(record, workspace.config)
    stamped = _stamped(record, entries, who)
    stamped, after = _judge(workspace, record, before, stamped, options, who)
    written = {str(p): text for p, text in _entry_files(record.id, stamped)}
    written |= {str(path): text for path, text in (files or {}).items()}
    if card is not None:
        written[str(layout.folder_of(record.id) / layout.CARD_FILE)] = card.decode()
    names = tuple(entry_id(entry) for entry in stamped)
    message = _message(record.id, summary, stamped, before, after)
    outcome = Outcome(
        incident=record.id, summary=summary, entries=names, state=after, files=written, message=message,
        dry_run=options.dry_run, warnings=_warnings(before, after),
    )  # fmt: skip
    return outcome if options.dry_run else store(workspace, outcome, options, replaced)


def store(workspace: Workspace, outcome: Outcome, options: Options, replaced: frozenset[str]) -> Outcome:
    """Write an outcome's files and commit them (or only write them), then push where that is asked for."""
    contents = {name: text.encode() for name, text in outcome.files.items()}
    if not options.commit:
        transaction.write_only(workspace.root, contents)
        return outcome
    with transaction.exclusive(workspace.git):
        commit = transaction.commit(workspace.git, contents, outcome.message, replace=replaced)
    outcome = replace(outcome, commit=commit)
    from .pushing import push_after

    pushed, warnings = push_after(workspace, options.push)
    return replace(outcome, pushed=pushed, warnings=(*outcome.warnings, *warnings))


def _stamped(record: Record, entries: list[Entry], who: Actor) -> list[Entry]:
    """Entries with time, person and an id that no other entry of the incident, here or on another laptop, has."""
    taken = {entry_id(entry) for entry in record.entries}
    result = []
    for entry in entries:
        entry = replace(entry, at=who.at, by=who.person, recorded_at=who.recorded_at)
        base = f"{compact(entry.at)}-{kind_of(entry)}"
        name = base
        if who.recorded_at is not None:  # a time someone typed: others may type the same one
            import hashlib

            digest = hashlib.sha256(msgspec.json.encode(entry, order="deterministic"))
            name = f"{base}-{digest.hexdigest()[:4]}"
        number = 1
        stem = name
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        result.append(entry if name == base else replace(entry, id=name))
    return result


def _judge(
    workspace: Workspace, record: Record, before: State, entries: list[Entry], options: Options, who: Actor
) -> tuple[list[Entry], State]:
    """The entries (with overrides where asked for) and the state they lead to. Raises Refused."""
    _check_override_names(options)
    known = {(p.code, p.entry, p.message) for p in before.problems}
    after = _with(workspace, record, entries)
    objections = _objections(after, known)
    wanted = [rule for rule in options.overrides if any(p.code == f"guard_{rule}" for p in objections)]
    if wanted:
        reason = options.override_reason or ""
        permits: list[Entry] = [Override(at=who.at, rule=rule, reason=reason) for rule in wanted]
        named = replace(record, entries=(*record.entries, *entries))
        entries = [*_stamped(named, permits, who), *entries]
        after = _with(workspace, record, entries)
        objections = _objections(after, known)
    if objections:
        raise _refusal(record, before, objections)
    return entries, after


def _with(workspace: Workspace, record: Record, entries: list[Entry]) -> State:
    return replay(replace(record, entries=(*record.entries, *entries)), workspace.config)


def _objections(after: State, known: set[tuple[str, str | None, str]]) -> list[Problem]:
    return [p for p in after.problems if p.severity == "error" and (p.code, p.entry, p.message) not in known]


def _check_override_names(options: Options) -> None:
    unknown = [rule for rule in options.overrides if rule not in GUARDS]
    if unknown:
        raise UsageError(f"there is no guard `{unknown[0]}`", f"guards: {', '.join(GUARDS)}")
    if options.overrides and not options.override_reason:
        raise UsageError("an override needs a reason that others can read", 'add --reason "…"')


def _refusal(record: Record, before: State, objections: list[Problem]) -> Refused:
    guards = [p.code.removeprefix("guard_") for p in objections if p.code.startswith("guard_")]
    where = before.status if before.status_steps else "new"
    name = f"{record.id} ({where})" if before.status_steps else f"“{record.card.title}”"
    if len(objections) == 1:
        message = f"{name}: {objections[0].message}"
        hints = [objections[0].hint or ""]
    else:
        message = f"{name}: {len(objections)} things are missing"
        hints = [f"{p.message}: {p.hint}" if p.hint else p.message for p in objections]
    guards = [g for g in guards if g != "reason"]
    if guards:
        hints.append(f'if it must be: {" ".join(f"--override {g}" for g in guards)} --reason "why"')
    return Refused(
        message, *hints,
        details={
            "status": where,
            "problems": [{"code": p.code, "message": p.message, "hint": p.hint} for p in objections],
        },
    )  # fmt: skip


def _warnings(before: State, after: State) -> tuple[str, ...]:
    known = {(p.code, p.message) for p in before.problems}
    new = [p for p in after.problems if p.severity == "warning" and (p.code, p.message) not in known]
    return tuple(f"{p.message} ({p.hint})" if p.hint else p.message for p in new)


def _entry_files(incident_id: str, entries: list[Entry]) -> list[tuple[PurePosixPath, str]]:
    result = []
    for entry in entries:
        path = layout.timeline_file(incident_id, entry_id(entry))
        text = yamlio.dump(codec.entry_data(entry), schema=layout.schema_reference(path, "entry"))
        read_back = msgspec.convert(yamlio.read(text.encode()), type(entry))
        if codec.entry_data(read_back) != codec.entry_data(entry):
            raise InvalidRecord(f"{path} would not read back as it was written", "this is a bug: sevlog doctor")
        result.append((path, text))
    return result


def _message(incident_id: str, summary: str, entries: list[Entry], before: State, after: State) -> str:
    """Subject and trailers of the commit (cli.md, Commits)."""
    subject = f"incident({incident_id}): {' '.join(summary.split())}"
    trailers = [f"Incident: {incident_id}", *(f"Entry: {entry_id(e)}" for e in entries)]
    if any(isinstance(e, StatusChanged | Raised) for e in entries):
        origin = before.status if before.status_steps else "new"
        trailers.append(f"Transition: {origin} -> {after.status}")
    if any(isinstance(e, SeverityChanged | Raised) for e in entries):
        trailers.append(f"Severity: {after.severity}")
    if len(subject) > 100:
        subject = subject[:99] + "…"
    return f"{subject}\n\n" + "\n".join(trailers) + "\n"
