"""Raises an incident, or takes one into triage, or raises one that was in triage."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ..errors import Refused, UsageError
from ..model.config import Config
from ..model.entries import Entry, Raised, StatusChanged
from ..model.incident import Detection, IncidentCard, Record
from ..model.proposal import Proposal, propose_priority, propose_severity
from ..model.vocabulary import DetectionSource, IncidentKind, Scope
from ..stores import codec, edits, layout, yamlio
from . import words
from .acting import Actor, Options, Outcome, act, actor
from .workspace import Workspace


class Report(Struct, frozen=True, kw_only=True):
    """What someone reports. `components` are KEY[=STATE] pairs; a bare KEY means partial_outage."""

    title: str
    severity: str | None = None
    priority: str | None = None
    components: tuple[str, ...] = ()
    source: DetectionSource | None = None
    ref: str | None = None
    summary: str | None = None
    started_at: datetime | None = None
    scope: Scope | None = None
    type: str | None = None
    kind: IncidentKind = "incident"
    triage: bool = False
    tags: tuple[str, ...] = ()
    reporter: str | None = None


def proposed_severity(workspace: Workspace, scope: Scope, essential: bool) -> Proposal:
    """The severity to propose to someone who has not decided."""
    return propose_severity(workspace.config, scope, essential=essential)


def raise_incident(workspace: Workspace, report: Report, options: Options) -> Outcome:
    """Open a new incident. Raises Refused with every missing part at once, UsageError for unknown words."""
    config = workspace.config
    who = actor(workspace, options)
    card = _card(workspace, report, who)
    incident_id = layout.new_incident_id(
        who.at, report.title, lambda name: (workspace.root / layout.folder_of(name)).exists()
    )
    record = Record(id=incident_id, card=card, entries=())
    entries = [StatusChanged(at=who.at, to="triage")] if report.triage else [_raised(workspace, report, who)]
    path = layout.folder_of(incident_id) / layout.CARD_FILE
    text = yamlio.dump(codec.plain(card), schema=layout.schema_reference(path, "incident"))
    severity = entries[0].severity if isinstance(entries[0], Raised) else None
    what = f"raise {severity} {report.title}" if severity else f"triage {report.title}"
    if config.is_major(severity):
        what = f"raise major {severity} {report.title}"
    return act(workspace, record, list(entries), options, summary=what, who=who, card=text.encode())


def raise_from_triage(workspace: Workspace, incident_id: str, report: Report, options: Options) -> Outcome:
    """Raise an incident that is in triage; a summary given here goes onto its card."""
    record = workspace.record(incident_id)
    who = actor(workspace, options)
    path = layout.folder_of(incident_id) / layout.CARD_FILE
    card = None
    if report.summary and report.summary != record.card.summary:
        record = replace(record, card=replace(record.card, summary=report.summary))
        current = (workspace.root / path).read_bytes().decode()
        card = edits.set_key(current, "summary", report.summary, after="title").encode()
    entries: list[Entry] = [_raised(workspace, report, who)]
    return act(
        workspace, record, entries, options, summary=f"raise {record.card.title}", who=who, card=card,
        replaced=frozenset({str(path)}) if card else frozenset(),
    )  # fmt: skip


def _card(workspace: Workspace, report: Report, who: Actor) -> IncidentCard:
    config = workspace.config
    kinds = [t.key for t in config.types]
    default = next((t.key for t in config.types if t.default), kinds[0] if kinds else "service")
    type_key = words.choose("type", report.type, kinds) if report.type else default
    chosen = config.incident_type(type_key)
    source: DetectionSource | None = report.source or (None if report.triage else "personnel")
    detection = Detection(source=source, ref=report.ref, reporter=report.reporter or who.person) if source else None
    title = " ".join(report.title.split())
    if not title:
        raise UsageError("an incident needs a title", 'sevlog raise "Checkout fails for all customers" …')
    return msgspec.convert(
        {
            "schema": 1,
            "title": title,
            "kind": report.kind,
            "type": type_key,
            **({"summary": report.summary} if report.summary else {}),
            **({"detection": codec.plain(detection)} if detection else {}),
            **({"visibility": chosen.visibility} if chosen and chosen.visibility else {}),
            **({"tags": list(report.tags)} if report.tags else {}),
        },
        IncidentCard,
    )


def _raised(workspace: Workspace, report: Report, who: Actor) -> Raised:
    """The opening entry. Raises Refused with everything that is missing, so that one more try is enough."""
    config = workspace.config
    absent = [*_absent_severity(config, report), *_absent_component(config, report)]
    if not report.summary and not report.triage and absent:
        absent.append('--summary "…": what is the emergency?')
    if absent or report.severity is None:
        what = [word for word, given in (("severity", report.severity), ("component", report.components)) if not given]
        raise Refused(f"an incident cannot be raised without a {' and a '.join(what)}", *absent)
    severity = words.severity(config, report.severity)
    priority = (
        words.priority(config, report.priority)
        if report.priority
        else propose_priority(config, severity, report.scope).level
    )
    return Raised(
        at=who.at, severity=severity, priority=priority,
        components=words.component_states(config, report.components, "partial_outage"),
        started_at=report.started_at, scope=report.scope,
    )  # fmt: skip


def _absent_severity(config: Config, report: Report) -> list[str]:
    if report.severity is not None:
        return []
    proposal = propose_severity(config, report.scope) if report.scope else None
    first = f"--severity {proposal.level} would fit: {proposal.reason}" if proposal else "--severity LEVEL, one of:"
    return [
        first,
        *(f"  {s.key}{' (major)' if s.major else ''}: {s.criteria[0]}" for s in config.severities if s.criteria),
    ]


def _absent_component(config: Config, report: Report) -> list[str]:
    if report.components:
        return []
    known = ", ".join(c.key for c in config.components if not c.retired_on)
    return [f"--component KEY=STATE, or --component unknown (components: {known})"]
