"""Shows the communication plan, the templates, what a message reads like and what the lint says. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, get_args

from ...errors import NotFound
from ...model.comms.lint import Finding, Hearing, lint
from ...model.comms.networks import length, networks
from ...model.comms.plan import Plan, plan_for
from ...model.config.settings import duration
from ...model.rules.text import findings_of, hearing_of
from ...model.timeline.entries import Update
from ...model.vocabulary import INCIDENT_PHASES, MAINTENANCE_PHASES, Audience, Phase
from ...stores.markdown.comms_templates import known_facts
from ..common.documents import SCHEMA
from ..response.corrections import find_entry
from ..workspace import lookup
from .composition import Preview
from .documents import LintResult, PlanLine, PlanTable, Previewed, TemplateLine, TemplateList, TextFinding
from .template_texts import Wording, wording

if TYPE_CHECKING:
    from ..workspace.workspace import Workspace

_PHASES: tuple[Phase, ...] = (*INCIDENT_PHASES, *MAINTENANCE_PHASES)


def plan(workspace: Workspace, incident: str | None) -> PlanTable:
    """The plan for every audience and severity, or as it stands for one incident."""
    config = workspace.config
    kind, levels = "service", [s.key for s in config.severities]
    if incident is not None:
        state = workspace.state(workspace.record(lookup.resolve(workspace, incident)))
        kind, levels = state.card.type, [state.severity] if state.severity else levels[:1]
    lines: list[PlanLine] = []
    for audience in get_args(Audience):
        for level in levels:
            found: dict[Plan, list[Phase]] = {}
            for phase in _PHASES:
                one = plan_for(config, audience, severity=level, phase=phase, kind=kind)
                found.setdefault(one, []).append(phase)
            usual = max(found.values(), key=len)
            lines += [_line(workspace, audience, level, p, [] if ph is usual else ph) for p, ph in found.items()]
    return PlanTable(schema=SCHEMA, plan=lines)


def _line(workspace: Workspace, audience: Audience, level: str | None, found: Plan, phases: list[Phase]) -> PlanLine:
    severity = workspace.config.severity(level)
    first = severity.first_update_within.get(audience) if severity else None
    return PlanLine(
        audience=audience,
        severity=level,
        phases=list(phases),
        channels=list(found.channels),
        groups=list(found.groups),
        every=found.every.total_seconds() if found.every else None,
        first_within=duration(first).total_seconds() if first else None,
        approver=found.approver,
        template=found.template,
    )


def templates(workspace: Workspace, name: str | None, audience: Audience) -> TemplateList:
    """The templates, or one of them. audience: whose facts are listed. Raises NotFound, or InvalidRecord."""
    known = workspace.templates
    names = known.names() if name is None else [name if "/" in name else f"{audience}/{name}"]
    found = [known.read(full) for full in names]
    reader = names[0].partition("/")[0] if name else audience
    return TemplateList(
        schema=SCHEMA,
        facts=known_facts(reader),
        templates=[TemplateLine(name=t.name, path=t.path, about=t.about, asks=t.asks, text=t.text) for t in found],
    )


def told(workspace: Workspace, incident: str | None, entry: str | None, audience: Audience, channel: str) -> Previewed:
    """A message about what is recorded: the entry with this part of an id, or the last update to the audience."""
    record = workspace.record(lookup.resolve(workspace, incident))
    state = workspace.state(record)
    if entry is None:
        last = [u.id for u in state.updates if u.entry.audience == audience]
        if not last:
            raise NotFound(
                f"{record.id} has no update to the audience {audience}",
                "name an entry with --entry, or give a text or --template",
            )
        entry = last[-1]
    else:
        entry = find_entry(state, entry)
    item = state.item(entry)
    said = item.effective if item is not None else None
    update = said if isinstance(said, Update) else None
    found = findings_of(state, workspace.config, workspace.oncall, update) if update else ()
    message = wording(workspace, record, entry, audience=audience, channel=channel)
    made = shown(workspace, record.id, message, audience, channel, found)
    made.next_update_at = update.next_update_at if update else None
    made.approved_by = update.approved_by if update else None
    return made


def previewed(workspace: Workspace, seen: Preview, audience: Audience, channel: str) -> Previewed:
    """A message that is not recorded yet."""
    made = shown(workspace, seen.incident, seen.message, audience, channel, seen.findings)
    made.next_update_at = seen.next_update_at
    made.approved_by, made.approval_missing = seen.approval.by, seen.approval.missing
    return made


def shown(
    workspace: Workspace, incident: str, message: Wording, audience: Audience, channel: str, found: Iterable[Finding]
) -> Previewed:
    """The document of a message."""
    limit = networks(workspace.config.comms.networks).get(channel)
    return Previewed(
        schema=SCHEMA,
        incident=incident,
        audience=audience,
        channel=channel,
        subject=message.subject,
        text=message.text,
        plain=message.plain,
        short=message.short,
        length=length(message.short, limit) if limit else None,
        limit=limit.limit if limit else None,
        url=message.url,
        correction=message.correction,
        next_update_at=None,
        approved_by=None,
        approval_missing=None,
        findings=[finding(f) for f in found],
        warnings=list(message.warnings),
    )


def finding(found: Finding) -> TextFinding:
    """A finding of the lint, as documents have it."""
    return TextFinding(
        rule=found.rule,
        severity=found.gravity,
        line=found.line,
        column=found.column,
        excerpt=found.excerpt,
        message=found.message,
        instead=found.instead,
    )


def linted(workspace: Workspace, incident: str | None, text: str, phase: Phase | None) -> LintResult:
    """What the lint says of a text, for an incident, or for none where none is live."""
    config = workspace.config
    try:
        name = lookup.resolve(workspace, incident)
    except NotFound:
        if incident is not None:
            raise
        found = lint(Hearing(text=text, phase=phase or "investigating"), config.comms.lint)
        return LintResult(schema=SCHEMA, incident=None, findings=[finding(f) for f in found])
    from ..response.updates import phase_now

    state = workspace.state(workspace.record(name))
    update = Update(at=workspace.clock(), text=text, audience="public", phase=phase or phase_now(state, "public"))
    found = lint(hearing_of(state, config, workspace.oncall, update), config.comms.lint)
    return LintResult(schema=SCHEMA, incident=name, findings=[finding(f) for f in found])
