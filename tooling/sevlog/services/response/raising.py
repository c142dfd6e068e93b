"""Raises an incident, or takes one into triage, or raises one that was in triage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ...errors import InvalidRecord, Refused, UsageError
from ...model.config.settings import Config, Lifecycle
from ...model.forms import Handle
from ...model.guidance.proposal import Proposal, propose_priority, propose_severity
from ...model.intake.duplicates import duplicates
from ...model.timeline.acts import command_for, table_of
from ...model.timeline.entries import Assessment, ImpactChanged, Raised, StatusChanged
from ...model.timeline.entry_parts import Entry
from ...model.timeline.incident import IncidentCard
from ...model.timeline.state import State
from ...model.vocabulary import DetectionSource, IncidentKind, Scope
from ...stores.records import codec
from ..common import name_lookup
from ..common.fields import typed_fields
from ..common.outcome import Outcome
from ..paging.at_once import page_now
from ..recording.incident_session import IncidentSession, NewIncident, entry_from
from ..recording.recorder import Actor, Options, check_past
from ..workspace import lookup
from ..workspace.workspace import Workspace


class Report(Struct, frozen=True, kw_only=True):
    """What someone reports. `components` are KEY[=STATE] pairs; a bare KEY means partial_outage.

    alerts: entries of kind alert, each with its own time (None: that of the act), recorded in the same act.
    first_hand: whether the one who acts is the reporter where none is named.
    """

    title: str
    severity: str | None = None
    priority: str | None = None
    components: tuple[str, ...] = ()
    source: DetectionSource | None = None
    ref: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
    scope: Scope | None = None
    essential: bool = True
    type: str | None = None
    kind: IncidentKind = "incident"
    triage: bool = False
    tags: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    reporter: str | None = None
    first_hand: bool = True
    alerts: tuple[tuple[Mapping[str, object], datetime | None], ...] = ()


def proposed_severity(workspace: Workspace, scope: Scope, essential: bool) -> Proposal:
    """The severity to propose to someone who has not decided."""
    return propose_severity(workspace.config, scope, essential=essential)


def raise_incident(workspace: Workspace, report: Report, options: Options) -> Outcome:
    """Open a new incident. Raises Refused with every missing part at once, UsageError for unknown words."""
    opening = NewIncident(workspace, options)
    who = opening.who
    check_past("--started-at", report.started_at, who.now)
    card = _card(workspace, report, who)
    entries: list[Entry] = (
        [_raised(workspace, report, who)] if not report.triage else _triaged(workspace, report, card, who)
    )
    entries += [entry_from(alert, min(at or who.at, who.at)) for alert, at in report.alerts]
    first = entries[0]
    what = f"raise {_level(workspace.config, first.severity)}" if isinstance(first, Raised) else "triage"
    open_ones = lookup.live_states(workspace)
    done = opening.do(card, entries, f"{what} {card.title}")
    from .runbooks import offered

    paging = page_now(workspace, done, options)
    known = offered(workspace, done.state)
    done = _with_duplicates(done, open_ones)
    return replace(
        done,
        warnings=(*done.warnings, *_odd_levels(workspace.config, report, done.state)),
        hints=(
            *done.hints,
            *paging,
            command_for(_lifecycle(workspace, card), done.state.status, done.incident),
            *known,
        ),
    )


def _with_duplicates(done: Outcome, open_ones: Sequence[State]) -> Outcome:
    """The outcome with a warning for each open incident that may be the same, with what to do if it is."""
    found = tuple(may_be_the_same(done.incident, other) for other in duplicates(done.state, open_ones))
    return replace(done, warnings=(*done.warnings, *found))


def may_be_the_same(new: str, other: State) -> str:
    """That an open incident may be the same as one that was just raised."""
    level = ", ".join(part for part in (other.severity, other.status, other.lead) if part)
    commands = f"sevlog join -i {other.id} / sevlog merge -i {new} {other.id}"
    return f"may be the same incident as {other.id} ({level}): {commands}"


def _odd_levels(config: Config, report: Report, state: State) -> tuple[str, ...]:
    """Warnings about a severity that is milder than the scope suggests, and a priority that is not the matrix's."""
    if state.severity is None or state.priority is None:
        return ()
    found = []
    if report.scope:
        proposal = propose_severity(config, report.scope, essential=report.essential)
        keys = [level.key for level in config.severities]
        if keys.index(proposal.level) < keys.index(state.severity):
            change = f'sevlog severity {proposal.level} -i {state.id} --reason "…"'
            found.append(f"{proposal.level} would fit, because {proposal.reason}: {change}")
    if report.priority:
        fit = propose_priority(config, state.severity, report.scope)
        if fit.level != state.priority:
            why = f'sevlog note -i {state.id} "{state.priority} because …"'
            found.append(f"the priority matrix gives {fit.level} ({fit.reason}): record the reason: {why}")
    return tuple(found)


def _level(config: Config, severity: str) -> str:
    return f"major {severity}" if config.is_major(severity) else severity


