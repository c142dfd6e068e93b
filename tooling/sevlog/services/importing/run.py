"""Imports a batch: new incidents become records, known ones grow, sevlog.yaml gets page and components; one commit."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ...adapters.forges.recognition import alert_source
from ...adapters.importers.base import ImportBatch, ImportedRecord, Quarantined
from ...errors import InvalidRecord, UsageError
from ...model.timeline.incident import Record
from ...stores import layout
from ...stores.git import transaction
from ...stores.git.transaction import NewCommit
from ...stores.records import codec, records
from ..recording.recorder import Options, begin
from ..sync import delivery as sync_delivery
from ..workspace.workspace import Workspace
from .config import Merged, merge
from .files import Unfaithful, card_text, changed_card, further_history, history_text
from .growth import Growth, grown
from .report import Findings, report_files, reported

Progress = Callable[[int, int | None], None]
"""Called with how much is done and how much there is."""


class Repaired(Struct, frozen=True, kw_only=True):
    """An impossible value in the source, and how it was repaired."""

    id: Annotated[str, Meta(description="The incident's or component's id in the source.")]
    what: str
    incident: Annotated[str | None, Meta(description="Our record.")] = None


class LeftOut(Struct, frozen=True, kw_only=True):
    """A row of the source that was not imported. The report keeps it whole."""

    id: str
    reason: str


class Changed(Struct, frozen=True, kw_only=True):
    """A record that is new, or that got more entries or a newer card."""

    id: str
    origin: str
    change: Annotated[str, Meta(description="new or grown.")]


class ImportResult(Struct, frozen=True, kw_only=True):
    """`sevlog import … --json`. `imported`, `updated` and `unchanged` count incidents (for an on-call
    service: rows of oncall.yaml) and add up to all that were read.

    quarantined: every row that is not in the records, those of earlier imports too. report: its path, None where there
    is nothing to report. commit: None where nothing was committed.
    """

    schema: str = "1"
    system: str
    source: str
    imported: int
    updated: int
    unchanged: int
    repaired: tuple[Repaired, ...]
    quarantined: tuple[LeftOut, ...]
    notices: tuple[str, ...]
    incidents: tuple[Changed, ...]
    config: Annotated[tuple[str, ...], Meta(description="What is new in sevlog.yaml.")]
    oncall: Annotated[tuple[str, ...], Meta(description="What is new in oncall.yaml.")] = ()
    report: str | None = None
    files: int = 0
    commit: str | None = None
    pushed: bool | None = None
    dry_run: bool = False
    warnings: tuple[str, ...] = ()


def _silent(done: int, total: int | None) -> None:
    """No progress is shown."""


def import_batch(
    workspace: Workspace, batch: ImportBatch, options: Options | None = None, progress: Progress = _silent
) -> ImportResult:
    """Store a batch. Existing records stay unchanged, so a second run of the same source adds nothing.

    options: those about the commit count. Raises InvalidRecord where a record here cannot be read (it may be one of
    those imported), GitTrouble where it cannot be committed, UsageError where nothing in the source can be used; the
    tree is then as before.
    """
    options = options or Options()
    begin(workspace, options)
    plan = _Plan(workspace, batch)
    plan.make(progress)
    if not plan.changed and not plan.unchanged and not batch.components:
        raise _nothing_usable(batch, plan.quarantined)
    result = plan.result(options)
    if options.dry_run or not plan.files:
        return result
    if not options.commit:
        transaction.write_only(workspace.root, plan.files)
        return result
    done = sync_delivery.record(
        workspace,
        NewCommit(plan.message(result), plan.files, replaced=frozenset(plan.replaced)),
        topic=f"import/{layout.slug(result.source)}",
    )
    workspace.close()
    sent = sync_delivery.push_after(workspace, options.push, done)
    return replace(
        result,
        commit=sent.commits.get(done.commit, done.commit),
        pushed=sent.pushed,
        warnings=(*result.warnings, *sent.warnings, *sent.hints),
    )


def _nothing_usable(batch: ImportBatch, left_out: list[Quarantined]) -> UsageError:
    """The error for a source that was read and contains nothing to import."""
    why = f": {left_out[0].reason}" if left_out else ""
    more = f" (and {len(left_out) - 1} more rows)" if len(left_out) > 1 else ""
    source = next((found for row in left_out if (found := alert_source(row.raw))), None)
    hint = f"check that this is the history of a status page ({batch.system})"
    if source is not None:
        hint = f"it looks like an alert of {source}: sevlog intake {source} {shlex.quote(batch.label)}"
    rows = [{"id": row.id, "reason": row.reason} for row in left_out]
    return UsageError(
        f"{batch.label} contains nothing to import{why}{more}",
        hint,
        "nothing was written",
        details={"quarantined": rows},
    )


class _Plan:
    """All that one import will write."""

    def __init__(self, workspace: Workspace, batch: ImportBatch) -> None:
        self.workspace, self.batch = workspace, batch
        self.files: dict[str, bytes] = {}
        self.replaced: set[str] = set()
        self.changed: list[Changed] = []
        self.unchanged = 0
        self.quarantined: list[Quarantined] = list(batch.quarantined)
        self.warnings: list[str] = []
        self.of_its_own = False
        self.named: set[str] = set()
        self.report: str | None = None
        self.merged = Merged(text="", changes=(), notices=())
        self.findings = Findings(repairs=(), quarantined=(), notices=())

    def make(self, progress: Progress) -> None:
        """Work out every file."""
        known, taken = self._imported_before()
        for number, record in enumerate(self.batch.records):
            progress(number, len(self.batch.records))
            reading = known.get(record.origin_id)
            if reading is None:
                self._add(record, taken)
            else:
                self._grow(reading, record)
        progress(len(self.batch.records), len(self.batch.records))
        self._merge_config()
        self._write_report()

    def _imported_before(self) -> tuple[dict[str, records.Reading], set[str]]:
        """What was imported from this system before, by the source's ids; and all ids that are taken."""
        known: dict[str, records.Reading] = {}
        broken = []
        for reading in records.read_all(self.workspace.root):
            if reading.record is None:
                broken.append(reading)
                continue
            origin = reading.record.card.origin
            if origin is not None and origin.system == self.batch.system:
                known[origin.id] = reading
            else:
                self.of_its_own = True
            self.named |= {key for e in reading.record.entries for key in getattr(e, "components", None) or ()}
        if broken:
            first = broken[0].problems[0]
            raise InvalidRecord(
                f"{first.path}: {first.message}; an incident that cannot be read may already have been imported",
                "fix it first: sevlog check",
            )
        return known, {folder.name for folder in layout.incident_folders(self.workspace.root)}

    def _add(self, fresh: ImportedRecord, taken: set[str]) -> None:
        name = layout.new_incident_id(fresh.begun_at, fresh.card.title, taken.__contains__)
        card = layout.folder_of(name) / layout.CARD_FILE
        history = card.parent / layout.TIMELINE / layout.HISTORY_FILE
        try:
            self._require_room(len(fresh.entries))
            files = {card: card_text(card, fresh.card), history: history_text(history, fresh.entries)}
        except Unfaithful as error:
            self._quarantine(fresh, str(error))
            return
        taken.add(name)
        self.files.update({str(path): text for path, text in files.items()})
        self.changed.append(Changed(id=name, origin=fresh.origin_id, change="new"))

    def _require_room(self, entries: int) -> None:
        if entries > records.MAX_ENTRIES:
            raise Unfaithful(f"its timeline of {entries} entries (the limit is {records.MAX_ENTRIES})")

    def _quarantine(self, fresh: ImportedRecord, reason: str) -> None:
        raw = {"card": codec.plain(fresh.card), "entries": [codec.entry_data(e) for e in fresh.entries]}
        self.quarantined.append(Quarantined(fresh.origin_id, reason, raw))

    def _grow(self, reading: records.Reading, fresh: ImportedRecord) -> None:
        assert reading.record is not None
        if any(problem.severity == "error" for problem in reading.problems):
            self.warnings.append(f"{reading.id} has errors and was not changed: sevlog check")
            self.unchanged += 1
            return
        growth = grown(reading.record, fresh, self.workspace.config)
        self.warnings += [
            f"{reading.id}: the source no longer has update {name}; it stays here" for name in growth.gone
        ]
        if not growth.anything:
            self.unchanged += 1
            return
        try:
            self._require_room(len(reading.record.entries) + len(growth.entries))
            files = self._growth_files(reading.record, growth)
        except Unfaithful as error:
            self._quarantine(fresh, str(error))
            return
        self.files.update({str(path): text for path, text in files.items()})
        self.changed.append(Changed(id=reading.id, origin=fresh.origin_id, change="grown"))

    def _growth_files(self, known: Record, growth: Growth) -> dict[PurePosixPath, bytes]:
        folder = layout.folder_of(known.id)
        files: dict[PurePosixPath, bytes] = {}
        if growth.entries:
            path = further_history(self.workspace.root, folder)
            files[path] = history_text(path, growth.entries)
        if growth.card is not None:
            path = folder / layout.CARD_FILE
            files[path] = changed_card(self.workspace.root / path, known.card, growth.card)
            self.replaced.add(str(path))
        return files

    def _merge_config(self) -> None:
        path = self.workspace.root / layout.CONFIG_FILE
        before = path.read_text("utf-8")
        self.merged = merge(
            before, self.workspace.config, self.batch, fresh=not self.of_its_own, named=frozenset(self.named)
        )
        if self.merged.text != before:
            self.files[layout.CONFIG_FILE] = self.merged.text.encode()
            self.replaced.add(layout.CONFIG_FILE)

    def _write_report(self) -> None:
        """A report of what is new in this run: repairs of what it wrote, and rows that no earlier report has."""
        written = {change.origin for change in self.changed}
        earlier = reported(self.workspace.root)
        have = {c.key for c in self.workspace.config.components}
        self.findings = Findings(
            repairs=tuple(
                r for r in self.batch.repairs if (r.id in written if r.component is None else r.component not in have)
            ),
            quarantined=tuple(q for q in self.quarantined if (q.id, q.reason) not in earlier),
            notices=(*self.batch.notices, *self.merged.notices),
        )
        if self.findings.worth_a_report:
            names = {change.origin: change.id for change in self.changed}
            now = self.workspace.clock()
            self.report, files = report_files(self.workspace.root, self.batch, self.findings, names, now)
            self.files.update(files)

    def result(self, options: Options) -> ImportResult:
        """What is about to be written, in numbers and lists."""
        names = {change.origin: change.id for change in self.changed}
        new = sum(change.change == "new" for change in self.changed)
        return ImportResult(
            system=self.batch.system,
            source=self.batch.label,
            imported=new,
            updated=len(self.changed) - new,
            unchanged=self.unchanged,
            repaired=tuple(Repaired(id=r.id, what=r.what, incident=names.get(r.id)) for r in self.findings.repairs),
            quarantined=tuple(LeftOut(id=q.id, reason=q.reason) for q in self.quarantined),
            notices=self.findings.notices,
            incidents=tuple(self.changed),
            config=self.merged.changes,
            report=self.report,
            files=len(self.files),
            dry_run=options.dry_run,
            warnings=tuple(self.warnings),
        )

    def message(self, result: ImportResult) -> str:
        """Subject, counts and trailers of the commit."""
        name = self.batch.page.name if self.batch.page else self.batch.system
        counts = f"{result.imported} new, {result.updated} updated, {result.unchanged} unchanged"
        faults = f"{len(result.repaired)} repairs, {len(result.quarantined)} in quarantine"
        report = f"\nReport: {self.report}" if self.report else ""
        return (
            f"import({self.batch.system}): {_counted(len(self.changed))} of {name}\n\n"
            f"{counts}; {faults}.\n\nImported-From: {self.batch.system}{report}\n"
        )


def _counted(number: int) -> str:
    if number == 0:
        return "page and components"
    return "1 incident" if number == 1 else f"{number} incidents"
