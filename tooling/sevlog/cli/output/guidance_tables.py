"""Prints next steps, the tree of theories, and the workload. Color is never the only sign of a meaning."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..screen import label, style
from .incident_tables import kind_mark, with_limit
from .investigation_tables import observed, outcome
from .similarity_tables import offer
from .table import columns
from .times import span, stamp

if TYPE_CHECKING:
    from ...model.guidance.stages import Stage
    from ...model.guidance.todo import Todo
    from ...model.guidance.workload import Load
    from ...services.views.guide_documents import Guide, Guides, Theories, TheoryNode, Workload

_MARKS = {"done": "done", "outstanding": "TO DO", "open": "open", "ahead": "later"}


def guides(document: Guides, now: datetime) -> str:
    """The first step, then each stage with its open steps. Commands omit `-i` if only one incident is live."""
    if not document.guides:
        return "No live incidents, and none waiting to be closed."
    ranked = sum(guide.incident.rank is not None for guide in document.guides) > 1
    shown = "\n\n".join(_guide(guide, now, ranked=ranked) for guide in document.guides)
    only = document.guides[0].incident
    return shown.replace(f" -i {only.id}", "") if len(document.guides) == 1 and only.rank else shown


def _guide(guide: Guide, now: datetime, *, ranked: bool) -> str:
    b = guide.incident
    level = " · ".join(
        p
        for p in (b.severity, b.priority, label(b.status, b.status_name), f"lead {b.lead}" if b.lead else "no lead")
        if p
    )
    place = f"{b.rank}. " if b.rank and ranked else ""
    lines = [style(f"{place}{kind_mark(b.kind)}{b.title}", bold=True), f"{b.id}  {level}", ""]
    if guide.first is not None:
        lines += [style("Now:", bold=True) + f" {_task_with_limit(guide.first, now)}", f"  {guide.first.command}", ""]
    for stage in guide.stages:
        lines.append(f"{_MARKS[stage.state]:>6}  {stage.name}{_when(stage)}")
        for todo in stage.todo:
            if todo != guide.first:
                lines += [f"{'!' if todo.needed else '-':>9} {_task_with_limit(todo, now)}", f"{'':>11}{todo.command}"]
    similar = offer(guide.similar, now) if guide.similar and guide.similar.incidents else []
    return "\n".join([*lines, *([""] if similar else []), *similar])


def _when(stage: Stage) -> str:
    """When it was first gone through, and how often and when last where it was repeated."""
    if not stage.times or stage.state == "ahead":
        return ""
    first, last, count = stamp(stage.times[0]), stamp(stage.times[-1]), len(stage.times)
    more = f" ({count} times{f', last {last}' if last != first else ''})" if count > 1 else ""
    return f"  {first}{more}"


def _task_with_limit(todo: Todo, now: datetime) -> str:
    return with_limit(todo.what, todo.due_at, now)


def theories(document: Theories) -> str:
    """The tree of theories, indented: state, age or duration, and experiments."""
    seen = [f"  {observed(o.ref, o.text, o.by, o.confirmed_by)}" for o in document.observations]
    if not document.theories and seen:
        seen += ["", f'no theories yet. Add one: sevlog theory -i {document.id} "possible cause"']
        return "\n".join([style(document.id, bold=True), *seen])
    if not document.theories:
        return f'{document.id}: no theories yet. Add one: sevlog theory -i {document.id} "possible cause"'
    lines = [style(document.id, bold=True), *seen, *([""] if seen else [])]
    for node in document.theories:
        lines += _theory(node)
    if document.untested:
        lines += [
            "",
            f"untested: {', '.join(document.untested)}. Test one: sevlog experiment -i {document.id} "
            f'--theory {document.untested[0]} --expect "expected result" "what you do"',
        ]
    return "\n".join(lines)


def _theory(node: TheoryNode) -> list[str]:
    indent = "  " * (node.depth + 1)
    for_how_long = (
        f"open for {span(node.seconds)}" if node.state == "open" else f"{node.state} after {span(node.seconds)}"
    )
    lines = [f"{indent}{node.ref} [{for_how_long}] {node.text or ''}".rstrip()]
    if node.proposed_fix:
        lines.append(f"{indent}   fix: {node.proposed_fix}")
    for tried in node.experiments:
        name = f"{tried.ref} " if tried.ref else ""
        said = outcome(tried.expectation, tried.result, tried.reverted)
        lines.append(f"{indent}   {name}tried {stamp(tried.at)}: {tried.text} ({said})")
    return lines


def _advice(load: Load) -> str:
    """How many things are to be said of a person: in full they are below the table, which may be cut."""
    return f"{len(load.nudges)}: see below" if load.nudges else "-"


def workload(document: Workload) -> str:
    """A row for each person, then their roles and tasks."""
    if not document.people:
        return "Nobody has a role or a task in a live incident."
    rows = [
        (
            p.person,
            str(len(p.duties)),
            str(len(p.tasks)),
            span(p.hours_engaged * 3600) if p.engaged_since else "-",
            str(p.nights),
            _advice(p),
        )
        for p in document.people
    ]
    lines = [columns(rows, ("PERSON", "ROLES", "TASKS", "ENGAGED", "NIGHTS", "ADVICE")), ""]
    for person in document.people:
        for duty in person.duties:
            part = f" ({duty.workstream})" if duty.workstream else ""
            lines.append(
                f"{person.person}: {duty.role.replace('_', ' ')}{part}{' (lead)' if duty.lead else ''}"
                f" in {duty.incident} since {stamp(duty.since)}"
            )
        lines += [style(f"{person.person}: {nudge}", bold=True) for nudge in person.nudges]
        lines += [f"{person.person}: task {t.ref} in {t.incident}: {t.text or ''}".rstrip(": ") for t in person.tasks]
    if document.could_take_over:
        lines += ["", f"Could take over: {', '.join(document.could_take_over)}"]
    return "\n".join(lines).rstrip()
