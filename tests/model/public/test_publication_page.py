"""Publication of maintenances, postmortems and the page itself: positions, groups, private components, dates."""

from __future__ import annotations

import pytest

from fixtures.publishing import at, only, part, record, site
from sevlog.model.timeline.incident import Postmortem, PublicPostmortem

TOLD = """
- {kind: raised, at: "10:00", by: ann, severity: SEV2, priority: P2, components: {booking: partial_outage}}
- {kind: update, at: "10:10", by: ann, audience: public, phase: investigating, text: We look into it.}
"""
SOLVED = (
    TOLD
    + """
- {kind: status, at: "10:20", by: ann, to: fixing}
- {kind: status, at: "11:00", by: ann, to: resolved, attestation: over}
- {kind: update, at: "11:00", by: ann, audience: public, phase: resolved, text: Over.,
   components: {booking: operational}}
"""
)
WORK = """
- {kind: status, at: "09:00", by: ann, to: scheduled}
- {kind: update, at: "09:00", by: ann, audience: public, phase: scheduled,
   text: Soon., components: {booking: operational}}
"""
WINDOW = {"start": "12:00", "end": "14:00"}


@pytest.mark.parametrize(
    ("as_of", "phase", "state", "began", "over"),
    [
        ("11:59", "scheduled", "operational", None, None),
        ("12:00", "in_progress", "under_maintenance", "12:00", None),
        ("13:59", "in_progress", "under_maintenance", "12:00", None),
        ("14:00", "completed", "operational", "12:00", "14:00"),
        ("2026-05-09T00:00:00Z", "completed", "operational", "12:00", "14:00"),
    ],
)
def test_a_planned_maintenance_moves_by_its_window(
    as_of: str, phase: str, state: str, began: str | None, over: str | None
) -> None:
    found = site(record(WORK, kind="maintenance", scheduled=WINDOW), as_of=as_of)
    (work,) = found.maintenances

    assert (work.phase, part(found, "booking").status) == (phase, state)
    assert work.began_at == (at(began) if began else None)
    assert (work.ended_at, work.resolved_at) == ((at(over), at(over)) if over else (None, None))
    assert work.updated_at == at(over or began or "09:00")
    assert [(c.at, c.impact) for c in part(found, "booking").changes] == [
        (at(moment), impact)
        for moment, impact in ((began, "under_maintenance"), (over, "operational"))
        if moment is not None
    ]


@pytest.mark.parametrize("as_of", ["13:00", "15:00"])
def test_people_have_the_last_word_on_a_maintenance(as_of: str) -> None:
    begun = WORK + '- {kind: status, at: "11:30", by: ann, to: in_progress}\n'
    off = WORK + '- {kind: status, at: "11:30", by: ann, to: cancelled, reason: x}\n'
    told = WORK + '- {kind: update, at: "11:30", by: ann, audience: public, phase: in_progress, text: Begun early.}\n'

    phases = [
        site(record(rows, kind="maintenance", scheduled=WINDOW), as_of=as_of).maintenances[0].phase
        for rows in (begun, off, told)
    ]
    assert phases == ["in_progress", "completed", "in_progress"]


def test_a_planned_maintenance_that_does_not_move_by_itself_holds_nothing_until_it_begins_by_its_status() -> None:
    window = {**WINDOW, "auto": False}
    found = site(record(WORK, kind="maintenance", scheduled=window), as_of="13:00")
    (work,) = found.maintenances
    assert (work.phase, work.impact, work.open) == ("scheduled", "maintenance", True)
    assert (work.scheduled_for, work.scheduled_until, work.started_at) == (at("12:00"), at("14:00"), at("09:00"))
    assert [(row.old_status, row.new_status) for row in work.updates[0].affected or ()] == [("operational",) * 2]
    assert part(found, "booking").status == "operational"
    planned = WORK.replace("{booking: operational}", "{booking: under_maintenance}")
    found = site(record(planned, kind="maintenance", scheduled=window), as_of="13:00")
    assert part(found, "booking").changes == ()


