"""Opsgenie: escalations, whose rules count from the alert, as steps that wait one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from ....model.oncall.roster import EscalationPolicy, EscalationStep, OnCall
from ..saved_json import Row, SavedRow
from ..source import Quarantined, Repair, Unusable
from .batch import Keys, People, is_number, name_of, person_of, rows_of, text_of

AT_ONCE = "1s"
"""The wait between steps that are one at the source."""
_MINUTES = {"minutes": 1, "minute": 1, "hours": 60, "hour": 60, "days": 1440, "day": 1440}
_MOST_REPEATS = 10
_T = TypeVar("_T")


class Escalations:
    """Makes policies. lanes: the schedules that a schedule of the source became. owners: team -> our key."""

    def __init__(
        self,
        here: OnCall,
        people: People,
        lanes: Mapping[str, tuple[str, ...]],
        teams: Mapping[str, str],
        repairs: list[Repair],
        quarantined: list[Quarantined],
    ) -> None:
        self._keys = Keys([(row.key, row.name) for row in here.escalations], "escalation")
        self._people, self._lanes, self._teams = people, lanes, teams
        self._repairs, self._quarantined = repairs, quarantined
        self.owners: dict[str, str] = {}

    def policy(self, row: SavedRow) -> EscalationPolicy | None:
        """The policy; None if no rule of it has a form here."""
        value = row.value
        name = name_of(value.get("name"), "Escalation")
        rules = sorted(self._rules(name, value), key=lambda rule: rule[0])
        if not rules:
            self._quarantined.append(Quarantined(name, "no rule of the escalation could be imported", value))
            return None
        if rules[0][0]:
            self._repairs.append(Repair(name, f"its first rule waits {rules[0][0]} minutes; here it pages at once"))
        steps: list[EscalationStep] = []
        for number, (delay, targets) in enumerate(rules):
            after = rules[number + 1][0] - delay if number + 1 < len(rules) else None
            wait = None if after is None else f"{after}m" if after else AT_ONCE
            steps += [EscalationStep(notify=target, wait=AT_ONCE) for target in targets[:-1]]
            steps.append(EscalationStep(notify=targets[-1], wait=wait))
        steps[-1] = self._repeating(name, value.get("repeat"), steps[-1])
        key = self._keys.of(name)
        team = value.get("ownerTeam")
        words = [w.casefold() for k in ("id", "name") if isinstance(team, dict) and (w := text_of(team, k))]
        if any(word in self.owners for word in words):
            self._repairs.append(Repair(name, "its team has another escalation already, and a team has one here"))
        else:
            self.owners.update(dict.fromkeys(words, key))
        return EscalationPolicy(key=key, name=name, steps=tuple(steps))

    def _rules(self, name: str, value: Row) -> Iterator[tuple[int, list[str]]]:
        for rule in rows_of(value.get("rules")):
            try:
                yield _delay(rule.get("delay")), self._targets(name, rule)
            except Unusable as error:
                self._quarantined.append(Quarantined(f"{name} / rule", str(error), rule))

    def _targets(self, name: str, rule: Row) -> list[str]:
        recipient = rule.get("recipient")
        if not isinstance(recipient, dict):
            raise Unusable("it has no recipient")
        how = str(rule.get("notifyType", "default")).lower()
        kind = str(recipient.get("type", "")).lower()
        if kind == "schedule" and how not in ("default", "all"):
            raise Unusable(f"it notifies the `{how}` person of a schedule: steps page who is on call now")
        if str(rule.get("condition", "if-not-acked")).lower() == "if-not-closed":
            self._repairs.append(
                Repair(name, "a rule applies until the alert is closed; here until it is acknowledged")
            )
        words = [w.casefold() for key in ("id", "name", "username") if (w := text_of(recipient, key))]
        if kind == "schedule":
            found = next((self._lanes[word] for word in words if word in self._lanes), None)
            return [f"schedule:{key}" for key in _known(found, "schedule")]
        if kind == "team":
            if how not in ("default", "all"):
                self._repairs.append(Repair(name, f"a rule notifies the `{how}` of a team; here the team"))
            return [f"team:{_known(next((self._teams[w] for w in words if w in self._teams), None), 'team')}"]
        if kind == "user":
            return [f"person:{_known(person_of(self._people, recipient), 'user')}"]
        raise Unusable(f"its recipient is of the type `{kind}`")

    def _repeating(self, name: str, value: object, last: EscalationStep) -> EscalationStep:
        """The last step, with the repeats of the policy."""
        count = value.get("count") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not is_number(count) or count < 1:
            return last
        if count > _MOST_REPEATS:
            self._repairs.append(Repair(name, f"it repeats {count} times; here {_MOST_REPEATS}"))
        if value.get("closeAlertAfterAll") is True:
            self._repairs.append(Repair(name, "it closes the alert after all repeats; here the incident stays open"))
        interval = value.get("waitInterval")
        wait = f"{interval}m" if is_number(interval) and 0 < interval < 100_000 else last.wait
        return EscalationStep(notify=last.notify, wait=wait, repeat=min(count, _MOST_REPEATS))


def _known(found: _T | None, what: str) -> _T:
    if found is None:
        raise Unusable(f"its {what} is not in the export, or was not imported")
    return found


def _delay(value: object) -> int:
    """Minutes after the alert. Raises Unusable."""
    amount = value.get("timeAmount", 0) if isinstance(value, dict) else value or 0
    unit = _MINUTES.get(str(value.get("timeUnit", "minutes")).lower()) if isinstance(value, dict) else 1
    if not is_number(amount) or unit is None or not 0 <= amount * unit < 100_000:
        raise Unusable("its delay is not a time")
    return amount * unit
