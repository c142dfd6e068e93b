"""The ten stages of the response: what is done, what is outstanding, and the next command (process.md, S23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from ..config.settings import Config, Severity, duration
from ..custom_fields import required
from ..oncall.escalation import waiting
from ..problem import Problem
from ..timeline.entries import ActionTaken
from ..timeline.state import State
from ..vocabulary import DetectionSource, in_words
from .comms_stages import first_updates, following_updates, waiting_drafts
from .follow_up import follow_up
from .missed_windows import missed
from .stage_times import stage_times
from .todo import Todo, late
from .workload import forbidden_pairs, missing_roles

StageState = Literal["done", "outstanding", "open", "ahead"]


class Stage(Struct, frozen=True, kw_only=True):
    """A stage. state: done, outstanding (needs action now), open (needs nothing) or ahead (comes later).

    done_at: the first of `times`. times: the first time and each repetition.
    """

    key: str
    name: str
    state: StageState
    done_at: datetime | None = None
    times: tuple[datetime, ...] = ()
    todo: tuple[Todo, ...] = ()


def stages(state: State, config: Config, now: datetime, obstacles: tuple[Problem, ...] = ()) -> tuple[Stage, ...]:
    """The stages of an incident, in order. A stage can be repeated (S68).

    obstacles: unmet guards for resolving the incident or, once it is resolved, for closing it.
    """
    if state.card.kind == "maintenance":
        todo = missed(state, now)
        return (_stage("window", "Planned window", (todo,), state),) if todo else ()
    if state.category in ("closed", "dropped"):
        return ()
    level = config.severity(state.severity)
    if state.category == "learning":
        return (_learn(state, config, now, obstacles),)
    found = [
        _detect(state),
        _raise(state),
        _open_comms(state, config, now),
        _assess(state, config),
        _stage("initial_comms", "Initial comms", first_updates(state, config, now), state),
        _escalate(state, level, now),
        _delegate(state, config),
        _follow_up(state, config, now),
        _review(state),
        _resolve(state, obstacles),
    ]
    times = stage_times(state)
    found = [_timed(stage, times[stage.key]) for stage in found]
    if state.category == "triage":
        return tuple(stage if stage.key in ("detect", "raise") else _ahead(stage) for stage in found)
    return tuple(found)


def most_pressing(found: tuple[Stage, ...]) -> Todo | None:
    """The next thing to do: the one overdue for longest, else the first outstanding one."""
    waiting = [todo for stage in found if stage.state == "outstanding" for todo in stage.todo]
    overdue = [(todo.due_at, place) for place, todo in enumerate(waiting) if todo.overdue and todo.due_at]
    if overdue:
        return waiting[min(overdue)[1]]
    return next((todo for todo in waiting if todo.needed), None)


def _stage(key: str, name: str, todo: tuple[Todo, ...], state: State) -> Stage:
    if state.card.kind == "retrospective":  # it is written down afterwards, so nobody is late
        todo = tuple(t.untimed() for t in todo)
    here: StageState = "outstanding" if any(t.needed for t in todo) else "open"
    return Stage(key=key, name=name, state=here, todo=tuple(t.about(state.id) for t in todo))


def _timed(stage: Stage, times: tuple[datetime, ...]) -> Stage:
    """With its times. It is done if it has one and needs nothing more; resolving, only once it is over."""
    done = bool(times) and stage.state == "open" and stage.key != "resolve"
    return replace(stage, times=times, done_at=times[0] if times else None, state="done" if done else stage.state)


def _ahead(stage: Stage) -> Stage:
    return Stage(key=stage.key, name=stage.name, state="ahead", times=stage.times, done_at=stage.done_at)


def _detect(state: State) -> Stage:
    return _stage("detect", "Detect", _unknown_source(state), state)


def _unknown_source(state: State) -> tuple[Todo, ...]:
    """To record how it was detected, where nobody has said it. An imported record does not owe it."""
    detection = state.card.detection
    if state.card.origin is not None or (detection is not None and detection.source is not None):
        return ()
    sources = "/".join(get_args(DetectionSource))
    command = f"sevlog assess -i ID --source {sources} --ref TEXT"
    return (Todo(what="record how it was detected", needed=False, command=command),)


def _raise(state: State) -> Stage:
    if state.category != "triage":
        return _stage("raise", "Raise", (), state)
    todo = Todo(
        what="decide whether this is an incident",
        command='sevlog raise -i ID --severity LEVEL --component KEY, or: sevlog decline -i ID --reason "…"',
    )
    return _stage("raise", "Raise", (todo,), state)


def _open_comms(state: State, config: Config, now: datetime) -> Stage:
    level = config.severity(state.severity)
    todo: list[Todo] = []
    if state.lead is None:
        within = duration(level.ack_within) if level and level.ack_within else None
        raised = state.milestones.raised_at
        due = raised + within if raised and within else None
        todo.append(
            late(
                Todo(
                    what=f"take command as {config.role_name(config.lead_role).lower()}",
                    command="sevlog ack -i ID --channel chat=URL",
                    due_at=due,
                ),
                now,
            )
        )
    elif not state.channels:
        todo.append(
            Todo(what="record the communication channel", command="sevlog channel -i ID chat URL", needed=state.major)
        )
    return _stage("open_comms", "Open comms", tuple(todo), state)


_QUESTIONS = {
    "customer_impact": ("what customers can no longer do", '--customer-impact "…"'),
    "employee_impact": ("what colleagues can no longer do", '--employee-impact "…"'),
    "symptoms": ("what customers see", '--symptoms "…"'),
    "scope": ("whether it affects all customers, some, or none", "--scope all/some/none"),
    "started_at": ("since when", "--started-at TIME"),
    "support_cases": ("how many support cases there are", "--support-cases N"),
    "confirmed": ("whether it is real", "--confirmed"),
}
"""Assessment key -> its question, and the option for the answer."""
_NOT_ASKED_OF_A_MINOR = ("employee_impact", "support_cases", "confirmed")


def _assess(state: State, config: Config) -> Stage:
    known = state.assessment
    open_keys = [key for key in _QUESTIONS if getattr(known, key) is None]
    if not state.major:
        open_keys = [key for key in open_keys if key not in _NOT_ASKED_OF_A_MINOR]
    needed = [key for key in open_keys if key in config.policies.assessment or (state.major and key == "scope")]
    todo = []
    for keys, must in ((needed, True), ([key for key in open_keys if key not in needed], False)):
        if keys:
            what = "; ".join(_QUESTIONS[key][0] for key in keys)
            options = " ".join(_QUESTIONS[key][1] for key in keys)
            todo.append(Todo(what=f"assess: {what}", needed=must, command=f"sevlog assess -i ID {options}"))
    absent = [key for key in required(config, state.card.type, state.severity) if key not in state.card.fields]
    if absent:
        options = " ".join(f"--field {key}=VALUE" for key in absent)
        todo.append(Todo(what=f"fill in: {', '.join(absent)}", command=f"sevlog assess -i ID {options}"))
    if known.confirmed is False:
        decide = 'sevlog decline -i ID --reason "…", or if it is real: sevlog assess -i ID --confirmed'
        todo.insert(0, Todo(what="it is not confirmed: decline it, or confirm it", command=decide))
    if state.reopened_at and not any(step.at >= state.reopened_at for step in state.component_steps):
        states = " ".join(f"{key}=STATE" for key in state.components) or "KEY=STATE"
        what = "say how the components are since it was reopened"
        todo.insert(0, Todo(what=what, command=f"sevlog impact -i ID {states}"))
    return _stage("assess", "Assess", tuple(todo), state)


def _escalate(state: State, level: Severity | None, now: datetime) -> Stage:
    within = duration(level.ack_within) if level and level.ack_within else None
    todo = []
    for page in waiting(state):
        due = page.at + within if within else None
        asked = Todo(
            what=f"{page.target} has not answered the page yet", due_at=due, needed=False, command="sevlog page -i ID"
        )
        todo.append(late(asked, now).must() if due and due < now else asked)
    unreached = list(dict.fromkeys(page.target for page in state.pages)) if all(p.failed for p in state.pages) else []
    if state.lead is None and unreached:
        what = f"no page reached anybody: call {', '.join(unreached)}, or page again"
        first = min(page.at for page in state.pages)
        todo.append(late(Todo(what=what, command="sevlog page -i ID --now", due_at=first), now))
    if state.lead is None and not state.pages and level and level.page == "immediate":
        todo.append(
            Todo(what="nobody was paged yet: page the person on call", needed=False, command="sevlog page -i ID")
        )
    return _stage("escalate", "Escalate", tuple(todo), state)


def _delegate(state: State, config: Config) -> Stage:
    todo = [
        Todo(what=f"role {in_words(role)} is not assigned", command=f"sevlog assign -i ID {role} PERSON")
        for role in missing_roles(state, config)
        if role not in state.lead_roles
    ]
    todo += [
        Todo(
            what=f"{offer.to} has not accepted the role {in_words(offer.role)} from {offer.from_} yet",
            needed=False,
            command=f"sevlog handover -i ID --accept --as {offer.to}",
        )
        for offer in state.offers
    ]
    todo += [
        Todo(
            what=f"{person} is both {in_words(one)} and {in_words(other)}",
            needed=False,
            command=f"sevlog assign -i ID {other} PERSON, then: sevlog release -i ID {other} {person}",
        )
        for person, one, other in forbidden_pairs(state, config)
    ]
    return _stage("delegate", "Delegate", tuple(todo), state)


def _follow_up(state: State, config: Config, now: datetime) -> Stage:
    todo = (*waiting_drafts(state, now), *following_updates(state, config, now))
    return _stage("follow_up_comms", "Follow-up comms", todo, state)


def _review(state: State) -> Stage:
    todo: list[Todo] = []
    tried = {experiment.theory for experiment in state.experiments}
    for ref, theory in state.theories.items():
        if theory.state == "open" and ref not in tried:
            what = f"theory {ref} is not tested yet: {theory.text or ''}".rstrip(": ")
            command = f'sevlog experiment -i ID --theory {ref} --expect "…" "what we try"'
            todo.append(Todo(what=what, needed=False, command=command))
    if not state.observations and not state.theories and state.major and "ack" not in state.acts:
        todo.append(
            Todo(
                what="record observations and the first theory",
                needed=False,
                command='sevlog observe -i ID "…"; sevlog theory -i ID "…"',
            )
        )
    for task in state.tasks.values():
        if task.state == "open" and task.assignee is None:
            todo.append(
                Todo(
                    what=f"task {task.ref} has no assignee: {task.text or ''}".rstrip(": "),
                    needed=False,
                    command=f"sevlog task -i ID {task.ref} --assignee PERSON",
                )
            )
    return _stage("review", "Review", tuple(todo), state)


def _resolve(state: State, obstacles: tuple[Problem, ...]) -> Stage:
    todo: list[Todo] = []
    if "ack" in state.acts or state.lead is None:
        return Stage(key="resolve", name="Resolve", state="ahead")
    if state.milestones.mitigated_at is None and "monitor" in state.acts:
        monitor, record = "sevlog monitor -i ID", 'sevlog act -i ID --type mitigation "…", then: '
        what, how = "when a mitigation works, record it and monitor", record + monitor
        if _is_mitigation_recorded(state):
            what, how = "when the mitigation works, monitor", monitor
        todo.append(Todo(what=what, needed=False, command=how))
    states = [alert.state for alert in state.alerts.values()]
    if states and all(one == "resolved" for one in states):
        how = (
            'sevlog monitor -i ID --mitigation "…"'
            if "monitor" in state.acts
            else "sevlog impact -i ID KEY=operational"
        )
        what = (
            "the alert of this incident is resolved" if len(states) == 1 else f"all {len(states)} alerts are resolved"
        )
        todo.append(Todo(what=f"{what}: find out whether the impact has ended", needed=False, command=how))
    watched = state.watched
    resolve = 'sevlog resolve -i ID --attestation "…" --ended-at TIME'
    for one in obstacles:
        hint = one.hint or ""
        what, hint = (
            (f"when the impact has ended: {one.message}", f'{resolve} --final-update "…"')
            if watched and hint.startswith("add --final-update ")
            else (one.message, hint)
        )
        todo.append(Todo(what=what, command=hint, needed=watched))
    if watched and not obstacles:
        todo.append(Todo(what="when the impact has ended, attest it and resolve", command=resolve))
    return _stage("resolve", "Resolve", tuple(todo), state)


def _is_mitigation_recorded(state: State) -> bool:
    """Whether a mitigation is recorded since the incident began, or since it last returned."""
    since = state.reopened_at
    done = (item.effective for item in state.timeline)
    taken = [entry for entry in done if isinstance(entry, ActionTaken) and entry.type in ("mitigation", "rollback")]
    return any(since is None or entry.at > since for entry in taken)


def _learn(state: State, config: Config, now: datetime, obstacles: tuple[Problem, ...]) -> Stage:
    due = [late(replace(one, needed=False), now) for one in follow_up(state, config)]
    due = [replace(one, needed=one.overdue) for one in due]
    todo = [Todo(what=p.message, command=p.hint or "") for p in obstacles]
    if not obstacles:
        todo.append(Todo(what="close the incident", command="sevlog close -i ID"))
    return _stage("learn", "Learn", (*todo, *due, *_unknown_source(state)), state)


def outstanding(found: tuple[Stage, ...]) -> Iterator[Todo]:
    """Everything to do now, in the order of the stages."""
    return (todo for stage in found if stage.state == "outstanding" for todo in stage.todo if todo.needed)
