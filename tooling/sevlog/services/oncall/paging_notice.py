"""What to say after an act that people may take for a page: who is on call, that nobody was paged, and what pages."""

from __future__ import annotations

from ...model.oncall import escalation, schedule_clock
from ...model.timeline.state import State
from ..workspace.workspace import Workspace
from .standing import of
from .times import shown


def notice(workspace: Workspace, state: State) -> tuple[str, ...]:
    """One line, or none for a record that pages nobody in any case: planned, in triage, or over."""
    if state.category != "live" or state.card.kind not in escalation.PAGED_KINDS:
        return ()
    now = workspace.clock()
    found = escalation.following(workspace.config, of(workspace.config, workspace.oncall).rotas, state, now)
    steps = [step for step in found if isinstance(step, escalation.Step)]
    if not steps:
        return (f"nobody was paged: {_why_nobody(workspace, found, state)}",)
    zone = schedule_clock.zone_of(workspace.config.page.time_zone)
    later = [step for step in steps if step.at > now]
    who = "; ".join(
        f"{', '.join(paged.person for paged in step.people)} ({step.notify}"
        f"{f', from {shown(step.at, zone)}' if step in later else ''})"
        for step in steps
    )
    if len(later) == len(steps):
        return (f"nobody is paged yet; on call: {who}. To page them at once: sevlog page -i {state.id} --now",)
    return (f"nobody was paged; on call: {who}. To page them: sevlog page -i {state.id}",)


def _why_nobody(workspace: Workspace, found: list[escalation.Step | escalation.Stopped], state: State) -> str:
    ask = f"sevlog page -i {state.id} --to PERSON"
    stopped = [one for one in found if isinstance(one, escalation.Stopped)]
    if not stopped:
        why = escalation.why_nobody(workspace.config, workspace.oncall, state)
        return f"{why}. To page someone: {ask}"
    whys = "; ".join(one.why if one.answered else f"policy {one.track} reaches nobody now" for one in stopped)
    return f"{whys}. To page someone else: {ask}"
