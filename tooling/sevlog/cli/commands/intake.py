"""sevlog intake: adds alerts to their incidents, or opens an incident in triage; from files, or as a server."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

import click

from ...errors import NotFound, UsageError
from ..options import acting
from ..output import offering, render
from ..output.reaching import intake_tables
from ..screen import say
from ..shared import SharedOptions
from .intake_serve import serve
from .intake_snoozes import snooze, snoozed

SOURCES = (
    *("alertmanager", "grafana", "pagerduty", "opsgenie", "sentry", "datadog", "cloudevents"),
    *("sns", "zabbix", "uptimerobot", "pingdom"),
)
"""The sources of adapters/alerts/readers, repeated here so that help does not import a reader."""

_MAPPED, _FORM = "json", "github-issue"
TITLES = {
    "alertmanager": "Alertmanager (webhook version 4)",
    "grafana": "Grafana",
    "pagerduty": "PagerDuty (webhooks version 3, events version 2)",
    "opsgenie": "Opsgenie",
    "sentry": "Sentry",
    "datadog": "Datadog, with the template of sevlog's documentation",
    "cloudevents": "a CloudEvent 1.0",
    "sns": "Amazon CloudWatch (by SNS)",
    "zabbix": "Zabbix, with the template of sevlog's documentation",
    "uptimerobot": "UptimeRobot, with the template of sevlog's documentation",
    "pingdom": "Pingdom",
}


@click.group(
    epilog="""\b
Examples:
  curl -s https://alerts.example/last.json | sevlog intake alertmanager --as robot
  sevlog intake grafana payload.json --dry-run
  sevlog intake serve --as robot
"""
)
def intake() -> None:
    """Take in alerts from a monitoring system, or a report from the issue form.

    A known alert is added to its incident, once for each change of its state. A new alert opens an incident in triage,
    which pages nobody until you raise it. Alerts that arrive together share one incident. An unknown alert that has
    already ended is skipped. Alerts are never public.

    Rules for alerts (severity, component, repetition, delay) are under `intake` in sevlog.yaml.
    """


class _PayloadFile(click.File):
    """A file, or standard input; a missing file is reported as elsewhere."""

    def convert(
        self, value: str | os.PathLike[str] | IO[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> IO[str]:
        """The opened file. Raises NotFound."""
        if isinstance(value, str | os.PathLike) and value != "-" and not os.path.lexists(value):
            command = ctx.command_path if ctx else "sevlog intake"
            raise NotFound(f"{os.fspath(value)}: no such file", f"pass the payload on standard input: {command} < FILE")
        return cast("IO[str]", super().convert(value, param, ctx))


_FILE = click.argument("file", type=_PayloadFile("rb"), default="-")


def _of_source(source: str) -> None:
    """Declare the command of one source."""

    @intake.command(
        source,
        help=f"Take in alerts of {TITLES[source]} from FILE or standard input.",
        short_help=f"Take in alerts of {TITLES[source].split(' (')[0].split(',')[0]}.",
        epilog=f"\b\nExamples:\n  sevlog intake {source} payload.json --dry-run\n  sevlog intake {source} --as robot",
    )
    @_FILE
    @acting(reason=False, incident=False, evidence=False)
    def command(shared: SharedOptions, file: BinaryIO) -> None:
        _take(shared, source, file, None)


for _source in SOURCES:
    _of_source(_source)


@intake.command(
    _MAPPED,
    epilog="""\b
Examples:
  sevlog intake json --mapping builds payload.json
  sevlog intake json payload.json --dry-run
""",
)
@_FILE
@click.option("--mapping", metavar="NAME", help="A mapping in sevlog.yaml (intake.mappings); default: the only one.")
@acting(reason=False, incident=False, evidence=False)
def custom(shared: SharedOptions, file: BinaryIO, mapping: str | None) -> None:
    """Take in alerts of your own JSON from FILE or standard input."""
    _take(shared, _MAPPED, file, mapping)


@intake.command(_FORM, epilog='\b\nExamples:\n  sevlog intake github-issue "$GITHUB_EVENT_PATH" --as robot')
@_FILE
@acting(reason=False, incident=False, evidence=False)
def form(shared: SharedOptions, file: BinaryIO) -> None:
    """Take in a report from the issue form. FILE is the event of the forge, or the issue."""
    _take(shared, _FORM, file, None)


def _take(shared: SharedOptions, source: str, file: BinaryIO, mapping: str | None) -> None:
    from ...adapters.alerts import payload
    from ...services.automation import payloads
    from ...services.common import documents

    if file is sys.stdin.buffer and sys.stdin.isatty():
        raise UsageError("no payload given", f"pass a file: sevlog intake {source} FILE, or pipe it to standard input")
    data = payload.decode(file.read(payload.LARGEST + 1))
    with _better_command(source, file, data):
        said = payloads.read(shared.workspace, source, mapping, data)
    done = payloads.record(shared.workspace, said, shared.acting)
    if shared.json:
        say(documents.as_json(done))
        return
    for one in done.alerts:
        say("\n".join(intake_tables.taken(one, rules=done.dry_run)))
    if done.dry_run:
        say("nothing was written (--dry-run)", err=True)
    for text in done.warnings:
        render.warn(text)
    for text in done.hints:
        render.hint(text)
    if source == _FORM and done.alerts[0].decision == "opened":
        offering.similar(shared, done.alerts[0].incident or "", done.warnings)


for _command in (snooze, snoozed, serve):
    intake.add_command(_command)


@contextlib.contextmanager
def _better_command(source: str, file: BinaryIO, data: dict[str, object]) -> Iterator[None]:
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
