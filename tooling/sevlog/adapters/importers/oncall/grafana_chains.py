"""Grafana OnCall: escalation chains, whose waits are steps of their own, as policies."""

from __future__ import annotations

from collections.abc import Mapping

from ....model.oncall.roster import EscalationPolicy, EscalationStep, OnCall
from ..saved_json import Row
from ..source import Quarantined, Repair, Unusable
from .batch import Keys, People, is_number, name_of, text_of
from .opsgenie_escalations import AT_ONCE

_LONGEST_WAIT = 99_999
_REPEATS = 5
"""How often Grafana OnCall repeats a chain with the step repeat_escalation."""


def chains(
    here: OnCall,
    kinds: Mapping[str, Mapping[str, Row]],
    people: People,
    lanes: Mapping[str, tuple[str, ...]],
    teams: Mapping[str, str],
    repairs: list[Repair],
    quarantined: list[Quarantined],
) -> tuple[tuple[EscalationPolicy, ...], dict[str, str]]:
    """The policies, and the first one of each team."""
    keys = Keys([(row.key, row.name) for row in here.escalations], "escalation")
    made: list[EscalationPolicy] = []
    owned: dict[str, str] = {}
    for code, chain in kinds["chain"].items():
        name = name_of(chain.get("name"), "Escalation")
        rows = [row for row in kinds["policy"].values() if row.get("escalation_chain_id") == code]
        steps: list[EscalationStep] = []
        for row in sorted(rows, key=_position):
            try:
                steps = _with(steps, row, name, people, lanes, teams, repairs)
            except Unusable as error:
                quarantined.append(Quarantined(f"{name} / {row.get('type')}", str(error), row))
        if not steps:
            quarantined.append(Quarantined(name, "no step of the chain could be imported", chain))
            continue
        if steps[-1].wait == AT_ONCE:
            steps[-1] = EscalationStep(notify=steps[-1].notify, repeat=steps[-1].repeat)
        key = keys.of(name)
        made.append(EscalationPolicy(key=key, name=name, steps=tuple(steps)))
        owned.setdefault(str(chain.get("team_id")), key)
    return tuple(made), owned


def _position(row: Row) -> int:
    position = row.get("position")
    return position if is_number(position) else 1_000_000


def _with(
    steps: list[EscalationStep],
    row: Row,
    name: str,
    people: People,
    lanes: Mapping[str, tuple[str, ...]],
    teams: Mapping[str, str],
    repairs: list[Repair],
) -> list[EscalationStep]:
    """The steps with what one policy of the chain adds. Raises Unusable."""
    kind = row.get("type")
    if kind == "wait":
        seconds = row.get("duration")
        if not is_number(seconds) or not 0 < seconds < 100_000:
            raise Unusable("it has no duration")
        if not steps:
            repairs.append(Repair(name, f"it first waits {seconds} seconds; here it pages at once"))
            return steps
        return [*steps[:-1], EscalationStep(notify=steps[-1].notify, wait=_longer(steps[-1].wait, seconds))]
    if kind == "repeat_escalation":
        if not steps:
            raise Unusable("nothing stands before it")
        return [*steps[:-1], EscalationStep(notify=steps[-1].notify, wait=steps[-1].wait, repeat=_REPEATS)]
    return [*steps, *(EscalationStep(notify=target, wait=AT_ONCE) for target in _targets(row, people, lanes, teams))]


def _longer(wait: str | None, seconds: int) -> str:
    before = int(wait[:-1]) if wait and wait != AT_ONCE else 0
    return f"{min(before + seconds, _LONGEST_WAIT)}s"


def _targets(row: Row, people: People, lanes: Mapping[str, tuple[str, ...]], teams: Mapping[str, str]) -> list[str]:
    kind = row.get("type")
    if kind == "notify_persons":
        named = row.get("persons_to_notify")
        handles = [people.handle(code) for code in named] if isinstance(named, list) else []
        if not handles or None in handles:
            raise Unusable("a person of it is not in the export")
        return [f"person:{handle}" for handle in handles]
    if kind == "notify_on_call_from_schedule":
        keys = lanes.get(text_of(row, "notify_on_call_from_schedule") or "")
        if keys is None:
            raise Unusable("its schedule is not in the export, or was not imported")
        return [f"schedule:{key}" for key in keys]
    if kind == "notify_team_members":
        team = teams.get(text_of(row, "team_to_notify", "notify_team_members") or "")
        if team is None:
            raise Unusable("its team is not in the export")
        return [f"team:{team}"]
    raise Unusable(f"a step of the type `{kind}` has no form in oncall.yaml")
