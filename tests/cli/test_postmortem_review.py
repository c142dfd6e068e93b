"""The review of a postmortem: who is asked, how many approve, the investigation board, and texts that change."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository, answer_questions, write_postmortem
from sevlog.stores.markdown import frontmatter
from sevlog.stores.yaml import io as yaml_io

PEOPLE = """schema: 1
people: [{key: ana}, {key: bo, forge: bo-hub}, {key: cy}, {key: dee}, {key: eve}]
teams: [{key: payments, members: [bo]}, {key: board, members: [cy, dee]}]
"""


def front(records: Repository) -> dict[str, object]:
    matter = yaml_io.read(frontmatter.split((records.folder() / "postmortem.md").read_bytes())[0])
    assert isinstance(matter, dict)
    return matter


def with_policy(records: Repository, policy: str) -> None:
    (records.root / "oncall.yaml").write_text(PEOPLE, "utf-8")
    config = records.root / "sevlog.yaml"
    text = config.read_text("utf-8").replace("policies: {", f"policies: {{postmortem: {{{policy}}}, ")
    assert policy in text
    config.write_text(text, "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "policy")


def submitted(records: Repository, policy: str) -> str:
    with_policy(records, policy)
    incident = records.resolved()
    write_postmortem(records.folder())
    records.does("postmortem", "submit", "-i", incident)
    return incident


@pytest.mark.demand("S90")
def test_a_major_needs_the_quorum_and_one_of_the_investigation_board(records: Repository) -> None:
    incident = submitted(records, "approvals: 2, board: [board]")

    records.does("postmortem", "approve", "-i", incident, "--as", "bo")
    assert (front(records)["status"], front(records)["approved_by"]) == ("in_review", ["bo"])
    assert "has approved the postmortem" in records.refuses(3, "postmortem", "approve", "-i", incident, "--as", "bo")
    said = records.does("next", "-i", incident)
    assert "1 of 2 approvals, waiting for board" in said
    records.does("postmortem", "approve", "-i", incident, "--as", "eve")
    assert front(records)["status"] == "in_review"

    done = records.sevlog("postmortem", "approve", "-i", incident, "--as", "cy")

    assert (front(records)["status"], front(records)["approved_by"]) == ("approved", ["bo", "eve", "cy"])
    assert done.code == 0
    last = records.tells("timeline", incident)["timeline"][-1]
    assert last["kind"] == "decision"
    assert last["text"] == "Postmortem approved by bo, eve, cy (investigation board)."
    records.does("close", "-i", incident)


@pytest.mark.demand("S85")
def test_submit_asks_the_board_the_roles_and_the_teams_that_own_a_component(records: Repository) -> None:
    with_policy(records, "board: [board], reviewer_roles: [tech_lead]")
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("key: checkout", "key: checkout, owner: payments"), "utf-8")
    records.git("commit", "-qam", "owner")
    records.fixing()
    records.does("assign", "tech_lead", "bo")
    records.does("postmortem", "new")
    answer_questions(records.folder() / "postmortem.md")
    records.git("commit", "-qam", "write")

    done = records.sevlog("postmortem", "submit")

    assert front(records)["reviewers"] == ["board", "cy", "dee", "bo", "payments"]
    assert "reviewers: board, cy, dee, bo, payments" in done.err
    assert f"line for CODEOWNERS: /incidents/{records.folder().parent.name}/{records.folder().name}" in done.err
    assert "@bo-hub" in done.err


def test_an_edit_after_an_approval_makes_the_approval_void(records: Repository) -> None:
    incident = submitted(records, "approvals: 2")
    records.does("postmortem", "approve", "-i", incident, "--as", "bo")
    path = records.folder() / "postmortem.md"
    path.write_text(path.read_text("utf-8").replace("The pool ran dry.", "The pool was too small.", 1), "utf-8")
    records.git("commit", "-qam", "changed by hand")

    assert "the text changed after bo approved it" in records.sevlog("check").out
    records.does("postmortem", "edit", "-i", incident, "--file", str(path), "--as", "cy")

    assert "approved_by" not in front(records)
    assert "the text changed after" not in records.sevlog("check").out
    records.does("postmortem", "approve", "-i", incident, "--as", "cy")
    path.write_text(path.read_text("utf-8").replace("The pool was too", "The pool was much too", 1), "utf-8")
    records.git("commit", "-qam", "changed again")
    said = records.sevlog("postmortem", "approve", "-i", incident, "--as", "bo")
    assert "approvals of an earlier text no longer count: cy" in said.err
    assert front(records)["approved_by"] == ["bo"]


def test_submit_lists_everything_that_is_missing_at_once(records: Repository) -> None:
    incident = records.resolved()
    records.does("action", "add", "Limit the pool", "-i", incident)
    path = records.folder() / "actions.yaml"
    path.write_text(path.read_text("utf-8") + "  status: accepted\n", "utf-8")
    text = (records.folder() / "postmortem.md").read_text("utf-8")
    (records.folder() / "postmortem.md").write_text(text.replace("## Fault\n", "## Fault\n\nA pool.\n"), "utf-8")
    records.git("commit", "-qam", "write some")

    said = records.refuses(3, "postmortem", "submit", "-i", incident)

    assert "3 requirements are not met" in said
    assert "sections without words of their own: `Leadup`, `Contributing factors`" in said
    assert "`Fault`" not in said
    assert "no contributing factor in the front matter" in said
    assert "action item A1 has no owner and no due date" in said


def test_the_owner_does_not_waive_the_postmortem_of_a_major_unless_the_policy_permits_it(records: Repository) -> None:
    with_policy(records, "waived_by: not_owner")
    incident = records.resolved()
    waive = ("postmortem", "waive", "-i", incident, "--reason", "same cause")

    said = records.refuses(3, *waive)
    assert "ana owns the postmortem" in said
    assert "waived_by: anyone" in said
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("not_owner", "anyone"), "utf-8")
    records.git("commit", "-qam", "permit")

    records.does(*waive)

    assert front(records)["status"] == "waived"
