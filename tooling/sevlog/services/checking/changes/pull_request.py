"""The rules about a change: entries are only ever added, ids are taken once, steps still fit after the merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from ....errors import SevlogError
from ....model.problem import Gravity, Problem
from ....model.rules.config import CONFIG, ONCALL
from ....model.timeline.entries import entry_id, kind_of
from ....model.timeline.entry_parts import Entry
from ....model.timeline.incident import Record
from ....model.timeline.replay import replay
from ....stores import files, layout
from ....stores.git import scratch
from ....stores.history.history import History
from ....stores.records import records, settings
from ....stores.records.records import Reading
from ....stores.yaml import io as yaml_io
from ...workspace.workspace import Workspace
from .. import documents as checking_documents
from ..locating import Locator
from ..oncall_ahead import problems_ahead
from ..records import CheckContext, check_folder
from ..settings import check_settings
from .broken_base import with_broken_files
from .edits import edited_evidence, edits, moved_record
from .process import process_problems
from .signers import trust_at


class Changes:
    """What a branch changed, compared with where it parted from another. Use it as a context: it holds old files."""

    def __init__(self, workspace: Workspace, context: CheckContext, base: str) -> None:
        self._workspace, self._context, self._name = workspace, context, base
        self._history = History(workspace.root)
        theirs = self._history.commit(base)
        self._ancestor = self._history.ancestor(theirs)
        self._theirs = theirs if theirs != self._ancestor else None
        folders = checking_documents.document_folders(context.config)
        self.paths = self._history.changed(self._ancestor, folders)
        self._folders = sorted({"/".join(p.split("/")[:3]) for p in self.paths if _is_in_a_record(p)})
        self._space = scratch.Space(workspace.git)
        self._before = self._space.path / "before"
        self._there = self._space.path / "theirs"

    def __enter__(self) -> Changes:
        self._history.export(self._ancestor, (CONFIG, ONCALL, *self._folders), self._before)
        if self._theirs:
            self._history.export(self._theirs, self._folders, self._there)
        return self

    def __exit__(self, *_: object) -> None:
        self._history.__exit__()
        self._space.close()

    def problems(self) -> Iterator[Problem]:
        """The findings about the change itself."""
        gravity = self._append_only()
        if trust_at(self._workspace.git, self._theirs or self._ancestor).required:
            from .signatures import signature_problems

            yield from signature_problems(self._workspace, self._name)
        readings = ((f, _reading(self._before, f), _reading(self._workspace.root, f)) for f in self._folders)
        yield from process_problems(self._before, self._workspace.root, self._context.config, readings, self._name)
        new = [folder for folder in self._folders if _reading(self._before, folder) is None]
        for folder in self._folders:
            before, now = _reading(self._before, folder), _reading(self._workspace.root, folder)
            if before is not None and gravity is not None:
                yield from self._append_only_problems(folder, before, now, new, gravity)
            if self._theirs and now is not None:
                yield from self._collisions(folder, before, now)

    def _append_only(self) -> Gravity | None:
        """What the policy says of edited entries: as it was before the change, which cannot excuse itself."""
        try:
            policy = settings.read_config(self._before).policies.append_only
        except (SevlogError, OSError):
            policy = "error"
        return None if policy == "off" else policy

    def _append_only_problems(
        self, folder: str, before: Reading, now: Reading | None, new: list[str], gravity: Gravity
    ) -> Iterator[Problem]:
        if now is None:
            candidates = [r for name in new if (r := _reading(self._workspace.root, name)) is not None]
            yield moved_record(folder, before, candidates, gravity, self._ancestor)
            return
        locator = Locator(self._workspace.root)
        commit = self._ancestor[:10]
        changed = frozenset(
            path
            for path in self.paths
            if path.startswith(f"{folder}/{layout.EVIDENCE}/")
            and all((root / path).is_file() for root in (self._before, self._workspace.root))
        )
        before, guessed = with_broken_files(self._before, folder, before)
        whole, _ = with_broken_files(self._workspace.root, folder, now)
        edited = edits(before, whole, commit, self._text_now, guessed)
        for problem in (*edited, *edited_evidence(before, now, changed, commit)):
            told = replace(problem, severity=gravity, incident=now.id)
            yield locator.entry(told, now) or told

    def _text_now(self, path: str) -> str:
        """The content of a file now; empty where it was removed or is not a regular file."""
        try:
            return files.read_plain(self._workspace.root / path, yaml_io.MAX_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""

    def _collisions(self, folder: str, before: Reading | None, now: Reading) -> Iterator[Problem]:
        """Ids that both sides took, and steps that no longer fit once both are together."""
        theirs = _reading(self._there, folder)
        if theirs is None or theirs.record is None or now.record is None:
            return
        if before is None and theirs.record.card != now.record.card:
            yield Problem(
                code="incident_id_taken",
                path=f"{folder}/{layout.CARD_FILE}",
                line=1,
                column=1,
                incident=now.id,
                message=f"the id `{now.id}` is now used on {self._name}: {theirs.record.card.title}",
                hint=f"rename yours: git mv {folder} {folder}-2",
            )
            return
        locator = Locator(self._workspace.root)
        old = _by_id(before)
        mine = {name: entry for name, entry in _by_id(now).items() if name not in old}
        for name, entry in _by_id(theirs).items():
            if name in mine and mine[name] != entry:
                problem = Problem(
                    code="entry_id_taken",
                    entry=name,
                    incident=now.id,
                    message=f"the entry id `{name}` is now used on {self._name}, by {_brief(entry)}",
                    hint=f"give yours another id: id: {name}-2",
                )
                yield locator.entry(problem, now) or problem
        yield from self._merged(folder, now, theirs, mine, locator)

    def _merged(
        self, folder: str, now: Reading, theirs: Reading, mine: dict[str, Entry], locator: Locator
    ) -> Iterator[Problem]:
        config = self._context.config
        if config is None or now.record is None or theirs.record is None:
            return
        other = theirs.record.entries
        added = tuple(entry for name, entry in mine.items() if name not in _by_id(theirs))
        together = replace(now.record, entries=(*other, *added))
        known = {_identity(p) for r in (now.record, theirs.record) for p in _fold(r, self._context)}
        for problem in _fold(together, self._context):
            if problem.severity == "error" and _identity(problem) not in known:
                told = replace(
                    problem,
                    message=f"combined with {self._name}: {problem.message}",
                    hint=f"merge {self._name} and check again: git merge {self._name}",
                )
                yield locator.entry(told, now) or replace(told, path=f"{folder}/{layout.TIMELINE}")

    def without_blame(self, found: Iterable[Problem]) -> list[Problem]:
        """The findings, with errors that were there before the change told as warnings: they are not its fault."""
        found = list(found)
        blamed = [problem for problem in found if problem.severity == "error"]
        old = self._problems_before(blamed) if blamed else set()
        return [_excused(p) if p.severity == "error" and _identity(p) in old else p for p in found]

    def _problems_before(self, blamed: list[Problem]) -> set[tuple[str, ...]]:
        """What was wrong before in the places where something is wrong now."""
        folders = sorted({"/".join(p.path.split("/")[:3]) for p in blamed if _is_in_a_record(p.path)})
        known = checking_documents.document_folders(self._context.config)
        documents = [name for name in known if any(p.path.startswith(f"{name}/") for p in blamed)]
        self._history.export(self._ancestor, (*folders, *documents), self._before)
        checked = check_settings(self._before)
        ids = self._history.ids(self._ancestor)
        context = CheckContext(
            self._before, self._context.now, ids, checked.config, checked.names, checked.steps_known, checked.oncall
        )
        old = list(checked.problems) if (self._before / CONFIG).is_file() else []
        if any(problem.path in (CONFIG, ONCALL) for problem in blamed):
            old += problems_ahead(checked, Locator(self._before), self._context.now)
        if documents:
            old += checking_documents.check_documents(
                self._before, checked.config, checked.names, ids, self._context.now
            )
        for folder in folders:
            if (self._before / folder).is_dir():
                old += check_folder(context, folder).problems
        return {_identity(problem) for problem in old}


def _excused(problem: Problem) -> Problem:
    hint = f"{problem.hint}; it" if problem.hint else "it"
    return replace(problem, severity="warning", hint=f"{hint} was already there before this change")


def _identity(problem: Problem) -> tuple[str, ...]:
    """What makes two findings the same although lines moved."""
    if problem.entry:
        return (problem.incident or "", problem.code, problem.entry, problem.message)
    return (problem.path, problem.code, problem.pointer, problem.message)


def _is_in_a_record(path: str) -> bool:
    return path.startswith(f"{layout.INCIDENTS}/") and path.count("/") >= 3


def _reading(root: Path, folder: str) -> Reading | None:
    """An incident as it is below a root; None where nothing of it is there."""
    _, year, name = folder.split("/")
    if not layout.INCIDENT_ID.fullmatch(name) or name[:4] != year or not layout.is_plain_folder(root, folder):
        return None
    reading = records.read_incident(root, name)
    return reading if reading.record is not None or reading.files else None


def _by_id(reading: Reading | None) -> dict[str, Entry]:
    return {entry_id(entry): entry for _, entries in (reading.files if reading else ()) for entry in entries}


def _brief(entry: Entry) -> str:
    return f"a {kind_of(entry)} by {entry.by}" if entry.by else f"a {kind_of(entry)}"


def _fold(record: Record, context: CheckContext) -> tuple[Problem, ...]:
    return replay(record, context.config).problems if context.config is not None else ()
