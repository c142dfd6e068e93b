"""What of an incident may be told, by which name, and which route takes it where."""

from __future__ import annotations

from typing import TypedDict, Unpack

import pytest

from fixtures.cards import CardKeys
from fixtures.timelines import FIXING, MONITORING, RAISED, RESOLVED, config, fold, record
from sevlog.model.comms.events import Event, event_names, events, hears, promise, routes_for
from sevlog.model.config.notify import Promise, Route
from sevlog.model.vocabulary import Audience

TOLD = """
- {kind: update, id: u1, at: "10:10", audience: public, phase: investigating, text: We are on it}
- {kind: update, id: u2, at: "10:11", audience: internal, phase: investigating, text: The database}
"""


def of(timeline: str, **card: Unpack[CardKeys]) -> dict[str, Event]:
    return events(fold(timeline, **card))


def named(timeline: str, name: str) -> list[str]:
    """The entries that are called so, by time."""
    return [f"{e.at:%H:%M}" for e in of(timeline).values() if name in e.names]


class Limits(TypedDict, total=False):
    """To what a route can be limited, and what it promises."""

    severities: tuple[str, ...]
    components: tuple[str, ...]
    types: tuple[str, ...]
    audiences: tuple[Audience, ...]
    restricted: bool
    at: Promise


def route(*on: str, **more: Unpack[Limits]) -> Route:
    return Route(on=on, to="X", **more)


def heard(timeline: str, *on: str, card: CardKeys | None = None, **more: Unpack[Limits]) -> list[str]:
    """The ids of the entries that a route takes."""
    keys: CardKeys = card or {}
    made = record(timeline, **keys)
    return [name for name, e in of(timeline, **keys).items() if hears(route(*on, **more), e, made)]


def test_an_event_is_called_by_its_kind_its_status_and_what_it_means() -> None:
    relapse = f'{MONITORING}\n- {{kind: status, at: "10:50", to: fixing, from: monitoring, reason: errors again}}'
    reopened = f'{RESOLVED}\n- {{kind: status, at: "11:50", to: fixing, from: resolved, reason: errors again}}'

    assert named(FIXING, "raised") == ["10:00"]
    assert named(FIXING, "took_command") == ["10:05"]
    assert named(RESOLVED, "resolved") == ["11:00"]
    assert named(RESOLVED, "status") == ["10:05", "10:40", "11:00"]
    assert named(relapse, "relapsed") == ["10:50"]
    assert named(reopened, "reopened") == ["11:50"]
    assert named(FIXING, "relapsed") == []


def test_the_severity_is_that_of_the_moment() -> None:
    worse = f'{RAISED.replace("SEV1", "SEV3")}\n- {{kind: severity, id: s, at: "10:20", to: SEV1, reason: all}}\n{TOLD}'

    assert heard(worse, "raised", "severity_changed", severities=("SEV1",)) == ["s"]
    assert heard(worse, "update", severities=("SEV3",)) == ["u1", "u2"]


def test_routes_choose_by_component_type_and_audience() -> None:
    timeline = FIXING + TOLD

    assert heard(timeline, "update", audiences=("public",)) == ["u1"]
    assert heard(timeline, "update", audiences=("internal",)) == ["u2"]
    assert heard(timeline, "update", components=("api",)) == ["u1", "u2"]
    assert heard(timeline, "update", components=("search",)) == []
    assert heard(timeline, "update", types=("security",)) == []
    assert heard(timeline, "update", types=("service",)) == ["u1", "u2"]


def test_what_puts_an_update_right_goes_where_the_update_went() -> None:
    amended = f"""{FIXING}{TOLD}
    - {{kind: correction, id: c1, at: "10:20", of: u1, set: {{text: We were on it}}}}
    - {{kind: retraction, id: r1, at: "10:21", of: u2, reason: wrong incident}}
    - {{kind: correction, id: c2, at: "10:22", of: 20260502T100000Z-raised, set: {{severity: SEV2}}}}
    """

    assert heard(amended, "update", audiences=("public",)) == ["u1", "c1"]
    assert heard(amended, "update", audiences=("internal",)) == ["r1"]
    assert heard(amended, "correction") == ["c1", "c2"]
    assert of(amended)["c1"].amends == "u1"


def test_nothing_that_nobody_made_here_is_told() -> None:
    assert of(FIXING + TOLD.replace("text:", "by: null, text:")).keys().isdisjoint({"u1", "u2"})


@pytest.mark.parametrize("more", [{"audiences": ("public",)}, {"audiences": ("public", "social")}])
def test_customers_are_told_by_updates_alone(more: Limits) -> None:
    everything = tuple(event_names(config()))

    assert heard(FIXING + TOLD, *everything, **more) == ["u1"]


def test_nothing_restricted_leaves_but_to_its_own_people() -> None:
    everything = tuple(event_names(config()))
    card: CardKeys = {"visibility": "restricted"}

    assert heard(FIXING + TOLD, *everything, card=card) == []
    assert heard(FIXING + TOLD, *everything, card=card, audiences=("public",), restricted=True) == []
    assert len(heard(FIXING + TOLD, *everything, card=card, restricted=True)) == 6


def test_a_drill_is_told_to_colleagues_and_to_nobody_else() -> None:
    assert heard(FIXING + TOLD, "update", card={"kind": "drill"}) == ["u1", "u2"]
    assert heard(FIXING + TOLD, "update", card={"kind": "drill"}, audiences=("public",)) == []


def test_what_a_pager_is_to_do() -> None:
    signals = {f"{e.at:%H:%M} {sorted(e.names)[0]}": e.signal for e in of(RESOLVED).values() if e.signal}

    assert signals == {"10:00 raised": "trigger", "10:05 assigned": "acknowledge", "11:00 resolved": "resolve"}


def test_a_doubt_is_settled_for_customers_and_against_pagers_unless_the_route_says_otherwise() -> None:
    assert promise(route("update", audiences=("public",))) == "most_once"
    assert promise(route("raised")) == "at_least_once"
    assert promise(route("update")) == "at_least_once"
    assert promise(route("update", at="most_once")) == "most_once"


def test_one_address_gets_one_message_by_the_route_for_customers_where_there_is_one() -> None:
    inside, outside = route("update"), route("update", audiences=("public",))
    made = record(FIXING + TOLD)
    found = of(FIXING + TOLD)

    assert routes_for((inside, outside), found["u1"], made) == {"X": outside}
    assert routes_for((inside, outside), found["u2"], made) == {"X": inside}
    assert routes_for((outside,), found["u2"], made) == {}
