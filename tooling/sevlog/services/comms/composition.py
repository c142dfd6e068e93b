"""Writes the text of an update before anybody reads it: from a template and the record's facts. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...errors import NotFound, Refused
from ...model.comms.lint import Finding
from ...model.comms.plan import OUTSIDE, plan_of
from ...model.comms.templates import render
from ...model.rules.text import Approval, approval_of, findings_of, plan_of_update
from ...model.timeline.entries import Update
from ...model.timeline.incident import Record
from ...model.timeline.state import State
from ...model.vocabulary import INCIDENT_PHASES, Phase
from ..response.updates import Message, check_audience, phase_now, title_changes, update_of
from ..workspace import lookup
from .template_facts import UNTITLED, facts_of, rehearsed
from .template_texts import Wording, wording

if TYPE_CHECKING:
    from ...stores.markdown.comms_templates import TemplateFile
    from ..workspace.workspace import Workspace

PENDING = "pending"
"""The id of the update while it is being written."""


class Composed(Struct, frozen=True, kw_only=True):
    """A text that is ready to send. phase: of the update. template: the full name of its template.

    lacking: what it lacks, each with how to give it; those places are still open in the text (`{{fact}}`).
    """

    incident: str
    text: str
    phase: Phase
    template: str | None = None
    lacking: dict[str, str] = {}


class Preview(Struct, frozen=True, kw_only=True):
    """The preview of an update: the message as its readers get it, findings of the lint, and who must approve it."""

    incident: str
    message: Wording
    findings: tuple[Finding, ...]
    approval: Approval
    next_update_at: datetime | None


def compose(
    workspace: Workspace,
    incident: str | None,
    message: Message,
    *,
    text: str | None = None,
    said: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Composed:
    """The text from the template of the message, or from the one that fits the moment.

    text: what the author has to say, where the template has a place for it. said: what it asks besides.
    Raises NotFound for a template that is not there, UsageError or Refused for an update that could not be sent anyway.
    """
    record = workspace.record(lookup.resolve(workspace, incident))
    state = workspace.state(record)
    check_audience(state, message.audience, message.title)
    phase = message.phase or phase_now(state, message.audience)
    found = _template(workspace, state, message, phase)
    pending = update_of(workspace, state, at or workspace.clock(), text or "…", replace(message, phase=phase))
    facts = facts_of(_with(record, message, pending), workspace.config, PENDING, message.audience, pending.at).facts
    if facts.get("title") == UNTITLED:
        facts["title"] = None
    unknown = [name for name in said or {} if name not in found.asks]
    if unknown:
        raise NotFound(
            f"template {found.name} does not ask for `{unknown[0]}`",
            f"it asks for: {', '.join(found.asks) or 'nothing'}",
        )
    facts |= {**(said or {}), "text": text}
    made, lacking = render(found.nodes, facts, holes="keep")
    return Composed(
        incident=record.id,
        text=made,
        phase=phase,
        template=found.name,
        lacking={name: _how(state.id, name, found.asks) for name in lacking},
    )


def complete(composed: Composed) -> str:
    """The text, if nothing is lacking. Raises Refused with everything that is, and how to give it."""
    if not composed.lacking:
        return composed.text
    names = ", ".join(f"`{name}`" for name in composed.lacking)
    raise Refused(
        f"template {composed.template} needs {names}: fill in all values before the text is sent",
        *composed.lacking.values(),
        details={"lacking": list(composed.lacking), "text": composed.text},
    )


def preview(
    workspace: Workspace,
    incident: str | None,
    text: str,
    message: Message,
    *,
    sender: str,
    channel: str = "email",
    at: datetime | None = None,
) -> Preview:
    """The message as its readers would get it. Raises what telling it would raise, except for its approval."""
    record = workspace.record(lookup.resolve(workspace, incident))
    state = workspace.state(record)
    check_audience(state, message.audience, message.title)
    if message.audience == "public":
        title_changes(state, message.title)
    update = update_of(workspace, state, at or workspace.clock(), text, message)
    full = _with(record, message, update)
    told = replace(state, card=full.card)
    plan = plan_of_update(workspace.config, told, update)
    return Preview(
        incident=record.id,
        message=wording(workspace, full, PENDING, audience=message.audience, channel=channel),
        findings=findings_of(told, workspace.config, workspace.oncall, update),
        approval=approval_of(told, plan, author=sender, sender=sender, named=message.approved_by),
        next_update_at=update.next_update_at,
    )


def _with(record: Record, message: Message, pending: Update) -> Record:
    """The record as if the update were in it already."""
    if message.title is not None:
        record = replace(record, card=replace(record.card, public_title=" ".join(message.title.split()) or None))
    if message.audience in OUTSIDE:
        record = rehearsed(record)
    return replace(record, entries=(*record.entries, replace(pending, id=PENDING, by="author")))


def _template(workspace: Workspace, state: State, message: Message, phase: Phase) -> TemplateFile:
    plan = plan_of(workspace.config, state, message.audience, phase)
    wanted = (
        [message.template] if message.template else [*filter(None, [plan.template]), *occasions(state, message, phase)]
    )
    found = workspace.templates.find(message.audience, wanted)
    if found is None:
        named = message.template or wanted[0]
        return workspace.templates.read(named if "/" in named else f"{message.audience}/{named}")
    return found


def occasions(state: State, message: Message, phase: Phase) -> tuple[str, ...]:
    """The templates that fit the moment, the best first: by what this audience has heard, and what happened since."""
    said = [u.entry for u in state.updates if u.entry.audience == message.audience]
    if phase not in INCIDENT_PHASES:
        return (phase, "follow_up")
    if _is_relapse(state, said[-1] if said else None, phase):
        return ("relapse", "follow_up")
    if not said and phase == "investigating":
        return ("initial", "follow_up")
    if phase == "investigating" or (said and said[-1].phase == phase):
        return ("follow_up", phase)
    return (phase, "follow_up") if said else (phase, "initial", "follow_up")


def _is_relapse(state: State, last: Update | None, phase: Phase) -> bool:
    """Whether it came back since this audience heard of it: it was watched or over, and is being worked on again."""
    steps = state.status_steps
    if last is None or len(steps) < 2 or phase not in ("investigating", "identified"):
        return False
    return steps[-1].act == "reopen" and steps[-1].at >= last.at


_HOW = {
    "title": '--title "…": what customers see, in plain words',
    "text": 'give the text in quotes: sevlog update … "…"',
    "next_update_at": "--next-in 30m",
    "place": "name the response channel: sevlog channel -i ID chat URL",
    "chat": "sevlog channel -i ID chat URL",
    "video": "sevlog channel -i ID video URL",
    "document": "sevlog channel -i ID document URL",
    "lead": "take command: sevlog ack -i ID --channel chat=URL",
    "severity": "set the severity: sevlog raise -i ID --severity LEVEL --component KEY",
    "priority": "set the severity: sevlog raise -i ID --severity LEVEL --component KEY",
    "customer_impact": 'sevlog assess -i ID --customer-impact "…"',
    "employee_impact": 'sevlog assess -i ID --employee-impact "…"',
    "symptoms": 'sevlog assess -i ID --symptoms "…"',
    "scope": "sevlog assess -i ID --scope all/some/none",
    "affected": "sevlog assess -i ID --affected N",
    "support_cases": "sevlog assess -i ID --support-cases N",
    "started_at": "sevlog assess -i ID --started-at TIME",
    "summary": "`summary` in incident.yaml",
    "support_url": "`page.support_url` in sevlog.yaml",
    "mitigation": 'sevlog act -i ID --type mitigation "…"',
}


def _how(incident: str, name: str, asks: Mapping[str, str]) -> str:
    """How a fact can be given."""
    if name == "text" or name not in asks:
        question = f" ({asks[name]})" if name in asks else ""
        return f"{name}: {_HOW.get(name, 'this incident has no such value').replace('ID', incident)}{question}"
    return f'{name}: --say {name}="…" ({asks[name]})'
