"""Texts that need approval: what is refused names people and commands that work."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository

NO_SELF = "comms: {audiences: {public: {approver: incident_manager, self_approval: false}}}\n"


def no_self_approval(records: Repository) -> None:
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + NO_SELF, "utf-8")
    records.git("commit", "-qam", "nobody approves their own texts")


@pytest.mark.demand("S53")
def test_nobody_is_told_to_approve_their_own_text_where_that_is_not_allowed(records: Repository) -> None:
    no_self_approval(records)
    incident = records.fixing()
    words = ("update", "We know.", "--title", "Cards fail", "-y")

    said = records.refuses(3, *words)

    assert "ana wrote it, so somebody else must approve it" in said
    assert "--approved-by ana" not in said and "--draft" not in said
    assert f"sevlog assign incident_manager PERSON -i {incident}" in said
    records.does("assign", "incident_manager", "bo", "-i", incident)
    assert "if bo has approved it: add --approved-by bo" in records.refuses(3, *words)
    records.does(*words, "--approved-by", "bo")


@pytest.mark.demand("S76", "S53")
@pytest.mark.parametrize(
    "step",
    [
        ("resolve", "--ended-at", "now", "--attestation", "quiet", "--final-update", "Cards work again."),
        ("decline", "--reason", "the probe was wrong", "--final-update", "Nothing was wrong."),
    ],
)
def test_a_step_with_a_last_text_takes_who_approved_it(records: Repository, step: tuple[str, ...]) -> None:
    no_self_approval(records)
    incident = records.assessed()
    records.does("assign", "incident_manager", "bo")
    records.does("update", "We know.", "--title", "Cards fail", "--approved-by", "bo")

    said = records.refuses(3, *step)

    assert "if bo has approved it: add --approved-by bo" in said and "add --draft" not in said
    draft = f'sevlog update "…" --audience public --phase resolved --draft -i {incident}'
    assert f"send this text on its own first: {draft}" in said
    assert "`zed` is not listed" in records.refuses(2, *step, "--approved-by", "zed")
    records.does(*step, "--approved-by", "bo")
    last = max((records.folder() / "timeline").glob("*-update.yaml"))
    assert "approved_by: bo" in last.read_text("utf-8")


def test_the_draft_that_a_refused_step_names_can_be_written_and_sent(records: Repository) -> None:
    no_self_approval(records)
    incident = records.assessed()
    records.does("assign", "incident_manager", "bo")
    records.does("update", "We know.", "--title", "Cards fail", "--approved-by", "bo")

    records.does("update", "It works.", "--audience", "public", "--phase", "resolved", "--draft", "-i", incident)
    records.does("approve", "-i", incident, "--as", "bo")
    records.does("resolve", "--ended-at", "now", "--attestation", "quiet")
