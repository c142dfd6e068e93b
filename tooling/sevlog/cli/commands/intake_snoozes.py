"""sevlog intake snooze, intake snoozed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import acting, looking
from ..output import render
from ..output.reaching import intake_tables
from ..parameters import COMPONENT
from ..screen import say
from ..shared import SharedOptions

if TYPE_CHECKING:
    from datetime import datetime


@click.command(
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


@click.command(epilog="\b\nExamples:\n  sevlog intake snoozed\n  sevlog intake snoozed --json")
@looking
def snoozed(shared: SharedOptions) -> None:
    """Show which alerts are snoozed, until when, and what fired meanwhile in this clone."""
    from ...services.automation import snoozes as automation_snoozes
    from ...services.common import documents

    done = automation_snoozes.snoozed(shared.workspace)
    say(documents.as_json(done) if shared.json else intake_tables.snoozed(done, shared.workspace.clock()))
