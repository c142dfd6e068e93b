"""Pages right after an act, as far as this machine can, and says who was paged, who is not, and who to call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ...errors import NotFound, Refused, SevlogError
from ...model.oncall import escalation, schedule_clock
from ...model.oncall.rotations import Rotations
from ..oncall.paging_notice import notice
from ..oncall.standing import of
from ..oncall.times import shown
from ..recording.recorder import Options
from .documents import Delivery, Left, Pages
from .page import page

if TYPE_CHECKING:
    from datetime import datetime

    from ..common.outcome import Outcome
    from ..workspace.workspace import Workspace

_SHIFT = timedelta(days=14)
"""How far ahead the end of a shift is looked for."""


def page_now(workspace: Workspace, done: Outcome, options: Options, *, only_if_due: bool = False) -> tuple[str, ...]:
    """Page the people that the policies name now, and say what came of it in a few lines. It never raises.

    done: an act that was just recorded. Nothing is paged with --dry-run or --no-commit. only_if_due: say nothing where
    nobody is to be paged now.
    """
    nothing = () if only_if_due else notice(workspace, done.state)
    if options.dry_run or done.commit is None:
        return nothing
    fresh = workspace.anew()
    try:
        state = fresh.state(fresh.record(done.incident))
        if state.category != "live" or state.card.kind not in escalation.PAGED_KINDS:
            return ()
        asked = Options(person=options.person, push=options.push, any_branch=options.any_branch)
        made = page(fresh, done.incident, None, asked, only_here=True)
    except (Refused, NotFound):
        return nothing
    except (SevlogError, OSError) as error:
        return (f"paging failed: {error}; try again: sevlog page -i {done.incident}", *nothing)
    if not made.deliveries and not made.left:
        return tuple(made.warnings) or nothing
    return _lines(fresh.anew(), made)


def _lines(workspace: Workspace, made: Pages) -> tuple[str, ...]:
    rotas, now = of(workspace.config, workspace.oncall).rotas, workspace.clock()
    sent = [row for row in made.deliveries if row.result == "sent"]
    lines = [f"paged {row.person} by {row.contact} ({row.asked})" for row in sent]
    lines += [grouped_line(row, made.incident) for row in made.deliveries if row.result == "grouped"]
    lines += [
        f"{person} was not reached: call them now; to page the next person: sevlog page -i {made.incident}"
        for person in made.unreached
    ]
    lines += [_not_paged_text(workspace, rotas, row, now) for row in made.left]
    if any(row.result in ("sent", "grouped") for row in made.deliveries):
        lines += _next(workspace, rotas, made.incident, now)
    return (*lines, *made.warnings)


def grouped_line(row: Delivery, incident: str) -> str:
    """Why a page was grouped, without a message of its own, and when one page names all that waits."""
    when = f" at {row.until:%H:%M:%S}Z" if row.until else ""
    return (
        f"{row.person} got no second message ({row.reason}): one page names all that waits{when}, sent by CI or "
        f"`sevlog page --follow`; to page now: sevlog page -i {incident} --to {row.person}"
    )


def _not_paged_text(workspace: Workspace, rotas: Rotations, row: Left, now: datetime) -> str:
    """Who is on call and was not paged from here, and what happens now."""
    name = row.person
    person = workspace.oncall.person(row.person)
    if person is not None and person.name:
        name = person.name
    kind, _, key = row.asked.partition(":")
    zone = schedule_clock.zone_of(workspace.config.page.time_zone)
    until = _until(rotas, key, row.person, now) if kind == "schedule" else None
    duty = f" ({key if kind == 'schedule' else row.asked}{f', until {shown(until, zone)}' if until else ''})"
    if not row.contacts:
        return f"on call: {name}{duty}, without a contact point in oncall.yaml: call {name} now"
    others = "CI pages within about a minute, or " if _has_ci(workspace) else ""
    return f"on call: {name}{duty}. {', '.join(row.contacts)} is not set here; {others}call {name} now"


def _has_ci(workspace: Workspace) -> bool:
    """Whether a pipeline runs `sevlog notify` after a push."""
    if workspace.git.remote_url(workspace.config.git.remote) is None:
        return False
    files = (".github/workflows/notify.yml", ".gitlab-ci.yml")
    texts = (workspace.root / name for name in files)
    return any("sevlog notify" in path.read_text("utf-8", "replace") for path in texts if path.is_file())


def _until(rotas: Rotations, schedule: str, person: str, now: datetime) -> datetime | None:
    """When the shift of a person ends; None where it does not end in the days ahead."""
    low = int(now.timestamp())
    end = None
    for piece in rotas.pieces(schedule, low, low + int(_SHIFT.total_seconds())):
        if piece.duty.person != person or (end is not None and piece.start != end):
            break
        end = piece.end
    return schedule_clock.in_utc(end) if end is not None and end < low + _SHIFT.total_seconds() else None


def _next(workspace: Workspace, rotas: Rotations, incident: str, now: datetime) -> list[str]:
    """Who would be paged next, and what has to run for that."""
    state = workspace.state(workspace.record(incident))
    steps = [s for s in escalation.following(workspace.config, rotas, state, now) if isinstance(s, escalation.Step)]
    lines = []
    for step in steps:
        minutes = max(0, round((step.at - now).total_seconds() / 60))
        who = ", ".join(paged.person for paged in step.people) + (" are" if len(step.people) > 1 else " is")
        lines.append(
            f"without an answer, {who} paged in {minutes} min while this runs: sevlog page -i {incident} --follow"
        )
    return lines