def test_a_maintenance_under_way_holds_its_components_under_maintenance() -> None:
    begun = WORK + '- {kind: status, at: "12:03", by: ann, to: in_progress}\n'
    found = site(record(begun, kind="maintenance", scheduled=WINDOW), as_of="13:00")
    assert (found.maintenances[0].phase, part(found, "booking").status) == ("in_progress", "under_maintenance")
    rougher = begun + '- {kind: impact, at: "12:03", by: ann, components: {booking: degraded_performance}}\n'
    found = site(record(rougher, kind="maintenance", scheduled=WINDOW), as_of="13:00")
    assert [change.impact for change in part(found, "booking").changes] == ["degraded_performance"]
    done = (
        begun
        + """
- {kind: status, at: "13:10", by: ann, to: verifying}
- {kind: status, at: "13:30", by: ann, to: completed}
"""
    )
    found = site(record(done, kind="maintenance", scheduled=WINDOW))
    assert (found.maintenances[0].phase, found.maintenances[0].resolved_at) == ("completed", at("13:30"))
    assert [(c.at, c.impact) for c in part(found, "booking").changes] == [
        (at("12:03"), "under_maintenance"),
        (at("13:30"), "operational"),
    ]


def test_a_cancelled_maintenance_is_over_and_held_nothing() -> None:
    off = WORK + '- {kind: status, at: "11:00", by: ann, to: cancelled, reason: not needed}\n'
    found = site(record(off, kind="maintenance", scheduled=WINDOW))
    (work,) = found.maintenances
    assert (work.phase, work.cancelled, work.open, work.resolved_at) == ("completed", True, False, at("11:00"))
    assert part(found, "booking").changes == ()


def test_only_a_published_postmortem_with_a_text_for_customers_is_shown() -> None:
    done = Postmortem(status="published", published_at=at("18:00"))
    found = only(record(SOLVED, postmortem=done, customers_read="# What happened\n"))
    assert found.postmortem is not None
    assert (found.postmortem.title, found.postmortem.body) == ("Booking errors", "# What happened\n")
    assert (found.postmortem.published_at, found.postmortem.incident_id) == (at("18:00"), found.id)
    titled = PublicPostmortem(title="Keys", summary="Short.", published_at=at("19:00"))
    shown = only(record(SOLVED, postmortem=done, customers_read="x", front_matter=titled)).postmortem
    assert shown is not None
    assert (shown.title, shown.summary, shown.published_at) == ("Keys", "Short.", at("19:00"))
    for hidden in (
        record(SOLVED, postmortem=done),
        record(SOLVED, postmortem=done, customers_read="  \n"),
        record(SOLVED, postmortem=Postmortem(status="approved"), customers_read="x"),
        record(SOLVED, customers_read="x"),
    ):
        assert only(hidden).postmortem is None
    assert only(record(SOLVED, postmortem=done, customers_read="x"), as_of="17:00").postmortem is None


def test_the_page_shows_public_components_in_order_with_statuspages_positions() -> None:
    found = site(record(TOLD))
    assert [(c.key, c.position, c.retired) for c in found.components] == [
        ("website", 1, False),
        ("booking", 1, False),
        ("payments", 2, False),
        ("telex", 2, True),
    ]
    (group,) = found.groups
    assert (group.name, group.key, group.position) == ("Sending", "sending", 2)
    assert group.components == tuple(c.id for c in found.components if c.group_id == group.id)


def test_a_group_of_private_components_does_not_exist() -> None:
    page = """
    schema: 1
    page: {name: P, url: "https://status.example.com"}
    groups: [{name: Secret works, description: Hush}]
    components: [{key: a, name: A, group: Secret works, public: false}, {key: b, name: B}]
    """
    found = site(page=page)
    assert found.groups == ()
    assert [component.key for component in found.components] == ["b"]


def test_groups_take_the_order_of_their_list() -> None:
    page = """
    schema: 1
    page: {name: P, url: "https://status.example.com"}
    groups: [{name: Second}, {name: First}]
    components: [{key: a, name: A, group: First}, {key: b, name: B}, {key: c, name: C, group: Second}]
    """
    found = site(page=page)
    assert [(group.name, group.position) for group in found.groups] == [("Second", 1), ("First", 3)]
    assert [component.key for component in found.components] == ["c", "b", "a"]


def test_the_page_is_dated_by_its_last_public_change_and_never_by_the_build() -> None:
    assert site(record(SOLVED), as_of="15:00").page.updated_at == at("11:00")
    assert site(record(SOLVED), as_of="20:00").page.updated_at == at("11:00")
    assert part(site(record(SOLVED), as_of="15:00"), "booking").updated_at == at("11:00")
    assert part(site(record(SOLVED), as_of="15:00"), "website").updated_at == at("2025-12-31T23:00:00+00:00")
