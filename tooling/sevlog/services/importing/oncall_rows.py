"""Imports an on-call service into oncall.yaml: new people, teams, schedules and policies; one commit.

A row that is here already stays as it is: people change oncall.yaml by hand. What differs is named.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from ...adapters.importers.base import ImportBatch, Quarantined
from ...adapters.importers.oncall.batch import OnCallBatch, mail_free, without_mail
from ...adapters.importers.source import Repair
from ...errors import UsageError
from ...model.oncall.roster import OnCall, OnCallSection
from ...stores import layout
from ...stores.git import transaction
from ...stores.git.transaction import NewCommit
from ...stores.records import codec, settings
from ..recording.recorder import Options, begin
from ..sync import delivery as sync_delivery
from ..workspace.workspace import Workspace
from .config import amended
from .report import Findings, report_files, reported
from .run import ImportResult, LeftOut, Repaired

_LISTS = ("people", "teams", "schedules", "escalations")
_ONE = {"people": "person", "teams": "team", "schedules": "schedule", "escalations": "escalation"}


class _Sorted(Struct, kw_only=True):
    """The rows of a batch: those that are new, by list, and how many are here already."""

    new: dict[str, list[OnCallSection]]
    same: int = 0
    differing: list[str]


def import_oncall(workspace: Workspace, batch: OnCallBatch, options: Options | None = None) -> ImportResult:
    """Store a batch. A second run of the same source adds nothing.

    Raises UsageError where the source has nothing, GitTrouble where it cannot be committed, InvalidRecord where
    oncall.yaml cannot be read.
    """
    options = options or Options()
    begin(workspace, options)
    found = _sorted(workspace.oncall, batch.oncall)
    if not any(found.new.values()) and not found.same and not found.differing:
        why = f": {batch.quarantined[0].reason}" if batch.quarantined else ""
        raise UsageError(f"{batch.label} contains nothing to import{why}", "nothing was written")
    path = workspace.root / layout.ONCALL_FILE
    before = path.read_text("utf-8") if path.exists() else f"schema: {settings.NEWEST_SCHEMA}\n"
    files: dict[str, bytes] = {}
    text = _text(before, found)
    if text != before:
        files[layout.ONCALL_FILE] = text.encode()
    findings = _findings(workspace, batch, anything_new=text != before)
    told = _as_import(batch)
    report = None
    if findings.worth_a_report:
        report, written = report_files(workspace.root, told, findings, {}, workspace.clock())
        files |= written
    result = _result(batch, found, findings, report, files, options)
    if options.dry_run or not files:
        return result
    if not options.commit:
        transaction.write_only(workspace.root, files)
        return result
    present = frozenset({layout.ONCALL_FILE} & files.keys()) if path.exists() else frozenset[str]()
    new = NewCommit(_message(batch, result), files, replaced=present)
    done = sync_delivery.record(workspace, new, topic=f"import/{batch.system}")
    workspace.close()
    sent = sync_delivery.push_after(workspace, options.push, done)
    return replace(
        result,
        commit=sent.commits.get(done.commit, done.commit),
        pushed=sent.pushed,
        warnings=(*result.warnings, *sent.warnings, *sent.hints),
    )


def _rows(oncall: OnCall, name: str) -> Sequence[OnCallSection]:
    rows: Sequence[OnCallSection] = getattr(oncall, name)
    return rows


def _sorted(here: OnCall, theirs: OnCall) -> _Sorted:
    found = _Sorted(new={name: [] for name in _LISTS}, differing=[])
    for name in _LISTS:
        mine = {_key(row): row for row in _rows(here, name)}
        for row in _rows(theirs, name):
            known = mine.get(_key(row))
            if known is None:
                found.new[name].append(row)
            elif known == row:
                found.same += 1
            else:
                found.differing.append(f"{_ONE[name]} {_key(row)}")
    return found


def _key(row: OnCallSection) -> str:
    key: str = getattr(row, "key")  # noqa: B009 - each row of these four lists has one
    return key


def _text(text: str, found: _Sorted) -> str:
    for name, rows in found.new.items():
        if rows:
            text = amended(text, name, partial(_extend, [codec.plain(row) for row in rows]))
    return text


def _extend(rows: list[object], held: list[object]) -> None:
    held.extend(copy.deepcopy(rows))


def _findings(workspace: Workspace, batch: OnCallBatch, *, anything_new: bool) -> Findings:
    """What is new to report: repairs if something was written, and rows that no earlier report has."""
    earlier = reported(workspace.root)
    rows = [Quarantined(mail_free(q.id), mail_free(q.reason), without_mail(q.raw)) for q in batch.quarantined]
    repairs = tuple(dict.fromkeys(Repair(mail_free(r.id), mail_free(r.what)) for r in batch.repairs))
    return Findings(
        repairs=repairs if anything_new else (),
        quarantined=tuple(q for q in rows if (q.id, q.reason) not in earlier),
        notices=batch.notices,
        of_incidents=False,
    )


def _as_import(batch: OnCallBatch) -> ImportBatch:
    return ImportBatch(
        system=batch.system,
        label=batch.label,
        page=None,
        components=(),
        groups=(),
        records=(),
        repairs=batch.repairs,
        quarantined=batch.quarantined,
        notices=batch.notices,
    )


def _result(
    batch: OnCallBatch,
    found: _Sorted,
    findings: Findings,
    report: str | None,
    files: dict[str, bytes],
    options: Options,
) -> ImportResult:
    new = [f"{_ONE[name]} {_key(row)}" for name, rows in found.new.items() for row in rows]
    return ImportResult(
        system=batch.system,
        source=batch.label,
        imported=len(new),
        updated=0,
        unchanged=found.same + len(found.differing),
        repaired=tuple(Repaired(id=r.id, what=r.what) for r in findings.repairs),
        quarantined=tuple(LeftOut(id=mail_free(q.id), reason=mail_free(q.reason)) for q in batch.quarantined),
        notices=batch.notices,
        incidents=(),
        config=(),
        oncall=tuple(new),
        report=report,
        files=len(files),
        dry_run=options.dry_run,
        warnings=tuple(f"{what} differs from the source, and stays as it is here" for what in found.differing),
    )


def _message(batch: OnCallBatch, result: ImportResult) -> str:
    report = f"\nReport: {result.report}" if result.report else ""
    left = f"{len(result.repaired)} repairs, {len(result.quarantined)} in quarantine"
    return (
        f"import({batch.system}): {result.imported} rows of oncall.yaml\n\n{left}.\n\n"
        f"Imported-From: {batch.system}{report}\n"
    )
