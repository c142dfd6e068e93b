"""sevlog intake: alerts of a monitoring system become news of an incident, or a new one in triage."""

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
from ..shared import Shared

SOURCES = ("alertmanager", "grafana", "pagerduty", "opsgenie", "sentry", "datadog", "cloudevents")
"""As adapters/alerts/readers has them; named here so that help needs no reader."""

_OWN, _FORM = "json", "github-issue"

_EPILOG = """\b
Examples:
  curl -s https://alerts.example/last.json | sevlog intake alertmanager --as robot
  sevlog intake grafana payload.json --dry-run
  sevlog intake pagerduty payload.json --json
  sevlog intake json --mapping builds payload.json
  sevlog intake github-issue "$GITHUB_EVENT_PATH" --as robot
"""


@click.command(epilog=_EPILOG)
@click.argument("source", type=click.Choice((*SOURCES, _OWN, _FORM)))
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--mapping", metavar="NAME", help="For json: a mapping of sevlog.yaml (intake.mappings).")
@acting(reason=False, incident=False)
def intake(shared: Shared, source: str, file: BinaryIO, mapping: str | None) -> None:
    """Take in alerts, or a report from the issue form, from FILE or standard input.

    An alert that is known goes to its incident, once for each change of its state, however often it is repeated. A
    new one opens an incident in triage, which pages nobody until somebody raises it; alerts that come together go
    together. What has ended and is known to nobody is left out. Nothing of an alert is public.

    What alerts mean, how often one must come, and when it can wait is said under `intake` in sevlog.yaml.
    """
    from ...adapters.alerts import issue_form, payload, readers
    from ...services.automation import intake as automation_intake
    from ...services.common import documents

    if file is sys.stdin.buffer and sys.stdin.isatty():
        raise UsageError("there is no payload", f"sevlog intake {source} FILE, or send it to standard input")
    if mapping is not None and source != _OWN:
        raise UsageError(f"{source} has its own reader", "leave --mapping out, or: sevlog intake json --mapping NAME")
    data = payload.decode(file.read(payload.LARGEST + 1))
    if source == _FORM:
        from ...services.automation import reports as automation_reports

        with _rather(source, file, data):
            report = issue_form.read(data)
        done = automation_reports.take_report(shared.workspace, report, shared.acting)
    else:
        with _rather(source, file, data):
            if source == _OWN:
                name, chosen = automation_intake.mapping(shared.workspace, mapping)
                signals = readers.mapped(name, chosen, data)
            else:
                name, signals = source, readers.read(source, data)
        done = automation_intake.take_in(shared.workspace, name, signals, shared.acting)
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
def _rather(source: str, file: BinaryIO, data: dict[str, Any]) -> Iterator[None]:
    """Where a payload is out of shape and looks like what another command reads, the error's hint names that."""
    from ...adapters.forges.recognition import alert_source, is_status_page

    try:
        yield
    except UsageError as error:
        name = shlex.quote(getattr(file, "name", "-")) if file is not sys.stdin.buffer else "FILE"
        other = alert_source(data)
        if other not in (None, source):
            error.hints = (f"it looks like a payload of {other}: sevlog intake {other} {name}", *error.hints)
        elif other is None and is_status_page(data):
            rather = f"it looks like the history of a status page: sevlog import statuspage {name}"
            error.hints = (rather, *error.hints)
        raise
