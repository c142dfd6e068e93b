"""Publication: which records the public sees, under which ids, and with what in them."""

from __future__ import annotations

import re
from typing import Unpack

import msgspec
import pytest

from fixtures.cards import CardKeys
from fixtures.publishing import PAGE, at, config, only, part, record, site
from sevlog.model.public.publication import publish

RAISED = """
- {kind: raised, at: "10:00", by: ann, severity: SEV2, priority: P2,
   components: {booking: partial_outage, vault: major_outage}}
- {kind: status, at: "10:05", by: ann, to: fixing}
- {kind: theory, at: "10:06", by: ann, ref: T1, text: The vault leaks}
"""
TOLD = (
    RAISED
    + """
- {kind: update, at: "10:10", by: ann, audience: public, phase: investigating,
   text: We look into it., next_update_at: "10:40"}
"""
)
SOLVED = (
    TOLD
    + """
- {kind: action_taken, at: "10:20", by: ann, type: mitigation, text: Rolled the keys}
- {kind: status, at: "10:30", by: ann, to: monitoring}
- {kind: update, at: "10:30", by: ann, audience: public, phase: monitoring,
   text: It works again., components: {booking: operational}}
- {kind: impact, at: "10:50", by: ann, components: {vault: operational}, ended_at: "10:20"}
- {kind: status, at: "11:00", by: ann, to: resolved, attestation: over}
- {kind: update, at: "11:00", by: ann, audience: public, phase: resolved, text: This is over.}
"""
)
IDS = re.compile(r"[0-9a-z]{12}")


def visible(timeline: str, **card: Unpack[CardKeys]) -> bool:
    found = site(record(timeline, **card))
    return bool(found.incidents or found.maintenances)


def test_a_record_appears_with_a_public_title_and_an_update_to_the_public() -> None:
    assert visible(TOLD)
    assert not visible(RAISED)
    assert not visible(TOLD, public_title=None)
    assert not visible(TOLD.replace("audience: public", "audience: internal"))
    assert not visible(TOLD.replace("audience: public", "audience: executive"))


@pytest.mark.parametrize("visibility", ["internal", "public"])
def test_visibility_hides_only_what_is_restricted(visibility: str) -> None:
    assert visible(TOLD, visibility=visibility)
    assert not visible(TOLD, visibility="restricted")


def test_drills_never_appear_and_retrospective_records_do() -> None:
    assert not visible(TOLD, kind="drill")
    assert visible(TOLD, kind="retrospective")


def test_a_record_whose_only_update_was_retracted_does_not_appear() -> None:
    gone = TOLD + '- {kind: retraction, at: "10:20", by: ann, of: 20260502T101000Z-update, reason: wrong}\n'
    assert not visible(gone)


def test_a_retracted_update_is_gone_and_counts_as_a_change() -> None:
    gone = SOLVED + '- {kind: retraction, at: "12:00", by: ann, of: 20260502T101000Z-update, reason: wrong}\n'
    found = only(record(gone))
    assert [update.body for update in found.updates] == ["This is over.", "It works again."]
    assert found.updated_at == at("12:00")


def test_ids_are_opaque_and_stay_the_same() -> None:
    found = only(record(TOLD))
    assert IDS.fullmatch(found.id)
    assert all(IDS.fullmatch(update.id) for update in found.updates)
    assert found.id == only(record(SOLVED)).id == "g41z76rmz1pj"
    assert found.updates[0].id == only(record(SOLVED)).updates[-1].id
    assert found.id != only(record(TOLD, "2026-05-02-vault-leaks-2")).id


def test_the_page_can_ask_for_the_records_own_ids() -> None:
    page = PAGE.replace("time_zone", "public_ids: record, time_zone")
    assert only(record(TOLD), page=page).id == "2026-05-02-vault-leaks"


def test_an_imported_record_keeps_its_id_if_it_can_be_part_of_a_path() -> None:
    def named(name: str) -> str:
        return only(record(TOLD, origin={"system": "statuspage", "id": name})).id

    assert named("lhws0phdvzz3") == "lhws0phdvzz3"
    for hostile in ("../../etc/passwd", "a/b", "unresolved", ".", "Index", "ä"):
        assert IDS.fullmatch(named(hostile)), hostile


def test_a_component_counts_as_changed_by_what_was_recorded_here_and_not_by_what_was_imported() -> None:
    origin = {"system": "statuspage", "id": "lhws0phdvzz3"}
    ours, imported = record(SOLVED, "2026-05-02-a"), record(SOLVED, "2026-05-02-b", origin=origin)
    known = '{system: statuspage, id: legacy1, updated_at: "2026-05-01T08:00:00Z"}'
    page = PAGE.replace("key: booking,", f"key: booking, origin: {known},")

    assert part(site(imported, page=page), "booking").updated_at == at("2026-05-01T08:00:00Z")
    assert part(site(ours, page=page), "booking").updated_at == at("10:20")
    assert part(site(imported, ours, page=page), "booking").updated_at == at("10:20")


