"""Roles: the role card after an assignment, and the list of roles with their holders."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


@pytest.mark.demand("S63")
def test_who_gets_a_role_is_handed_its_card_with_channels_and_team(records: Repository) -> None:
    records.fixing()
    (card,) = records.tells("assign", "tech_lead", "bo")["cards"]

    assert (card["role"], card["name"], card["person"], card["lead"]) == ("tech_lead", "Tech lead", "bo", False)
    assert card["duties"]
    assert 1 <= len(card["first_moves"]) <= 3
    assert card["channels"] == ["chat https://chat.example/room"]
    assert card["team"] == ["incident manager: ana (leads)"]


@pytest.mark.demand("S63")
def test_taking_command_and_taking_over_bring_the_card_too_and_an_offer_does_not(records: Repository) -> None:
    records.raised()
    (card,) = records.tells("ack", "--channel", "chat=https://chat.example/room")["cards"]
    assert (card["person"], card["lead"]) == ("ana", True)

    assert records.tells("handover", "incident_manager", "chi")["cards"] == []
    (card,) = records.tells("handover", "--accept", "--as", "chi")["cards"]
    assert (card["person"], card["lead"]) == ("chi", True)


def test_the_card_is_printed_first_moves_first(records: Repository) -> None:
    records.fixing()
    told = records.does("assign", "communications_manager", "chi", "--workstream", "Payments")
    assert "chi, you are Communications manager, for Payments" in told
    assert told.index("First steps:") < told.index("Duties:") < told.index("Team:")


def test_roles_tell_who_holds_them_and_which_are_missing(records: Repository) -> None:
    incident = records.fixing()
    document = records.tells("roles")
    by_key = {row["card"]["role"]: row for row in document["roles"]}

    assert document["incident"] == incident
    assert by_key["incident_manager"]["holders"] == ["ana (leads)"]
    assert (by_key["tech_lead"]["holders"], by_key["tech_lead"]["needed"]) == ([], True)
    assert by_key["scribe"]["needed"] is False
    assert "nobody (needed)" in records.does("roles")


@pytest.mark.demand("S87", "S88")
def test_without_an_incident_there_is_the_catalogue_with_what_each_is_for(records: Repository) -> None:
    document = records.tells("roles")
    assert document["incident"] is None
    by_key = {row["card"]["role"]: row for row in document["roles"]}
    assert by_key["incident_manager"]["not_with"] == ["tech_lead"]
    assert by_key["tech_lead"]["types"] == ["security", "data"]
    assert "required for SEV1, SEV2" in records.does("roles")
    assert "First steps:" in records.does("roles", "tech_lead")


@pytest.mark.demand("S13", "S88")
def test_the_card_on_assignment_shows_the_limits(records: Repository) -> None:
    records.fixing()
    (card,) = records.tells("assign", "tech_lead", "bo")["cards"]

    assert "Not for a person who is also Incident manager (incident_manager) on a major incident" in card["limits"]
    assert "Limits:\n  - Required at severity SEV1, SEV2\n" in records.does("roles", "tech_lead")


@pytest.mark.demand("S87")
def test_the_table_of_all_roles_shows_limits_and_pairs_in_80_columns(records: Repository) -> None:
    told = records.does("roles")

    assert "leads; one lead; not with Tech lead" in told
    assert "not with Incident manager" in told
    assert "deputy for Incident manager" in told
    assert max(len(line) for line in told.splitlines()) <= 80


@pytest.mark.demand("S13")
def test_assigning_one_person_more_than_a_role_may_have_warns(records: Repository) -> None:
    settings = records.root / "sevlog.yaml"
    settings.write_text(settings.read_text() + "roles: [{key: chief, leads: true}, {key: scribe, max_holders: 1}]\n")
    records.git("commit", "-qam", "One scribe")
    records.raised()

    assert records.tells("assign", "scribe", "bo")["warnings"] == []
    (warning,) = records.tells("assign", "scribe", "chi")["warnings"]
    assert warning.startswith("2 people hold the role scribe (bo, chi); at most 1 may")
    assert "warning[too_many_holders]: 2 people hold the role scribe" in records.sevlog("check").out


def test_a_role_that_is_not_there_is_told_with_what_is(records: Repository) -> None:
    error = records.fails(2, "roles", "tech_leed")
    assert "tech_lead" in " ".join([error["message"], *error["hints"]])


def test_a_lead_of_an_earlier_time_does_not_claim_to_lead_now(records: Repository) -> None:
    incident = records.fixing()

    said = records.sevlog("assign", "incident_manager", "bo", "--lead", "--at", "-3h", "-i", incident).err

    assert "warning: ana still leads since" in said
    assert "before the incident was raised at" in said
    assert records.tells("show", incident)["lead"] == "ana"


def test_roles_of_workstreams_are_told_apart_in_a_refusal(records: Repository) -> None:
    records.fixing()
    records.does("assign", "tech_lead", "chi")
    records.does("assign", "tech_lead", "chi", "--workstream", "db")

    said = records.refuses(3, "handover", "scribe", "chi")

    assert "roles now: incident manager: ana, tech lead: chi, tech lead: chi (db)" in said
