"""How every act is recorded: refused before the first write, or one commit of exactly its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ...errors import GitTrouble, InvalidRecord, NotFound, UsageError
from ...model.comms.private_words import without_secrets
from ...model.timeline.entries import Alert, Assigned, Handover, entry_id, kind_of
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import Record
from ...model.timeline.state import State
from ...model.vocabulary import compact
from ...stores.git import transaction
from ..common.outcome import Outcome
from ..workspace.workspace import Workspace
from . import attachments, legality, placeholder_guard, secret_guard
from .attachments import Attachment
from .commit_contents import commit_message, entry_files
from .identity import acting_person

if TYPE_CHECKING:
    from ...model.guidance.role_cards import RoleCard
    from ..sync.sync_result import Sync

_FUTURE = timedelta(minutes=5)


class Options(Struct, frozen=True, kw_only=True):
    """The options that every acting command has.

    approved_by: who approved the texts that the act sends, where a text does not say so itself.
    """

    person: str | None = None
    at: datetime | None = None
    dry_run: bool = False
    commit: bool = True
    push: bool | None = None
    any_branch: bool = False
    overrides: tuple[str, ...] = ()
    override_reason: str | None = None
    evidence: tuple[Attachment, ...] = ()
    approved_by: tuple[str, ...] = ()


class Actor(Struct, frozen=True, kw_only=True):
    """Who acts and when: what stamps the entries of one act."""

    person: str
    at: datetime
    now: datetime

    @property
    def recorded_at(self) -> datetime | None:
        """When it was known, where that differs from when it happened."""
        return self.now if self.at != self.now else None


def begin(workspace: Workspace, options: Options) -> None:
    """Get ready to write, before anything is read: nobody else may write between what we see and what we say.

    Raises GitTrouble where git could not take a commit now. `workspace.close` (or `act`) lets others write again.
    """
    if options.dry_run:
        return
    if options.commit:
        workspace.git.require_ready()
        if not options.any_branch:
            _require_branch(workspace)
    workspace.hold()


def _require_branch(workspace: Workspace) -> None:
    """Raise GitTrouble where another branch is checked out than the one of sevlog.yaml, and that one exists.

    An entry there reaches nobody: not the board of the others, not the page. By pull request, acts go to branches of
    their own, and where the configured branch does not exist, the one that is checked out is the only one.
    """
    how, here = workspace.config.git, workspace.git.branch
    if here is None or here == how.branch or how.flow != "direct":
        return
    known = (f"refs/heads/{how.branch}", f"refs/remotes/{how.remote}/{how.branch}")
    if any(workspace.git.commit_of(name) for name in known):
        raise GitTrouble(
            f"branch `{here}` is checked out, but records belong on `{how.branch}` (git.branch in sevlog.yaml); nobody "
            "would see an entry here",
            f"git switch {how.branch}",
            f"to record it on `{here}` anyway: add --any-branch",
        )


def actor(workspace: Workspace, options: Options) -> Actor:
    """Who acts and when. Raises UsageError for a future time: entries say what happened, not what will happen."""
    now = workspace.clock()
    at = options.at or now
    check_past("--at", at, now)
    return Actor(person=acting_person(workspace, options.person), at=min(at, now), now=now)


def check_past(what: str, at: datetime | None, now: datetime) -> None:
    """Raise UsageError for a time that is later than now by more than clocks may differ."""
    if at is not None and at > now + _FUTURE:
        from ..common.time_input import told

        raise UsageError(
            f"{what} {told(at)} is in the future: it is now {told(now)}",
            "record only what has happened; a short time such as 14:07 or -10m is enough",
        )


class Act(Struct, frozen=True, kw_only=True):
    """What one act puts on record, in one commit.

    entries: what happened, at least one; each is stamped with the actor's time, person and id.
    summary: what goes behind `incident(<id>):` in the commit's subject.
    files: further files (relative paths, with their text) of the same commit.
    replaced: the paths that exist and are overwritten. removed: committed files that are deleted.
    trailers: more lines for the end of the commit's message.
    as_told: the entries keep their time, person and id, and are recorded now: they come from elsewhere.
    """

    entries: tuple[Entry, ...]
    summary: str
    files: Mapping[PurePosixPath, str] = {}
    replaced: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    trailers: tuple[str, ...] = ()
    as_told: bool = False


def record_act(workspace: Workspace, record: Record, act: Act, options: Options, who: Actor) -> Outcome:
    """Stamp the entries of an act, judge them, write and commit their files. Call `begin` before reading the record.

    record: the incident as it is; for a new one, its card and no entries.
    Raises Refused with every guard that does not hold, and the tree is untouched.
    """
    summary = without_secrets(act.summary)
    entries, added = act.entries, dict[str, bytes]()
    if options.evidence:
        entries, added = attachments.attach(
            workspace, record.id, act.entries, options.evidence, committed=options.commit and not options.dry_run
        )
    stamped = _with_recording_time(entries, who) if act.as_told else _stamped(record, entries, who)
    if not act.as_told:
        placeholder_guard.refuse_act(record, entries)
    permits = legality.permits(workspace, record, stamped, options.overrides, options.override_reason)
    stamped = [*_stamped(record, permits, who, taken=stamped), *stamped]
    before, after = legality.judge(workspace, record, stamped)
    written = {str(path): text for path, text in (*entry_files(record.id, stamped), *act.files.items())}
    found = secret_guard.warnings(record.id, stamped, after.card, written | attachments.texts(added))
    outcome = Outcome(
        incident=record.id,
        summary=summary,
        entries=tuple(entry_id(entry) for entry in stamped),
        state=after,
        files=written,
        attached=added,
        message=commit_message(record.id, summary, stamped, before, after, act.trailers),
        dry_run=options.dry_run,
        replaced=act.replaced,
        removed=tuple(sorted(act.removed)),
        warnings=(*found, *legality.warnings(before, after), *legality.not_needed(options.overrides, stamped)),
        cards=_cards(workspace, stamped, after),
    )
    return outcome if options.dry_run else store(workspace, outcome, options)


def _cards(workspace: Workspace, entries: Sequence[Entry], state: State) -> tuple[RoleCard, ...]:
    if not any(isinstance(entry, Assigned | Handover) for entry in entries):
        return ()
    from ...model.guidance.role_catalogue import handed

    return handed(entries, state, workspace.config)


def store(workspace: Workspace, outcome: Outcome, options: Options) -> Outcome:
    """Write an outcome's files and commit them (or only write them), then push where that is asked for."""
    contents = {name: text.encode() for name, text in outcome.files.items()} | outcome.attached
    if not options.commit:
        transaction.write_only(workspace.root, contents)
        for name in outcome.removed:
            (workspace.root / name).unlink()
        workspace.close()
        return outcome
    from ..sync.delivery import push_after, record

    made = transaction.NewCommit(
        outcome.message, contents, replaced=outcome.replaced, removed=frozenset(outcome.removed)
    )
    done = record(workspace, made, topic=f"incident/{outcome.incident}")
    workspace.close()
    sent = _sent(workspace, replace(outcome, commit=done.commit), push_after(workspace, options.push, done))
    workspace.acted.append(sent)
    return sent