def test_two_records_with_one_imported_id_both_appear() -> None:
    origin = {"system": "statuspage", "id": "lhws0phdvzz3"}
    found = site(record(TOLD, "2026-05-02-a", origin=origin), record(TOLD, "2026-05-02-b", origin=origin))
    names = {incident.id for incident in found.incidents}
    assert len(names) == 2 and "lhws0phdvzz3" in names
    assert {change.incident for change in part(found, "booking").changes} == names


def test_the_internal_title_text_people_and_private_components_stay_inside() -> None:
    dumped = msgspec.json.encode(site(record(SOLVED))).decode()
    for inside in ("leak", "Ann", "ann", "Vault", "vault", "Rolled", "SEV", "attest"):
        assert inside not in dumped, inside


def test_an_update_names_what_changed_since_the_one_before() -> None:
    found = only(record(SOLVED))
    told = [[(a.name, a.old_status, a.new_status) for a in update.affected or ()] for update in found.updates]
    assert told == [
        [],
        [("Sending - Booking", "partial_outage", "operational")],
        [("Sending - Booking", "operational", "partial_outage")],
    ]
    assert found.updates[0].affected is None


def test_an_update_names_what_it_says_even_where_nothing_changed() -> None:
    said = (
        TOLD
        + """
- {kind: update, at: "10:20", by: ann, audience: public, phase: identified,
   text: Found., components: {booking: partial_outage}}
"""
    )
    (row,) = only(record(said)).updates[0].affected or ()
    assert (row.old_status, row.new_status) == ("partial_outage", "partial_outage")


def test_an_update_to_others_does_not_use_up_a_change() -> None:
    quiet = (
        RAISED
        + """
- {kind: update, at: "10:07", by: ann, audience: internal, phase: investigating, text: Join the call.}
- {kind: update, at: "10:10", by: ann, audience: public, phase: investigating, text: We look into it.}
"""
    )
    (row,) = only(record(quiet)).updates[0].affected or ()
    assert (row.old_status, row.new_status) == ("operational", "partial_outage")


def test_components_are_held_from_the_start_of_the_impact_to_its_end() -> None:
    known = SOLVED + '- {kind: assessment, at: "10:08", by: ann, started_at: "09:40"}\n'
    changes = part(site(record(known)), "booking").changes
    assert [(change.at, change.impact) for change in changes] == [
        (at("09:40"), "partial_outage"),
        (at("10:20"), "operational"),
    ]


def test_a_component_that_nobody_reset_is_operational_once_the_impact_ended() -> None:
    forgot = SOLVED.replace("components: {booking: operational}", "components: {}").replace('"10:50"', '"10:25"')
    found = site(record(forgot))
    assert part(found, "booking").changes[-1].at == at("10:20")
    assert part(found, "booking").status == "operational"
    last, before, _ = found.incidents[0].updates
    assert before.affected is None, "when it was written, nobody knew that it was over"
    assert [row.new_status for row in last.affected or ()] == ["operational"]


def test_what_is_learnt_later_about_the_end_replaces_what_was_thought() -> None:
    unsure = (
        TOLD
        + """
- {kind: impact, at: "10:45", by: ann, components: {booking: degraded_performance}}
- {kind: update, at: "10:45", by: ann, audience: public, phase: identified, text: Better.}
- {kind: impact, at: "10:50", by: ann, components: {vault: operational}, ended_at: "10:40"}
- {kind: status, at: "11:00", by: ann, to: resolved, attestation: over}
- {kind: update, at: "11:00", by: ann, audience: public, phase: resolved, text: Over.}
"""
    )
    found = site(record(unsure))
    assert [(change.at, change.impact) for change in part(found, "booking").changes] == [
        (at("10:00"), "partial_outage"),
        (at("10:40"), "operational"),
    ]
    told = [[row.new_status for row in update.affected or ()] for update in found.incidents[0].updates]
    assert told == [["operational"], ["degraded_performance"], ["partial_outage"]]


def test_the_state_now_is_the_worst_of_all_open_records() -> None:
    milder = TOLD.replace("partial_outage", "degraded_performance")
    found = site(record(TOLD), record(milder, "2026-05-02-slow"))
    assert part(found, "booking").status == "partial_outage"
    assert found.groups[0].status == "partial_outage"
    assert part(found, "payments").status == "operational"


def test_what_is_not_public_does_not_colour_a_component() -> None:
    assert part(site(record(RAISED)), "booking").status == "operational"


