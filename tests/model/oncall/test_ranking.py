"""Which of several incidents comes first."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec.structs import replace

from fixtures.timelines import RAISED, config, fold
from sevlog.model.oncall.ranking import ranked
from sevlog.model.timeline.state import State


def incident(name: str, raised: str = RAISED, **changes: str) -> State:
    """A live incident: SEV1 and P1 since 10:00 unless something else is given."""
    for old, new in changes.items():
        raised = raised.replace(old, new)
    return replace(fold(raised), id=name)


WORST_FIRST = [
    incident("a-worst", RAISED.replace("P1,", "P1, scope: all,")),
    incident("b-some", RAISED.replace("P1,", "P1, scope: some,")),
    incident("c-none", RAISED.replace("P1,", "P1, scope: none,")),
    incident("d-early", RAISED.replace("P1,", 'P1, started_at: "09:00",')),
    incident("e-first"),
    incident("f-second"),
    incident("g-later", RAISED.replace("10:00", "10:01")),
    incident("h-sev2", RAISED.replace("SEV1", "SEV2").replace("P1,", "P1, scope: all,")),
    incident("i-p2", RAISED.replace("P1,", 'P2, scope: all, started_at: "08:00",')),
    incident("j-unheard-of", RAISED.replace("P1", "P99")),
    incident("k-triage", '- {kind: status, at: "07:00", to: triage}'),
]


@pytest.mark.demand("S12")
def test_priority_comes_before_severity_before_scope_before_start_before_name() -> None:
    assert [s.id for s in ranked(reversed(WORST_FIRST), config())] == [s.id for s in WORST_FIRST]


def test_the_order_does_not_hang_on_the_order_of_asking() -> None:
    some = WORST_FIRST[2:8]

    assert all(ranked(order, config()) == some for order in permutations(some))


def test_the_order_of_levels_is_that_of_the_configuration() -> None:
    turned = replace(config(), priorities=tuple(reversed(config().priorities)))
    one, two = incident("one"), incident("two", RAISED.replace("P1", "P2"))

    assert ranked([one, two], config()) == [one, two]
    assert ranked([one, two], turned) == [two, one]


def test_nothing_is_ranked_from_nothing() -> None:
    assert ranked([], config()) == []