def _sent(workspace: Workspace, outcome: Outcome, sync: Sync) -> Outcome:
    """The outcome after it was sent. Raises Refused where others made it illegal meanwhile: it is dropped then."""
    commit = sync.commits.get(outcome.commit or "", outcome.commit)
    lost = next((d for d in sync.dropped if d.commit in (outcome.commit, commit)), None)
    if lost is not None:
        raise lost.refusal()
    incident = sync.incidents.get(outcome.incident, outcome.incident)
    hints = outcome.hints
    if incident != outcome.incident:
        hints = (
            f"someone raised {outcome.incident} at the same time; yours is {incident}",
            f"if it is the same incident: sevlog merge -i {incident} {outcome.incident}",
            f"to join that response: sevlog join -i {outcome.incident}",
        )
    if commit != outcome.commit:
        outcome = _as_it_is_now(workspace, outcome, incident, commit)
    return replace(
        outcome,
        incident=incident,
        entries=tuple(sync.entries.get(e, e) for e in outcome.entries),
        commit=commit,
        pushed=sync.pushed,
        warnings=(*outcome.warnings, *sync.warnings),
        hints=(*hints, *sync.hints),
    )


def _as_it_is_now(workspace: Workspace, outcome: Outcome, incident: str, commit: str | None) -> Outcome:
    """The outcome of an act that was put on top of what others recorded: their entries count as well."""
    here = workspace.anew()
    subject = here.git.text("log", "-1", "--format=%s", commit or "HEAD")
    name = f"incident({incident}): "
    levels = any(subject.startswith(f"{name}{what} ") for what in ("severity", "priority"))
    summary = subject.removeprefix(name) if levels else outcome.summary
    try:
        return replace(outcome, summary=summary, state=here.state(here.record(incident)))
    except (InvalidRecord, NotFound):
        return replace(outcome, summary=summary)  # others broke or removed it; `check` reports that


def _stamped(record: Record, entries: Sequence[Entry], who: Actor, *, taken: Sequence[Entry] = ()) -> list[Entry]:
    """Entries with time, person and an id that no other entry of the incident, here or on another laptop, has.

    taken: entries of the same act that have their ids already.
    """
    names = {entry_id(entry) for entry in (*record.entries, *taken)}
    result = []
    for entry in entries:
        at = min(entry.at, who.at) if isinstance(entry, Alert) else who.at  # an alert began when its source says
        recorded_at = who.now if at != who.now else None
        entry = replace(entry, at=at, by=who.person, recorded_at=recorded_at)
        base = name = f"{compact(entry.at)}-{kind_of(entry)}"
        if recorded_at is not None:  # a time someone typed: others may type the same one
            import hashlib

            digest = hashlib.sha256(msgspec.json.encode(entry, order="deterministic"))
            name = f"{base}-{digest.hexdigest()[:4]}"
        number, stem = 1, name
        while name in names:
            number += 1
            name = f"{stem}-{number}"
        names.add(name)
        result.append(entry if name == base else replace(entry, id=name))
    return result


def _with_recording_time(entries: Sequence[Entry], who: Actor) -> list[Entry]:
    """Entries that name their time, person and id, recorded now."""
    return [replace(entry, by=entry.by or who.person, recorded_at=who.now) for entry in entries]
