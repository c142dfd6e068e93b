"""What a change of sevlog.yaml or oncall.yaml would have meant over the last 12 months, as notes of `check --base`."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from ...errors import SevlogError
from ...model.config.settings import Config
from ...model.learning import back_test
from ...model.learning import back_test_escalations as escalations
from ...model.learning.back_test import Effect, Past
from ...model.learning.metrics.facts import Facts
from ...model.oncall.roster import OnCall
from ...model.oncall.schedule_clock import zone_of
from ...model.problem import Problem
from ...model.rules.config import CONFIG, ONCALL
from ...stores import layout
from ...stores.git import scratch
from ...stores.history.history import History
from ...stores.records import settings
from ..checking.locating import Locator
from ..checking.result import CheckResult, in_order
from ..oncall.standing import of
from ..workspace.catalog import Catalog
from ..workspace.workspace import Workspace

PERIOD = timedelta(days=365)
_NIGHT_ENDS, _NIGHT_BEGINS = 7, 22
_MIDDLE = 3
"""The hour at which somebody is on call for a night."""


def with_back_test(result: CheckResult, workspace: Workspace, base: str) -> CheckResult:
    """The result of a check with notes on what changed since `base`, where both files can be read."""
    with History(workspace.root) as history, scratch.Space(workspace.git) as space:
        ancestor = history.ancestor(history.commit(base))
        if not history.changed(ancestor, ()) & {CONFIG, ONCALL}:
            return result
        before = space / "before"
        history.export(ancestor, (CONFIG, ONCALL), before)
        return replace(result, problems=in_order([*result.problems, *_notes(workspace, before)]))


def _notes(workspace: Workspace, before: Path) -> Iterator[Problem]:
    """before: a folder with both files as they were."""
    locator = Locator(workspace.root)
    for path, effect in _effects(workspace, before):
        note = Problem(
            code="back_test",
            severity="note",
            path=path,
            pointer=effect.pointer,
            message=f"over the last 12 months: {effect.what}" if path == CONFIG else effect.what,
        )
        yield locator.in_file(note)


def _effects(workspace: Workspace, before: Path) -> Iterator[tuple[str, Effect]]:
    try:
        old, config = settings.read_config(before), workspace.config
    except (SevlogError, OSError):  # `check` reports what cannot be read
        return
    if _matters(old, config):
        yield from ((CONFIG, effect) for effect in _of_config(workspace, old, config))
    try:
        old_oncall, oncall = settings.read_oncall(before), workspace.oncall
    except (SevlogError, OSError):
        return
    if oncall.schedules != old_oncall.schedules:
        yield from ((ONCALL, effect) for effect in _of_rota(workspace, config, old_oncall, oncall))
    if escalations.changed(config, old_oncall, oncall):
        facts, now = _facts(workspace), workspace.clock()
        yield from ((ONCALL, effect) for effect in escalations.effects(config, old_oncall, oncall, facts, now))


def _facts(workspace: Workspace) -> list[Facts]:
    from .metrics.facts import collect

    now = workspace.clock()
    return back_test.counted(collect(workspace).facts, now - PERIOD, now)


def _matters(old: Config, new: Config) -> bool:
    return (
        old.severities != new.severities
        or old.policies.actions != new.policies.actions
        or any(True for _ in back_test.required(old, new))
    )


def _of_config(workspace: Workspace, old: Config, new: Config) -> Iterator[Effect]:
    now, zone = workspace.clock(), zone_of(new.page.time_zone)
    facts = _facts(workspace)

    def is_night(at: datetime) -> bool:
        hour = at.astimezone(zone).hour
        return hour >= _NIGHT_BEGINS or hour < _NIGHT_ENDS

    yield from back_test.effects(old, new, Past(facts, now, is_night))
    yield from _of_roles(workspace, old, new, facts)


def _of_roles(workspace: Workspace, old: Config, new: Config, facts: list[Facts]) -> Iterator[Effect]:
    """Only the incidents that a new requirement is about are read again, because roles are not among the facts."""
    wanted = list(back_test.required(old, new))
    about = [one for one in facts if any(key == getattr(one, what) for _, _, what, key in wanted)]
    if not about:
        return
    catalog = Catalog(workspace)
    states = {state.id: state for state in catalog.states([str(layout.folder_of(one.id)) for one in about])}
    held = {name: {h.role for h in (*state.holders, *state.former_holders)} for name, state in states.items()}
    for pointer, role, what, key in wanted:
        rows = [one.id for one in about if getattr(one, what) == key and one.id in held]
        having = sum(role in held[name] for name in rows)
        if rows and having < len(rows):
            yield Effect(pointer, back_test.role_effect(role, key, having, len(rows)))


def _of_rota(workspace: Workspace, config: Config, old: OnCall, new: OnCall) -> Iterator[Effect]:
    """Nights of each person by the old and the new schedules, over the last year; where that is the same, the next.

    A changed schedule usually starts a new period (`from`), so that the past stays as it was.
    """
    now = workspace.clock()
    for start, period in ((now - PERIOD, "last 12 months"), (now, "next 12 months")):
        before = _nights(config, old, start)
        after = _nights(config, replace(old, schedules=new.schedules, people=new.people), start)
        if before != after:
            for said in back_test.nights_changed(before, after, period):
                yield Effect("/schedules", said)
            return


def _nights(config: Config, oncall: OnCall, start: datetime) -> Counter[str]:
    """Person -> nights on call in the year from `start`, however many schedules they are on call for."""
    zone, rotas = zone_of(config.page.time_zone), of(config, oncall).rotas
    first = start.astimezone(zone).replace(hour=_MIDDLE, minute=0, second=0, microsecond=0)
    times = [int((first + timedelta(days=day)).timestamp()) for day in range(1, PERIOD.days + 1)]
    nights: set[tuple[str, int]] = set()
    for schedule in oncall.schedules:
        pieces = rotas.pieces(schedule.key, times[0], times[-1] + 1)
        starts = [piece.start for piece in pieces]
        for at in times:
            place = bisect_right(starts, at) - 1
            if place >= 0 and at < pieces[place].end:
                nights.add((pieces[place].duty.person, at))
    return Counter(person for person, _ in nights)
