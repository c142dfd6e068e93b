"""sevlog join: oneself, others and teams."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


@pytest.mark.demand("S57")
def test_others_are_added_by_the_one_who_types(records: Repository) -> None:
    incident = records.raised()

    done = records.tells("join", "chi", "bo", "--audience", "observer", "-i", incident, "--as", "ana")

    texts = [(records.folder() / "timeline" / f"{name}.yaml").read_text("utf-8") for name in done["entries"]]
    assert [("by: ana" in text, "person: chi" in text, "person: bo" in text) for text in texts] == [
        (True, True, False),
        (True, False, True),
    ]
    assert "observers: Chi, Bo" in records.does("show", incident)
    assert len(records.committed()) == 2


def test_somebody_who_is_not_listed_cannot_be_added(records: Repository) -> None:
    records.raised()

    assert "`zed` is not listed in oncall.yaml" in records.refuses(2, "join", "zed")


def test_a_person_and_a_team_join_in_one_act(records: Repository) -> None:
    incident = records.raised()

    records.does("join", "chi", "--team", "payments")

    assert "responders: Chi, team Payments" in records.does("show", incident)
