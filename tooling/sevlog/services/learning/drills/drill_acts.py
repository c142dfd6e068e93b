"""Starts a drill from a closed incident, and tells the responders what was seen then, at its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ....errors import NotFound, Refused
from ....model.learning import drills
from ....model.learning.drills import Inject, Scenario
from ....model.timeline.acts import table_of
from ....model.timeline.entries import Link, Note, Observation, StatusChanged
from ....model.timeline.entry_parts import Entry
from ....model.timeline.incident import Detection, IncidentCard
from ....model.timeline.state import State
from ....stores.records import codec
from ...common.documents import SCHEMA
from ...recording.incident_session import IncidentSession, NewIncident
from ...recording.recorder import Options
from ...workspace import lookup

if TYPE_CHECKING:
    from ....model.timeline.incident import Record
    from ...common.outcome import Outcome
    from ...workspace.workspace import Workspace

POLL = 15.0
"""Seconds between two looks at what others recorded."""


class Released(Struct, kw_only=True):
    """`sevlog drill inject --json`: what was released."""

    schema: str
    id: str
    drill: Annotated[bool, Meta(description="Always true: nothing of this is real.")] = True
    injects: list[Inject]
    waiting: Annotated[int, Meta(description="How many injects are left.")]
    next_at: Annotated[datetime | None, Meta(description="When the next one is due; null if none is left.")]
    commit: str | None
    dry_run: bool
    warnings: list[str]


def start(workspace: Workspace, source: str, title: str | None, options: Options) -> Outcome:
    """Start a drill from a closed incident. Raises Refused for one that is not closed, NotFound for an unknown one."""
    opening = NewIncident(workspace, options)
    record = workspace.record(lookup.resolve(workspace, source))
    original = workspace.state(record, known_by=opening.who.now)
    _require_closed(original)
    scenario = drills.scenario_of(original)
    card = _card(original, title, scenario, opening.who.person)
    status = table_of(workspace.config.lifecycle_for(card.kind, card.type)).target("triage")
    at = opening.who.at
    entries: list[Entry] = [StatusChanged(at=at, to=status)] if status else []
    entries.append(Link(at=at, rel="related", target=original.id, text=drills.ORIGINAL))
    first = [inject for inject in scenario.injects if inject.after <= 0]
    entries += [_inject_entry(inject, scenario, at) for inject in first]
    done = opening.do(card, entries, f"start {card.title}")
    return replace(done, hints=(*done.hints, *_how_to_go_on(done.incident, scenario, len(first))))


def _require_closed(original: State) -> None:
    kind = original.card.kind
    if kind == "maintenance":
        raise Refused(f"{original.id} is a maintenance: a drill starts from an incident", "list them: sevlog list")
    if original.category != "closed":
        close = f"close it first: sevlog close -i {original.id}" if original.category == "learning" else ""
        raise Refused(
            f"{original.id} is `{original.status}`: a drill starts from a closed incident",
            close or "list them: sevlog list --status closed",
        )


def _card(original: State, title: str | None, scenario: Scenario, person: str | None) -> IncidentCard:
    """The card of a drill. Its title is what customers saw, because the internal one often names the cause."""
    words = " ".join((title or original.card.public_title or original.card.title).split())
    detection = original.card.detection
    plain = {
        "schema": 1,
        "title": words if "drill" in words.casefold() else f"Drill: {words}",
        "kind": "drill",
        "type": original.card.type,
        "summary": f"Exercise. {scenario.injects[0].text}",
        "visibility": "restricted" if original.card.visibility == "restricted" else "internal",
    }
    card = codec.made(plain, IncidentCard, "incident")
    source = (detection.source if detection else None) or "personnel"
    return replace(card, detection=Detection(source=source, ref="a drill", reporter=person))


def _inject_entry(inject: Inject, scenario: Scenario, at: datetime) -> Observation:
    return Observation(at=at, text=drills.inject_text(inject, scenario))


def _how_to_go_on(incident: str, scenario: Scenario, told: int) -> tuple[str, ...]:
    left = len(scenario.injects) - told
    more = (
        f"release the injects that are left ({left}) at their times: sevlog drill inject -i {incident} --follow"
        if left
        else ""
    )
    respond = f"respond as in an incident: sevlog raise -i {incident} --severity LEVEL --component KEY"
    return tuple(hint for hint in (more, respond, f"see how it goes: sevlog drill score {incident}") if hint)


def chosen(workspace: Workspace, incident: str | None) -> str:
    """The drill that is meant: by name, else the only live one. Raises NotFound and Refused."""
    if incident is None and lookup.from_environment(workspace) is None:
        live = [state.id for state in lookup.live_states(workspace) if state.card.kind == "drill"]
        if len(live) == 1:
            return live[0]
        hints = [f"-i {name}" for name in live] or ["start one: sevlog drill start INCIDENT"]
        raise NotFound(f"{len(live) or 'no'} drills are live" + (": choose one" if live else ""), *hints)
    found = lookup.resolve(workspace, incident)
    kind = workspace.record(found).card.kind
    if kind != "drill":
        raise Refused(f"{found} is not a drill", f"start a drill from it: sevlog drill start {found}")
    return found


def original_state(workspace: Workspace, drill: State) -> State | None:
    """The original of a drill as it was recorded when the drill started; None for a drill without one.

    Raises NotFound where the original is not there any more.
    """
    name = drills.original_of(drill)
    if name is None:
        return None
    record: Record = workspace.record(lookup.resolve(workspace, name))
    return workspace.state(record, known_by=drills.started_at(drill))


def _scenario(session: IncidentSession) -> Scenario:
    original = original_state(session.workspace, session.state)
    if original is None:
        raise Refused(
            f"{session.record.id} was not started from an incident, so it has no scenario",
            "start a drill with one: sevlog drill start INCIDENT",
        )
    return drills.scenario_of(original)


def release(workspace: Workspace, incident: str | None, options: Options, *, ahead: bool = False) -> Released:
    """Tell the responders what is due by now. ahead: the next inject, also if it is not due yet."""
    session = IncidentSession(workspace, chosen(workspace, incident), options)
    scenario = _scenario(session)
    left = drills.waiting(session.state, scenario)
    if not session.state.live:
        raise Refused(f"{session.record.id} is over: it is `{session.state.status}`", "sevlog drill score")
    due = [inject for inject in left if drills.due_at(session.state, inject) <= session.at] or left[: int(ahead)]
    after = left[len(due) :]
    done = None
    if due:
        summary = f"drill: release {len(due)} inject{'' if len(due) == 1 else 's'}"
        done = session.do([_inject_entry(inject, scenario, session.at) for inject in due], summary)
    return Released(
        schema=SCHEMA,
        id=session.record.id,
        injects=due,
        waiting=len(after),
        next_at=drills.due_at(session.state, after[0]) if after else None,
        commit=done.commit if done else None,
        dry_run=options.dry_run,
        warnings=list(done.warnings) if done else [],
    )


def follow(
    workspace: Workspace,
    incident: str | None,
    options: Options,
    *,
    told: Callable[[Released], None],
    pause: Callable[[float], None] = time.sleep,
) -> Released:
    """Release each inject at its time, until none is left or the drill is over. told: after each look.

    pause: waits so many seconds; between two looks at most POLL. It can be stopped and started again.
    """
    name = chosen(workspace, incident)
    while True:
        here = workspace.anew()
        done = release(here, name, options)
        here.close()
        told(done)
        if done.next_at is None or not here.anew().state(here.anew().record(name)).live:
            return done
        rest = (done.next_at - here.clock()).total_seconds()
        pause(min(POLL, max(0.1, rest)))


def hint(workspace: Workspace, incident: str | None, options: Options) -> Outcome:
    """Give the next hint, and record that it was given. Raises Refused where there are no more."""
    session = IncidentSession(workspace, chosen(workspace, incident), options)
    scenario = _scenario(session)
    found = drills.next_hint(session.state, scenario)
    if found is None:
        raise Refused(f"{session.record.id}: all {len(scenario.hints)} hints were given", "sevlog drill score")
    note = Note(at=session.at, text=drills.hint_text(found, scenario))
    return session.do([note], f"drill: hint {found.number} of {len(scenario.hints)}")
