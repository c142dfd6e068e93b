"""An imported course is legal step by step, whatever order of phases and times the source has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.statuspages import (
    affected,
    batch_of,
    incident,
    maintenance,
    only,
    plain_config,
    states_of,
    summary,
    update,
)
from sevlog.model.config.settings import Config
from sevlog.model.vocabulary import INCIDENT_PHASES, MAINTENANCE_PHASES
from sevlog.stores.records.settings import with_defaults

BEGIN = datetime(2026, 5, 2, 10, tzinfo=UTC)
PHASES = st.lists(st.tuples(st.sampled_from(INCIDENT_PHASES), st.integers(0, 4)), min_size=1, max_size=7)
STEPS = st.lists(st.tuples(st.sampled_from(MAINTENANCE_PHASES), st.integers(0, 4)), min_size=1, max_size=6)


def stamp(minutes: int) -> str:
    return (BEGIN + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@settings(max_examples=150, deadline=None)
@given(course=PHASES)
def test_every_course_of_an_incident_folds_without_a_problem(course: list[tuple[str, int]]) -> None:
    minutes = 0
    rows = []
    for number, (phase, wait) in enumerate(course):
        minutes += wait
        rows.append(update(f"upd{number}", phase, stamp(minutes)))

    _, state, _ = only(incident("inc1dent0001", "Labels are late", *rows))

    assert [p.message for p in state.problems] == []
    over = rows[-1]["status"] in ("resolved", "postmortem")
    assert state.status == ("closed" if over else "monitoring" if rows[-1]["status"] == "monitoring" else "fixing")


@settings(max_examples=80, deadline=None)
@given(course=STEPS)
def test_every_course_of_a_maintenance_folds_without_an_illegal_step(course: list[tuple[str, int]]) -> None:
    ordered = sorted(course, key=lambda step: MAINTENANCE_PHASES.index(step[0]))
    rows = []
    minutes = 0
    for number, (phase, wait) in enumerate(ordered):
        minutes += wait
        rows.append(update(f"upd{number}", phase, stamp(minutes)))

    _, state, _ = only(maintenance("ma1ntenance1", "Move", *rows, start=stamp(0), end=stamp(60)))

    assert [p.message for p in state.problems] == []
    assert state.status == rows[-1]["status"]


def test_skipped_steps_of_a_maintenance_are_filled_in_at_the_same_instant() -> None:
    rows = (update("upd1", "scheduled", stamp(0)), update("upd2", "completed", stamp(9)))

    _, state, _ = only(maintenance("ma1ntenance1", "Move", *rows, start=stamp(5), end=stamp(60)))

    assert [(s.status, s.at) for s in state.status_steps] == [
        ("scheduled", BEGIN),
        *((step, BEGIN + timedelta(minutes=9)) for step in ("in_progress", "verifying", "completed")),
    ]


def test_an_incident_that_came_back_after_its_end_goes_back_to_fixing_and_ends_once() -> None:
    phases = ("investigating", "resolved", "investigating", "monitoring", "resolved", "postmortem")
    rows = [update(f"upd{n}", phase, stamp(n)) for n, phase in enumerate(phases)]

    _, state, _ = only(incident("inc1dent0001", "Labels are late", *rows))

    assert [s.status for s in state.status_steps] == [
        "raised",
        "fixing",
        "resolved",
        "fixing",
        "monitoring",
        "resolved",
        "closed",
    ]


def test_components_are_operational_until_an_update_says_otherwise() -> None:
    row = incident(
        "inc1dent0001",
        "Labels are late",
        update("upd1", "investigating", stamp(3)),
        update(
            "upd2",
            "identified",
            stamp(5),
            affected_components=affected(("c0mplabels00", "operational", "partial_outage")),
        ),
        started_at=stamp(0),
    )

    _, state, _ = only(row)

    assert [(s.at, s.component, s.impact) for s in state.component_steps] == [
        (BEGIN, "labels", "operational"),
        (BEGIN + timedelta(minutes=5), "labels", "partial_outage"),
    ]


def test_a_repository_with_a_lifecycle_of_its_own_gets_steps_of_that() -> None:
    statuses = [
        {"key": "raised", "category": "live"},
        {"key": "working", "category": "live"},
        {"key": "done", "category": "learning"},
        {"key": "filed", "category": "closed"},
    ]
    ways = (("new", "raised"), ("raised", "working"), ("working", "done"), ("done", "filed"), ("done", "working"))
    lifecycle = {"statuses": statuses, "transitions": [{"from": a, "to": b} for a, b in ways]}
    own = with_defaults({"schema": 1, "page": {"name": "Ours", "url": "https://status.ours.example"}})
    own["lifecycles"] = {**own["lifecycles"], "default": lifecycle}
    config = msgspec.convert(own, Config)
    rows = [update(f"upd{n}", phase, stamp(n)) for n, phase in enumerate(("investigating", "monitoring", "resolved"))]

    state = states_of(batch_of(summary(incident("inc1dent0001", "A", *rows)), config=config), config)[0]

    assert [p.message for p in state.problems] == []
    assert [s.status for s in state.status_steps] == ["raised", "working", "done", "filed"]


def test_levels_of_ones_own_are_found_by_their_public_word() -> None:
    own = with_defaults({"schema": 1, "page": {"name": "Ours", "url": "https://status.ours.example"}})
    own["severities"] = [{"key": "Red", "impact": "critical"}, {"key": "Amber", "impact": "major"}]
    own["priorities"] = [{"key": "Now"}]
    config = msgspec.convert(own, Config)
    rows = [
        incident(f"inc1dent000{n}", "A", update(f"upd{n}", "resolved", stamp(n)), impact=impact)
        for n, impact in enumerate(("critical", "major", "minor", "none"))
    ]

    states = states_of(batch_of(summary(*rows), config=config), config)

    assert [(s.severity, s.priority) for s in states] == [
        ("Red", "Now"),
        ("Amber", "Now"),
        ("Amber", "Now"),
        ("Amber", "Now"),
    ]


def test_the_same_documents_in_any_order_give_the_same_batch() -> None:
    rows = [incident(f"inc1dent000{n}", f"Incident {n}", update(f"upd{n}", "resolved", stamp(n % 2))) for n in range(4)]

    assert batch_of(summary(*rows)) == batch_of(summary(*rows[::-1]))


def test_the_newest_of_many_captures_counts_and_no_update_is_lost() -> None:
    first = incident(
        "inc1dent0001", "Labels", update("upd1", "investigating", stamp(0)), update("gone", "identified", stamp(1))
    )
    later = incident(
        "inc1dent0001",
        "Labels are late",
        update("upd1", "investigating", stamp(0), "We look into it."),
        update("upd2", "resolved", stamp(9)),
    )

    batch = batch_of(summary(later), summary(first))

    assert [r.card.title for r in batch.records] == ["Labels are late"]
    state = states_of(batch, plain_config())[0]
    assert [(u.id, u.entry.text) for u in state.updates] == [
        ("upd1", "We look into it."),
        ("gone", "We are on it."),
        ("upd2", "We are on it."),
    ]
    assert "update gone is in an older capture only: kept" in [r.what for r in batch.repairs]
