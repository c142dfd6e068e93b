"""sevlog intake: adds alerts to their incidents, or opens an incident in triage."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from ...errors import UsageError
from ..options import acting
from ..output import offering, render
from ..screen import say, style
from ..shared import SharedOptions

SOURCES = ("alertmanager", "grafana", "pagerduty", "opsgenie", "sentry", "datadog", "cloudevents")
"""The sources of adapters/alerts/readers, repeated here so that help does not import a reader."""

_MAPPED, _FORM = "json", "github-issue"

_EPILOG = """\b
Examples:
  curl -s https://alerts.example/last.json | sevlog intake alertmanager --as robot
  sevlog intake grafana payload.json --dry-run
  sevlog intake pagerduty payload.json --json
  sevlog intake json --mapping builds payload.json
  sevlog intake github-issue "$GITHUB_EVENT_PATH" --as robot
"""


@click.command(epilog=_EPILOG)
@click.argument("source", type=click.Choice((*SOURCES, _MAPPED, _FORM)))
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--mapping", metavar="NAME", help="For json: a mapping in sevlog.yaml (intake.mappings).")
@acting(reason=False, incident=False, evidence=False)
def intake(shared: SharedOptions, source: str, file: BinaryIO, mapping: str | None) -> None:
    """Take in alerts, or a report from the issue form, from FILE or standard input.

    A known alert is added to its incident, once for each change of its state. A new alert opens an incident in triage,
    which pages nobody until you raise it. Alerts that arrive together share one incident. An unknown alert that has
    already ended is skipped. Alerts are never public.

    Rules for alerts (severity, component, repetition, delay) are under `intake` in sevlog.yaml.
    """
    from ...adapters.alerts import issue_form, payload, readers
    from ...services.automation import intake as automation_intake
    from ...services.common import documents

    if file is sys.stdin.buffer and sys.stdin.isatty():
        raise UsageError("no payload given", f"pass a file: sevlog intake {source} FILE, or pipe it to standard input")
    if mapping is not None and source != _MAPPED:
        raise UsageError(
            f"--mapping works with json only, not with {source}",
            "leave --mapping out, or: sevlog intake json --mapping NAME",
        )
    data = payload.decode(file.read(payload.LARGEST + 1))
    if source == _FORM:
        from ...services.automation import reports as automation_reports

        with _better_command(source, file, data):
            report = issue_form.read(data)
        done = automation_reports.take_report(shared.workspace, report, shared.acting)
    else:
        with _better_command(source, file, data):
            if source == _MAPPED:
                name, chosen = automation_intake.mapping(shared.workspace, mapping)
                signals = readers.mapped(name, chosen, data)
            else:
                name, signals = source, readers.read(source, data)
        done = automation_intake.take_in(shared.workspace, name, signals, shared.acting)
        if left_out := readers.truncated(data):
            done.warnings.append(f"{source} left out {left_out} alerts (truncatedAlerts): raise max_alerts there")
    if shared.json:
        say(documents.as_json(done))
        return
    for one in done.alerts:
        where = f"  {one.incident}" if one.incident else ""
        say(f"{style(one.decision, bold=True):9}{where}  {one.title} ({one.state}; {one.reason})")
    if done.dry_run:
        say("nothing was written (--dry-run)", err=True)
    for text in done.warnings:
        render.warn(text)
    for text in done.hints:
        render.hint(text)
    if source == _FORM and done.alerts[0].decision == "opened":
        offering.similar(shared, done.alerts[0].incident or "", done.warnings)


@contextlib.contextmanager
def _better_command(source: str, file: BinaryIO, data: dict[str, Any]) -> Iterator[None]:
    """If a payload is invalid here but another command reads it, name that command in the hint of the error."""
    from ...adapters.forges.recognition import alert_source, is_status_page

    try:
        yield
    except UsageError as error:
        name = shlex.quote(getattr(file, "name", "-")) if file is not sys.stdin.buffer else "FILE"
        other = alert_source(data)
        if other not in (None, source):
            error.hints = (f"it looks like a payload of {other}: sevlog intake {other} {name}", *error.hints)
        elif other is None and is_status_page(data):
            hint = f"it looks like the history of a status page: sevlog import statuspage {name}"
            error.hints = (hint, *error.hints)
        raise
