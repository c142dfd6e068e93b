"""What cannot be true in a Statuspage's documents is imported with a repair that shows, or kept in quarantine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from fixtures.statuspages import affected, batch_of, component, incident, maintenance, only, states_of, summary, update
from sevlog.model.timeline.entries import Note, Update

T0, T1, T2 = "2026-05-02T10:00:00.000Z", "2026-05-02T10:30:00.000Z", "2026-05-02T11:00:00.000Z"
START = datetime(2026, 5, 2, 10, tzinfo=UTC)


def simple(**change: object) -> dict[str, Any]:
    row = incident(
        "inc1dent0001",
        "Labels are late",
        update(
            "upd1", "investigating", T0, affected_components=affected(("c0mplabels00", "operational", "partial_outage"))
        ),
        update("upd2", "resolved", T2, affected_components=affected(("c0mplabels00", "partial_outage", "operational"))),
    )
    return {**row, **change}


def test_a_clean_incident_needs_no_repair() -> None:
    record, state, repairs = only(simple())

    assert repairs == ()
    assert record.card.origin is not None
    assert record.card.origin.repairs == ()
    assert state.problems == ()
    assert state.status == "closed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"started_at": "2026-05-02T12:00:00.000Z"}, "started_at (2026-05-02T12:00:00Z) is after its end"),
        ({"started_at": "2026-05-02T10:20:00.000Z"}, "started_at (2026-05-02T10:20:00Z) is after its first update"),
        ({"resolved_at": "2026-05-02T09:00:00.000Z"}, "resolved_at (2026-05-02T09:00:00Z) is before started_at"),
        ({"impact": "catastrophic"}, "its impact `catastrophic` is unknown: taken as `major`"),
        ({"status": "fixed"}, "its status `fixed` is unknown: its last update says `resolved`"),
        ({"status": "identified"}, "its last update says `resolved`: the update counts"),
        ({"name": ""}, "it has no name: called `Untitled`"),
        ({"name": "x" * 301}, "has 301 characters: cut to 300"),
        ({"created_at": "2026-05-02T10:00:00"}, "created_at `2026-05-02T10:00:00` has no time zone: read as UTC"),
        ({"updated_at": "later"}, "updated_at `later` is not a time: left out"),
        ({"created_at": "2026-05-02T10:10:00.000Z"}, "it was created before its incident: kept as given"),
    ],
)
def test_what_cannot_be_true_of_an_incident_is_mended_and_said(change: dict[str, object], said: str) -> None:
    record, state, repairs = only(simple(**change))

    assert len(repairs) == 1
    assert said in repairs[0]
    assert record.card.origin is not None
    assert record.card.origin.repairs == repairs
    assert [e.text for e in record.entries if isinstance(e, Note)] == [f"Import repair: {repairs[0]}."]
    assert state.problems == ()
    assert state.status == "closed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "thinking"}, "its status `thinking` is unknown: taken as `investigating`, as before"),
        ({"body": " "}, "it has no text"),
        ({"body": None}, "it has no text"),
        ({"display_at": None}, "it has no display_at: created_at is shown"),
        ({"id": "upd1"}, "duplicate id: the later one is renamed to upd1-2"),
        ({"id": None}, "it has no usable id: named after its time"),
        ({"id": "../../etc"}, "it has no usable id: named after its time"),
        ({"affected_components": affected(("c0mplabels00", "operational", "unplugged"))}, "`unplugged`, which is no"),
    ],
)
def test_what_cannot_be_true_of_an_update_is_mended_and_said(change: dict[str, object], said: str) -> None:
    row = incident(
        "inc1dent0001",
        "Labels are late",
        update("upd1", "investigating", T0),
        {**update("upd2", "investigating", T1), **change},
        update("upd3", "resolved", T2),
    )

    record, state, repairs = only(row)

    assert len(repairs) == 1
    assert said in repairs[0]
    assert len([e for e in record.entries if isinstance(e, Update)]) == 3
    assert state.problems == ()


def test_the_start_of_an_incident_that_starts_after_its_end_is_its_first_update() -> None:
    record, state, _ = only(simple(started_at="2026-05-02T12:00:00.000Z"))

    assert state.milestones.raised_at == START
    assert record.card.origin is not None
    assert record.card.origin.started_at == datetime(2026, 5, 2, 12, tzinfo=UTC)


def test_back_dating_is_no_mistake() -> None:
    late = "2026-05-03T09:00:00.000Z"
    row = incident(
        "inc1dent0001",
        "It was short",
        update("upd1", "resolved", T2, created_at=late, updated_at=late),
        started_at=T0,
        created_at=T0,
    )

    record, state, repairs = only(row)

    assert repairs == ()
    assert state.milestones.started_at == START
    assert state.milestones.resolved_at == datetime(2026, 5, 2, 11, tzinfo=UTC)
    told = next(e for e in record.entries if isinstance(e, Update))
    assert told.recorded_at == datetime(2026, 5, 3, 9, tzinfo=UTC)


def test_an_incident_that_is_over_without_an_update_ends_when_the_source_says() -> None:
    row = incident(
        "inc1dent0001", "Labels are late", update("upd1", "monitoring", T0), status="resolved", resolved_at=T2
    )

    _, state, repairs = only(row)

    assert "its status is `resolved`, its last update says `monitoring`: over since 2026-05-02T11:00:00Z" in repairs
    assert state.status == "closed"
    assert state.milestones.resolved_at == datetime(2026, 5, 2, 11, tzinfo=UTC)


def test_the_old_sentence_for_no_components_means_none() -> None:
    sentence = [{"name": "No components were affected by this update."}]
    row = incident("inc1dent0001", "Old", update("upd1", "resolved", T0, affected_components=sentence), components=[])

    record, _, repairs = only(row)

    assert repairs == ()
    assert [e.components for e in record.entries if isinstance(e, Update)] == [None]


def test_a_window_that_ends_before_it_starts_ends_as_it_starts() -> None:
    row = maintenance("ma1ntenance1", "Move", update("upd1", "scheduled", T0), start=T2, end=T1)

    record, state, repairs = only(row)

    assert "before it starts" in repairs[0]
    assert record.card.scheduled is not None
    assert record.card.scheduled.start == record.card.scheduled.end == datetime(2026, 5, 2, 11, tzinfo=UTC)
    assert state.status == "scheduled"


def test_a_maintenance_without_a_window_gets_the_one_of_its_course() -> None:
    row = incident(
        "ma1ntenance1",
        "Move",
        update("upd1", "scheduled", T0),
        update("upd2", "in_progress", T1),
        update("upd3", "completed", T2),
        impact="maintenance",
        started_at=T1,
        resolved_at=None,
    )

    record, state, repairs = only(row)

    assert repairs == (
        "it has no planned window: 2026-05-02T10:30:00Z to 2026-05-02T11:00:00Z is taken from its updates",
    )
    assert record.card.kind == "maintenance"
    assert [step.status for step in state.status_steps] == ["scheduled", "in_progress", "verifying", "completed"]
    assert state.problems == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"name": "no id"}, "it has no usable id"),
        ("a text", "it is not an object"),
        (incident("inc1dent0001", "Silent"), "it has no updates"),
        (incident("inc1dent0001", "When?", update("upd1", "resolved", "soon")), "update upd1: it has no time"),
    ],
)
def test_what_nothing_true_can_be_made_of_is_kept_whole_in_quarantine(row: object, reason: str) -> None:
    batch = batch_of([row])

    assert batch.records == ()
    assert [(q.reason, q.raw) for q in batch.quarantined] == [(reason, row)]


def test_one_bad_row_hides_no_other() -> None:
    batch = batch_of([{"id": "???"}, simple(), 7])

    assert [r.origin_id for r in batch.records] == ["inc1dent0001"]
    assert len(batch.quarantined) == 2


def test_components_that_the_page_lists_no_more_are_added_as_retired_and_said() -> None:
    old = affected(("c0mptelex000", "operational", "major_outage"), names={"c0mptelex000": "Sending - Telex"})
    row = incident(
        "inc1dent0001",
        "Telex is down",
        update("upd1", "investigating", T0, affected_components=old),
        update("upd2", "resolved", T2),
    )

    batch = batch_of(summary(row))

    telex = batch.components[-1]
    assert (telex.key, telex.name, telex.group, telex.retired_on) == ("telex", "Telex", "Sending", "2026-05-02")
    assert telex.origin is not None
    assert telex.origin.id == "c0mptelex000"
    assert [(r.id, r.component) for r in batch.repairs] == [("c0mptelex000", "telex")]


def test_a_component_that_is_gone_has_the_last_of_its_names() -> None:
    rows = [
        incident(
            f"inc1dent000{number}",
            "Telex is down",
            update(
                f"upd{number}",
                "resolved",
                at,
                affected_components=affected(
                    ("c0mptelex000", "operational", "operational"), names={"c0mptelex000": name}
                ),
            ),
        )
        for number, (at, name) in enumerate(((T0, "Telegraph"), (T2, "Telex"), (T1, "Teletype")))
    ]

    assert batch_of(summary(*rows)).components[-1].name == "Telex"


def test_without_a_list_of_components_none_counts_as_retired() -> None:
    batch = batch_of([simple()])

    assert [(c.name, c.retired_on) for c in batch.components] == [("Labels", None)]
    assert batch.repairs == ()


def test_a_state_that_no_open_incident_explains_is_said_and_not_taken_over() -> None:
    rows = [component("c0mpbooking0", "Booking", 1, status="degraded_performance")]

    batch = batch_of(summary(simple(), components=rows))

    assert any("`Booking` is `degraded_performance` there" in notice for notice in batch.notices)


def test_a_live_incident_stays_live() -> None:
    rows = (
        incident("inc1dent0001", "A", update("upd1", "identified", T0)),
        incident("inc1dent0002", "B", update("upd1", "investigating", T0), update("upd2", "monitoring", T1)),
    )

    assert [(s.status, s.live) for s in states_of(batch_of(summary(*rows)))] == [("fixing", True), ("monitoring", True)]


@pytest.mark.parametrize(
    ("impact", "levels"),
    [
        ("critical", ("SEV1", "P1")),
        ("major", ("SEV2", "P2")),
        ("minor", ("SEV3", "P3")),
        ("none", ("SEV3", "P3")),
        ("maintenance", ("SEV3", "P3")),
    ],
)
def test_the_impact_gives_severity_and_priority(impact: str, levels: tuple[str, str]) -> None:
    _, state, _ = only(simple(impact=impact))

    assert (state.severity, state.priority) == levels


def test_an_incident_without_components_has_the_unknown_one() -> None:
    _, state, _ = only(incident("inc1dent0001", "A", update("upd1", "identified", T0), components=[]))

    assert list(state.components) == ["unknown"]