def raise_from_triage(workspace: Workspace, incident_id: str, report: Report, options: Options) -> Outcome:
    """Raise an incident that is in triage; a summary given here goes onto its card."""
    session = IncidentSession(workspace, incident_id, options)
    check_past("--started-at", report.started_at, session.who.now)
    ignored = [
        name
        for name, value in (
            ("TITLE", report.title),
            ("--source", report.source),
            ("--type", report.type),
            ("--ref", report.ref),
            ("--reporter", report.reporter),
            ("--tag", report.tags),
        )
        if value
    ]
    if ignored or report.triage:
        raise UsageError(
            f"{', '.join(ignored) or '--triage'} cannot be used with -i: the incident already exists",
            "change the card by pull request, or omit the option",
            f"the source and the reference: sevlog assess -i {session.record.id} --source SOURCE --ref TEXT"
            if report.source or report.ref
            else "",
        )
    if session.state.severity is not None or session.state.category != "triage":
        raise Refused(
            f"{session.record.id} was already raised: its status is `{session.state.status}`", session.next_command
        )
    if not report.components:
        known = session.state.components
        report = replace(report, components=tuple(f"{key}={impact}" for key, impact in known.items()))
    entry = _raised(workspace, report, session.who)
    summary = f"raise {_level(workspace.config, entry.severity)} {session.record.card.title}"
    open_ones = lookup.live_states(workspace)
    changed: dict[str, object] = {}
    if report.summary and report.summary != session.record.card.summary:
        changed["summary"] = report.summary
    if report.fields:
        changed["fields"] = {**session.record.card.fields, **typed_fields(workspace.config, report.fields)}
    files, replaced = session.card_with(**changed) if changed else ({}, frozenset[str]())
    done = session.do([entry], summary, files=files, replaced=replaced)
    done = _with_duplicates(done, open_ones)
    next_command = command_for(session.lifecycle, done.state.status, done.incident)
    return replace(done, hints=(*done.hints, *page_now(workspace, done, options), next_command))


def _card(workspace: Workspace, report: Report, who: Actor) -> IncidentCard:
    kinds = [t.key for t in workspace.config.types]
    default = next((t.key for t in workspace.config.types if t.default), kinds[0] if kinds else "service")
    type_key = name_lookup.choose("type", report.type, kinds) if report.type else default
    chosen = workspace.config.incident_type(type_key)
    reporter = _reporter(report.reporter) or (who.person if report.first_hand else None)
    detection = {"source": report.source, "ref": report.ref, "reporter": reporter}
    title = " ".join(report.title.split())
    if not title:
        raise UsageError("an incident needs a title", 'sevlog raise "Checkout fails for all customers" …')
    plain = {
        "schema": 1,
        "title": title,
        "kind": report.kind,
        "type": type_key,
        "summary": (report.summary or "").strip(),
        "detection": {key: value for key, value in detection.items() if value},
        "visibility": chosen.visibility if chosen else None,
        "tags": list(report.tags),
        "fields": typed_fields(workspace.config, report.fields),
    }
    return codec.made({key: value for key, value in plain.items() if value}, IncidentCard, "incident")


def _reporter(given: str | None) -> str | None:
    """The handle of who reported it. Raises UsageError for a text that is not a handle."""
    try:
        return msgspec.convert(given, Handle | None)
    except msgspec.ValidationError:
        raise UsageError(
            f"--reporter `{given}` is not a handle: it takes a-z, A-Z, 0-9 and . _ -",
            f'for somebody without a handle, use the reference, which takes any text: --ref "{given}"',
        ) from None


def _lifecycle(workspace: Workspace, card: IncidentCard) -> Lifecycle:
    return workspace.config.lifecycle_for(card.kind, card.type)


def _triaged(workspace: Workspace, report: Report, card: IncidentCard, who: Actor) -> list[Entry]:
    """The entries of something that may turn out to be nothing: no severity yet, but all else that is known."""
    if report.severity or report.priority:
        raise UsageError(
            "--triage means that severity and priority are unknown",
            "omit them, or omit --triage to raise the incident now",
        )
    status = table_of(_lifecycle(workspace, card)).target("triage")
    if status is None:
        raise UsageError(
            "the lifecycle of this incident has no step `raise --triage`",
            "raise it: sevlog raise TITLE --severity LEVEL --component KEY",
        )
    entries: list[Entry] = [StatusChanged(at=who.at, to=status)]
    states = name_lookup.component_states(workspace.config, report.components, "partial_outage")
    if states:
        entries.append(ImpactChanged(at=who.at, components=states))
    if report.scope or report.started_at:
        entries.append(Assessment(at=who.at, scope=report.scope, started_at=report.started_at))
    return entries


def _raised(workspace: Workspace, report: Report, who: Actor) -> Raised:
    """The opening entry. Raises Refused with everything that is missing, so that one more try is enough."""
    config = workspace.config
    for what in ("severities", "priorities"):
        if not getattr(config, what):
            raise InvalidRecord(f"sevlog.yaml has an empty list of {what}", "list some, or remove the key")
    absent = [*_absent_severity(config, report), *_absent_component(config, report)]
    if not report.summary and not report.triage and absent:
        absent.append('--summary "…": say what is happening')
    if absent or report.severity is None:
        needed = {"severity": report.severity, "component": report.components}
        missing = " and a ".join(name for name, given in needed.items() if not given)
        raise Refused(f"cannot raise an incident without a {missing}", *absent)
    severity = name_lookup.severity(config, report.severity)
    priority = (
        name_lookup.priority(config, report.priority)
        if report.priority
        else propose_priority(config, severity, report.scope).level
    )
    return Raised(
        at=who.at,
        severity=severity,
        priority=priority,
        components=name_lookup.component_states(config, report.components, "partial_outage"),
        started_at=report.started_at,
        scope=report.scope,
    )


def _absent_severity(config: Config, report: Report) -> list[str]:
    if report.severity is not None:
        return []
    proposal = propose_severity(config, report.scope, essential=report.essential) if report.scope else None
    first = f"--severity {proposal.level} would fit: {proposal.reason}" if proposal else "--severity LEVEL, one of:"
    return [
        first,
        *(f"{s.key}{' (major)' if s.major else ''}: {s.criteria[0]}" for s in config.severities if s.criteria),
    ]


def _absent_component(config: Config, report: Report) -> list[str]:
    if report.components:
        return []
    known = ", ".join(c.key for c in config.components if not c.retired_on)
    return [f"--component KEY=STATE, or --component unknown (components: {known})"]
