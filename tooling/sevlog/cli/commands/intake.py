"""sevlog intake: adds alerts to their incidents, or opens an incident in triage; from files, or as a server."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ...errors import UsageError
from ..options import acting, looking, writing
from ..output import intake_tables, offering, render
from ..parameters import COMPONENT
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from datetime import datetime

SOURCES = ("alertmanager", "grafana", "pagerduty", "opsgenie", "sentry", "datadog", "cloudevents")
"""The sources of adapters/alerts/readers, repeated here so that help does not import a reader."""

_MAPPED, _FORM = "json", "github-issue"
_WITHOUT = {
    "--at": "alerts have the times of their source, or of their arrival; leave it out",
    "--dry-run": "to see what a payload becomes: sevlog intake SOURCE FILE --dry-run",
    "--no-commit": "a delivery is done once it is committed; leave it out",
}
TITLES = {
    "alertmanager": "Alertmanager (webhook version 4)",
    "grafana": "Grafana",
    "pagerduty": "PagerDuty (webhooks version 3, events version 2)",
    "opsgenie": "Opsgenie",
    "sentry": "Sentry",
    "datadog": "Datadog, with the template of sevlog's documentation",
    "cloudevents": "a CloudEvent 1.0",
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


_FILE = click.argument("file", type=click.File("rb"), default="-")


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


@intake.command(
    epilog="""\b
Examples:
  sevlog intake snooze f-1234 --for 2h --reason "the disk is being replaced"
  sevlog intake snooze --component search --until 18:00 --reason "load test"
  sevlog intake snooze --match "*nightly build*" --for 1d --reason "known, fixed tomorrow"
"""
)
@click.argument("fingerprint", required=False)
@click.option("--component", type=COMPONENT, help="Alerts that affect this component.")
@click.option("--match", "title", metavar="TITLE", help="Alerts with a matching title; * matches anything.")
@click.option("--for", "length", metavar="DURATION", help="How long: 30m, 2h, 1d.")
@click.option("--until", metavar="TIME", help="When it ends.")
@click.option("--reason", metavar="TEXT", required=True, help="Reason, kept with the snooze.")
@acting(reason=False, incident=False, guarded=False, evidence=False, without={"--at": "a snooze begins now"})
def snooze(
    shared: SharedOptions,
    fingerprint: str | None,
    component: str | None,
    title: str | None,
    length: str | None,
    until: str | None,
    reason: str | None,
) -> None:
    """Snooze alerts: for a time they are counted, but open no incident. Writes a line in sevlog.yaml and a commit.

    FINGERPRINT is that of an alert, alone or as source:fingerprint. What still fires at the end is taken in then.
    Alerts of live incidents go on as before.
    """
    from ...services.automation import snoozes as automation_snoozes
    from ...services.common import documents

    wish = automation_snoozes.Wish(
        until=_end(shared, length, until),
        reason=reason or "",
        fingerprint=fingerprint,
        component=component,
        title=title,
    )
    done = automation_snoozes.snooze(shared.workspace, wish, shared.acting)
    say(documents.as_json(done) if shared.json else intake_tables.snoozed(done, shared.workspace.clock()))
    if shared.json:
        return
    for text in done.warnings:
        render.warn(text)
    for text in done.hints:
        render.hint(text)


def _end(shared: SharedOptions, length: str | None, until: str | None) -> datetime:
    """The end of a snooze. Raises UsageError."""
    from msgspec import ValidationError, convert

    from ...model.config.settings import duration
    from ...model.forms import Duration

    if (length is None) == (until is None):
        raise UsageError("a snooze needs an end", "give one of: --for 2h, --until 18:00")
    if length is None:
        return shared.time("--until", until) or shared.workspace.clock()
    try:
        return shared.workspace.clock() + duration(convert(length, Duration))
    except (ValidationError, OverflowError):
        raise UsageError(f"--for {length}: not a duration", "use one such as 30m, 2h or 1d") from None


@intake.command(epilog="\b\nExamples:\n  sevlog intake snoozed\n  sevlog intake snoozed --json")
@looking
def snoozed(shared: SharedOptions) -> None:
    """Show which alerts are snoozed, until when, and what fired meanwhile in this clone."""
    from ...services.automation import snoozes as automation_snoozes
    from ...services.common import documents

    done = automation_snoozes.snoozed(shared.workspace)
    say(documents.as_json(done) if shared.json else intake_tables.snoozed(done, shared.workspace.clock()))


@intake.command(
    epilog="""\b
Examples:
  export SEVLOG_INTAKE_ALERTMANAGER_SECRET=$(openssl rand -hex 32)
  sevlog intake serve --as robot
  sevlog intake serve --listen 0.0.0.0:8085 --queue /var/lib/sevlog/intake --as robot
  sevlog intake serve --no-secrets --as robot        (to try it on this machine)
"""
)
@click.option("--listen", metavar="HOST:PORT", default="127.0.0.1:8085", show_default=True, help="Address.")
@click.option(
    "--queue",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for deliveries that wait (default: in the git directory).",
)
@click.option("--no-secrets", is_flag=True, help="Serve sources without a secret, too; on a loopback address only.")
@click.option(
    "--max-body",
    metavar="KIB",
    default=1024,
    show_default=True,
    type=click.IntRange(1, 50 * 1024),
    help="The largest body.",
)
@click.option(
    "--max-queue",
    metavar="N",
    default=10_000,
    show_default=True,
    type=click.IntRange(1),
    help="The most deliveries that wait; more get 503.",
)
@click.option(
    "--rate",
    metavar="N",
    default=600,
    show_default=True,
    type=click.IntRange(1),
    help="The most deliveries a minute from a source.",
)
@writing(without=_WITHOUT)
def serve(shared: SharedOptions, **given: Any) -> None:
    """Receive alerts over HTTP: POST /alerts/SOURCE, and GET /healthz.

    A delivery is written to a queue on disk before the sender gets its answer (202). Then it is taken in as
    `sevlog intake SOURCE` does, in order; if git, the disk or the remote fail, it waits and is tried again.

    A source is served if its secret is in the environment: SEVLOG_INTAKE_ALERTMANAGER_SECRET, and so on. Its sender
    proves itself with the signature of the source, or shows the secret as a bearer token.
    """
    from ..after_acts import after_acts

    if shared.json:
        raise UsageError("intake serve has no JSON output", "for its state: GET /healthz")
    receiver = load_receiver()
    settings = receiver.Settings(
        listen=given["listen"],
        queue=given["queue"],
        without_secrets=given["no_secrets"],
        largest=given["max_body"] * 1024,
        most=given["max_queue"],
        rate=given["rate"],
    )
    watch = receiver.Watch(
        after=lambda workspace: after_acts(workspace), log=lambda text: say(text, err=True), warn=render.warn
    )
    receiver.serve(shared.workspace, settings, shared.acting, watch)


next(option for option in serve.params if option.name == "as_json").hidden = True  # type: ignore[attr-defined]


def load_receiver() -> Any:
    """The module of the server. Raises UsageError if the extra `serve` is not installed."""
    try:
        return import_module("sevlog.services.automation.receiver")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "anyio", "h11"):
            raise
        from ...stores.installation import origin

        hint = f"install it: {origin().install_command('serve')}"
        raise UsageError(f"intake serve needs the Python package {error.name}", hint) from error


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