def test_only_what_was_known_by_then_is_seen() -> None:
    early = only(record(SOLVED), as_of="10:15")
    assert (early.phase, early.resolved_at, early.open) == ("investigating", None, True)
    assert early.next_update_at == at("10:40")
    assert site(record(SOLVED), as_of="10:09").incidents == ()
    late = (
        TOLD
        + """
- {kind: update, at: "10:12", recorded_at: "11:12", by: ann, audience: public, phase: identified, text: x}
"""
    )
    assert len(only(record(late), as_of="11:00").updates) == 1
    assert len(only(record(late), as_of="11:30").updates) == 2


def test_an_edited_update_keeps_its_id_and_is_dated_by_the_correction() -> None:
    edited = (
        TOLD
        + """
- {kind: correction, at: "10:15", by: ann, of: 20260502T101000Z-update, set: {text: We are looking into it.}}
"""
    )
    before, after = only(record(edited), as_of="10:12"), only(record(edited))
    assert before.updates[0].id == after.updates[0].id
    assert (before.updates[0].body, after.updates[0].body) == ("We look into it.", "We are looking into it.")
    assert (before.updates[0].updated_at, after.updates[0].updated_at) == (at("10:10"), at("10:15"))
    assert after.updates[0].at == at("10:10")
    assert after.updated_at == at("10:15")


def test_the_times_of_an_incident() -> None:
    found = only(record(SOLVED))
    assert found.started_at == at("10:00")
    assert found.created_at == at("10:10")
    assert found.monitoring_at == at("10:30")
    assert found.resolved_at == at("11:00")
    assert found.ended_at == at("10:20")
    assert found.updated_at == at("11:00")
    assert found.next_update_at is None
    assert found.shortlink == f"https://status.harbourpost.example/incidents/{found.id}/"


def test_a_promise_ends_with_the_incident() -> None:
    polite = SOLVED.replace("text: This is over.", 'text: This is over., next_update_at: "12:00"')
    assert only(record(polite)).next_update_at is None
    assert only(record(TOLD)).next_update_at == at("10:40")


def test_reopened_means_not_resolved() -> None:
    again = (
        SOLVED
        + """
- {kind: status, at: "12:00", by: ann, to: fixing, reason: back}
- {kind: update, at: "12:00", by: ann, audience: public, phase: investigating, text: It is back.}
"""
    )
    found = only(record(again))
    assert (found.phase, found.resolved_at, found.ended_at, found.open) == ("investigating", None, None, True)
    told = again + '- {kind: update, at: "13:00", by: ann, audience: public, phase: resolved, text: Over again.}\n'
    assert (only(record(told)).phase, only(record(told)).resolved_at) == ("investigating", None)
    over = only(record(told + '- {kind: status, at: "13:01", by: ann, to: resolved, attestation: quiet}\n'))
    assert (over.phase, over.resolved_at) == ("resolved", at("13:00"))


@pytest.mark.parametrize("phase", ["investigating", "identified", "monitoring"])
def test_what_is_over_is_resolved_whatever_an_entry_says_afterwards(phase: str) -> None:
    late = f'- {{kind: update, at: "12:30", by: ann, audience: public, phase: {phase}, text: Broken again.}}\n'
    found = only(record(SOLVED + "\n" + late))

    assert (found.phase, found.resolved_at, found.open) == ("resolved", at("11:00"), False)


def test_what_goes_on_after_it_was_reopened_is_open_even_where_customers_were_told_that_it_is_over() -> None:
    reopened = SOLVED + '\n- {kind: status, at: "12:00", by: ann, to: fixing, reason: back}\n'

    assert (only(record(reopened)).phase, only(record(reopened)).open) == ("investigating", True)


def test_a_false_alarm_stays_as_over_without_impact() -> None:
    false_alarm = (
        TOLD.replace('- {kind: status, at: "10:05", by: ann, to: fixing}\n', "")
        + """
- {kind: status, at: "10:20", by: ann, to: declined, reason: the probe was wrong}
"""
    )
    found = site(record(false_alarm))
    (incident,) = found.incidents
    assert (incident.phase, incident.impact, incident.open) == ("resolved", "none", False)
    assert incident.resolved_at == at("10:20")
    assert part(found, "booking").changes == ()


def test_a_merged_incident_is_over_for_the_public_and_its_impact_counts() -> None:
    merged = TOLD + '- {kind: status, at: "10:20", by: ann, to: merged, into: 2026-05-02-other}\n'
    found = site(record(merged))
    assert (found.incidents[0].phase, found.incidents[0].open) == ("resolved", False)
    assert [change.impact for change in part(found, "booking").changes] == ["partial_outage", "operational"]


