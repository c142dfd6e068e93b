"""Two people take the same step or the same role at once: the first counts, and the other is told who was faster."""

from __future__ import annotations

import pytest

from fixtures.repositories import git
from fixtures.teams import Team


@pytest.mark.demand("S65")
def test_of_two_who_take_command_at_once_the_first_leads_and_the_other_is_told(team: Team) -> None:
    team.does("ana", "ack", "--channel", "chat=https://chat.example/1")
    code, said = team.say("bo", "ack", "--channel", "chat=https://chat.example/2")

    assert code == 3
    assert "ana leads since" in said and "meanwhile: " in said and "ana: assigned" in said
    incident = min((team.root / "bo" / "incidents").glob("*/*")).name
    assert f"sevlog assign incident_manager bo --lead -i {incident}" in said
    shown = team.tells("bo", "show")
    assert (shown["lead"], shown["roles"]) == ("ana", {"incident_manager": ["ana"]})
    assert len(shown["channels"]) == 1 and shown["problems"] == []


def test_of_two_who_are_given_the_lead_at_once_the_second_is_dropped(team: Team) -> None:
    team.does("ana", "ack", "--channel", "chat=https://chat.example/1")
    team.does("bo", "sync")
    team.does("ana", "assign", "incident_manager", "chi", "--lead")

    code, said = team.say("bo", "assign", "incident_manager", "bo", "--lead")

    assert code == 3 and "chi leads since" in said
    assert team.tells("bo", "show")["lead"] == "chi"


def test_a_lead_that_its_author_knew_of_can_be_taken_although_others_wrote_meanwhile(team: Team) -> None:
    team.does("ana", "ack", "--channel", "chat=https://chat.example/1")
    team.does("bo", "sync")
    team.does("ana", "note", "still here")

    assert "ana leads" in team.does("bo", "assign", "incident_manager", "bo", "--lead")
    assert team.tells("bo", "show")["lead"] == "bo"


def test_of_two_who_resolve_at_once_the_second_is_told(team: Team) -> None:
    team.does("ana", "ack", "--channel", "chat=https://chat.example/1")
    team.does("ana", "assess", "--customer-impact", "slow", "--scope", "some")
    team.does("bo", "sync")
    resolve = ("resolve", "--ended-at", "now", "--attestation", "quiet", "--as", "ana")
    team.does("ana", *resolve)

    code, said = team.say("bo", *resolve)

    assert code == 3 and "the status was already `resolved`" in said and "ana: status resolved" in said


def test_a_severity_that_lost_a_race_says_from_which_level_it_moved(team: Team) -> None:
    team.does("ana", "severity", "SEV1", "--reason", "all are affected")

    code, said = team.say("bo", "severity", "SEV2", "--reason", "some are")

    assert code == 0 and "SEV2 P4 raised  severity SEV1 -> SEV2  (" in said
    assert "hint: meanwhile: " in said and "ana: severity SEV1" in said
    assert git(team.root / "bo", "log", "-1", "--format=%s").endswith(": severity SEV1 -> SEV2")
    assert "SEV3" not in said


def test_a_severity_that_somebody_else_has_set_already_is_dropped(team: Team) -> None:
    team.does("ana", "severity", "SEV1", "--reason", "all are affected")

    code, said = team.say("bo", "severity", "SEV1", "--reason", "me too")

    assert code == 3 and "the severity is already SEV1" in said


def test_what_an_act_prints_is_the_state_with_what_others_did_meanwhile(team: Team) -> None:
    team.does("ana", "severity", "SEV1", "--reason", "all are affected")

    assert "SEV1 P4 raised  note" in team.does("bo", "note", "still slow")


def test_an_internal_update_on_what_was_resolved_meanwhile_is_dropped(team: Team) -> None:
    team.does("ana", "ack", "--channel", "chat=https://chat.example/1")
    team.does("ana", "assess", "--customer-impact", "slow", "--scope", "some")
    team.does("bo", "sync")
    team.does("ana", "resolve", "--ended-at", "now", "--attestation", "quiet")

    code, said = team.say("bo", "update", "Still broken", "--audience", "internal", "--approved-by", "ana")

    assert code == 3
    assert "update with phase `investigating` after the end" in said and "sevlog reopen" in said
