"""The acts of a response: each turns words into entries and records them as one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath

import msgspec
from msgspec.structs import replace

from ..errors import Refused, UsageError
from ..model.config import duration
from ..model.entries import (
    KIND_BY_NAME,
    ActionTaken,
    Assigned,
    Channel,
    Entry,
    ImpactChanged,
    Link,
    PriorityChanged,
    Released,
    SeverityChanged,
    StatusChanged,
    Update,
)  # fmt: skip
from ..model.incident import Record
from ..model.state import State
from ..model.vocabulary import FINAL_PHASES, Audience, Impact, Phase
from ..stores import codec, edits, layout
from . import words
from .acting import Actor, Options, Outcome, act, actor
from .identity import known_person
from .postmortems import draft_postmortem
from .workspace import Workspace

INCIDENT_MANAGER = "incident_manager"


class Desk:
    """One incident on the desk of one person: what every act of a response needs."""

    def __init__(self, workspace: Workspace, incident: str | None, options: Options) -> None:
        self.workspace, self.options = workspace, options
        self.record: Record = workspace.record(workspace.resolve(incident))
        self.state: State = workspace.state(self.record)
        self.who: Actor = actor(workspace, options)

    @property
    def at(self) -> datetime:
        """When the act happens."""
        return self.who.at

    def do(self, entries: Sequence[Entry], summary: str, **more: object) -> Outcome:
        """Record the entries as one act."""
        return act(self.workspace, self.record, list(entries), self.options, summary=summary, who=self.who, **more)  # type: ignore[arg-type]

    def status(
        self, to: str, *, text: str | None = None, reason: str | None = None, attestation: str | None = None
    ) -> StatusChanged:
        """A step from the status we see."""
        seen = self.state.status if self.state.status_steps else None
        return StatusChanged(at=self.at, to=to, from_=seen, text=text, reason=reason, attestation=attestation)


def add_entry(workspace: Workspace, incident: str | None, plain: dict[str, object], options: Options) -> Outcome:
    """Record one entry of any kind from its plain keys. Raises UsageError where they are no valid entry."""
    desk = Desk(workspace, incident, options)
    kind = str(plain["kind"])
    given = {key: value for key, value in plain.items() if value not in (None, (), [], {})}
    try:
        entry: Entry = msgspec.convert({**given, "at": codec.instant(desk.at)}, KIND_BY_NAME[kind])
    except msgspec.ValidationError as error:
        raise UsageError(f"this is no valid {kind}: {error}") from None
    return desk.do([entry], _gist(kind, given))


def _gist(kind: str, given: dict[str, object]) -> str:
    text = str(given.get("text") or given.get("target") or given.get("to") or given.get("ref") or "")
    first = text.strip().splitlines()[0] if text.strip() else ""
    return f"{kind.replace('_', ' ')}{': ' + first if first else ''}"


def acknowledge(
    workspace: Workspace, incident: str | None, channels: Sequence[tuple[str, str]], options: Options
) -> Outcome:
    """Take command: become lead incident manager, record the channels and move to fixing, in one act (S29, S30)."""
    desk = Desk(workspace, incident, options)
    entries: list[Entry] = [_channel(desk.at, kind, url) for kind, url in channels]
    if desk.state.lead != desk.who.person:
        entries.append(Assigned(at=desk.at, role=INCIDENT_MANAGER, person=desk.who.person, lead=True))
    if desk.state.status != "fixing":
        entries.append(desk.status("fixing"))
    if not entries:
        raise Refused(f"{desk.record.id}: you lead it already and it is `fixing`", "what is known: sevlog show")
    return desk.do(entries, f"{desk.who.person} takes command")


def _channel(at: datetime, kind: str, url: str) -> Channel:
    try:
        return msgspec.convert({"kind": "channel", "at": codec.instant(at), "type": kind.lower(), "url": url}, Channel)
    except msgspec.ValidationError:
        raise UsageError(f"`{kind}` is no type of channel", "chat, video, document, or a lower-case word") from None


def open_channel(workspace: Workspace, incident: str | None, kind: str, url: str, options: Options) -> Outcome:
    """Record where the response talks."""
    desk = Desk(workspace, incident, options)
    return desk.do([_channel(desk.at, kind, url)], f"open {kind} channel")


def change_severity(workspace: Workspace, incident: str | None, level: str, reason: str, options: Options) -> Outcome:
    """A new severity, with its reason."""
    desk = Desk(workspace, incident, options)
    chosen = words.severity(workspace.config, level)
    if chosen == desk.state.severity:
        raise Refused(f"{desk.record.id} is {chosen} already", "nothing to change")
    return desk.do(
        [SeverityChanged(at=desk.at, to=chosen, reason=reason)], f"severity {desk.state.severity} -> {chosen}"
    )


def change_priority(workspace: Workspace, incident: str | None, level: str, reason: str, options: Options) -> Outcome:
    """A new priority, with its reason."""
    desk = Desk(workspace, incident, options)
    chosen = words.priority(workspace.config, level)
    if chosen == desk.state.priority:
        raise Refused(f"{desk.record.id} is {chosen} already", "nothing to change")
    return desk.do(
        [PriorityChanged(at=desk.at, to=chosen, reason=reason)], f"priority {desk.state.priority} -> {chosen}"
    )


def change_impact(
    workspace: Workspace, incident: str | None, states: Sequence[str], ended_at: datetime | None, options: Options
) -> Outcome:
    """New states of components; with `ended_at` alone, all of the incident's components are operational again."""
    desk = Desk(workspace, incident, options)
    given = words.component_states(workspace.config, states, None)
    if not given and ended_at is None:
        raise UsageError("nothing says which component is in which state", "sevlog impact KEY=STATE …")
    components = given or _recovered(desk.state)
    summary = ", ".join(f"{key} {impact}" for key, impact in components.items())
    return desk.do([ImpactChanged(at=desk.at, components=components, ended_at=ended_at)], f"impact: {summary}")


