"""Takes in what somebody reported by an issue form: an incident in triage, once for each issue (S25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from msgspec.structs import replace

from ...errors import UsageError
from ...model.intake.alert import Decision, Taken
from ...model.vocabulary import DetectionSource, Scope
from ...stores import layout
from ..common.time_input import read_time
from ..recording.recorder import Options, begin
from ..response.raising import Report, raise_incident
from ..workspace.workspace import Workspace
from .intake import Intake

if TYPE_CHECKING:
    from datetime import datetime

    from ...adapters.alerts.issue_form import IssueReport


def take_report(workspace: Workspace, report: IssueReport, options: Options) -> Intake:
    """Open an incident in triage for a report, with its address as reference; a second time it is known.

    The reporter is the person of oncall.yaml with this handle at the forge; of others, the summary says who it was.
    """
    begin(workspace, options)
    incident = _incident_of_report(workspace, report.url)
    if incident is not None:
        return _report_result(report, options, "known", "this report already has an incident", incident)
    if report.over:
        return _report_result(report, options, "ignored", "this report is closed", None)
    person = next(
        (p.key for p in workspace.oncall.people if p.forge and p.forge.lower() == report.author.lower()), None
    )
    started_at, since = _started(workspace, report.started_at)
    by = "" if person or not report.author else f"Reported by {report.author}."
    summary = "\n\n".join(part for part in (report.summary, since, by) if part) or report.title
    scope: Scope | None = next((word for word in get_args(Scope) if word == report.scope), None)
    source: DetectionSource | None = next((w for w in get_args(DetectionSource) if w == report.source), None)
    done = raise_incident(
        workspace,
        Report(
            title=report.title,
            triage=True,
            source=source,
            ref=report.url,
            summary=summary,
            reporter=person,
            first_hand=False,
            scope=scope,
            started_at=started_at,
            components=_components(workspace, report.components),
        ),
        options if source else _without_source(options),
    )
    told = _report_result(report, options, "opened", "reported by someone", done.incident)
    told.commits, told.warnings, told.hints = (
        [done.commit] if done.commit else [],
        list(done.warnings),
        list(done.hints),
    )
    return told


def skipped(reason: str, options: Options) -> Intake:
    """What to say of an event of the forge that reports nothing."""
    taken = Taken(fingerprint="", title="event of the forge", state="firing", decision="ignored", reason=reason)
    return Intake(schema="1", source="github-issue", dry_run=options.dry_run, alerts=[taken], commits=[])


def _without_source(options: Options) -> Options:
    """The options with permission to open it although the report does not say how it was noticed; that is recorded."""
    return replace(options, overrides=("detection",), override_reason="the report does not say how it was noticed")


def _report_result(
    report: IssueReport, options: Options, decision: Decision, reason: str, incident: str | None
) -> Intake:
    taken = Taken(
        fingerprint=report.url,
        title=report.title,
        state="resolved" if report.over else "firing",
        decision=decision,
        reason=reason,
        incident=incident,
    )
    return Intake(schema="1", source="github-issue", dry_run=options.dry_run, alerts=[taken], commits=[])


def _incident_of_report(workspace: Workspace, url: str) -> str | None:
    """The incident that a report has, whatever became of it."""
    for incident in reversed(workspace.ids()):
        path = workspace.home(incident) / layout.folder_of(incident) / layout.CARD_FILE
        try:
            mentioned = url.encode() in path.read_bytes()
        except OSError:
            continue
        record = workspace.read(incident).record if mentioned else None
        if record and record.card.detection and record.card.detection.ref == url:
            return incident
    return None


def _components(workspace: Workspace, named: tuple[str, ...]) -> tuple[str, ...]:
    """The components that the words mean, by key or by name; words that mean none are left to who looks at it."""
    known: dict[str, str] = {}
    for component in workspace.config.components:
        if not component.retired_on:
            known |= {component.name.strip().lower(): component.key, component.key: component.key}
    return tuple(dict.fromkeys(known[word] for one in named if (word := one.strip().lower()) in known))


def _started(workspace: Workspace, text: str | None) -> tuple[datetime | None, str]:
    """When it began, if that can be read as a time that has passed; else the words."""
    if text is None:
        return None, ""
    try:
        if not text[:4].isdigit():  # 14:05 alone would be read in the zone of whatever machine this runs on
            raise UsageError("no date")
        at = read_time(text.replace(" UTC", "Z").strip(), workspace.clock(), past=True)
    except (UsageError, ValueError):
        return None, f"Since when: {text}"
    return (at, "") if at <= workspace.clock() else (None, f"Since when: {text}")
