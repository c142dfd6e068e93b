"""Says what is outstanding and who carries it: next, theories, workload. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from ...model.guidance.missed_windows import missed
from ...model.guidance.role_catalogue import catalogue
from ...model.guidance.stages import Stage, most_pressing, stages
from ...model.guidance.workload import could_take_over
from ...model.guidance.workload import workload as loads_of
from ...model.links.inheritance import with_promises
from ...model.links.ties import Ties
from ...model.oncall.ranking import ranked
from ...model.oncall.rotations import Rotations
from ...model.oncall.schedule_clock import zone_of
from ...model.problem import Problem
from ...model.timeline.acts import table_of
from ...model.timeline.entries import StatusChanged, Theory
from ...model.timeline.incident import Record
from ...model.timeline.replay import replay
from ...model.timeline.state import State
from ..common import documents, name_lookup
from ..workspace import lookup
from ..workspace.catalog import Catalog
from ..workspace.workspace import Workspace
from . import incidents as views_incidents
from .guide_documents import Guide, Guides, Roles, Seen, Theories, TheoryNode, Tried, Workload

_A_WEEK = timedelta(days=7)
_WITH_SIMILAR = 3
"""For so many incidents, the most pressing ones, similar ones are looked up."""


def next_steps(workspace: Workspace, incident: str | None, *, everything: bool = False) -> Guides:
    """What is outstanding, per stage, with the command to type.

    incident: a part of an id; None means the one that SEVLOG_INCIDENT names, else the live incidents by rank, or those
    in learning where nothing is live. everything: also the incidents in learning. Raises NotFound for an unknown id.
    """
    if incident is None and lookup.from_environment(workspace):
        incident = lookup.resolve(workspace, None)
    if incident is not None:
        reading = workspace.read(lookup.resolve(workspace, incident))
        record = workspace.readable(reading)
        return _guides(workspace, [(workspace.state(record), record, None)], reading.problems)
    states, problems = views_incidents.read_states(workspace)
    live = ranked([s for s in states if s.live and s.card.kind != "maintenance"], workspace.config)
    shown: list[tuple[State, int | None]] = [(state, place) for place, state in enumerate(live, start=1)]
    shown += [(state, None) for state in states if missed(state, workspace.clock())]
    if everything or not live:
        shown += [(s, None) for s in states if s.category == "learning" and s.card.kind != "maintenance"]
    return _guides(workspace, [(state, workspace.record(state.id), rank) for state, rank in shown], problems)


def _guides(
    workspace: Workspace, shown: Sequence[tuple[State, Record, int | None]], problems: Iterable[Problem]
) -> Guides:
    ties = Catalog(workspace).ties()
    guides = [_guide(workspace, state, record, rank, ties) for state, record, rank in shown]
    asked = [
        (guide, record, state)
        for guide, (state, record, _) in zip(guides, shown, strict=True)
        if guide.stages and state.card.kind == "incident"
    ][:_WITH_SIMILAR]
    if asked:
        from .similar.search import offered_for

        for (guide, *_), found in zip(asked, offered_for(workspace, [(r, s) for _, r, s in asked]), strict=True):
            guide.similar = found
    return Guides(schema=documents.SCHEMA, guides=guides, problems=list(problems))


def _guide(workspace: Workspace, state: State, record: Record, rank: int | None, ties: Mapping[str, Ties]) -> Guide:
    state = with_promises(state, ties)
    found = stages(state, workspace.config, workspace.clock(), _obstacles(workspace, state, record))
    shown = [_with_runbooks(workspace, state, stage) if stage.key == "review" else stage for stage in found]
    return Guide(incident=documents.brief(state, rank), first=most_pressing(found), stages=shown)


def _with_runbooks(workspace: Workspace, state: State, stage: Stage) -> Stage:
    """The stage with the runbooks that were begun, or, where none was, with those that fit."""
    if not state.live or stage.state == "ahead":
        return stage
    from ..response.runbooks import outstanding

    return replace(stage, todo=(*stage.todo, *outstanding(workspace, state)))


def _obstacles(workspace: Workspace, state: State, record: Record) -> tuple[Problem, ...]:
    """What stands against resolving it now (or closing it, once resolved), found by trying the step on a copy.

    Left out is what the step brings along: its attestation and, of resolving, the time at which the impact ended.
    """
    lifecycle = workspace.config.lifecycle_for(state.card.kind, state.card.type)
    row = table_of(lifecycle).steps.get((state.status, "close" if state.category == "learning" else "resolve"))
    if row is None or state.lead is None:
        return ()
    step = StatusChanged(
        at=workspace.clock(), by=state.lead, to=row.to, from_=state.status, attestation="tried", reason="tried"
    )
    tried = replay(replace(record, entries=(*record.entries, step)), workspace.config)
    return tuple(
        p
        for p in tried.problems
        if p.code.startswith("guard_") and p.code != "guard_impact_end" and p not in state.problems
    )


def theories(workspace: Workspace, incident: str | None) -> Theories:
    """The tree of theories: open ones with their age, settled ones with the time they took (S70 to S72)."""
    state = workspace.state(workspace.record(lookup.resolve(workspace, incident)))
    now = workspace.clock()
    nodes = {ref: _node(state, ref, theory, now.timestamp()) for ref, theory in state.theories.items()}
    ordered: list[TheoryNode] = []
    for ref in nodes:
        if not any(parent in nodes for parent in nodes[ref].from_):
            _descend(ref, 0, nodes, ordered)
    ordered += [node for node in nodes.values() if node not in ordered]  # a ring of theories has no first one
    untested = [node.ref for node in ordered if node.state == "open" and not node.experiments]
    seen = [
        Seen(ref=o.ref, at=o.at, by=o.by, text=o.text, confirmed_by=list(o.confirmed_by)) for o in state.observations
    ]
    return Theories(schema=documents.SCHEMA, id=state.id, theories=ordered, observations=seen, untested=untested)


def _descend(ref: str, depth: int, nodes: dict[str, TheoryNode], ordered: list[TheoryNode]) -> None:
    if nodes[ref] in ordered:
        return
    nodes[ref].depth = depth
    ordered.append(nodes[ref])
    for child, node in nodes.items():
        if ref in node.from_:
            _descend(child, depth + 1, nodes, ordered)


def _node(state: State, ref: str, theory: Theory, now: float) -> TheoryNode:
    said = [i for i in state.timeline if isinstance(i.effective, Theory) and i.effective.ref == ref]
    opened, last = said[0], said[-1]
    settled = last.at if theory.state != "open" else None
    worded = next((i.effective.text for i in said if i.effective and i.effective.text), theory.text)
    return TheoryNode(
        ref=ref,
        text=worded,
        state=theory.state,
        proposed_fix=theory.proposed_fix,
        depth=0,
        from_=list(theory.from_),
        by=opened.entry.by,
        opened_at=opened.at,
        settled_at=settled,
        seconds=max(0.0, (settled.timestamp() if settled else now) - opened.at.timestamp()),
        experiments=[
            Tried(**{name: getattr(e, name) for name in Tried.__struct_fields__})
            for e in state.experiments
            if e.theory == ref
        ],
    )


def workload(workspace: Workspace) -> Workload:
    """Who carries what over all live incidents, and who needs a break."""
    states, problems = views_incidents.read_states(workspace)
    now = workspace.clock()
    live = [s for s in states if s.live]
    limits = workspace.config.policies.workload
    people = loads_of(live, workspace.oncall, now, limits, recent=_recent(states, live, now - _A_WEEK))
    free = could_take_over(people, _people_present(workspace, now)) if any(load.nudges for load in people) else ()
    return Workload(schema=documents.SCHEMA, people=list(people), could_take_over=list(free), problems=problems)


def _people_present(workspace: Workspace, now: datetime) -> list[str]:
    """The people of oncall.yaml who are not away now."""
    rotas = Rotations(workspace.oncall)
    zone = zone_of(workspace.config.page.time_zone)
    return [p.key for p in workspace.oncall.people if not rotas.is_away(p.key, zone, int(now.timestamp()))]


def _recent(states: Iterable[State], live: list[State], since: datetime) -> list[State]:
    known = {s.id for s in live}
    return [s for s in states if s.id not in known and s.timeline and s.timeline[-1].at >= since]


def roles(workspace: Workspace, role: str | None, incident: str | None) -> Roles:
    """The roles of sevlog.yaml, or one of them, with who holds them in an incident.

    incident: a part of an id; None means the only live one or what SEVLOG_INCIDENT names, else just the catalog.
    Raises NotFound for an id, UsageError for a role that is not there.
    """
    chosen = name_lookup.role(workspace.config, role) if role else None
    if incident is None and lookup.from_environment(workspace):
        incident = lookup.resolve(workspace, None)
    if incident is None:
        live = [s for s in views_incidents.read_states(workspace)[0] if s.live and s.card.kind != "maintenance"]
        state = live[0] if len(live) == 1 else None
    else:
        state = workspace.state(workspace.record(lookup.resolve(workspace, incident)))
    found = [row for row in catalogue(state, workspace.config) if chosen in (None, row.card.role)]
    return Roles(schema=documents.SCHEMA, incident=state.id if state else None, roles=found)