def _recovered(state: State) -> dict[str, Impact]:
    return dict.fromkeys(state.components, "operational") or {"unknown": "operational"}


def assign_role(
    workspace: Workspace, incident: str | None, role: str, person: str, lead: bool, workstream: str | None,
    options: Options,
) -> Outcome:  # fmt: skip
    """Give a role to a person. The first incident manager leads; `lead` makes this one lead instead of another."""
    desk = Desk(workspace, incident, options)
    chosen = words.role(workspace.config, role)
    holder = known_person(workspace, person)
    leads = lead or (chosen == INCIDENT_MANAGER and desk.state.lead is None and workstream is None)
    entry = Assigned(at=desk.at, role=chosen, person=holder, lead=leads, workstream=workstream)
    return desk.do([entry], f"{holder} is {chosen.replace('_', ' ')}{' (lead)' if leads else ''}")


def release_role(workspace: Workspace, incident: str | None, role: str, person: str, options: Options) -> Outcome:
    """Take a role from a person."""
    desk = Desk(workspace, incident, options)
    chosen = words.role(workspace.config, role)
    if not any(h.role == chosen and h.person == person for h in desk.state.holders):
        held = ", ".join(f"{h.role}: {h.person}" for h in desk.state.holders) or "nobody holds a role"
        raise Refused(f"{desk.record.id}: {person} does not hold the role {chosen}", held)
    return desk.do([Released(at=desk.at, role=chosen, person=person)], f"{person} gives up {chosen.replace('_', ' ')}")


def monitor(workspace: Workspace, incident: str | None, text: str | None, mitigation: str | None,
            options: Options) -> Outcome:  # fmt: skip
    """The impact is mitigated; watch whether it stays so."""
    desk = Desk(workspace, incident, options)
    entries: list[Entry] = []
    if mitigation:
        entries.append(ActionTaken(at=desk.at, type="mitigation", text=mitigation))
    entries.append(desk.status("monitoring", text=text))
    return desk.do(entries, "monitoring")


def reopen(workspace: Workspace, incident: str | None, reason: str | None, options: Options) -> Outcome:
    """Back to fixing: a relapse while monitoring, or within the window after it was resolved."""
    desk = Desk(workspace, incident, options)
    return desk.do([desk.status("fixing", reason=reason)], "back to fixing")


def resolve(
    workspace: Workspace, incident: str | None, text: str | None, attestation: str | None,
    ended_at: datetime | None, final_update: str | None, options: Options,
) -> Outcome:  # fmt: skip
    """The impact is over: attested by the lead, with its end, final updates and the draft of a postmortem."""
    desk = Desk(workspace, incident, options)
    entries: list[Entry] = []
    if ended_at is not None:
        entries.append(ImpactChanged(at=desk.at, components=_recovered(desk.state), ended_at=ended_at))
    if final_update:
        entries += _final_updates(desk, final_update)
    entries.append(desk.status("resolved", text=text, attestation=attestation))
    files: dict[PurePosixPath, str] = {}
    if workspace.config.needs_postmortem(desk.state.severity) and desk.record.postmortem is None:
        files = draft_postmortem(workspace, desk.record, desk.state, owner=desk.state.lead or desk.who.person,
                                 resolved_at=desk.at)  # fmt: skip
    return desk.do(entries, "resolved", files=files)


def _final_updates(desk: Desk, text: str) -> list[Entry]:
    waiting = {u.entry.audience: u.entry.phase for u in desk.state.updates}
    phase: Phase = "completed" if desk.record.card.kind == "maintenance" else "resolved"
    recovered = _recovered(desk.state)
    return [
        Update(at=desk.at, audience=audience, phase=phase, text=text, components=recovered)
        for audience, last in waiting.items()
        if last not in FINAL_PHASES
    ]


