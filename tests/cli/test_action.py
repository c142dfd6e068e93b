"""sevlog action: from an idea to verified, with owner and date, each step in the timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fixtures.repositories import Repository

pytestmark = pytest.mark.demand("S86")
ADD = ("action", "add", "Alert on refused cards", "--class", "priority")


def items(records: Repository) -> list[dict[str, Any]]:
    document: dict[str, Any] = records.tells("action", "list", "--all")
    rows: list[dict[str, Any]] = document["actions"]
    return rows


def test_an_item_goes_from_an_idea_to_verified(records: Repository) -> None:
    records.resolved()
    records.does(*ADD, "--owner", "ana")
    records.does("action", "accept", "A1")
    records.does("action", "start", "a1")
    records.does("action", "done", "A1", "--by", "https://git.example/pull/611", "--by", "4f2c1e0")
    done = records.sevlog("action", "verify", "A1", "--as", "bo")

    (item,) = items(records)
    assert (item["status"], item["owner"], item["verified_by"]) == ("verified", "ana", "bo")
    assert item["done_by"] == ["https://git.example/pull/611", "4f2c1e0"]
    assert done.code == 0
    told = records.does("timeline", "-i", records.incident())
    for said in ("A1 added", "A1 accepted", "A1 in progress", "A1 done", "A1 verified"):
        assert f"Action item {said}" in told
    assert records.sevlog("check").code == 0


def test_an_accepted_item_gets_its_date_by_the_policy(records: Repository) -> None:
    records.resolved()
    start = records.clock().date()

    records.does(*ADD, "--owner", "ana", "--accept")
    assert items(records)[0]["due"] == str(start + timedelta(weeks=8))
    records.does("action", "add", "Delete the copies", "--owner", "bo", "--accept", "--due", "10d")
    assert items(records)[0]["due"] == str(start + timedelta(days=10))


def test_on_a_major_incident_nobody_accepts_what_has_no_owner(records: Repository) -> None:
    records.resolved()
    records.does(*ADD)

    refusal = records.refuses(3, "action", "accept", "A1")
    assert "A1 needs --owner PERSON" in refusal
    assert f"sevlog action accept -i {records.incident()} A1 --owner PERSON" in refusal
    assert "--owner PERSON" in records.refuses(3, *ADD, "--accept")


@pytest.mark.parametrize(
    ("before", "command", "legal"),
    [
        ((), "start", "accept"),
        ((), "verify", "wont-do"),
        (("accept",), "verify", "done"),
        (("accept", "done"), "start", "reopen"),
        (("accept", "done", "verify"), "done", "reopen"),
    ],
)
def test_a_step_that_is_not_legal_says_which_are(
    records: Repository, before: tuple[str, ...], command: str, legal: str
) -> None:
    incident = records.resolved()
    records.does(*ADD, "--owner", "ana")
    for step in before:
        records.does("action", step, "A1")

    assert f"sevlog action {legal} -i {incident} A1" in records.refuses(3, "action", command, "A1")


def test_what_will_not_be_done_has_a_reason_and_can_come_back(records: Repository) -> None:
    records.resolved()
    records.does(*ADD, "--owner", "ana", "--accept")

    records.refuses(2, "action", "wont-do", "A1")
    records.does("action", "wont-do", "A1", "--reason", "A2 makes it unnecessary")
    assert records.tells("action", "list")["actions"] == []
    records.does("action", "reopen", "A1", "--reason", "A2 did not")
    text = (records.folder() / "actions.yaml").read_text("utf-8")
    assert "status: accepted" in text
    assert "reason" not in text


def test_a_later_date_needs_a_reason(records: Repository) -> None:
    records.resolved()
    records.does(*ADD, "--owner", "ana", "--accept", "--due", "4w")

    assert '--reason "…"' in records.refuses(2, "action", "change", "A1", "--due", "9w")
    records.does("action", "change", "A1", "--due", "9w", "--reason", "the parts come late")
    records.does("action", "change", "A1", "--due", "3w")
    assert "the parts come late" in records.does("timeline", "-i", records.incident())


def test_an_edit_changes_the_lines_of_its_item_and_no_other(records: Repository) -> None:
    incident = records.resolved()
    path = records.folder() / "actions.yaml"
    path.write_text(
        "# What we owe.\n- id: A7\n  title: 'Pace every broadcast'  # slowly\n  status: done\n  done_by:\n"
        "    - https://git.example/1\n\n- {id: A3, title: Tidy up, status: idea}\n",
        "utf-8",
    )
    records.git("add", ".")
    records.git("commit", "-qm", "actions")

    records.does(*ADD, "-i", incident)
    records.does("action", "verify", f"{incident}/A7")

    lines = path.read_text("utf-8").splitlines()
    assert lines[:3] == ["# What we owe.", "- id: A7", "  title: 'Pace every broadcast'  # slowly"]
    assert "- {id: A3, title: Tidy up, status: idea}" in lines
    assert "- id: A8" in lines  # a number is never used again
    assert records.git("diff", "--numstat", "HEAD~1", "--", "*actions.yaml").split("\t")[:2] == ["2", "1"]


def test_items_of_a_closed_incident_go_on(records: Repository) -> None:
    incident = records.resolved()
    records.does(*ADD, "--owner", "ana", "--accept")
    records.does("postmortem", "waive", "--reason", "known", "--as", "bo")
    records.does("close")

    records.does("action", "done", f"{incident}/A1")
    assert items(records)[0]["status"] == "done"


def test_the_list_has_what_is_late_first_and_says_by_how_much(records: Repository) -> None:
    records.resolved()
    for title, due in (("Later", "5w"), ("Soon", "2d"), ("Never planned", "")):
        words = ("--accept", "--due", due) if due else ()
        records.does("action", "add", title, "--owner", "ana", *words)
    records.clock.advance(timedelta(days=5))

    rows = records.tells("action", "list")["actions"]
    assert [(row["title"], row["overdue"], row["days"]) for row in rows] == [
        ("Soon", True, -3),
        ("Later", False, 30),
        ("Never planned", False, None),
    ]
    assert [row["title"] for row in records.tells("action", "list", "--overdue")["actions"]] == ["Soon"]
    assert "3d late" in records.does("action", "list", "--owner", "ana")
    assert records.does("action", "list", "--owner", "bo") == "No action items.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("done", "A9"), "has no action item A9"),
        (("done", "the alert"), "`the alert` is not an action item"),
        (("add", "x", "--due", "soon"), "`soon` is not a day"),
        (("add", "x", "--owner", "nobody"), "nobody"),
        (("add", "x", "--team", "nobody"), "unknown team `nobody`"),
        (("change", "A1"), "nothing to change"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    records: Repository, words: tuple[str, ...], says: str
) -> None:
    records.resolved()
    records.does(*ADD, "--owner", "ana")

    done = records.sevlog("action", *words)
    assert done.code in (2, 3, 4)
    assert says in done.err
    assert len(items(records)) == 1


def test_a_file_with_mistakes_is_not_built_upon(records: Repository) -> None:
    records.resolved()
    (records.folder() / "actions.yaml").write_text("- {id: A1, title: x, status: finished}\n", "utf-8")
    records.git("add", ".")
    records.git("commit", "-qm", "wrong")

    done = records.sevlog(*ADD)
    assert done.code != 0
    assert "actions.yaml" in done.err
    assert "sevlog check" in done.err
