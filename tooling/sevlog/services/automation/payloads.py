"""A payload of any source: read first, then recorded. `sevlog intake SOURCE` and `intake serve` both do this."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...adapters.alerts import issue_form, mapped, readers
from ...model.intake.alert import Signal
from . import intake, reports, snoozes

if TYPE_CHECKING:
    from ...adapters.alerts.issue_form import IssueReport
    from ..recording.recorder import Options
    from ..workspace.workspace import Workspace

CUSTOM, FORM = "json", "github-issue"
"""The sources without a reader of their own: custom JSON by a mapping, and the issue form."""


class Payload(Struct, frozen=True, kw_only=True):
    """A payload as read. name: its source; of custom JSON, its mapping. left_out: alerts that the source left out.

    skipped: why it is not about an issue.
    """

    name: str
    signals: tuple[Signal, ...] = ()
    report: IssueReport | None = None
    skipped: str | None = None
    left_out: int = 0


def read(workspace: Workspace, source: str, mapping: str | None, data: dict[str, object]) -> Payload:
    """What a payload says. Raises UsageError for an invalid one."""
    if source == FORM:
        skipped = issue_form.why_skipped(data)
        return Payload(name=source, skipped=skipped, report=None if skipped else issue_form.read(data))
    if source == CUSTOM:
        name, chosen = intake.mapping(workspace, mapping)
        return Payload(name=name, signals=tuple(mapped.mapped(name, chosen, data)))
    return Payload(name=source, signals=tuple(readers.read(source, data)), left_out=readers.truncated(data))


def record(
    workspace: Workspace, payload: Payload, options: Options, *, arrived: datetime | None = None
) -> intake.Intake:
    """Record what a payload says. arrived: the time of alerts whose source gives none; default: now."""
    if payload.skipped is not None:
        return reports.skipped(payload.skipped, options)
    if payload.report is not None:
        return reports.take_report(workspace, payload.report, options)
    signals = [replace(one, at=one.at or arrived) for one in payload.signals]
    done = intake.take_in(workspace, payload.name, signals, options)
    if payload.left_out:
        done.warnings.append(
            f"{payload.name} left out {payload.left_out} alerts (truncatedAlerts): raise max_alerts there"
        )
    done.alerts += snoozes.raise_ended(workspace, options)
    return done
