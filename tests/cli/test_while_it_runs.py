"""What goes on while an incident runs stays true: reopening, false alarms, times, the lead, pages."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository
from sevlog.services.publishing.public_view import publishable
from sevlog.services.workspace.workspace import Workspace

MAJOR = ("--severity", "SEV1", "--component", "checkout=major_outage", "--summary", "Nobody can pay")


def running(records: Repository) -> str:
    incident = str(records.tells("raise", "Checkout fails", *MAJOR)["id"])
    records.does("ack", "--channel", "chat=https://chat.example/x")
    return incident


def resolved(records: Repository) -> str:
    """A major that customers know of, resolved."""
    incident = running(records)
    records.does("update", "--title", "Payments fail", "--approved-by", "ana", "We know.")
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "all")
    records.does("resolve", "--ended-at", "now", "--attestation", "Quiet", "--final-update", "It is over.")
    return incident


def test_reopening_owes_customers_a_word_at_once_and_asks_for_component_states(records: Repository) -> None:
    incident = resolved(records)

    said = records.sevlog("reopen", "-i", incident, "--reason", "Errors are back")
    shown = records.tells("show", incident)
    guide = records.does("next", "-i", incident)

    assert said.code == 0 and "sevlog impact" in said.err
    assert shown["relapses"] == 1
    assert shown["next_update_due_at"] is not None
    assert "OVERDUE" in guide.upper() or "send the next update to customers" in guide
    assert "components" in guide


def test_reopening_with_component_states_shows_them_on_the_page(records: Repository) -> None:
    incident = resolved(records)

    records.does("reopen", "-i", incident, "--reason", "Errors are back", "--component", "checkout=partial_outage")
    site = publishable(Workspace(records.root, clock=records.clock)).site

    assert [(one.phase, one.open) for one in site.incidents] == [("investigating", True)]
    assert {part.key: part.status for part in site.components}["checkout"] == "partial_outage"


def test_final_updates_count_from_the_reopening(records: Repository) -> None:
    incident = resolved(records)
    records.does("reopen", "-i", incident, "--reason", "Errors are back")

    error = records.refuses(3, "resolve", "-i", incident, "--ended-at", "now", "--attestation", "Quiet again")

    assert "final update" in error


def test_an_end_before_the_incident_was_raised_asks_for_the_start_and_gives_no_negative_time(
    records: Repository,
) -> None:
    incident = running(records)
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "all")

    said = records.sevlog("resolve", "-i", incident, "--ended-at", "-3h", "--attestation", "Quiet")
    durations = records.tells("show", incident)["durations"]

    assert "--started-at" in said.err
    assert durations["time_to_restore"] is None
    assert [value for value in durations.values() if value is not None and value < 0] == []


def test_an_end_after_the_time_of_the_act_is_refused_and_not_moved(records: Repository) -> None:
    incident = running(records)
    records.does("assess", "--customer-impact", "Nobody can pay", "--scope", "all", "--started-at", "-2h")
    for _ in range(3):
        records.does("note", "Still looking")

    error = records.refuses(2, "resolve", "-i", incident, "--at", "-1s", "--ended-at", "now", "--attestation", "Quiet")

    assert "--ended-at" in error


def test_what_is_not_confirmed_asks_for_a_decision_and_not_for_first_words(records: Repository) -> None:
    incident = running(records)
    records.does("assess", "--not-confirmed")

    guide = records.does("next", "-i", incident)

    assert "first update" not in guide
    assert "sevlog decline" in guide


def test_a_false_alarm_after_command_was_taken_is_declined(records: Repository) -> None:
    incident = running(records)

    assert records.tells("decline", "-i", incident, "--reason", "The probe was wrong")["status"] == "declined"


def test_releasing_the_lead_says_who_leads_now_and_every_view_agrees(records: Repository) -> None:
    incident = running(records)
    records.does("assign", "-i", incident, "incident_manager", "bo")

    said = records.sevlog("release", "-i", incident, "incident_manager", "ana")
    shown, roles = records.tells("show", incident), records.does("roles", "-i", incident)

    assert "bo leads now" in said.err
    assert shown["lead"] == "bo"
    assert "bo (leads)" in roles


def test_a_second_holder_of_the_role_that_leads_by_somebody_else_is_a_warning(records: Repository) -> None:
    incident = running(records)

    by_other = records.sevlog("assign", "-i", incident, "incident_manager", "chi", "--as", "bo")
    by_lead = records.sevlog("assign", "-i", incident, "incident_manager", "bo")

    assert by_other.code == 0 and "ana leads" in by_other.err
    assert "ana leads" not in by_lead.err


def test_a_role_in_a_workstream_is_shown_and_released_by_itself(records: Repository) -> None:
    incident = running(records)
    records.does("assign", "-i", incident, "tech_lead", "bo")
    records.does("assign", "-i", incident, "tech_lead", "bo", "--workstream", "database")

    assert "tech lead: bo, bo (database)" in records.does("show", incident)
    records.does("release", "-i", incident, "tech_lead", "bo", "--workstream", "database")
    assert "tech lead: bo\n" in records.does("show", incident)


def test_taking_command_answers_the_pages_before_it(records: Repository) -> None:
    incident = str(records.tells("raise", "Checkout fails", *MAJOR)["id"])
    folder = records.root / "incidents/2026" / incident / "timeline"
    at = records.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    (folder / "page.yaml").write_text(f"{{kind: paged, at: {at}, target: 'schedule:payments', via: mail}}\n", "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "A page by hand")
    assert "schedule:payments" in records.does("next", "-i", incident)

    records.does("ack", "-i", incident, "--channel", "chat=https://chat.example/x")

    assert "schedule:payments" not in records.does("next", "-i", incident)


def test_a_minor_incident_takes_three_commands_and_no_ceremony(records: Repository) -> None:
    records.does("raise", "Search is slow", "--severity", "SEV3", "--component", "search", "--summary", "Slow")
    records.does("ack")
    records.does("assess", "--customer-impact", "Search takes 4 s", "--scope", "some")

    assert records.tells("resolve", "--ended-at", "now")["status"] == "resolved"


def test_a_major_still_needs_its_channel_and_attestation(records: Repository) -> None:
    incident = str(records.tells("raise", "Checkout fails", *MAJOR)["id"])

    assert "channel" in records.refuses(3, "ack", "-i", incident)


def test_drills_are_on_the_board_behind_the_incidents_and_without_a_rank(records: Repository) -> None:
    records.does("raise", "Practice", *MAJOR, "--kind", "drill")
    real = records.tells("raise", "Search is slow", "--severity", "SEV3", "--component", "search", "--summary", "s")

    board = records.tells("board")["incidents"]

    assert [(row["kind"], row["rank"]) for row in board] == [("incident", 1), ("drill", None)]
    assert board[0]["id"] == real["id"]
    assert "[drill] 2026-11-23-practice" in records.does("board")


def test_the_time_at_each_severity_is_shown(records: Repository) -> None:
    incident = running(records)
    records.does("severity", "SEV2", "--reason", "A way around it")

    shown = records.does("show", incident)

    assert "at SEV1" in shown and "at SEV2" in shown


@pytest.mark.demand("S5")
def test_a_severity_that_is_milder_than_the_scope_suggests_is_a_warning(records: Repository) -> None:
    minor = ("--severity", "SEV3", "--component", "checkout", "--summary", "s", "--scope", "all")

    assert "SEV1 would fit, because all customers are affected" in records.sevlog("raise", "One thing", *minor).err
    assert "would fit" not in records.sevlog("raise", "Another thing", *minor, "--not-essential").err


@pytest.mark.demand("S11")
def test_a_priority_against_the_matrix_asks_for_its_reason(records: Repository) -> None:
    said = records.sevlog("raise", "Checkout fails", *MAJOR, "--scope", "all", "--priority", "P4")

    assert said.code == 0
    assert "the priority matrix gives P1" in said.err


@pytest.mark.demand("S5")
def test_blocked_essential_tasks_decide_what_is_proposed(records: Repository) -> None:
    without = ("raise", "Checkout fails", "--component", "checkout", "--summary", "s", "--scope", "all")

    assert "--severity SEV1" in records.refuses(3, *without)
    assert "--severity SEV3" in records.refuses(3, *without, "--not-essential")