def test_the_impact_is_the_severitys_public_word_else_the_worst_components() -> None:
    assert only(record(TOLD)).impact == "major"
    worse = TOLD + '- {kind: severity, at: "10:15", by: ann, to: SEV1, reason: spreads}\n'
    assert only(record(worse)).impact == "critical"
    plain = PAGE + "    severities: [{key: SEV2}]\n"
    assert only(record(TOLD), page=plain).impact == "major"
    assert only(record(TOLD.replace("partial_outage", "degraded_performance")), page=plain).impact == "minor"


def test_what_an_import_kept_comes_out_as_it_was() -> None:
    origin = {
        "system": "statuspage",
        "id": "lhws0phdvzz3",
        "url": "https://stspg.io/9p1s",
        "impact": "none",
        "created_at": "2026-05-02T10:01:00.123Z",
        "updated_at": "2026-05-03T09:00:00.456Z",
        "started_at": "2026-05-02T09:59:59.999Z",
        "monitoring_at": "10:33",
        "resolved_at": "11:03",
        "reminder_intervals": "[8]",
        "components": ["legacy1", "gone99"],
    }
    imported = """
- {kind: raised, at: "10:00", severity: SEV2, priority: P2, components: {booking: operational}}
- {kind: status, at: "10:00", to: fixing}
- kind: update
  at: "10:10"
  id: ldmr12tkkr69
  audience: public
  phase: investigating
  text: We look into it.
  origin:
    created_at: "10:11"
    updated_at: "10:12"
    deliver_notifications: false
    custom_tweet: Look
    tweet_id: 1459
    affected_components:
      - {code: gone99, name: Telegraph, old_status: operational, new_status: major_outage}
      - {code: hidden1, name: Key vault, old_status: operational, new_status: major_outage}
- {kind: status, at: "11:00", to: resolved}
- {kind: update, at: "11:00", id: v5q9x2, audience: public, phase: resolved,
   text: Over., components: {booking: operational}}
"""
    page = (
        PAGE.replace("key: booking,", "key: booking, origin: {system: statuspage, id: legacy1},")
        .replace("key: vault,", "key: vault, origin: {system: statuspage, id: hidden1},")
        .replace("key: telex,", "key: telex, origin: {system: statuspage, id: gone99},")
    )
    found = only(record(imported, origin=origin), page=page, as_of="2026-05-04T00:00:00+00:00")
    assert (found.id, found.shortlink, found.impact) == ("lhws0phdvzz3", "https://stspg.io/9p1s", "none")
    assert found.created_at == at("2026-05-02T10:01:00.123+00:00")
    assert found.updated_at == at("2026-05-03T09:00:00.456+00:00")
    assert found.started_at == at("2026-05-02T09:59:59.999+00:00")
    assert (found.monitoring_at, found.resolved_at) == (at("10:33"), at("11:03"))
    assert found.reminder_intervals == "[8]"
    assert found.components == ("legacy1", "gone99")
    last, first = found.updates
    assert (first.id, last.id) == ("ldmr12tkkr69", "v5q9x2")
    assert (first.at, first.created_at, first.updated_at) == (at("10:10"), at("10:11"), at("10:12"))
    assert (first.deliver_notifications, first.custom_tweet, first.tweet_id) == (False, "Look", 1459)
    assert [(row.code, row.name) for row in first.affected or ()] == [("gone99", "Telegraph")]
    assert [(row.code, row.name) for row in last.affected or ()] == [("legacy1", "Sending - Booking")]
    then = only(record(imported, origin=origin), page=page, as_of="10:30")
    assert (then.monitoring_at, then.resolved_at, then.updated_at) == (None, None, at("10:12"))


def test_an_address_that_is_no_web_address_is_not_handed_on() -> None:
    origin = {"system": "other", "id": "x1", "url": "javascript:alert(1)"}
    assert only(record(TOLD, origin=origin)).shortlink == "https://status.harbourpost.example/incidents/x1/"


def test_the_order_of_records_does_not_matter() -> None:
    records = [record(SOLVED, f"2026-05-02-{name}") for name in "abc"]
    assert publish(records, config(), at("20:00")) == publish(reversed(records), config(), at("20:00"))


def test_updates_of_one_minute_keep_the_order_of_their_phases() -> None:
    minute = """
- {kind: raised, at: "10:00", severity: SEV3, priority: P3, components: {booking: operational}}
- {kind: update, at: "10:10", id: zz, audience: public, phase: monitoring, text: m}
- {kind: update, at: "10:10", id: aa, audience: public, phase: resolved, text: r}
- {kind: update, at: "10:10", id: mm, audience: public, phase: investigating, text: i}
"""
    found = only(record(minute, origin={"system": "github", "id": "1"}))
    assert [update.phase for update in found.updates] == ["resolved", "monitoring", "investigating"]
    assert found.phase == "resolved"
