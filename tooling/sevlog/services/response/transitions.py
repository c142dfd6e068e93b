"""The steps of the lifecycle: monitor, resolve, close, reopen, decline. Merging is in merging."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from ...errors import Refused, UsageError
from ...model.timeline.entries import ActionTaken, ImpactChanged, StatusChanged, Update
from ...model.timeline.entry_parts import Entry
from ...model.timeline.lifecycle import name_of
from ...model.vocabulary import FINAL_PHASES, Phase
from ..common import name_lookup
from ..common.outcome import Outcome
from ..common.time_input import told
from ..learning.postmortems.drafts import draft_postmortem, state_with, usable_template
from ..learning.postmortems.states import has_postmortem
from ..recording.incident_session import IncidentSession
from ..recording.recorder import Options, check_past
from ..workspace.workspace import Workspace
from .updates import Beside


def monitor(
    workspace: Workspace, incident: str | None, text: str | None, mitigation: str | None, options: Options
) -> Outcome:
    """The impact is mitigated; watch whether it stays so."""
    session = IncidentSession(workspace, incident, options)
    entries: list[Entry] = []
    if mitigation:
        entries.append(ActionTaken(at=session.at, type="mitigation", text=mitigation))
    step = session.step("monitor", text=text)
    return session.do([*entries, step], _in_words(session, step))


def reopen(
    workspace: Workspace, incident: str | None, reason: str | None, components: Sequence[str], options: Options
) -> Outcome:
    """Back to work: a relapse while the mitigation is watched, or within the window after it was resolved."""
    session = IncidentSession(workspace, incident, options, learning=True)
    if "reopen" not in session.state.acts and session.state.live:
        status = f"{session.record.id} is `{session.state.status}`"
        raise Refused(f"{status}: there is nothing to reopen yet", session.next_command)
    step = session.step("reopen", reason=reason)
    states = name_lookup.component_states(workspace.config, components, "partial_outage")
    entries: list[Entry] = [step, *([ImpactChanged(at=session.at, components=states)] if states else ())]
    done = session.do(entries, f"back to {_in_words(session, step)}")
    if states or not done.state.components or done.state.reopened_at is None:
        return done
    listed = " ".join(f"{key}=STATE" for key in done.state.components)
    hint = f"its components still count as operational: sevlog impact -i {session.record.id} {listed}"
    return replace(done, hints=(*done.hints, hint))


def _in_words(session: IncidentSession, step: StatusChanged) -> str:
    """The status that a step leads to, as the subject of a commit has it."""
    return name_of(session.lifecycle, step.to).lower()


def resolve(
    workspace: Workspace,
    incident: str | None,
    text: str | None,
    attestation: str | None,
    ended_at: datetime | None,
    final_update: str | None,
    options: Options,
    *,
    beside: Besides | None = None,
) -> Outcome:
    """The impact is over: attested by the lead, with its end, final updates and the draft of a postmortem.

    beside: what goes with a final update to customers.
    """
    session = IncidentSession(workspace, incident, options)
    check_past("--ended-at", ended_at, session.who.now)
    if ended_at is not None and session.when(ended_at) > session.at:
        raise UsageError(
            f"--ended-at {told(ended_at)} is after the time of this act, {told(session.at)}",
            "give an --ended-at that is not after --at",
        )
    step = session.step("resolve", text=text, attestation=attestation)
    entries: list[Entry] = []
    also = Beside()
    if ended_at is not None:
        entries.append(ImpactChanged(at=session.at, components=session.recovered, ended_at=session.when(ended_at)))
    if final_update:
        entries += _final_updates(session, final_update)
        also = _update_extras(session, entries, final_update, beside)
    entries += [*also.entries, step]
    if not workspace.config.needs_postmortem(session.state.severity) or has_postmortem(session):
        return session.do(entries, _in_words(session, step), files=also.files, hints=also.hints)
    owner = session.state.lead or session.who.person
    template, doubt = usable_template(workspace, session.record)
    state = state_with(workspace, session.record, entries, session.who.person)
    files, due = draft_postmortem(
        workspace, session.record, state, owner=owner, resolved_at=session.at, template=template
    )
    when = f", due {due}" if due else ""
    return session.do(
        entries,
        _in_words(session, step),
        files={**files, **also.files},
        hints=(
            *also.hints,
            *doubt,
            f"{owner} owns the postmortem{when}: sevlog postmortem edit -i {session.record.id}",
        ),
    )


Besides = Callable[[IncidentSession, str], Callable[[Update], Beside]]


def _update_extras(session: IncidentSession, entries: Sequence[Entry], text: str, beside: Besides | None) -> Beside:
    """What goes with the final update to customers; an audience that heard before gets a final update of its own."""
    update = next((e for e in entries if isinstance(e, Update) and e.audience == "public"), None)
    if beside is None or update is None or any(isinstance(e, Update) and e.audience == "social" for e in entries):
        return Beside()
    return beside(session, text)(update)


def _final_updates(session: IncidentSession, text: str) -> list[Entry]:
    phase: Phase = "completed" if session.record.card.kind == "maintenance" else "resolved"
    return [
        Update(at=session.at, audience=audience, phase=phase, text=text, components=session.recovered)
        for audience, said in session.state.last_phases.items()
        if said not in FINAL_PHASES
    ]


def close(
    workspace: Workspace, incident: str | None, text: str | None, reason: str | None, options: Options
) -> Outcome:
    """Everything is done."""
    session = IncidentSession(workspace, incident, options, learning=True)
    step = session.step("close", text=text, reason=reason)
    return session.do([step], _in_words(session, step))


def decline(
    workspace: Workspace,
    incident: str | None,
    reason: str | None,
    final_update: str | None,
    options: Options,
    *,
    beside: Besides | None = None,
) -> Outcome:
    """It was a false alarm. final_update: the last message to every audience that got an update; beside: as there."""
    session = IncidentSession(workspace, incident, options)
    step = session.step("decline", reason=reason)
    closing = _final_updates(session, final_update) if final_update else []
    also = _update_extras(session, closing, final_update or "", beside)
    return session.do([*closing, *also.entries, step], _in_words(session, step), files=also.files, hints=also.hints)
