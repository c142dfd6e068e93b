"""What a change of the process would have meant, held to an oracle that walks each minute of made-up histories."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from msgspec.structs import replace

from fixtures.timelines import at, config, fold
from sevlog.model.config.settings import Config
from sevlog.model.learning import back_test
from sevlog.model.learning.back_test import Past, effects
from sevlog.model.learning.metrics.facts import ActionFact, Facts, facts_of

LEVEL = "SEV2"
NOW = at("2026-06-01T00:00:00+00:00")


def changed(level: str, **keys: object) -> Config:
    """The shipped process with other keys of one severity."""
    severities = tuple(replace(s, **keys) if s.key == level else s for s in config().severities)
    return replace(config(), severities=severities)


def clock(minute: int) -> str:
    return f"{10 + minute // 60}:{minute % 60:02}"


class History:
    """A made-up incident: acknowledged, with public updates, and perhaps resolved; all in minutes from 10:00."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.acknowledged = chance.randint(1, 30)
        self.updates = sorted(chance.sample(range(31, 300), chance.randint(0, 6)))
        self.end = chance.choice([None, chance.randint(310, 400)])

    def facts(self) -> Facts:
        rows = [
            '{kind: raised, at: "10:00", severity: SEV2, priority: P2, components: {api: major_outage}}',
            f'{{kind: status, at: "{clock(self.acknowledged)}", to: fixing}}',
        ]
        words = "audience: public, phase: investigating, text: We look"
        rows += [
            f'{{kind: update, at: "{clock(m)}", {words}, next_update_at: "{clock(m + 60)}"}}' for m in self.updates
        ]
        if self.end is not None:
            rows.append(f'{{kind: status, at: "{clock(self.end)}", to: resolved}}')
        return facts_of(fold("".join(f"- {row}\n" for row in rows)))

    def kept(self, limit: int, shortest: int) -> list[bool]:
        """For each update that was owed a next one: whether it came within the limit, found minute by minute."""
        found = []
        for minute in self.updates:
            waited, passed, owed = minute, 0, True
            while True:
                waited, passed = waited + 1, passed + 1
                if waited in self.updates:
                    break
                if waited == self.end or passed > 3000:
                    owed = passed > shortest
                    break
            if owed:
                found.append(passed <= limit)
        return found


HISTORIES = [History(seed) for seed in range(40)]


def said(old: Config, new: Config, facts: list[Facts]) -> list[str]:
    return [effect.what for effect in effects(old, new, Past(facts, NOW, lambda moment: moment.hour < 7))]


@pytest.mark.parametrize(("was", "now"), [(60, 30), (60, 90), (45, 20)])
def test_a_cadence_is_compared_as_the_oracle_counts_it(was: int, now: int) -> None:
    old = changed(LEVEL, update_every={"public": f"{was}m"})
    new = changed(LEVEL, update_every={"public": f"{now}m"})
    shortest = min(was, now)
    before = [kept for history in HISTORIES for kept in history.kept(was, shortest)]
    after = [kept for history in HISTORIES for kept in history.kept(now, shortest)]

    assert len(before) == len(after) > 50
    assert said(old, new, [history.facts() for history in HISTORIES]) == [
        f"update_every public SEV2 {was}m -> {now}m: {sum(before)} of {len(before)} updates kept the old limit, "
        f"{sum(after)} of {len(after)} would have kept the new one"
    ]


def test_acknowledgements_are_compared_and_few_cases_are_called_few() -> None:
    few = HISTORIES[:4]
    kept = [sum(history.acknowledged <= limit for history in few) for limit in (15, 5)]

    assert said(config(), changed(LEVEL, ack_within="5m"), [history.facts() for history in few]) == [
        f"ack_within SEV2 15m -> 5m: {kept[0]} of 4 incidents kept the old limit, {kept[1]} of 4 would have kept "
        "the new one (only 4: too few to conclude from)"
    ]


def test_nothing_is_said_where_a_change_has_no_effect_or_no_incident() -> None:
    facts = [history.facts() for history in HISTORIES]

    assert said(config(), config(), facts) == []
    assert said(config(), changed(LEVEL, ack_within="31m"), [f for f in facts if f.id == "other"]) == []
    assert said(changed(LEVEL, ack_within="40m"), changed(LEVEL, ack_within="50m"), facts) == []


def test_pages_are_counted_with_those_at_night() -> None:
    facts = [history.facts() for history in HISTORIES[:11]]
    night = replace(facts[0], severity_steps=((at("03:00"), LEVEL),))

    assert said(changed(LEVEL, page="none"), config(), [night, *facts[1:]]) == [
        "SEV2 would page immediately: 11 more pages, 1 of them at night (local)"
    ]


def test_action_items_are_held_to_the_old_and_the_new_limit() -> None:
    base = HISTORIES[0].facts()
    start = at("10:00")
    items = [
        ActionFact(
            id=f"A{n}", status="done", class_="priority", accepted_at=start, done_at=start + timedelta(days=7 * n)
        )
        for n in range(1, 13)
    ]
    policies = replace(config().policies, actions={"priority": {"default": "4w"}})

    found = said(config(), replace(config(), policies=policies), [replace(base, actions=tuple(items))])

    assert found == [
        "policies.actions priority default 8w -> 4w: 8 of 12 items would have been late (4 by the old limit)"
    ]


def test_drills_and_declined_incidents_and_those_before_the_period_do_not_count() -> None:
    one = HISTORIES[0].facts()
    others = [replace(one, kind="drill"), replace(one, category="dropped"), replace(one, merged=True)]

    assert back_test.counted([one, *others], at("00:00"), NOW) == [one]
    assert back_test.counted([one], at("12:00"), NOW) == []
