"""sevlog raise, ack, channel: the start of an incident."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from ...errors import UsageError
from ...model.vocabulary import DetectionSource, IncidentKind, Scope
from ..options import acting
from ..output import offering, render
from ..parameters import CHANNEL, CHANNEL_TYPE, FIELD, HIT, PERSON, PRIORITY, SEVERITY, TYPE
from ..shared import SharedOptions
from ..text_input import text_or_editor

if TYPE_CHECKING:
    from ...services.response import raising

_EXAMPLES = """\b
Examples:
  sevlog raise "Checkout fails" --severity SEV1 --component checkout=major_outage \\
      --scope all --summary "Card payments are refused for everyone since 14:02"
  sevlog raise "Odd latency" --triage --source monitoring
  sevlog raise -i odd-latency --severity SEV3 --component api=degraded --summary "…"
"""


_SKIP = "skip"


class _RaiseCommand(click.Command):
    """The command `raise`; its help shows the severities of this repository (S10)."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from ...stores.records import completion_words

        with formatter.section("Severities"):
            formatter.write_dl([(word.text, word.about) for word in completion_words.find(Path.cwd()).criteria()])
        super().format_epilog(ctx, formatter)


@click.command("raise", cls=_RaiseCommand, epilog=_EXAMPLES)
@click.argument("title", required=False)
@click.option("--severity", type=SEVERITY, help="Severity; see below.")
@click.option("--priority", type=PRIORITY, help="Priority (default: from the priority matrix).")
@click.option(
    "--component", "components", multiple=True, type=HIT, help="Affected component, or `unknown`; repeatable."
)
@click.option(
    "--source",
    type=click.Choice(get_args(DetectionSource)),
    help="How it was detected. On a terminal it is asked; else it stays open until `assess --source`.",
)
@click.option("--ref", metavar="TEXT", help="Reference to the alert, ticket or message.")
@click.option("--reporter", type=PERSON, help="Person who reported it (default: you).")
@click.option("--summary", metavar="TEXT", help="What is happening, in a sentence or two; - reads standard input.")
@click.option("--started-at", metavar="TIME", help="When the impact started.")
@click.option("--scope", type=click.Choice(get_args(Scope)), help="Which customers are affected.")
@click.option(
    "--essential/--not-essential",
    "essential",
    default=None,
    help="Whether essential tasks are blocked; together with --scope it proposes a severity.",
)
@click.option("--type", "type_", type=TYPE, help="Incident type, from sevlog.yaml.")
@click.option(
    "--kind",
    type=click.Choice(["incident", "drill", "retrospective"]),
    default="incident",
    show_default=True,
    help="Kind of record. retrospective: recorded afterwards, so guards only warn.",
)
@click.option("--tag", "tags", multiple=True, metavar="WORD", help="Tag; repeatable.")
@click.option("--field", "fields", multiple=True, type=FIELD, help="A custom field of sevlog.yaml; repeatable.")
@click.option("--triage", is_flag=True, help="Open it in triage, without a severity.")
@acting()
def raise_(
    shared: SharedOptions,
    title: str | None,
    severity: str | None,
    priority: str | None,
    components: tuple[str, ...],
    source: DetectionSource | None,
    ref: str | None,
    reporter: str | None,
    summary: str | None,
    started_at: str | None,
    scope: Scope | None,
    essential: bool | None,
    type_: str | None,
    kind: IncidentKind,
    tags: tuple[str, ...],
    fields: tuple[str, ...],
    triage: bool,
) -> None:
    """Raise an incident with its severity, components and summary.

    It pages the people on call for the affected components, as far as their contact points are set on this machine
    (SEVLOG_NOTIFY_…), and prints who was paged. The others are paged by CI after the push, or by `sevlog page`.
    """
    from ...services.response import raising
    from ...services.workspace.lookup import refuse_triage_as_title

    report = raising.Report(
        title=title or "",
        severity=severity,
        priority=priority,
        components=components,
        source=source,
        ref=ref,
        reporter=reporter,
        summary=text_or_editor((summary,)) if summary == "-" else summary,
        started_at=shared.time("--started-at", started_at, past=True),
        scope=scope,
        essential=essential is not False,
        type=type_,
        kind=kind,
        tags=tags,
        fields=fields,
        triage=triage,
    )
    if shared.incident is not None:
        from ...services.workspace import lookup

        incident = lookup.resolve(shared.workspace, shared.incident)
        done = raising.raise_from_triage(shared.workspace, incident, report, shared.acting)
    else:
        if not title:
            raise UsageError("an incident needs a title", 'sevlog raise "Checkout fails for all customers" …')
        refuse_triage_as_title(shared.workspace, title)
        if _can_ask(shared):
            report = _asked_source(report if triage else _asked(shared, report))
        done = raising.raise_incident(shared.workspace, report, shared.acting)
    render.outcome(shared, done)
    offering.similar(shared, done.incident, done.warnings)