def change_status(
    workspace: Workspace, incident: str | None, to: str, summary: str, options: Options, *, text: str | None = None,
    reason: str | None = None,
) -> Outcome:  # fmt: skip
    """Any other step of the lifecycle: close, decline, cancel …"""
    desk = Desk(workspace, incident, options)
    return desk.do([desk.status(to, text=text, reason=reason)], summary)


def merge(workspace: Workspace, incident: str | None, target: str | None, reason: str | None,
          options: Options) -> Outcome:  # fmt: skip
    """This incident is part of another one, which goes on."""
    desk = Desk(workspace, incident, options)
    entries: list[Entry] = [desk.status("merged", reason=reason)]
    if target is not None:
        into = workspace.resolve(target)
        other = workspace.state(workspace.record(into))
        if other.merged_into is not None:
            raise Refused(
                f"{into} is merged itself, into {other.merged_into}",
                f"sevlog merge -i {desk.record.id} {other.merged_into}",
            )
        entries = [replace(desk.status("merged", reason=reason), into=into),
                   Link(at=desk.at, rel="duplicate_of", target=into)]  # fmt: skip
    return desk.do(entries, f"merged into {target or '?'}")


def publish_update(
    workspace: Workspace, incident: str | None, text: str, *, audience: Audience, phase: Phase | None,
    components: Sequence[str], next_in: timedelta | None, promise: bool, title: str | None, template: str | None,
    approved_by: str | None, options: Options,
) -> Outcome:  # fmt: skip
    """Tell an audience. The first public one needs a public title; each promises the next one by the cadence."""
    desk = Desk(workspace, incident, options)
    chosen = phase or _phase_now(desk.state, audience)
    _check_phase(desk, chosen)
    states: dict[str, Impact] | None = words.component_states(workspace.config, components, None) or None
    if states is None and chosen in FINAL_PHASES and audience == "public" and desk.state.components:
        states = _recovered(desk.state)
    entry = Update(
        at=desk.at, audience=audience, phase=chosen, text=text, components=states,
        next_update_at=_promise(desk, audience, chosen, next_in, promise), template=template,
        approved_by=known_person(workspace, approved_by) if approved_by else None,
    )  # fmt: skip
    path = layout.folder_of(desk.record.id) / layout.CARD_FILE
    if audience != "public":
        return desk.do([entry], f"{audience} update ({chosen})")
    card = desk.record.card
    if card.visibility == "restricted":
        raise Refused(f"{card.title} is restricted: nothing about it may be published",
                      "change `visibility` in incident.yaml by pull request first")  # fmt: skip
    if title is None and card.public_title is None:
        raise Refused(
            f"{desk.record.id} has no public title, and customers must not read the internal one",
            'add --title "What customers see, in plain words"',
        )
    if title is None or title == card.public_title:
        return desk.do([entry], f"public update ({chosen})")
    desk.record = replace(desk.record, card=replace(card, public_title=title))
    current = (workspace.root / path).read_bytes().decode()
    changed = edits.set_key(current, "public_title", title, after="title")
    return desk.do([entry], f"public update ({chosen})", card=changed.encode(), replaced=frozenset({str(path)}))


def _phase_now(state: State, audience: Audience) -> Phase:
    """The phase that fits the status, unless the audience has heard of a later one."""
    if state.card.kind == "maintenance":
        by_status: dict[str, Phase] = {"scheduled": "scheduled", "in_progress": "in_progress", "verifying": "verifying"}
        return by_status.get(state.status, "completed")
    if not state.live:
        return "resolved"
    if state.status == "monitoring":
        return "monitoring"
    said = [u.entry.phase for u in state.updates if u.entry.audience == audience]
    return "identified" if said and said[-1] == "identified" else "investigating"


def _check_phase(desk: Desk, phase: Phase) -> None:
    maintenance = desk.record.card.kind == "maintenance"
    if maintenance != (phase in ("scheduled", "in_progress", "verifying", "completed")):
        fitting = "scheduled, in_progress, verifying or completed" if maintenance else (
            "investigating, identified, monitoring or resolved")  # fmt: skip
        raise UsageError(
            f"`{phase}` is no phase of {'a maintenance' if maintenance else 'an incident'}", f"use {fitting}"
        )


def _promise(desk: Desk, audience: Audience, phase: Phase, next_in: timedelta | None, promise: bool) -> datetime | None:
    if next_in is not None:
        return desk.at + next_in
    severity = desk.workspace.config.severity(desk.state.severity)
    cadence = severity.update_every.get(audience) if severity else None
    if not promise or phase in FINAL_PHASES or cadence is None or not desk.state.live:
        return None
    return desk.at + duration(cadence)
