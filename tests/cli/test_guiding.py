"""sevlog next, theories, workload."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


@pytest.mark.demand("S23")
def test_next_names_the_one_thing_to_do_and_its_command_is_one_that_works(records: Repository) -> None:
    records.raised()

    first = records.tells("next")["guides"][0]["first"]
    assert first["what"] == "take command as incident manager"
    records.does(*first["command"].split()[1:-2], "--channel", "chat=https://chat.example/room")

    assert records.tells("next")["guides"][0]["first"]["what"] != "take command as incident manager"


def test_of_the_only_live_incident_commands_need_no_id(records: Repository) -> None:
    incident = records.raised()

    assert "\n  sevlog ack --channel chat=URL\n" in records.does("next")
    assert f"sevlog ack -i {incident} " in records.does("next", incident)


def test_several_come_by_rank_and_one_can_be_named(records: Repository) -> None:
    records.raised()
    records.does("raise", "Search slow", "--severity", "SEV3", "--component", "search", "--summary", "slow")

    assert [g["incident"]["rank"] for g in records.tells("next")["guides"]] == [1, 2]
    assert [g["incident"]["title"] for g in records.tells("next", "search")["guides"]] == ["Search slow"]


def test_what_stands_against_resolving_is_told_before_one_tries(records: Repository) -> None:
    records.fixing()
    records.does("monitor", "--mitigation", "rolled back")

    said = records.does("next")

    assert "assessment is incomplete: customer impact and scope missing" in said


def test_when_nothing_is_live_next_says_what_waits_to_be_closed(records: Repository) -> None:
    assert records.does("next") == "No live incidents, and none waiting to be closed.\n"
    records.does("raise", "Search slow", "--severity", "SEV3", "--component", "search", "--summary", "slow")
    records.does("ack", "--channel", "chat=#search")
    records.does("assess", "--customer-impact", "Answers take 2 s", "--scope", "some")
    records.does("resolve", "--attestation", "p95 is back", "--ended-at", "now")

    assert "sevlog close -i" in records.does("next")


@pytest.mark.demand("S72")
@pytest.mark.demand("S70")
def test_theories_are_a_tree_with_what_was_tried(records: Repository) -> None:
    records.fixing()
    records.does("theory", "The pool is too small", "--fix", "double it")
    records.does("theory", "Because the deploy halved it", "--from", "T1")
    records.does("theory", "The bank is slow")
    records.does(
        "experiment", "Double it on one node", "--theory", "T1", "--expect", "errors stop", "--result", "they did"
    )
    records.does("theory", "--ref", "T3", "--state", "refuted")

    found = records.tells("theories")

    assert [(t["ref"], t["depth"], t["state"]) for t in found["theories"]] == [
        ("T1", 0, "open"),
        ("T2", 1, "open"),
        ("T3", 0, "refuted"),
    ]
    assert found["theories"][2]["text"] == "The bank is slow"
    assert found["untested"] == ["T2"]
    assert "result: they did" in records.does("theories")


def test_without_a_theory_the_first_is_asked_for(records: Repository) -> None:
    incident = records.fixing()

    assert f"sevlog theory -i {incident}" in records.does("theories")


@pytest.mark.demand("S64")
def test_workload_names_people_their_roles_and_tasks(records: Repository) -> None:
    incident = records.fixing()
    records.does("task", "Call the bank", "--assignee", "bo")

    people = {p["person"]: p for p in records.tells("workload")["people"]}

    assert people["ana"]["duties"][0]["incident"] == incident
    assert [t["text"] for t in people["bo"]["tasks"]] == ["Call the bank"]
    assert f"bo: task K1 in {incident}: Call the bank" in records.does("workload")
    assert "Nobody" not in records.does("workload")


@pytest.mark.demand("S80")
@pytest.mark.demand("S61")
def test_next_shows_what_helped_in_a_similar_incident(records: Repository) -> None:
    before = records.fixing()
    records.does("act", "Rolled web back to 4f2c1e", "--type", "rollback")
    records.does("decline", "--reason", "a drill nobody announced")
    records.raised()

    said = records.does("next")
    assert f"similar: {before}" in said
    assert "what helped: Rolled web back to 4f2c1e" in said
    (guide,) = records.tells("next")["guides"]
    assert [one["id"] for one in guide["similar"]["incidents"]] == [before]
    assert guide["stages"][1]["times"] == [guide["stages"][1]["done_at"]]
