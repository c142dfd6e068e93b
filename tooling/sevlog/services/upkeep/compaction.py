"""Compaction: the many files of a closed incident's timeline become one list, entry for entry the same text.

The list's name is made from what is in it: two people who compact at once write the same file, or two that do not meet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ...errors import InvalidRecord, Refused
from ...model.timeline.entries import in_order
from ...model.timeline.entry_parts import Entry
from ...model.timeline.state import State
from ...model.vocabulary import to_the_minute
from ...stores import layout
from ...stores.git import transaction
from ...stores.history import pending_tips
from ...stores.records import codec
from ...stores.records.records import Reading
from ...stores.yaml import io as yaml_io
from ...stores.yaml import items as yaml_items
from ...stores.yaml.items import Item
from ..recording.recorder import Options, begin
from ..workspace import lookup
from ..workspace.workspace import Workspace

_OVER = frozenset({"closed", "dropped"})
_FULL = yaml_io.MAX_BYTES * 7 // 8
"""Bytes after which a list is continued in a second file."""

Watch = Callable[[Sequence[str]], Iterable[str]]
"""Hands ids on, one by one, and may show how far it is."""


class Folded(Struct, kw_only=True):
    """One timeline that was compacted."""

    id: Annotated[str, Meta(description="The incident.")]
    entries: Annotated[int, Meta(description="How many entries it has, before as after.")]
    before: Annotated[int, Meta(description="How many files they were in.")]
    files: Annotated[list[str], Meta(description="The files they are in now, from the top of the records repository.")]
    commit: Annotated[str | None, Meta(description="null with --dry-run and --no-commit.")] = None


class Left(Struct, kw_only=True):
    """A timeline that was left as it is."""

    id: str
    reason: str


class Compaction(Struct, kw_only=True):
    """`sevlog compact --json`."""

    schema: str = "1"
    compacted: list[Folded] = []
    left: Annotated[list[Left], Meta(description="Incidents that were not touched, and why.")] = []
    pushed: Annotated[bool | None, Meta(description="null where no push was tried.")] = None
    dry_run: bool = False
    warnings: list[str] = []


class Plan(Struct, frozen=True, kw_only=True):
    """What becomes of one timeline: files to write (path -> text), files to take away."""

    id: str
    entries: int
    before: int
    files: dict[str, str]
    written: dict[str, str]
    gone: frozenset[str]

    @property
    def message(self) -> str:
        """Subject and trailers of the commit."""
        into = f"{len(self.files)} files" if len(self.files) > 1 else "one file"
        subject = f"incident({self.id}): compact {self.entries} entries of {self.before} files into {into}"
        return f"{subject}\n\nIncident: {self.id}\nCompacted: {self.id}\n"


def compact(
    workspace: Workspace, incident: str, options: Options, *, older_than: timedelta | None = None
) -> Compaction:
    """Compact one closed incident, in one commit.

    Raises NotFound, Refused for one that is not closed (or not for as long as `older_than`), InvalidRecord for one with
    a file that is not in order.
    """
    begin(workspace, options)
    incident_id = lookup.resolve(workspace, incident)
    plan = planned(workspace, workspace.read(incident_id), older_than)
    if plan is None:
        return Compaction(left=[Left(id=incident_id, reason="already one file")], dry_run=options.dry_run)
    return _carried_out(workspace, [plan], [], options)


def compact_all(
    workspace: Workspace, options: Options, *, older_than: timedelta | None = None, watch: Watch = iter
) -> Compaction:
    """Compact every closed incident, a commit each. What cannot be is left, with the reason."""
    begin(workspace, options)
    plans: list[Plan] = []
    left: list[Left] = []
    for incident_id in watch(layout.incident_ids(workspace.root)):
        try:
            plan = planned(workspace, workspace.read(incident_id), older_than)
        except Refused:
            continue
        except InvalidRecord as error:
            left.append(Left(id=incident_id, reason=error.message))
            continue
        if plan is not None:
            plans.append(plan)
    return _carried_out(workspace, plans, left, options)


def planned(workspace: Workspace, reading: Reading, older_than: timedelta | None) -> Plan | None:
    """What compacting this record would do; None where it is one file already. Raises Refused or InvalidRecord."""
    record = workspace.readable(reading)
    state = workspace.state(record)
    _check_closed(workspace, state, older_than)
    broken = [p for p in reading.problems if p.severity == "error"]
    if broken:
        first = broken[0]
        where = f"{first.path}:{first.line}:{first.column}" if first.line else first.path
        raise InvalidRecord(
            f"{where}: {first.message}; all files must be valid before they can be combined",
            first.hint or "",
            f"sevlog check {layout.folder_of(record.id)}",
        )
    names = [path for path, _ in reading.files]
    if len(names) < 2:
        return None
    found = _in_order([item for name in names for item in _items(workspace, name)])
    files = _named(record.id, list(_portions(record.id, found)))
    if set(files) == set(names):
        return None
    _check_same(record.entries, found)
    return Plan(
        id=record.id,
        entries=len(found),
        before=len(names),
        files=files,
        gone=frozenset(names) - set(files),
        written={name: text for name, text in files.items() if name not in names},
    )


def _check_closed(workspace: Workspace, state: State, older_than: timedelta | None) -> None:
    if state.category not in _OVER:
        raise Refused(
            f"{state.id} is `{state.status}`: only the timeline of a closed incident can be compacted",
            f"when it is done: sevlog close -i {state.id}",
        )
    closed_at = state.milestones.closed_at or state.status_steps[-1].at
    if older_than is not None and workspace.clock() - closed_at < older_than:
        raise Refused(f"{state.id} was closed at {to_the_minute(closed_at)}, which is too recent")


def _items(workspace: Workspace, name: str) -> list[Item]:
    try:
        return yaml_items.items((workspace.root / name).read_bytes().decode())
    except InvalidRecord as error:
        raise InvalidRecord(f"{name}: {error.message}", *error.hints) from None


def _in_order(found: list[Item]) -> list[Item]:
    """By time, as they are read; what is there twice, to the letter, once."""
    once = list({item.text: item for item in found}.values())
    return sorted(once, key=lambda item: in_order(_entry(item)))


def _entry(item: Item) -> Entry:
    return codec.entry_of(item.value)


def _portions(incident: str, found: list[Item]) -> Iterator[str]:
    """The texts of the files: one, or several where one would be too large to be read."""
    path = layout.folder_of(incident) / layout.TIMELINE / layout.HISTORY_FILE
    schema = layout.schema_reference(path, "timeline")
    portion: list[Item] = []
    size = 0
    for item in found:
        length = len(item.text.encode())
        if portion and size + length > _FULL:
            yield yaml_items.bundled(portion, schema)
            portion, size = [], 0
        portion.append(item)
        size += length
    if portion:
        yield yaml_items.bundled(portion, schema)


def _named(incident: str, texts: list[str]) -> dict[str, str]:
    """Path -> text. Files sort in the order of their entries."""
    digest = hashlib.sha256("".join(texts).encode()).hexdigest()[:8]
    numbers = [""] if len(texts) == 1 else [f"-{place:03d}" for place in range(1, len(texts) + 1)]
    folder = layout.folder_of(incident) / layout.TIMELINE
    return {f"{folder}/history-{digest}{number}.yaml": text for number, text in zip(numbers, texts, strict=True)}


def _check_same(entries: tuple[Entry, ...], found: list[Item]) -> None:
    """The proof before anything is written: the same entries, in the same order, but for exact copies."""
    now = [_entry(item) for item in found]
    if list(dict.fromkeys(map(_key, entries))) != list(dict.fromkeys(map(_key, now))):
        raise InvalidRecord("the combined list would not equal the entries", "this is a bug: sevlog doctor")


def _key(entry: Entry) -> bytes:
    return msgspec.json.encode(entry, order="deterministic") + type(entry).__name__.encode()


def _carried_out(workspace: Workspace, plans: list[Plan], left: list[Left], options: Options) -> Compaction:
    done = Compaction(
        left=left,
        dry_run=options.dry_run,
        warnings=list(_elsewhere(workspace, [plan.id for plan in plans])),
        compacted=[Folded(id=p.id, entries=p.entries, before=p.before, files=list(p.files)) for p in plans],
    )
    if options.dry_run or not plans:
        return done
    for plan, told in zip(plans, done.compacted, strict=True):
        contents = {name: text.encode() for name, text in plan.written.items()}
        if not options.commit:
            transaction.write_only(workspace.root, contents)
            for name in plan.gone:
                (workspace.root / name).unlink()
        else:
            _record(workspace, plan, told, contents)
    workspace.close()
    return _sent(workspace, done, options) if options.commit else done


def _record(workspace: Workspace, plan: Plan, told: Folded, contents: dict[str, bytes]) -> None:
    from ..sync.delivery import record

    new = transaction.NewCommit(plan.message, contents, removed=plan.gone)
    made = record(workspace, new, topic=f"incident/{plan.id}")
    told.commit = made.commit


def _elsewhere(workspace: Workspace, incidents: Sequence[str]) -> Iterator[str]:
    """Warnings about branches that changed one of these timelines and are not in here."""
    if not incidents or not workspace.git.present:
        return
    wanted = set(incidents)
    for branch, incident in pending_tips.unmerged(workspace.git):
        if incident in wanted:
            yield f"{branch} changed {incident} and is not merged here; its new entries will become separate files"


def _sent(workspace: Workspace, done: Compaction, options: Options) -> Compaction:
    """Push what was compacted. What others changed at the same time is left as they have it."""
    from ..sync.delivery import push_after
    from ..sync.sync_result import Recorded

    for told in done.compacted if workspace.config.git.flow == "pull-request" else done.compacted[-1:]:
        assert told.commit is not None
        sent = push_after(workspace, options.push, Recorded(commit=told.commit, branch=f"incident/{told.id}"))
        done.pushed = sent.pushed
        done.warnings += sent.warnings
        lost = {dropped.commit: dropped.because for dropped in sent.dropped}
        for other in list(done.compacted):
            if other.commit in lost or sent.commits.get(other.commit or "") in lost:
                done.compacted.remove(other)
                done.left.append(
                    Left(id=other.id, reason="someone else changed it at the same time; run the command again")
                )
            else:
                other.commit = sent.commits.get(other.commit or "", other.commit)
    return done


__all__ = ["Compaction", "compact", "compact_all", "planned"]
