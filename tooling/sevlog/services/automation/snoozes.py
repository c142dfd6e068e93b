"""Snoozes alerts for a time: a row in sevlog.yaml. What fired meanwhile is raised when its snooze has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ...errors import InvalidRecord, UsageError
from ...model.intake import snoozes
from ...model.intake.alert import Signal, Taken
from ...model.vocabulary import instant, shortened
from ...stores import layout
from ...stores.git import transaction
from ...stores.git.transaction import NewCommit
from ...stores.index.snoozed_alerts import read_snoozed
from ...stores.yaml import append as yaml_append
from ...stores.yaml import io as yaml_io
from ..common import documents, name_lookup
from ..common.documents import SCHEMA, Snooze
from ..recording.file_edits import edit, send
from ..recording.identity import acting_person
from ..recording.recorder import Options, begin
from ..workspace.workspace import Workspace
from . import intake

_LONGEST = timedelta(days=30)
_SUBJECT = 100
_NEWS = ("opened", "attached", "changed")


class Wish(Struct, frozen=True, kw_only=True):
    """What to snooze, until when, and why."""

    until: datetime
    reason: str
    fingerprint: str | None = None
    component: str | None = None
    title: str | None = None


class SnoozedAlert(Struct, kw_only=True):
    """An alert that fired while it was snoozed, as far as this clone took it in."""

    source: str
    fingerprint: str
    title: str
    count: Annotated[int, Meta(description="How often it was sent while firing.")]
    first_at: datetime
    last_at: datetime
    ended: Annotated[bool, Meta(description="Whether its snooze has ended: the next intake raises it.")]


class Snoozed(Struct, kw_only=True):
    """`sevlog intake snoozed --json`, and `sevlog intake snooze --json`."""

    schema: str
    snoozes: Annotated[list[Snooze], Meta(description="What is snoozed now, the first to end at the front.")]
    alerts: Annotated[list[SnoozedAlert], Meta(description="Alerts that fired meanwhile and did not end.")]
    commit: str | None = None
    pushed: bool | None = None
    dry_run: bool = False
    warnings: list[str] = []
    hints: list[str] = []


def snoozed(workspace: Workspace) -> Snoozed:
    """What is snoozed now, and what fired meanwhile."""
    config, now = workspace.config, workspace.clock()
    return Snoozed(
        schema=SCHEMA,
        snoozes=documents.snoozes(config, now),
        alerts=[
            SnoozedAlert(
                source=one.signal.source,
                fingerprint=one.signal.fingerprint,
                title=one.signal.title,
                count=one.count,
                first_at=one.first_at,
                last_at=one.last_at,
                ended=snoozes.ended(config, one, now),
            )
            for one in read_snoozed(workspace.root).values()
        ],
    )


def snooze(workspace: Workspace, wish: Wish, options: Options) -> Snoozed:
    """Snooze alerts for everybody, in one commit. Raises UsageError if no alert is named."""
    if not (wish.fingerprint or wish.component or wish.title):
        raise UsageError(
            "say which alerts to snooze",
            "sevlog intake snooze FINGERPRINT, --component KEY or --match TITLE; the output of sevlog intake has them",
        )
    if wish.until <= workspace.clock():
        raise UsageError(f"the snooze would end at {instant(wish.until)}, which has passed", "use --for 2h")
    if wish.until - workspace.clock() > _LONGEST:
        raise UsageError(
            f"a snooze ends after {_LONGEST.days} days at most",
            "to ignore alerts, add a rule: intake.rules, ignore: true",
        )
    return edit(workspace, options, lambda here: _snooze(here, wish, options))


def _snooze(workspace: Workspace, wish: Wish, options: Options) -> Snoozed:
    begin(workspace, options)
    try:
        if wish.component:
            keys = [component.key for component in workspace.config.components]
            wish = replace(wish, component=name_lookup.choose("component", wish.component, keys))
        person = acting_person(workspace, options.person)
        row = {
            "until": instant(wish.until),
            **({"fingerprint": wish.fingerprint} if wish.fingerprint else {}),
            **({"component": wish.component} if wish.component else {}),
            **({"title": wish.title} if wish.title else {}),
            "by": person,
            "reason": wish.reason,
        }
        text = (workspace.root / layout.CONFIG_FILE).read_bytes().decode()
        contents = {layout.CONFIG_FILE: _with_row(text, row).encode()}
        if options.dry_run:
            done = snoozed(workspace)
            done.snoozes, done.dry_run = [*done.snoozes, _row(wish, person)], True
            return done
        if not options.commit:
            transaction.write_only(workspace.root, contents)
            return snoozed(workspace.anew())
        what = wish.fingerprint or wish.component or wish.title or ""
        subject = shortened(f"intake: snooze {what} until {instant(wish.until)}", _SUBJECT)
        message = f"{subject}\n\n{wish.reason}\n\nPerson: {person}\n"
        topic = f"intake/snooze-{workspace.clock():%Y%m%dT%H%M%SZ}"
        commit, sent = send(workspace, NewCommit(message, contents, replaced=frozenset(contents)), topic, options)
    finally:
        workspace.close()
    done = snoozed(workspace.anew())
    done.commit, done.pushed = commit, sent.pushed
    done.warnings, done.hints = list(sent.warnings), list(sent.hints)
    if workspace.config.git.flow == "pull-request":
        done.hints.append("the snooze begins once its pull request is merged")
    return done


def _row(wish: Wish, person: str) -> Snooze:
    return Snooze(
        until=wish.until,
        fingerprint=wish.fingerprint,
        component=wish.component,
        title=wish.title,
        by=person,
        reason=wish.reason,
    )


def _with_row(text: str, row: dict[str, str]) -> str:
    """sevlog.yaml with one more snooze. Raises InvalidRecord where it cannot be added."""
    data = yaml_io.read(text.encode())
    if not isinstance(data, dict):
        raise InvalidRecord(f"{layout.CONFIG_FILE} is not a mapping", "sevlog check")
    if "intake" not in data:
        line_end = "\r\n" if "\r\n" in text else "\n"
        text = f"{text.rstrip()}{line_end}{line_end}intake: {{}}{line_end}"
    elif not isinstance(data["intake"], dict):
        raise InvalidRecord(f"`intake` in {layout.CONFIG_FILE} is not a mapping", "remove it, or write intake: {}")
    return yaml_append.appended(text, ("intake",), "snoozes", [row])


def raise_ended(workspace: Workspace, options: Options) -> list[Taken]:
    """Take in what fired while it was snoozed and did not end, if its snooze has ended by now; what has news."""
    known = read_snoozed(workspace.root)
    now = workspace.clock()
    due = [one.signal for one in known.values() if snoozes.ended(workspace.config, one, now)]
    return _take_in_due(workspace, due, options) if due and not options.dry_run else []


def _take_in_due(workspace: Workspace, due: Sequence[Signal], options: Options) -> list[Taken]:
    found = []
    for signal in due:
        here = workspace.anew()
        try:
            done = intake.take_in(here, signal.source, [signal], options)
        finally:
            here.close()
        workspace.acted += here.acted
        found += [one for one in done.alerts if one.decision in _NEWS]
    return found