def _can_ask(shared: SharedOptions) -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty() and not shared.json


def _asked(shared: SharedOptions, report: raising.Report) -> raising.Report:
    """Ask for missing values: the scope first, because the severity is proposed from it (S5)."""
    from msgspec.structs import replace

    from ...services.common import name_lookup
    from ...services.response import raising

    config = shared.workspace.config
    if report.severity is None:
        scope: Scope = report.scope or "none"
        if report.scope is None:
            scope = click.prompt("Which customers are affected", type=click.Choice(get_args(Scope)), err=True)
        essential = click.confirm("Are essential tasks blocked", default=True, err=True)
        proposal = raising.proposed_severity(shared.workspace, scope, essential)
        level = click.prompt(f"Severity ({proposal.reason})", default=proposal.level, err=True)
        report = replace(report, scope=scope, severity=name_lookup.severity(config, level))
    if not report.components:
        known = ", ".join(c.key for c in config.components)
        text = click.prompt(f"Affected component, or unknown ({known})", default="unknown", err=True)
        report = replace(report, components=tuple(text.replace(",", " ").split()))
    if report.summary is None:
        report = replace(report, summary=click.prompt("What is happening", err=True))
    return report


def _asked_source(report: raising.Report) -> raising.Report:
    """Ask how it was noticed. Enter skips the question; `sevlog next` then lists it (S24)."""
    if report.source is not None:
        return report
    from msgspec.structs import replace

    choices = click.Choice([*get_args(DetectionSource), _SKIP])
    answer = click.prompt("How was it noticed", type=choices, default=_SKIP, err=True)
    return report if answer == _SKIP else replace(report, source=answer)


@click.command(
    epilog="\b\nExamples:\n  sevlog ack --channel chat=https://chat.example/inc --channel video=https://meet.example/x"
)
@click.option(
    "--channel",
    "channels",
    multiple=True,
    type=CHANNEL,
    help="Channel of the response: chat, video, document …; repeatable.",
)
@acting()
def ack(shared: SharedOptions, channels: tuple[str, ...]) -> None:
    """Take command of an incident: you become its lead, channels are recorded, and it moves to fixing."""
    from ...services.common import name_lookup
    from ...services.response import acts as response_acts

    given = name_lookup.pairs("TYPE=URL", channels)
    render.outcome(shared, response_acts.acknowledge(shared.workspace, shared.incident, given, shared.acting))


@click.command(epilog="\b\nExamples:\n  sevlog channel document https://docs.example/state-of-checkout")
@click.argument("type_", type=CHANNEL_TYPE)
@click.argument("url", required=False)
@acting()
def channel(shared: SharedOptions, type_: str, url: str | None) -> None:
    """Record a channel of the response: chat, video, document or another TYPE. TYPE=URL works too."""
    from ...services.common import name_lookup
    from ...services.response import acts as response_acts

    if url is None:
        ((type_, url),) = name_lookup.pairs("TYPE=URL", (type_,))
    render.outcome(shared, response_acts.open_channel(shared.workspace, shared.incident, type_, url, shared.acting))
